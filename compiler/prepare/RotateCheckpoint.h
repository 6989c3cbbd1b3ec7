//===- RotateCheckpoint.h - outliers spread by rotation ---------*- C++ -*-===//
//
// A LLaMA computes the same function when its residual stream is rotated: with
// the gains of the norms folded into the weights that follow, RMSNorm commutes
// with an orthogonal R (CONVERSION.md 4.2; QuaRot, arXiv 2404.00456). Values of
// a few huge channels become values of many moderate ones, which static
// quantisation and phase codes resolve better.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_PREPARE_ROTATECHECKPOINT_H
#define SYNFIRE_COMPILER_PREPARE_ROTATECHECKPOINT_H

#include "compiler/import/Checkpoint.h"

#include <cstdint>
#include <string>

namespace synfire {

struct RotationOptions {
  std::uint64_t seed = 1; ///< of the signs
  /// Rotates the values of each head too, which o_proj undoes.
  bool values = true;
  /// Scales the channels between up_proj and down_proj to equal weight norms on
  /// both sides.
  bool balance = true;
};

/// Writes a model directory of the same function, up to float32 rounding: norms
/// without gains, an untied lm_head, residual stream and values rotated, the
/// MLP's channels balanced, float32 weights; tokenizer.json and calibration.txt
/// are copied. Rotations that would have to run on the chip (the input of
/// down_proj, queries and keys after RoPE) are not among them: those are
/// ConversionOptions::onlineHadamard. `directory` must not exist or be empty.
/// Memory: two tensors.
Status rotateCheckpoint(const Checkpoint &checkpoint,
                        const std::string &directory,
                        const RotationOptions &options = {});

} // namespace synfire

#endif // SYNFIRE_COMPILER_PREPARE_ROTATECHECKPOINT_H

//===- DualIsCalibration.h - thresholds and v0, block by block --*- C++ -*-===//
//
// CONVERSION 4.5: block after block, the thresholds and initial membranes of
// the coded populations are chosen so that the block's final output, on the
// stream that the calibrated blocks before it deliver, comes close to that of
// the float block on the float stream (docs/spec/calibration.md).
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_CALIBRATION_DUALISCALIBRATION_H
#define SYNFIRE_COMPILER_CALIBRATION_DUALISCALIBRATION_H

#include "compiler/convert/Methods.h"
#include "compiler/import/Checkpoint.h"
#include "compiler/reference/Plan.h"
#include "compiler/reference/Prefix.h"

#include <cstddef>
#include <functional>
#include <vector>

namespace synfire {

struct DualIsOptions {
  int weightBits = 8; ///< of the network that will run; 0: float
  int passes = 4;     ///< rounds over the parameters of a block
  int threads = 1;
  PrefixValues prefix; ///< in front of every window
  /// Called after each block with the blocks done and all blocks, and the
  /// block's mean squared error before and after.
  std::function<void(std::size_t done, std::size_t blocks, double before,
                     double after)>
      progress;
};

/// Changes the table units of plans of one bank; other codings stay as they
/// are. `checkpoint` must live as long as the function.
BlockCalibration makeBlockCalibration(const Checkpoint &checkpoint,
                                      const ReferencePlan &plan,
                                      std::vector<std::vector<int>> windows,
                                      const DualIsOptions &options = {});

} // namespace synfire

#endif // SYNFIRE_COMPILER_CALIBRATION_DUALISCALIBRATION_H

//===- ShapesProgram.h - a transformer from its shape alone -----*- C++ -*-===//
//
// Enough of a Program to map it: stages, dendrites and blocks of the sizes that
// the compiler gives a model of this shape under phase codes, without weights
// and without meaningful thresholds. It cannot be executed.
//
// LLaMA shapes have the stages of a compiled model. Shapes with LayerNorm
// and added positions (OPT, GPT-2), which the compiler does not take, are built
// of the same primitives: the mean leaves as one neuron's train that every
// channel subtracts, and sums over channels are synapses of weight one. Tables
// of added positions are left out: a row a position is 0.03 % of OPT-66B.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_EXPLORATION_SHAPESPROGRAM_H
#define SYNFIRE_EXPLORATION_SHAPESPROGRAM_H

#include "runtime/program/Program.h"
#include "runtime/report/ModelShape.h"
#include "runtime/support/Status.h"

namespace synfire {

struct ShapesOptions {
  int steps = 16;     ///< T of the coded sites
  int wideSteps = 20; ///< of residuals, projections before RoPE and mix
  int weightBits = 8;
  int lookupEntries = 8192; ///< most rows of one look-up table
  int context = 512;        ///< positions that the key/value cache holds
  int layers = -1;          ///< that many of the model's; -1: all
};

/// Encoders without a language model head are not supported.
Result<Program> shapesProgram(const ModelShape &shape,
                              const ShapesOptions &options);

} // namespace synfire

#endif // SYNFIRE_EXPLORATION_SHAPESPROGRAM_H

//===- FsFitter.h - nonlinearities as gated FS banks ------------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_CONVERT_FSFITTER_H
#define SYNFIRE_COMPILER_CONVERT_FSFITTER_H

#include "compiler/convert/Functions.h"
#include "runtime/neuron/Neuron.h"
#include "runtime/support/Status.h"

namespace synfire {

/// `function` on real inputs low..high as gated few-spike banks (CONVERSION.md
/// 3.4) of `steps` steps each, at most min(maxBanks, 256) of them. Membranes
/// are of `inputScale`, codes of `outputScale` (real per unit); results are
/// limited to what `steps` bits carry, and inputs beyond low..high read as
/// their nearest end.
///
/// Step 0 of a bank always fires and carries the constant term; the further
/// steps are the binary digits of the position within the bank. Gates follow
/// the curvature, so that errors are about equal (relative errors where
/// relativeErrorCounts()); payloads are the least-squares solution for these
/// digits, rounded one after the other. A digit that would carry nothing never
/// fires.
Result<NeuronConfig> fitFsBanks(Nonlinearity function, double inputScale,
                                double outputScale, int steps, double low,
                                double high, int maxBanks, int guardBits = 0);

} // namespace synfire

#endif // SYNFIRE_COMPILER_CONVERT_FSFITTER_H

//===- MgpcTraining.h - phase codes fitted to a distribution ----*- C++ -*-===//
//
// MGPC's training of one population (CONVERSION 5.2): search the grains, then
// fit bases of thresholds and decrements by a surrogate gradient and bases of
// payloads by the true one, in turn or at once.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_CONVERT_MGPCTRAINING_H
#define SYNFIRE_COMPILER_CONVERT_MGPCTRAINING_H

#include "compiler/convert/ConversionOptions.h"
#include "compiler/convert/PhaseCodes.h"
#include "compiler/reference/Samples.h"

#include <cstdint>

namespace synfire {

struct MgpcOptions {
  int steps = 8;  ///< T
  int grains = 2; ///< G
  TableTraining training = TableTraining::Alternating;
  bool tied = false;        ///< h and theta share their base
  bool searchGrains = true; ///< else blocks as equal as they go
  /// v0 in units of tau * 2^-T at the start: 0 in the authors' first release,
  /// fixed at 0.5 in their current one.
  double offset = 0;
  bool trainOffset = true;
  int rounds = 4;
  int roundSteps =
      20;             ///< on thresholds and decrements, and as many on payloads
  double rate = 0.05; ///< adamRate(): 2e-4 at T = 8
  double sharpness = 10; ///< of the surrogate, in 1 / tau
  std::uint64_t seed = 1;
};

struct MgpcResult {
  MgpcTable table;
  /// Mean squared errors of values that training did not see, and of the
  /// binary phase code without and with half a last threshold of offset.
  double mse = 0, mseOfTruncation = 0, mseOfRounding = 0;
  double trainingMse = 0;
  double meanSquare = 0; ///< of the same values
  int candidates = 1;    ///< grain maps tried
  double seconds = 0;
};

/// `tau` is the full scale. Every fifth sample is held out.
Result<MgpcResult> trainMgpc(const SiteSamples &samples, double tau,
                             const MgpcOptions &options);

} // namespace synfire

#endif // SYNFIRE_COMPILER_CONVERT_MGPCTRAINING_H

//===- PhaseCodes.h - neurons of the one-shot codes -------------*- C++ -*-===//
//
// MGPC (CONVERSION section 5) and the temporal baselines (section 6) as
// configurations of the one unit: the whole input is in the membrane before the
// first step.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_CONVERT_PHASECODES_H
#define SYNFIRE_COMPILER_CONVERT_PHASECODES_H

#include "compiler/convert/SiteCoding.h"

#include <vector>

namespace synfire {

/// theta(t) = tau * thresholdBase[g(t)]^-t and so on, t = 1..T.
struct MgpcTable {
  std::vector<int> grain; ///< g(t), non-decreasing from 0
  std::vector<double> thresholdBase, decrementBase, payloadBase; ///< by grain
  double offset = 0;                                             ///< v0 / tau
};
/// Fixed point with enough fraction bits that bases near 2 differ (7.3).
Result<TableUnit> makeMgpcUnit(const MgpcTable &table, double tau, int cap);

/// theta = h = d = tau * base^-t; `offset` in units of the last threshold
/// (0.5: the rounding code); cap 0: no limit.
Result<TableUnit> makePhaseCodeUnit(int steps, double base, double tau,
                                    double offset, int cap);
/// SpikedAttention's single spike: the nearest power of 1 / base.
Result<TableUnit> makeSingleSpikeUnit(int steps, double base, double tau);
/// Its softmax neuron: the nearest power of 1 / base of exp(x), x <= 0.
Result<TableUnit> makeWinnerTakesAllUnit(int steps, double base);
/// TTFS, linear: tau * (T - t) / T, one spike; `rounding` adds half a slot.
Result<TableUnit> makeTtfsUnit(int steps, double tau, bool rounding);
/// SpikeLLM: 2^extraBits counts of at most 2^bits - 1; channels that are not
/// salient keep `bits` bits through their channelScale.
Result<TableUnit> makeCountSplitUnit(int bits, int extraBits,
                                     std::vector<double> channelScale,
                                     double step);

} // namespace synfire

#endif // SYNFIRE_COMPILER_CONVERT_PHASECODES_H

//===- Tables.h - firing tables of the phase codes --------------*- C++ -*-===//
//
// LAS's MT and OAT tables in integer units. The code unit is
// normal * 2^-T / H (CONVERSION.md section 3.1 and 3.2), the membrane has
// `guardBits` bits below it.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_CONVERT_TABLES_H
#define SYNFIRE_COMPILER_CONVERT_TABLES_H

#include "runtime/neuron/Neuron.h"
#include "runtime/support/Status.h"

namespace synfire {

/// Level k (0..H-1) of step t (0-based) carries 2^(T-1-t) * (H+k) in the normal
/// bank, shifted left by `outlierShift` in the outlier bank that opens at
/// |X| >= 2^T * H << guardBits; outlierShift 0: one bank. Inputs are clamped to
/// the full scale of the outer bank. With `rounding` each bank rounds to its
/// own last threshold instead of truncating (CONVERSION.md 5.6).
Result<NeuronConfig> makePhaseTable(int steps, int levels, int outlierShift,
                                    int guardBits, bool rounding);

/// Up to 8 guard bits, as many as leave the membrane's full scale within 30
/// bits; an error if not even one fits.
Result<int> chooseGuardBits(int steps, int levels, int outlierShift);

} // namespace synfire

#endif // SYNFIRE_COMPILER_CONVERT_TABLES_H

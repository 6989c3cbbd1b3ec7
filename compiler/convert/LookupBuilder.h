//===- LookupBuilder.h - look-up tables for nonlinearities ------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_CONVERT_LOOKUPBUILDER_H
#define SYNFIRE_COMPILER_CONVERT_LOOKUPBUILDER_H

#include "compiler/convert/Functions.h"
#include "runtime/neuron/LookupTable.h"
#include "runtime/support/Status.h"

namespace synfire {

/// A table of `function` for membranes of `inputScale` (real per unit) up to
/// the real magnitude `inputMaximum`, with output codes of `outputScale` (real
/// per unit) in `steps` bits.
///
/// Rows are given to octaves one doubling at a time, always to the octave of
/// the largest error, until every error is below half a code or `entryBudget`
/// is used up: the smallest worst error that a budget allows. The error is
/// relative where relativeErrorCounts(). An entry is the middle of the
/// function's range over its bin. exp reads 1 above zero; the inverse functions
/// read the largest code at and below zero; square shares the rows of both
/// signs.
///
/// `worstError`, if given, gets the largest error against the saturated
/// function, in real output units.
Result<LookupTable> buildLookup(Nonlinearity function, double inputScale,
                                double outputScale, int steps,
                                double inputMaximum, int entryBudget,
                                double *worstError = nullptr);

} // namespace synfire

#endif // SYNFIRE_COMPILER_CONVERT_LOOKUPBUILDER_H

//===- Unfit.h - why a stage does not fit, and what would help --*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_MAPPING_UNFIT_H
#define SYNFIRE_COMPILER_MAPPING_UNFIT_H

#include "runtime/program/Connectivity.h"
#include "runtime/support/Status.h"

namespace synfire {

/// `demand` is what the smallest possible tile of the stage takes; at least one
/// resource exceeds the chip in program.mapping.
Error describeUnfit(const Program &program, int stage,
                    const TileDemand &demand);

/// No system of the chip has so many cores; of those with faults the best one
/// has `mostUsable`.
Error describeTooManyCores(const ChipModel &chip, std::int64_t cores,
                           std::int64_t mostUsable);

/// The program needs more cores than the caller allows.
Error describeBudget(const ChipModel &chip, std::int64_t cores,
                     std::int64_t allowed);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_UNFIT_H

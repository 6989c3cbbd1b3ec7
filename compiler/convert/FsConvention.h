//===- FsConvention.h - the two reset conventions of FS tables --*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_CONVERT_FSCONVENTION_H
#define SYNFIRE_COMPILER_CONVERT_FSCONVENTION_H

#include <cstdint>
#include <vector>

namespace synfire {

/// The neuron unit resets at once: a spike of step t takes decrement[t] off
/// before step t + 1. Tables from the FS fitting script (all LAS HG tables)
/// take h[t + 1] off at step t + 1 instead and never use h[0]. Gives the unit's
/// decrements for such an h; the last one is 0, since no step follows it.
std::vector<std::int64_t>
immediateDecrements(const std::vector<std::int64_t> &delayed);

} // namespace synfire

#endif // SYNFIRE_COMPILER_CONVERT_FSCONVENTION_H

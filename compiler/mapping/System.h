//===- System.h - how many chips a mapping takes ----------------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_MAPPING_SYSTEM_H
#define SYNFIRE_COMPILER_MAPPING_SYSTEM_H

#include "hw-models/ChipModel.h"
#include "runtime/program/Routing.h"
#include "runtime/support/Status.h"

#include <cstdint>

namespace synfire {

/// A system with at least so many usable cores: the fewest chips first, then
/// the one whose routers are closest to a square, then the narrower one. Faults
/// make a system smaller than it looks. An error if the largest is too small.
Result<Routing> chooseSystem(const ChipModel &chip, std::int64_t cores);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_SYSTEM_H

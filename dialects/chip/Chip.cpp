//===- Chip.cpp - the dialect of mapped networks --------------------------===//
//
// Registers what ChipOps.cpp defines.
//
//===----------------------------------------------------------------------===//
#include "dialects/chip/Chip.h"

#include "dialects/chip/ChipDialect.cpp.inc"

namespace synfire::chip {

void ChipDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialects/chip/ChipOps.cpp.inc"
      >();
}

} // namespace synfire::chip

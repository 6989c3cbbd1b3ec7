//===- Snn.cpp - the dialect of spiking networks --------------------------===//
//
// Registers what the other files of this folder define.
//
//===----------------------------------------------------------------------===//
#include "dialects/snn/Snn.h"

#include "dialects/snn/SnnDialect.cpp.inc"

namespace synfire::snn {

void SnnDialect::initialize() {
  registerAttributes();
  registerTypes();
  addOperations<
#define GET_OP_LIST
#include "dialects/snn/SnnOps.cpp.inc"
      >();
}

} // namespace synfire::snn

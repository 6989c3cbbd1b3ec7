//===- Ann.cpp - the dialect of the trained transformer -------------------===//
//
// Registers what AnnAttributes.cpp and AnnOps.cpp define.
//
//===----------------------------------------------------------------------===//
#include "dialects/ann/Ann.h"

#include "dialects/ann/AnnDialect.cpp.inc"

namespace synfire::ann {

void AnnDialect::initialize() {
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "dialects/ann/AnnOps.cpp.inc"
      >();
}

} // namespace synfire::ann

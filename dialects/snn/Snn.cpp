//===- Snn.cpp - the dialect of spiking networks --------------------------===//
//
// Registers what the other files of this folder define.
//
//===----------------------------------------------------------------------===//
#include "dialects/snn/Snn.h"

#include "llvm/Support/raw_ostream.h"

#include "dialects/snn/SnnDialect.cpp.inc"

namespace synfire::snn {

namespace {

/// Tables are long and shared by many populations: text names them once.
class TableAliases : public mlir::OpAsmDialectInterface {
public:
  using OpAsmDialectInterface::OpAsmDialectInterface;

  AliasResult getAlias(mlir::Attribute attribute,
                       llvm::raw_ostream &name) const override {
    if (!llvm::isa<TableAttr>(attribute))
      return AliasResult::NoAlias;
    name << "table";
    return AliasResult::OverridableAlias;
  }
};

} // namespace

void SnnDialect::initialize() {
  addInterfaces<TableAliases>();
  registerAttributes();
  registerTypes();
  addOperations<
#define GET_OP_LIST
#include "dialects/snn/SnnOps.cpp.inc"
      >();
}

} // namespace synfire::snn

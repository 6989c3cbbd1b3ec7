//===- SnnAttributes.cpp - units: how a membrane becomes spikes -----------===//
//
// Verifiers cite docs/spec/dialects.md.
//
//===----------------------------------------------------------------------===//
#include "dialects/snn/Snn.h"
#include "dialects/snn/SnnRanges.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

#include "dialects/snn/SnnEnums.cpp.inc"

#include "dialects/snn/SnnAttributeInterfaces.cpp.inc"

namespace synfire::snn {

static mlir::FailureOr<llvm::SmallVector<BankAttr>>
parseBanks(mlir::AsmParser &parser) {
  llvm::SmallVector<BankAttr> banks;
  auto parseOne = [&]() -> mlir::ParseResult {
    mlir::FailureOr<BankAttr> bank = mlir::FieldParser<BankAttr>::parse(parser);
    if (failed(bank))
      return mlir::failure();
    banks.push_back(*bank);
    return mlir::success();
  };
  if (parser.parseCommaSeparatedList(mlir::AsmParser::Delimiter::Square,
                                     parseOne))
    return mlir::failure();
  return banks;
}

static void printBanks(mlir::AsmPrinter &printer,
                       llvm::ArrayRef<BankAttr> banks) {
  printer << "[";
  llvm::interleaveComma(banks, printer, [&](BankAttr bank) {
    printer.printStrippedAttrOrType(bank);
  });
  printer << "]";
}

} // namespace synfire::snn

#define GET_ATTRDEF_CLASSES
#include "dialects/snn/SnnAttributes.cpp.inc"

namespace synfire::snn {

using mlir::failure;
using mlir::success;

void SnnDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/snn/SnnAttributes.cpp.inc"
      >();
}

/// S2.
llvm::LogicalResult PhaseAttr::verify(EmitError emitError, int64_t steps,
                                      int64_t levels, ir::Real threshold,
                                      int64_t outlierShift, bool) {
  if (failed(verifyRange(emitError, "steps", steps, 1, 30)) ||
      failed(verifyRange(emitError, "levels", levels, 1, 15)) ||
      failed(verifyPositive(emitError, "threshold", threshold)) ||
      failed(verifyRange(emitError, "outlier_shift", outlierShift, 0, 16)))
    return failure();
  return success();
}

int64_t PhaseAttr::getCodeLimit() const {
  return (getLevels() << getSteps()) << getOutlierShift();
}

double PhaseAttr::getCodeScale() const {
  return std::ldexp(getThreshold() / static_cast<double>(getLevels()),
                    -static_cast<int>(getSteps()));
}

std::string PhaseAttr::whyNotInFrames(int64_t frames) const {
  return frames == 1 ? "" : "a phase code needs its whole input at once";
}

/// S3.
llvm::LogicalResult HgAttr::verify(EmitError emitError, Function,
                                   Realisation realisation, int64_t steps,
                                   ir::Real fullScale, ir::Real inputLimit,
                                   int64_t entries, bool digital) {
  if (failed(verifyRange(emitError, "steps", steps, 1, 30)) ||
      failed(verifyPositive(emitError, "full_scale", fullScale)) ||
      failed(verifyPositive(emitError, "input_limit", inputLimit)) ||
      failed(verifyRange(emitError, "entries", entries, 2, 1 << 20)))
    return failure();
  if (digital && realisation != Realisation::Lut)
    return emitError() << "banks of firing tables send spikes: a digital "
                          "result needs the look-up unit";
  return success();
}

int64_t HgAttr::getCodeLimit() const { return int64_t(1) << getSteps(); }

double HgAttr::getCodeScale() const {
  return std::ldexp(getFullScale(), -static_cast<int>(getSteps()));
}

bool HgAttr::isDigital() const { return getDigital(); }

std::string HgAttr::whyNotInFrames(int64_t frames) const {
  if (frames > 1 && getRealisation() == Realisation::Fs)
    return "banks of firing tables need their whole input at once";
  return "";
}

} // namespace synfire::snn

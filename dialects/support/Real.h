//===- Real.h - numbers as attribute parameters -----------------*- C++ -*-===//
//
// MLIR has no attribute parameter for a double: it cannot hash one. A Real
// compares and hashes by its bits, so that attributes stay uniqued, and
// converts to and from double everywhere else.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_DIALECTS_SUPPORT_REAL_H
#define SYNFIRE_DIALECTS_SUPPORT_REAL_H

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/bit.h"

#include <cmath>
#include <cstdint>

namespace synfire::ir {

class Real {
public:
  Real(double number = 0) : value(number) {}
  operator double() const { return value; }

  bool operator==(const Real &other) const { return bits() == other.bits(); }
  friend llvm::hash_code hash_value(const Real &real) {
    return llvm::hash_value(real.bits());
  }

private:
  std::uint64_t bits() const { return llvm::bit_cast<std::uint64_t>(value); }

  double value;
};

/// Prints so that parsing gives the same bits.
inline void printReal(mlir::AsmPrinter &printer, double value) {
  printer.printFloat(llvm::APFloat(value));
}

inline mlir::FailureOr<Real> parseReal(mlir::AsmParser &parser) {
  double value = 0;
  if (parser.parseFloat(value))
    return mlir::failure();
  return Real(value);
}

inline mlir::FailureOr<bool> parseBoolean(mlir::AsmParser &parser) {
  if (succeeded(parser.parseOptionalKeyword("true")))
    return true;
  if (succeeded(parser.parseOptionalKeyword("false")))
    return false;
  parser.emitError(parser.getCurrentLocation(), "expected 'true' or 'false'");
  return mlir::failure();
}

/// "[1, 2, 3]".
inline mlir::FailureOr<llvm::SmallVector<std::int64_t>>
parseIntegers(mlir::AsmParser &parser) {
  llvm::SmallVector<std::int64_t> values;
  auto parseOne = [&] { return parser.parseInteger(values.emplace_back()); };
  if (parser.parseCommaSeparatedList(mlir::AsmParser::Delimiter::Square,
                                     parseOne))
    return mlir::failure();
  return values;
}

inline void printIntegers(mlir::AsmPrinter &printer,
                          llvm::ArrayRef<std::int64_t> values) {
  printer << "[";
  llvm::interleaveComma(values, printer);
  printer << "]";
}

inline bool isPositive(double value) {
  return std::isfinite(value) && value > 0;
}

} // namespace synfire::ir

#endif // SYNFIRE_DIALECTS_SUPPORT_REAL_H

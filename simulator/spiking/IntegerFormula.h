//===- IntegerFormula.h - weights and targets as formulas -------*- C++ -*-===//
//
// Integer expressions over named variables, compiled once and evaluated for
// every synapse. 64 bits; `/` rounds down and `mod` (also `%`) is never
// negative for a positive divisor, so that formulas of indices read as on
// paper. Functions: min(a, b), max(a, b) and hash(a, ...), a number from 0 to
// 2^31 - 1 that depends on all its arguments.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_SPIKING_INTEGERFORMULA_H
#define SYNFIRE_SIMULATOR_SPIKING_INTEGERFORMULA_H

#include "runtime/support/Status.h"

#include <cstdint>
#include <string>
#include <vector>

namespace synfire {

class IntegerFormula {
public:
  enum class Fault : std::uint8_t { None, Overflow, DivisionByZero };

  /// A letter or `_`, then letters, digits and `_`; none of mod, min, max,
  /// hash.
  static bool canName(const std::string &name);

  /// `names`: all of them canName(). Errors name `where` and the character
  /// (counted from 1) that is wrong.
  static Result<IntegerFormula> compile(const std::string &text,
                                        const std::vector<std::string> &names,
                                        const std::string &where);

  /// `variables` holds one value for each of the names given to compile().
  Fault evaluate(const std::int64_t *variables, std::int64_t &value) const;

  /// For messages: its beginning, if it is long.
  const std::string &text() const { return shown; }

private:
  enum class Operation : std::uint8_t {
    Constant,
    Variable,
    Negate,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Minimum,
    Maximum,
    Hash ///< of the two topmost values
  };
  struct Instruction {
    Operation operation = Operation::Constant;
    std::int64_t operand = 0; ///< the constant or the number of the variable
  };
  class Parser;

  /// Values that wait at once while any formula is evaluated.
  static constexpr int mostWaiting = 64;

  std::vector<Instruction> program; ///< postfix
  std::string shown;
};

/// "overflows 64 bits", "divides by zero".
const char *describe(IntegerFormula::Fault fault);

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_SPIKING_INTEGERFORMULA_H

//===- IntegerFormula.cpp - weights and targets as formulas ---------------===//
#include "simulator/spiking/IntegerFormula.h"

#include "runtime/program/Digest.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>

namespace synfire {
namespace {

/// Around the character `at`: a generated file may have formulas of any length.
std::string excerpt(const std::string &text, std::size_t at) {
  constexpr std::size_t shown = 80;
  if (text.size() <= shown)
    return text;
  const std::size_t before = std::min(at, shown / 2);
  const std::size_t begin = std::min(at - before, text.size() - shown);
  return (begin > 0 ? "..." : "") + text.substr(begin, shown) +
         (begin + shown < text.size() ? "..." : "");
}

} // namespace

/// Recursive descent; what is parsed is emitted in postfix order.
class IntegerFormula::Parser {
public:
  Parser(const std::string &formula, const std::vector<std::string> &variables,
         const std::string &place)
      : text(formula), names(variables), where(place) {}

  Status parse(std::vector<Instruction> &postfix) {
    SYNFIRE_TRY(sum(0));
    skipSpace();
    if (at < text.size())
      return wrong(fmt::format("'{}' is not expected", text[at]));
    postfix = std::move(emitted);
    return Status::success();
  }

  static bool isWord(const std::string &name) {
    return !name.empty() && isLetter(name[0]) &&
           std::all_of(name.begin(), name.end(),
                       [](char c) { return isLetter(c) || isDigit(c); });
  }

private:
  /// Parentheses, signs and calls inside each other.
  static constexpr int deepest = 48;

  Error wrong(const std::string &what) const {
    return makeError(fmt::format("character {} of the formula \"{}\": {}",
                                 at + 1, excerpt(text, at), what),
                     where);
  }

  void skipSpace() {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t' ||
                                text[at] == '\n' || text[at] == '\r'))
      ++at;
  }
  bool accept(char symbol) {
    skipSpace();
    if (at >= text.size() || text[at] != symbol)
      return false;
    ++at;
    return true;
  }
  static bool isDigit(char c) { return c >= '0' && c <= '9'; }
  static bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }
  /// The word that begins here; empty if none does.
  std::string word() {
    skipSpace();
    std::size_t end = at;
    if (end < text.size() && isLetter(text[end]))
      while (end < text.size() && (isLetter(text[end]) || isDigit(text[end])))
        ++end;
    return text.substr(at, end - at);
  }
  bool acceptWord(const char *wanted) {
    const std::string found = word();
    if (found != wanted)
      return false;
    at += found.size();
    return true;
  }

  Status emit(Operation operation, std::int64_t operand, int change) {
    emitted.push_back({operation, operand});
    waiting += change;
    if (waiting > mostWaiting)
      return wrong(
          fmt::format("more than {} values wait for an operator", mostWaiting));
    return Status::success();
  }

  Status sum(int depth) {
    SYNFIRE_TRY(product(depth));
    while (true) {
      if (accept('+')) {
        SYNFIRE_TRY(product(depth));
        SYNFIRE_TRY(emit(Operation::Add, 0, -1));
      } else if (accept('-')) {
        SYNFIRE_TRY(product(depth));
        SYNFIRE_TRY(emit(Operation::Subtract, 0, -1));
      } else {
        return Status::success();
      }
    }
  }

  Status product(int depth) {
    SYNFIRE_TRY(factor(depth));
    while (true) {
      Operation operation = Operation::Multiply;
      if (accept('/'))
        operation = Operation::Divide;
      else if (accept('%') || acceptWord("mod"))
        operation = Operation::Modulo;
      else if (!accept('*'))
        return Status::success();
      SYNFIRE_TRY(factor(depth));
      SYNFIRE_TRY(emit(operation, 0, -1));
    }
  }

  Status factor(int depth) {
    if (depth > deepest)
      return wrong(fmt::format("nested deeper than {}", deepest));
    if (accept('-')) {
      SYNFIRE_TRY(factor(depth + 1));
      return emit(Operation::Negate, 0, 0);
    }
    if (accept('(')) {
      SYNFIRE_TRY(sum(depth + 1));
      return closed();
    }
    skipSpace();
    if (at < text.size() && isDigit(text[at]))
      return number();
    const std::string name = word();
    if (name.empty())
      return wrong(at == text.size() ? "a value is missing"
                                     : "a value is expected here");
    const auto variable = std::find(names.begin(), names.end(), name);
    if (variable != names.end()) {
      at += name.size();
      return emit(Operation::Variable, variable - names.begin(), 1);
    }
    return call(name, depth);
  }

  Status closed() {
    return accept(')') ? Status::success() : Status(wrong("')' is missing"));
  }

  Status number() {
    std::int64_t value = 0;
    for (; at < text.size() && isDigit(text[at]); ++at)
      if (__builtin_mul_overflow(value, 10, &value) ||
          __builtin_add_overflow(value, text[at] - '0', &value))
        return wrong("the number exceeds 64 bits");
    return emit(Operation::Constant, value, 1);
  }

  Status call(const std::string &name, int depth) {
    Operation join = Operation::Hash;
    if (name == "min")
      join = Operation::Minimum;
    else if (name == "max")
      join = Operation::Maximum;
    else if (name != "hash")
      return wrong(fmt::format(
          "'{}' is no variable (here: {}) and no function (min, max, hash)",
          excerpt(name, 0), fmt::join(names, ", ")));
    at += name.size();
    if (!accept('('))
      return wrong(fmt::format("'(' is missing after {}", name));
    int arguments = 0;
    if (join == Operation::Hash)
      SYNFIRE_TRY(emit(Operation::Constant, 0, 1));
    do {
      SYNFIRE_TRY(sum(depth + 1));
      ++arguments;
      if (join == Operation::Hash || arguments > 1)
        SYNFIRE_TRY(emit(join, 0, -1));
    } while (accept(','));
    if (join != Operation::Hash && arguments < 2)
      return wrong(fmt::format("{} needs two values", name));
    return closed();
  }

  const std::string &text;
  const std::vector<std::string> &names;
  const std::string &where;
  std::vector<Instruction> emitted;
  std::size_t at = 0;
  int waiting = 0;
};

bool IntegerFormula::canName(const std::string &name) {
  return Parser::isWord(name) && name != "mod" && name != "min" &&
         name != "max" && name != "hash";
}

Result<IntegerFormula>
IntegerFormula::compile(const std::string &text,
                        const std::vector<std::string> &names,
                        const std::string &where) {
  IntegerFormula formula;
  SYNFIRE_TRY(Parser(text, names, where).parse(formula.program));
  formula.shown = excerpt(text, 0);
  return formula;
}

IntegerFormula::Fault IntegerFormula::evaluate(const std::int64_t *variables,
                                               std::int64_t &value) const {
  std::int64_t stack[mostWaiting + 1];
  std::int64_t *top = stack; // the topmost value; stack[0] is never read
  for (const Instruction &instruction : program) {
    if (instruction.operation == Operation::Constant) {
      *++top = instruction.operand;
      continue;
    }
    if (instruction.operation == Operation::Variable) {
      *++top = variables[instruction.operand];
      continue;
    }
    if (instruction.operation == Operation::Negate) {
      if (__builtin_sub_overflow(std::int64_t(0), *top, top))
        return Fault::Overflow;
      continue;
    }
    const std::int64_t right = *top--;
    const std::int64_t left = *top;
    bool overflow = false;
    switch (instruction.operation) {
    case Operation::Add:
      overflow = __builtin_add_overflow(left, right, top);
      break;
    case Operation::Subtract:
      overflow = __builtin_sub_overflow(left, right, top);
      break;
    case Operation::Multiply:
      overflow = __builtin_mul_overflow(left, right, top);
      break;
    case Operation::Divide:
    case Operation::Modulo: {
      if (right == 0)
        return Fault::DivisionByZero;
      if (left == std::numeric_limits<std::int64_t>::min() && right == -1)
        return Fault::Overflow;
      const std::int64_t remainder = left % right;
      const bool below = remainder != 0 && (remainder < 0) != (right < 0);
      *top = instruction.operation == Operation::Divide
                 ? left / right - (below ? 1 : 0)
                 : remainder + (below ? right : 0);
      break;
    }
    case Operation::Minimum:
      *top = std::min(left, right);
      break;
    case Operation::Maximum:
      *top = std::max(left, right);
      break;
    default:
      *top = static_cast<std::int64_t>(
          mixBits(static_cast<std::uint64_t>(left) ^
                  mixBits(static_cast<std::uint64_t>(right))) >>
          33);
      break;
    }
    if (overflow)
      return Fault::Overflow;
  }
  value = *top;
  return Fault::None;
}

const char *describe(IntegerFormula::Fault fault) {
  switch (fault) {
  case IntegerFormula::Fault::Overflow:
    return "overflows 64 bits";
  case IntegerFormula::Fault::DivisionByZero:
    return "divides by zero";
  case IntegerFormula::Fault::None:
    break;
  }
  return "is right";
}

} // namespace synfire

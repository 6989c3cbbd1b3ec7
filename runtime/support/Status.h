//===- Status.h - errors as values ------------------------------*- C++ -*-===//
//
// Every fallible function of synfire returns a Status or a Result<T>. An error
// says what is wrong, where (a file, a tensor, an op), and what to do about it.
// Libraries never print or exit; only a tool's main does.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_SUPPORT_STATUS_H
#define SYNFIRE_RUNTIME_SUPPORT_STATUS_H

#include <cassert>
#include <optional>
#include <string>
#include <utility>

namespace synfire {

/// One error of the user's: lower case, no full stop.
struct Error {
  std::string what;  ///< what is wrong, with the value and the limit
  std::string where; ///< file, tensor or op; may be empty
  std::string hint;  ///< what to do about it; may be empty

  /// "where: what (hint)".
  std::string message() const {
    std::string text = where.empty() ? what : where + ": " + what;
    return hint.empty() ? text : text + " (" + hint + ")";
  }
};

/// Success or an Error.
class [[nodiscard]] Status {
public:
  Status() = default;
  Status(Error error) : failure(std::move(error)) {}

  static Status success() { return {}; }
  bool ok() const { return !failure; }
  explicit operator bool() const { return ok(); }
  const Error &error() const {
    assert(failure && "no error to read");
    return *failure;
  }

private:
  std::optional<Error> failure;
};

/// A value or an Error.
template <typename T> class [[nodiscard]] Result {
public:
  Result(T value) : held(std::move(value)) {}
  Result(Error error) : failure(std::move(error)) {}

  bool ok() const { return held.has_value(); }
  explicit operator bool() const { return ok(); }
  T &operator*() {
    assert(held && "no value to read");
    return *held;
  }
  const T &operator*() const {
    assert(held && "no value to read");
    return *held;
  }
  T *operator->() { return &**this; }
  const T *operator->() const { return &**this; }
  const Error &error() const { return failure; }
  Status status() const { return ok() ? Status() : Status(failure); }

private:
  std::optional<T> held;
  Error failure;
};

inline Error makeError(std::string what, std::string where = {},
                       std::string hint = {}) {
  return Error{std::move(what), std::move(where), std::move(hint)};
}

} // namespace synfire

/// Returns the error of a Status expression from the enclosing function.
#define SYNFIRE_TRY(expression)                                                \
  do {                                                                         \
    if (auto synfireStatus = (expression); !synfireStatus.ok())                \
      return synfireStatus.error();                                            \
  } while (false)

#define SYNFIRE_CONCAT_IMPL(a, b) a##b
#define SYNFIRE_CONCAT(a, b) SYNFIRE_CONCAT_IMPL(a, b)

/// Declares `name` from a Result expression, or returns its error.
#define SYNFIRE_ASSIGN(declaration, expression)                                \
  auto SYNFIRE_CONCAT(synfireResult, __LINE__) = (expression);                 \
  if (!SYNFIRE_CONCAT(synfireResult, __LINE__).ok())                           \
    return SYNFIRE_CONCAT(synfireResult, __LINE__).error();                    \
  declaration = std::move(*SYNFIRE_CONCAT(synfireResult, __LINE__))

#endif // SYNFIRE_RUNTIME_SUPPORT_STATUS_H

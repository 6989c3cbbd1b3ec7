//===- JsonReader.h - typed fields of tokenizer.json ------------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_TEXT_JSONREADER_H
#define SYNFIRE_RUNTIME_TEXT_JSONREADER_H

#include "runtime/support/Status.h"

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace synfire {

/// Reads fields of JSON objects; every error names the file and the key.
class JsonReader {
public:
  explicit JsonReader(std::string file) : where(std::move(file)) {}

  Error error(const std::string &what, const std::string &hint = {}) const {
    return makeError(what, where, hint);
  }
  Error notSupported(const std::string &what,
                     const std::string &hint = {}) const {
    return error("not supported: " + what, hint);
  }

  /// The value of a key of an object, or nothing if it is absent or null.
  static const nlohmann::json *find(const nlohmann::json &object,
                                    const char *key);
  Result<std::string> string(const nlohmann::json &object,
                             const char *key) const;
  Result<std::string> string(const nlohmann::json &object, const char *key,
                             const char *absent) const;
  Result<bool> flag(const nlohmann::json &object, const char *key,
                    bool absent) const;
  /// The id that `value`, which may be null, gives `token`.
  Result<int> tokenId(const nlohmann::json *value,
                      const std::string &token) const;

  /// Calls `add` with the component `key` and its type or, if it is a Sequence,
  /// with each component in its list `listKey`.
  Status eachComponent(
      const nlohmann::json &root, const char *key, const char *listKey,
      const std::function<Status(const nlohmann::json &, const std::string &)>
          &add) const;

private:
  std::string where;
};

} // namespace synfire

#endif // SYNFIRE_RUNTIME_TEXT_JSONREADER_H

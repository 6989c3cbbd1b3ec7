//===- JsonText.h - strict parsing of JSON files ----------------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_IMPORT_JSONTEXT_H
#define SYNFIRE_COMPILER_IMPORT_JSONTEXT_H

#include "runtime/support/Status.h"

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace synfire {

/// Parses a JSON text whose root is an object. Unlike the parser of the
/// package, refuses a key that appears twice in one object, of which it would
/// silently keep the last. Errors give line and column.
Result<nlohmann::json> parseJsonObject(std::string_view text,
                                       const std::string &where);

} // namespace synfire

#endif // SYNFIRE_COMPILER_IMPORT_JSONTEXT_H

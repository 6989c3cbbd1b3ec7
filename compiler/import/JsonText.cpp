//===- JsonText.cpp - strict parsing of JSON files ------------------------===//
#include "compiler/import/JsonText.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <unordered_set>
#include <vector>

namespace synfire {

using nlohmann::json;

namespace {

/// Follows a parse only to learn where it fails: the parser that builds values
/// tells nothing unless it throws.
class ErrorLocator : public nlohmann::json_sax<json> {
public:
  std::size_t position = 0;

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t &) override { return true; }
  bool string(string_t &) override { return true; }
  bool binary(binary_t &) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool key(string_t &) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t at, const std::string &,
                   const nlohmann::detail::exception &) override {
    position = at;
    return false;
  }
};

} // namespace

static Error syntaxError(std::string_view text, const std::string &where) {
  ErrorLocator locator;
  json::sax_parse(text, &locator);
  std::size_t position = std::min(locator.position, text.size());
  // The position counts the offending character itself.
  std::string_view before = text.substr(0, position > 0 ? position - 1 : 0);
  auto line = std::count(before.begin(), before.end(), '\n') + 1;
  std::size_t lineBegin = before.rfind('\n') + 1; // npos + 1 is 0
  return makeError(fmt::format("not valid JSON at line {}, column {}", line,
                               before.size() - lineBegin + 1),
                   where);
}

Result<json> parseJsonObject(std::string_view text, const std::string &where) {
  std::vector<std::unordered_set<std::string>> openObjects;
  std::optional<std::string> duplicate;
  auto watchKeys = [&](int, json::parse_event_t event, json &parsed) {
    if (event == json::parse_event_t::object_start) {
      openObjects.emplace_back();
    } else if (event == json::parse_event_t::object_end) {
      openObjects.pop_back();
    } else if (event == json::parse_event_t::key) {
      const std::string &key = parsed.get_ref<const std::string &>();
      if (!openObjects.back().insert(key).second && !duplicate)
        duplicate = key;
    }
    return true;
  };
  json value = json::parse(text, watchKeys, /*allow_exceptions=*/false);
  if (value.is_discarded())
    return syntaxError(text, where);
  if (duplicate)
    return makeError(fmt::format("the name '{}' appears twice", *duplicate),
                     where);
  if (!value.is_object())
    return makeError(
        fmt::format("must be a JSON object, not {}", value.type_name()), where);
  return value;
}

} // namespace synfire

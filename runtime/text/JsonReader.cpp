//===- JsonReader.cpp - typed fields of tokenizer.json --------------------===//
#include "runtime/text/JsonReader.h"

#include <cstdint>
#include <fmt/format.h>

namespace synfire {

using nlohmann::json;

/// Above any vocabulary there is; keeps a wrong id from becoming a huge table.
static constexpr std::uint64_t idLimit = std::uint64_t(1) << 24;

const json *JsonReader::find(const json &object, const char *key) {
  auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

Result<std::string> JsonReader::string(const json &object,
                                       const char *key) const {
  const json *value = find(object, key);
  if (!value || !value->is_string())
    return error(fmt::format("key '{}' must be a string", key));
  return value->get_ref<const std::string &>();
}

Result<std::string> JsonReader::string(const json &object, const char *key,
                                       const char *absent) const {
  return find(object, key) ? string(object, key)
                           : Result<std::string>(std::string(absent));
}

Result<bool> JsonReader::flag(const json &object, const char *key,
                              bool absent) const {
  const json *value = find(object, key);
  if (!value)
    return absent;
  if (!value->is_boolean())
    return error(fmt::format("key '{}' must be true or false", key));
  return value->get<bool>();
}

Result<int> JsonReader::tokenId(const json *value,
                                const std::string &token) const {
  if (!value || !value->is_number_unsigned() ||
      value->get<std::uint64_t>() >= idLimit)
    return error(fmt::format(
        "the id of token '{}' must be an integer of at least 0 and below {}",
        token, idLimit));
  return value->get<int>();
}

Status JsonReader::eachComponent(
    const json &root, const char *key, const char *listKey,
    const std::function<Status(const json &, const std::string &)> &add) const {
  const json *component = find(root, key);
  if (!component)
    return {};
  if (!component->is_object())
    return error(fmt::format("key '{}' must be an object or null", key));
  SYNFIRE_ASSIGN(std::string type, string(*component, "type"));
  if (type != "Sequence")
    return add(*component, type);
  const json *list = find(*component, listKey);
  if (!list || !list->is_array())
    return error(fmt::format("key '{}' of '{}' must be a list", listKey, key));
  for (const json &step : *list) {
    if (!step.is_object())
      return error(fmt::format("'{}' must list objects", listKey));
    SYNFIRE_ASSIGN(std::string stepType, string(step, "type"));
    SYNFIRE_TRY(add(step, stepType));
  }
  return {};
}

} // namespace synfire

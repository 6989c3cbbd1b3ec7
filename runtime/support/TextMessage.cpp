//===- TextMessage.cpp - messages that people write -----------------------===//
#include "runtime/support/TextMessage.h"

#include "runtime/support/Utf8.h"

#include <cstdint>
#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>
#include <string_view>

namespace synfire {
namespace {

/// No message that people write here nests deeper; a hostile file does.
constexpr int deepest = 8;
constexpr int mostComplaints = 3;

/// Keeps the first few complaints of TextFormat instead of printing them.
class ComplaintCollector : public google::protobuf::io::ErrorCollector {
public:
  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string &message) override {
    if (++count > mostComplaints)
      return;
    // TextFormat ends its sentences with a full stop; ours have none.
    std::string sentence = message;
    if (!sentence.empty() && sentence.back() == '.')
      sentence.pop_back();
    if (!complaints.empty())
      complaints += "; ";
    complaints += line < 0 ? sentence
                           : fmt::format("line {}, column {}: {}", line + 1,
                                         column + 1, sentence);
  }
  void AddWarning(int, google::protobuf::io::ColumnNumber,
                  const std::string &) override {}

  std::string complaints;

private:
  int count = 0;
};

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

/// Looks for values that the text format lets through and no schema means:
/// numbers that an enumeration does not name, and texts that would not print as
/// they are.
class ValueCheck {
public:
  ValueCheck(const std::string &place, const std::string &advice)
      : where(place), hint(advice) {}

  Status check(const Message &message, const std::string &prefix) const {
    const Descriptor &type = *message.GetDescriptor();
    const auto &values = *message.GetReflection();
    for (int f = 0; f < type.field_count(); ++f) {
      const FieldDescriptor &field = *type.field(f);
      if (!holdsChecked(field))
        continue;
      const std::string name = prefix + field.name();
      if (!field.is_repeated()) {
        if (values.HasField(message, &field))
          SYNFIRE_TRY(checkField(message, field, -1, name));
        continue;
      }
      for (int i = 0; i < values.FieldSize(message, &field); ++i)
        SYNFIRE_TRY(
            checkField(message, field, i, fmt::format("{}[{}]", name, i)));
    }
    return Status::success();
  }

private:
  /// Long lists of numbers are not walked. No schema nests a message in itself.
  static bool holdsChecked(const FieldDescriptor &field) {
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE)
      return field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM ||
             field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
    const Descriptor &type = *field.message_type();
    for (int f = 0; f < type.field_count(); ++f)
      if (holdsChecked(*type.field(f)))
        return true;
    return false;
  }

  /// `element`: -1 where the field is not repeated.
  Status checkField(const Message &message, const FieldDescriptor &field,
                    int element, const std::string &name) const {
    const auto &values = *message.GetReflection();
    const bool one = element < 0;
    switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return check(one ? values.GetMessage(message, &field)
                       : values.GetRepeatedMessage(message, &field, element),
                   name + ".");
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int number =
          one ? values.GetEnumValue(message, &field)
              : values.GetRepeatedEnumValue(message, &field, element);
      if (!field.enum_type()->FindValueByNumber(number))
        return makeError(fmt::format("{} is {}, which is no {}", name, number,
                                     field.enum_type()->name()),
                         where, hint);
      return Status::success();
    }
    default:
      return checkText(one ? values.GetString(message, &field)
                           : values.GetRepeatedString(message, &field, element),
                       name);
    }
  }

  Status checkText(std::string_view text, const std::string &name) const {
    while (!text.empty()) {
      const Utf8Character character = firstCharacter(text);
      if (character.kind != Utf8Character::Kind::Valid)
        return makeError(name + " is not UTF-8", where);
      const std::uint32_t code = character.codePoint;
      if (code < 0x20 || (code >= 0x7F && code < 0xA0))
        return makeError(
            fmt::format("{} has the control character U+{:04X}", name, code),
            where);
      text.remove_prefix(character.length);
    }
    return Status::success();
  }

  const std::string &where, &hint;
};

} // namespace

Status parseTextMessage(const std::string &text, const std::string &where,
                        const std::string &what, const std::string &schema,
                        google::protobuf::Message &message) {
  ComplaintCollector collector;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&collector);
  parser.SetRecursionLimit(deepest);
  const std::string hint = schema + " lists the fields";
  if (parser.ParseFromString(text, &message))
    return ValueCheck(where, hint).check(message, "");
  return makeError(collector.complaints.empty() ? "not a " + what
                                                : collector.complaints,
                   where, hint);
}

} // namespace synfire

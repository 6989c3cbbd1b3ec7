//===- TextMessage.h - messages that people write ---------------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_SUPPORT_TEXTMESSAGE_H
#define SYNFIRE_RUNTIME_SUPPORT_TEXTMESSAGE_H

#include "runtime/support/Status.h"

#include <string>

namespace google::protobuf {
class Message;
} // namespace google::protobuf

namespace synfire {

/// Parses protobuf's text format. What does not parse is an error at `where`
/// that says line, column and what is wrong with up to three places. So is, by
/// the field's name, a number that its enumeration does not name, and a text
/// that is not UTF-8 or holds control characters. `what` names the kind of
/// file, `schema` the file that lists its fields.
Status parseTextMessage(const std::string &text, const std::string &where,
                        const std::string &what, const std::string &schema,
                        google::protobuf::Message &message);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_SUPPORT_TEXTMESSAGE_H

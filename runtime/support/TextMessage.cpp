//===- TextMessage.cpp - messages that people write -----------------------===//
#include "runtime/support/TextMessage.h"

#include <fmt/format.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>

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

} // namespace

Status parseTextMessage(const std::string &text, const std::string &where,
                        const std::string &what, const std::string &schema,
                        google::protobuf::Message &message) {
  ComplaintCollector collector;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&collector);
  parser.SetRecursionLimit(deepest);
  if (parser.ParseFromString(text, &message))
    return Status::success();
  return makeError(collector.complaints.empty() ? "not a " + what
                                                : collector.complaints,
                   where, schema + " lists the fields");
}

} // namespace synfire

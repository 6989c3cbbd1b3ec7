//===- ProtoFields.h - repeated fields and vectors --------------*- C++ -*-===//
//
// Private to this library; templates, so no protobuf header is needed here.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_PROGRAM_PROTOFIELDS_H
#define SYNFIRE_RUNTIME_PROGRAM_PROTOFIELDS_H

#include <vector>

namespace synfire {

template <typename Field, typename Values>
void addAll(Field *field, const Values &values) {
  field->Reserve(static_cast<int>(values.size()));
  for (auto value : values)
    field->Add(value);
}

template <typename Value, typename Field>
std::vector<Value> asVector(const Field &field) {
  return {field.begin(), field.end()};
}

} // namespace synfire

#endif // SYNFIRE_RUNTIME_PROGRAM_PROTOFIELDS_H

//===- SafetensorsWriter.cpp - float32 tensors to a file ------------------===//
#include "compiler/prepare/SafetensorsWriter.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace synfire {
namespace {

std::uint64_t elementsOf(const SafetensorsWriter::Entry &entry) {
  std::uint64_t count = 1;
  for (std::int64_t side : entry.shape)
    count *= static_cast<std::uint64_t>(side);
  return count;
}

} // namespace

Result<std::unique_ptr<SafetensorsWriter>>
SafetensorsWriter::create(const std::string &path,
                          const std::vector<Entry> &entries) {
  nlohmann::json header;
  std::uint64_t offset = 0;
  for (const Entry &entry : entries) {
    const std::uint64_t end = offset + elementsOf(entry) * sizeof(float);
    header[entry.name] = {
        {"dtype", "F32"},
        {"shape", entry.shape},
        {"data_offsets", nlohmann::json::array({offset, end})}};
    offset = end;
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');
  std::string size(8, '\0');
  for (int byte = 0; byte < 8; ++byte)
    size[static_cast<std::size_t>(byte)] =
        static_cast<char>(text.size() >> (8 * byte));
  auto writer = std::make_unique<SafetensorsWriter>();
  writer->entries = entries;
  SYNFIRE_ASSIGN(writer->file, AtomicFile::create(path));
  SYNFIRE_TRY(writer->file->append(size.data(), size.size()));
  SYNFIRE_TRY(writer->file->append(text.data(), text.size()));
  return writer;
}

Status SafetensorsWriter::append(const std::vector<float> &values) {
  if (next == entries.size())
    return makeError("more tensors than were announced");
  const Entry &entry = entries[next];
  if (values.size() != elementsOf(entry))
    return makeError(fmt::format("{} values for a tensor of {}", values.size(),
                                 elementsOf(entry)),
                     entry.name);
  ++next;
  return file->append(values.data(), values.size() * sizeof(float));
}

Status SafetensorsWriter::commit() {
  if (next != entries.size())
    return makeError("a tensor is missing", entries[next].name);
  return file->commit();
}

} // namespace synfire

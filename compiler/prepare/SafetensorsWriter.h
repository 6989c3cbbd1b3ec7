//===- SafetensorsWriter.h - float32 tensors to a file ----------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_PREPARE_SAFETENSORSWRITER_H
#define SYNFIRE_COMPILER_PREPARE_SAFETENSORSWRITER_H

#include "runtime/support/Files.h"
#include "runtime/support/Status.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace synfire {

/// Writes one .safetensors file of float32 tensors, whose names and shapes are
/// known beforehand, one tensor at a time (format: Safetensors.h).
class SafetensorsWriter {
public:
  struct Entry {
    std::string name;
    std::vector<std::int64_t> shape;
  };
  static Result<std::unique_ptr<SafetensorsWriter>>
  create(const std::string &path, const std::vector<Entry> &entries);

  /// The values of the next entry; as many as its shape says.
  Status append(const std::vector<float> &values);
  /// All entries have been appended: the file gets its name.
  Status commit();

private:
  std::unique_ptr<AtomicFile> file;
  std::vector<Entry> entries;
  std::size_t next = 0;
};

} // namespace synfire

#endif // SYNFIRE_COMPILER_PREPARE_SAFETENSORSWRITER_H

//===- Files.h - memory-mapped reading, atomic writing ----------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_SUPPORT_FILES_H
#define SYNFIRE_RUNTIME_SUPPORT_FILES_H

#include "runtime/support/Status.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace synfire {

/// A whole file mapped read-only. The bytes live as long as this object.
class MappedFile {
public:
  static Result<std::shared_ptr<const MappedFile>>
  open(const std::string &path);
  ~MappedFile();
  MappedFile(const MappedFile &) = delete;
  MappedFile &operator=(const MappedFile &) = delete;

  const std::uint8_t *data() const { return bytes; }
  std::size_t size() const { return length; }
  const std::string &path() const { return name; }
  /// Takes the pages out of this process's memory; one that is read again comes
  /// back from the system's cache or the disk.
  void releasePages() const;
  std::string_view view() const {
    return {reinterpret_cast<const char *>(bytes), length};
  }

private:
  MappedFile() = default;
  const std::uint8_t *bytes = nullptr;
  std::size_t length = 0;
  std::string name;
};

/// Reads a whole text file; an error names the path and the system's reason.
Result<std::string> readFile(const std::string &path);

/// Writes beside `path` and renames, so that a reader sees the old file or the
/// whole new one and a failure leaves nothing half-written.
Status writeFileAtomically(const std::string &path, std::string_view content);

/// A file written in pieces under a temporary name; `commit` renames it to its
/// final name, destruction without commit removes it.
class AtomicFile {
public:
  static Result<std::unique_ptr<AtomicFile>> create(const std::string &path);
  ~AtomicFile();
  AtomicFile(const AtomicFile &) = delete;
  AtomicFile &operator=(const AtomicFile &) = delete;

  Status append(const void *data, std::size_t size);
  /// Pads with zero bytes to a multiple of `alignment`.
  Status alignTo(std::size_t alignment);
  std::uint64_t position() const { return written; }
  Status commit();

private:
  AtomicFile() = default;
  std::string finalPath, temporaryPath;
  int descriptor = -1;
  std::uint64_t written = 0;
};

} // namespace synfire

#endif // SYNFIRE_RUNTIME_SUPPORT_FILES_H

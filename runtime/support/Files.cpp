#include "runtime/support/Files.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace synfire {

static Error systemError(const char *action, const std::string &path) {
  return makeError(
      std::string("cannot ") + action + ": " + std::strerror(errno), path);
}

Result<std::shared_ptr<const MappedFile>>
MappedFile::open(const std::string &path) {
  int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return systemError("open", path);
  struct stat info = {};
  if (::fstat(descriptor, &info) != 0) {
    Error error = systemError("read the size", path);
    ::close(descriptor);
    return error;
  }
  if (!S_ISREG(info.st_mode)) {
    ::close(descriptor);
    return makeError("not a regular file", path);
  }
  std::shared_ptr<MappedFile> file(new MappedFile);
  file->name = path;
  file->length = static_cast<std::size_t>(info.st_size);
  if (file->length > 0) {
    void *memory =
        ::mmap(nullptr, file->length, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (memory == MAP_FAILED) {
      Error error = systemError("map", path);
      ::close(descriptor);
      file->length = 0;
      return error;
    }
    file->bytes = static_cast<const std::uint8_t *>(memory);
  }
  ::close(descriptor);
  return std::shared_ptr<const MappedFile>(std::move(file));
}

MappedFile::~MappedFile() {
  if (bytes)
    ::munmap(const_cast<std::uint8_t *>(bytes), length);
}

void MappedFile::releasePages() const {
  if (bytes)
    ::madvise(const_cast<std::uint8_t *>(bytes), length, MADV_DONTNEED);
}

Result<std::string> readFile(const std::string &path) {
  SYNFIRE_ASSIGN(auto file, MappedFile::open(path));
  return std::string(file->view());
}

Result<std::unique_ptr<AtomicFile>>
AtomicFile::create(const std::string &path) {
  std::unique_ptr<AtomicFile> file(new AtomicFile);
  file->finalPath = path;
  std::string pattern = path + ".XXXXXX";
  std::vector<char> name(pattern.begin(), pattern.end());
  name.push_back('\0');
  file->descriptor = ::mkstemp(name.data());
  if (file->descriptor < 0)
    return systemError("create", path);
  file->temporaryPath = name.data();
  ::fchmod(file->descriptor, 0644);
  return file;
}

AtomicFile::~AtomicFile() {
  if (descriptor < 0)
    return;
  ::close(descriptor);
  ::unlink(temporaryPath.c_str());
}

Status AtomicFile::append(const void *data, std::size_t size) {
  const char *bytes = static_cast<const char *>(data);
  while (size > 0) {
    ssize_t count = ::write(descriptor, bytes, size);
    if (count < 0) {
      if (errno == EINTR)
        continue;
      return systemError("write", finalPath);
    }
    bytes += count;
    size -= static_cast<std::size_t>(count);
    written += static_cast<std::uint64_t>(count);
  }
  return {};
}

Status AtomicFile::alignTo(std::size_t alignment) {
  std::vector<char> zeros((alignment - written % alignment) % alignment, 0);
  return append(zeros.data(), zeros.size());
}

Status AtomicFile::commit() {
  if (::close(descriptor) != 0) {
    descriptor = -1;
    Error error = systemError("write", finalPath);
    ::unlink(temporaryPath.c_str());
    return error;
  }
  descriptor = -1;
  if (::rename(temporaryPath.c_str(), finalPath.c_str()) != 0) {
    Error error = systemError("rename into place", finalPath);
    ::unlink(temporaryPath.c_str());
    return error;
  }
  return {};
}

Status writeFileAtomically(const std::string &path, std::string_view content) {
  SYNFIRE_ASSIGN(auto file, AtomicFile::create(path));
  SYNFIRE_TRY(file->append(content.data(), content.size()));
  return file->commit();
}

} // namespace synfire

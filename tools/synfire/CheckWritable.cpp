#include "tools/synfire/Commands.h"

#include "runtime/support/Files.h"

#include <filesystem>

namespace synfire {

Status checkWritable(const std::string &path) {
  std::error_code failure;
  const auto there = std::filesystem::status(path, failure);
  // Renaming into place would replace a device, too.
  if (std::filesystem::exists(there) &&
      !std::filesystem::is_regular_file(there))
    return makeError("cannot write: exists and is no regular file", path,
                     "name a file");
  return AtomicFile::create(path).status();
}

} // namespace synfire

//===- SafetensorsFuzzer.cpp - any bytes as a safetensors file ------------===//
#include "compiler/import/Safetensors.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sys/mman.h>
#include <unistd.h>

using namespace synfire;

/// A file in memory, since the parser maps files.
static std::string memoryFile(const std::uint8_t *data, std::size_t size) {
  static const int descriptor = ::memfd_create("input", 0);
  if (descriptor < 0 || ::ftruncate(descriptor, 0) != 0 ||
      ::pwrite(descriptor, data, size, 0) != static_cast<ssize_t>(size))
    std::abort();
  return "/proc/self/fd/" + std::to_string(descriptor);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data,
                                      std::size_t size) {
  auto file = SafetensorsFile::open(memoryFile(data, size));
  if (!file)
    return 0;
  for (const std::string &name : file->names()) {
    auto tensor = file->tensor(name);
    if (!tensor)
      continue;
    // The data lies in the file, and reading all of it stays there.
    if (tensor->offset > size || tensor->bytes() > size - tensor->offset)
      std::abort();
    std::vector<float> values = tensor->readAll();
    auto bad = tensor->firstNonFinite();
    if (bad && (*bad < 0 || *bad >= tensor->elements()))
      std::abort();
    tensor->releasePages();
  }
  return 0;
}

#include "compiler/emit/BlockWriter.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace synfire {

constexpr std::uint64_t blockAlignment = 64;

static Error writeError(const std::string &directory) {
  return makeError(std::string("cannot write weights: ") + std::strerror(errno),
                   directory);
}

Result<std::unique_ptr<BlockWriter>>
BlockWriter::create(const std::string &directory) {
  std::unique_ptr<BlockWriter> writer(new BlockWriter);
  if (directory.empty()) {
    writer->buffer = std::make_shared<std::vector<std::uint8_t>>();
    return writer;
  }
  std::string path = directory + "/synfire-weights.XXXXXX";
  writer->descriptor = ::mkstemp(path.data());
  if (writer->descriptor < 0)
    return writeError(directory);
  ::unlink(path.c_str());
  writer->directory = directory;
  return writer;
}

BlockWriter::~BlockWriter() {
  if (descriptor >= 0)
    ::close(descriptor);
}

Status BlockWriter::append(const std::uint8_t *data, std::size_t size) {
  position += size;
  if (buffer) {
    buffer->insert(buffer->end(), data, data + size);
    return {};
  }
  while (size > 0) {
    ssize_t count = ::write(descriptor, data, size);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return writeError(directory);
    data += count;
    size -= static_cast<std::size_t>(count);
  }
  return {};
}

Result<int> BlockWriter::add(const std::vector<std::uint8_t> &bytes,
                             std::int64_t rows, std::int64_t columns,
                             int bits) {
  const std::uint8_t zeros[blockAlignment] = {};
  SYNFIRE_TRY(append(zeros, (blockAlignment - position % blockAlignment) %
                                blockAlignment));
  WeightBlock block;
  block.offset = position;
  block.rows = rows;
  block.columns = columns;
  block.bits = bits;
  SYNFIRE_TRY(append(bytes.data(), bytes.size()));
  blocks.push_back(block);
  return static_cast<int>(blocks.size()) - 1;
}

Result<WeightStore> BlockWriter::finish() {
  WeightStore store;
  store.blocks = std::move(blocks);
  if (buffer) {
    store.memory = std::move(buffer);
    return store;
  }
  SYNFIRE_ASSIGN(store.file, MappedFile::open("/proc/self/fd/" +
                                              std::to_string(descriptor)));
  return store;
}

} // namespace synfire

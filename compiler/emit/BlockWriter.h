//===- BlockWriter.h - weights streamed to a file ---------------*- C++ -*-===//
//
// Collects weight blocks in a nameless file beside the Program to be written,
// so that peak memory is one tensor and not the model; a Program built in
// memory (tests, small networks) uses a buffer instead.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_EMIT_BLOCKWRITER_H
#define SYNFIRE_COMPILER_EMIT_BLOCKWRITER_H

#include "runtime/program/Program.h"

#include <memory>
#include <string>
#include <vector>

namespace synfire {

class BlockWriter {
public:
  /// `directory` empty: blocks stay in memory. Otherwise the file lies on that
  /// disk; it has no name, so that a killed compiler leaves nothing behind.
  static Result<std::unique_ptr<BlockWriter>>
  create(const std::string &directory);
  ~BlockWriter();
  BlockWriter(const BlockWriter &) = delete;
  BlockWriter &operator=(const BlockWriter &) = delete;

  /// Appends a block at the next multiple of 64 bytes; returns its index.
  Result<int> add(const std::vector<std::uint8_t> &bytes, std::int64_t rows,
                  std::int64_t columns, int bits);
  /// The store over all blocks; the writer is spent afterwards.
  Result<WeightStore> finish();

private:
  BlockWriter() = default;
  Status append(const std::uint8_t *data, std::size_t size);

  int descriptor = -1;
  std::string directory;
  std::uint64_t position = 0;
  std::shared_ptr<std::vector<std::uint8_t>> buffer;
  std::vector<WeightBlock> blocks;
};

} // namespace synfire

#endif // SYNFIRE_COMPILER_EMIT_BLOCKWRITER_H

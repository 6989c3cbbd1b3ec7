//===- ProgramFuzzer.cpp - decode and verify survive any message ----------===//
//
// The frame's checksum would stop every mutation, so this enters behind it. An
// input is either a whole message or, far deeper, a list of bytes to change in
// the message of a valid program.
//
//===----------------------------------------------------------------------===//
#include "runtime/program/Messages.h"
#include "tests/unit/program/TinyPrefix.h"
#include "tests/unit/program/TinyProgram.h"

#include "program.pb.h"

#include <cstddef>
#include <cstdint>

using namespace synfire;

namespace {

struct Seed {
  std::shared_ptr<const std::vector<std::uint8_t>> weights;
  std::string message;
};

const Seed &seed() {
  static const Seed made = [] {
    tests::TinyOptions options;
    options.intermediate = 24;
    options.tileNeurons = 5;
    Program program = tests::buildTinyProgram(options);
    // Large tables would draw most of the changes.
    for (LookupTable &table : program.lookupTables)
      table = tests::sampledTable(
          table.function, table.steps, 3, 0, true,
          [](std::int64_t m) { return static_cast<double>(m); });
    tests::addPrefix(program, 2);
    if (!verify(program).ok())
      __builtin_trap(); // changes to an invalid program would reach nothing
    pb::Program message;
    encode(program, message);
    return Seed{program.weights.memory, message.SerializeAsString()};
  }();
  return made;
}

std::string changed(const std::uint8_t *data, std::size_t size) {
  std::string bytes = seed().message;
  for (; size >= 4; data += 4, size -= 4) {
    std::size_t at = (data[0] | data[1] << 8 | data[2] << 16);
    bytes[at % bytes.size()] = static_cast<char>(data[3]);
  }
  return bytes;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data,
                                      std::size_t size) {
  if (size == 0)
    return 0;
  std::string bytes =
      data[0] % 4 == 0
          ? std::string(reinterpret_cast<const char *>(data + 1), size - 1)
          : changed(data + 1, size - 1);
  pb::Program message;
  if (!message.ParseFromString(bytes))
    return 0;
  auto program = decode(message, "fuzz");
  if (!program.ok())
    return 0;
  program->weights.memory = seed().weights;
  (void)verify(*program).ok();
  return 0;
}

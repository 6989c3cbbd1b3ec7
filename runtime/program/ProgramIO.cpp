//===- ProgramIO.cpp - saving and loading a Program -----------------------===//
#include "runtime/program/Program.h"

#include "program.pb.h"
#include "runtime/program/Frame.h"
#include "runtime/program/Messages.h"
#include "runtime/program/VerifyParts.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace synfire {
namespace {

constexpr FrameKind programFrame = {{"SYNFIREP", 8}, programVersion, "program"};

std::string weightsPath(const std::string &path) { return path + ".weights"; }

const std::uint8_t *bytesOf(const WeightStore &weights) {
  return weights.file     ? weights.file->data()
         : weights.memory ? weights.memory->data()
                          : nullptr;
}

/// The first block whose bytes differ from what was saved, for the message.
std::string nameDamage(const pb::WeightFile &expected,
                       const WeightStore &weights, const Program &program) {
  for (int i = 0; i < expected.blocks_size(); ++i) {
    auto index = static_cast<std::size_t>(i);
    const WeightBlock &block = weights.blocks[index];
    if (checksum(weights.data(i), block.bytes()) ==
        expected.blocks(i).checksum())
      continue;
    for (std::size_t s = 0; s < program.stages.size(); ++s)
      for (const Dendrite &dendrite : program.stages[s].dendrites)
        if (dendrite.weights == i)
          return fmt::format("weight block {} of {}", i,
                             describeStage(program, s));
    return fmt::format("weight block {}", i);
  }
  return "the padding between its blocks";
}

/// Hashes the whole file and every block in one pass over the weights, while
/// it hands them to `write`, in pieces that stay in the cache between the two.
/// Blocks may overlap or leave gaps.
template <typename Write>
Status hashWeights(const WeightStore &weights, pb::WeightFile &file,
                   Write &&write) {
  constexpr std::uint64_t pieceBytes = std::uint64_t(1) << 18;
  const std::uint8_t *bytes = bytesOf(weights);
  std::vector<ChecksumStream> blocks(weights.blocks.size());
  ChecksumStream whole;
  for (std::uint64_t at = 0; at < weights.size(); at += pieceBytes) {
    const std::uint64_t end = std::min(at + pieceBytes, weights.size());
    whole.add(bytes + at, end - at);
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      const WeightBlock &block = weights.blocks[i];
      const std::uint64_t from = std::max(at, block.offset);
      const std::uint64_t to = std::min(end, block.offset + block.bytes());
      if (from < to)
        blocks[i].add(bytes + from, to - from);
    }
    SYNFIRE_TRY(write(bytes + at, end - at));
  }
  file.set_size(weights.size());
  file.set_checksum(whole.value());
  for (std::size_t i = 0; i < blocks.size(); ++i)
    file.mutable_blocks(static_cast<int>(i))->set_checksum(blocks[i].value());
  return Status::success();
}

Status attachWeights(const pb::WeightFile &expected, const std::string &path,
                     Program &program) {
  SYNFIRE_ASSIGN(program.weights.file, MappedFile::open(path));
  const WeightStore &weights = program.weights;
  if (weights.size() != expected.size())
    return makeError(
        fmt::format("{}: {} bytes, but its program was saved with "
                    "{}",
                    weights.size() < expected.size() ? "truncated" : "too long",
                    weights.size(), expected.size()),
        path, "the two files of a program belong together");
  if (checksum(weights.file->data(), weights.size()) == expected.checksum())
    return Status::success();
  // Block bounds are not trusted before they are verified.
  SYNFIRE_TRY(verifyUnits(program));
  return makeError(fmt::format("damaged: the checksum of {} differs",
                               nameDamage(expected, weights, program)),
                   path,
                   "at least one byte changed since it was written, or the "
                   "file belongs to another program");
}

} // namespace

Status saveProgram(const Program &program, const std::string &path) {
  SYNFIRE_TRY(verify(program));
  pb::Program message;
  encode(program, message);
  const WeightStore &weights = program.weights;
  // A chip that does not read back would make a program that does not load.
  if (auto chip = parseChipModel(program.mapping.chip.text, "chip model");
      !chip.ok())
    return chip.error();

  // Both are complete under temporary names before the first gets its own.
  SYNFIRE_ASSIGN(auto weightsFile, AtomicFile::create(weightsPath(path)));
  SYNFIRE_TRY(hashWeights(weights, *message.mutable_weights(),
                          [&](const std::uint8_t *bytes, std::uint64_t size) {
                            return weightsFile->append(bytes, size);
                          }));
  SYNFIRE_ASSIGN(std::string structure,
                 frameMessage(message, programFrame, path));
  SYNFIRE_ASSIGN(auto structureFile, AtomicFile::create(path));
  SYNFIRE_TRY(structureFile->append(structure.data(), structure.size()));
  SYNFIRE_TRY(weightsFile->commit());
  return structureFile->commit();
}

Result<Program> loadProgram(const std::string &path) {
  pb::Program message;
  SYNFIRE_TRY(readFramed(message, programFrame, path));
  SYNFIRE_ASSIGN(Program program, decode(message, path));
  SYNFIRE_TRY(attachWeights(message.weights(), weightsPath(path), program));
  if (Status status = verify(program); !status.ok()) {
    Error error = status.error();
    error.where = error.where.empty() ? path : path + ": " + error.where;
    return error;
  }
  return program;
}

} // namespace synfire

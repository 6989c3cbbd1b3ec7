//===- VerifyUnits.cpp - weight blocks and firing units -------------------===//
#include "runtime/program/VerifyParts.h"

#include "runtime/program/Widths.h"

#include <fmt/format.h>

#include <cmath>

namespace synfire {
namespace {

Status verifyBlock(const WeightBlock &block, const WeightStore &store,
                   const std::string &where) {
  if (block.bits != 4 && block.bits != 8 && block.bits != 16 &&
      block.bits != 32)
    return makeError(
        fmt::format("{} bits a weight, but only 4, 8, 16 and 32 are stored",
                    block.bits),
        where);
  if (block.rows < 1 || block.columns < 1 || block.rows > largestCount ||
      block.columns > largestCount)
    return makeError(fmt::format("shape {} x {} is not from 1 x 1 to {} x {}",
                                 block.rows, block.columns, largestCount,
                                 largestCount),
                     where);
  if (block.offset % 64 != 0)
    return makeError(
        fmt::format("offset {} is not a multiple of 64", block.offset), where);
  std::uint64_t bytes, end;
  if (__builtin_mul_overflow(block.rowBytes(),
                             static_cast<std::uint64_t>(block.rows), &bytes) ||
      __builtin_add_overflow(block.offset, bytes, &end) ||
      (store.hasData() && end > store.size()))
    return makeError(
        fmt::format("{} x {} weights of {} bits at offset {} reach beyond the "
                    "{} bytes of weights",
                    block.rows, block.columns, block.bits, block.offset,
                    store.size()),
        where);
  return Status::success();
}

} // namespace

Status verifyUnits(const Program &program) {
  for (std::size_t i = 0; i < program.weights.blocks.size(); ++i)
    SYNFIRE_TRY(verifyBlock(program.weights.blocks[i], program.weights,
                            fmt::format("weight block {}", i)));
  for (std::size_t i = 0; i < program.neurons.size(); ++i) {
    const NeuronConfig &config = program.neurons[i];
    std::string where = fmt::format("neuron unit {}", i);
    if (Status status = verify(config); !status.ok())
      return makeError(status.error().what, where, status.error().hint);
    if (largestCode(config) > largestCount)
      return makeError(
          fmt::format("its trains carry codes up to {}, but codes are 32-bit",
                      largestCode(config)),
          where, "P5");
  }
  for (std::size_t i = 0; i < program.lookupTables.size(); ++i) {
    const LookupTable &table = program.lookupTables[i];
    std::string where = fmt::format("look-up table {} ({})", i, table.function);
    if (Status status = verify(table); !status.ok())
      return makeError(status.error().what, where, status.error().hint);
    if (table.entryBits < 1 || table.entryBits > 64)
      return makeError(fmt::format("{} bits an entry, but must be from 1 to 64",
                                   table.entryBits),
                       where, "P7");
  }
  return Status::success();
}

} // namespace synfire

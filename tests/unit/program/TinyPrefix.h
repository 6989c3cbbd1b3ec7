//===- TinyPrefix.h - a prefix for a Program of a test ----------*- C++ -*-===//
#ifndef SYNFIRE_TESTS_UNIT_PROGRAM_TINYPREFIX_H
#define SYNFIRE_TESTS_UNIT_PROGRAM_TINYPREFIX_H

#include "runtime/program/Program.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace synfire::tests {

/// Gives every cache of a Program in memory `positions` rows of seeded random
/// codes (P14), those of the code limit among them, in `bits` as long as they
/// fit.
inline void addPrefix(Program &program, int positions, int bits = 32) {
  std::mt19937 random(21);
  std::vector<std::uint8_t> bytes = *program.weights.memory;
  program.prefix = positions;
  for (Stage &stage : program.stages)
    for (Dendrite &dendrite : stage.dendrites) {
      if (dendrite.kind != DendriteKind::Scores &&
          dendrite.kind != DendriteKind::Mix)
        continue;
      const Stage &stored =
          program.stages[static_cast<std::size_t>(dendrite.stored)];
      const std::int64_t limit =
          std::min(stored.codeLimit, (std::int64_t(1) << (bits - 1)) - 1);
      bytes.resize((bytes.size() + 63) / 64 * 64);
      WeightBlock block;
      block.offset = bytes.size();
      block.rows = positions;
      block.columns = stored.width();
      block.bits = bits;
      for (std::int64_t i = 0; i < block.rows * block.columns; ++i) {
        std::int64_t code =
            static_cast<std::int64_t>(
                random() % static_cast<std::uint64_t>(2 * limit + 1)) -
            limit;
        if (i < 2)
          code = i == 0 ? limit : -limit;
        for (int byte = 0; byte < bits / 8; ++byte)
          bytes.push_back(static_cast<std::uint8_t>(
              static_cast<std::uint64_t>(code) >> (8 * byte)));
      }
      dendrite.prefixCodes = static_cast<int>(program.weights.blocks.size());
      program.weights.blocks.push_back(block);
    }
  program.weights.memory =
      std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
}

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_PROGRAM_TINYPREFIX_H

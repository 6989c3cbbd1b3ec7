//===- LookupTable.cpp - the look-up unit with bit-serial output ----------===//
#include "runtime/neuron/LookupTable.h"

#include <algorithm>
#include <cstdlib>

namespace synfire {
namespace {

int significantBits(std::uint32_t value) {
  int bits = 0;
  for (; value != 0; value >>= 1)
    ++bits;
  return bits;
}

/// The smallest magnitude with `bits` significant bits.
std::int64_t firstOfOctave(int bits) {
  return bits == 0 ? 0 : std::int64_t(1) << (bits - 1);
}

std::int64_t rowOf(const LookupTable &table, std::int64_t magnitude,
                   bool negative) {
  const int bits = significantBits(static_cast<std::uint32_t>(magnitude));
  const auto octave = static_cast<std::size_t>(bits + (negative ? 32 : 0));
  return table.base[octave] +
         ((magnitude - firstOfOctave(bits)) >> table.shift[octave]);
}

} // namespace

Status verify(const LookupTable &table) {
  const std::string &where = table.function;
  // L1
  if (table.steps < 1 || table.steps > 31)
    return makeError("output has " + std::to_string(table.steps) +
                         " steps, but the look-up unit emits 1 to 31",
                     where);
  if (table.limit < 0)
    return makeError(
        "input limit " + std::to_string(table.limit) + " is negative", where);
  for (std::size_t octave = 0; octave < table.shift.size(); ++octave)
    if (table.shift[octave] > 31)
      return makeError("octave " + std::to_string(octave) + " shifts by " +
                           std::to_string(int(table.shift[octave])) +
                           ", but the limit is 31",
                       where);
  // L2
  const auto rows = static_cast<std::int64_t>(table.entries.size());
  for (const bool negative : {false, true})
    for (int bits = 0; bits <= 31; ++bits) {
      const std::int64_t first = firstOfOctave(bits);
      // A negative membrane has magnitude 0 only where the limit is 0.
      const bool reachable =
          first <= table.limit && (bits > 0 || !negative || table.limit == 0);
      if (!reachable)
        continue;
      const std::int64_t last =
          std::min<std::int64_t>(2 * first - (bits > 0), table.limit);
      const std::int64_t lowest = rowOf(table, first, negative);
      const std::int64_t highest = rowOf(table, last, negative);
      if (lowest < 0 || highest >= rows)
        return makeError("octave " + std::to_string(bits + 32 * negative) +
                             " reads rows " + std::to_string(lowest) + " to " +
                             std::to_string(highest) + ", but the table has " +
                             std::to_string(rows),
                         where);
    }
  // L3
  const std::int64_t largest = (std::int64_t(1) << table.steps) - 1;
  for (std::size_t row = 0; row < table.entries.size(); ++row)
    if (std::abs(std::int64_t(table.entries[row])) > largest)
      return makeError("row " + std::to_string(row) + " holds " +
                           std::to_string(table.entries[row]) + ", but " +
                           std::to_string(table.steps) +
                           " steps carry at most " + std::to_string(largest),
                       where);
  return Status::success();
}

std::int32_t lookup(const LookupTable &table, std::int32_t membrane) {
  const std::int64_t magnitude =
      std::min<std::int64_t>(std::abs(std::int64_t(membrane)), table.limit);
  return table
      .entries[static_cast<std::size_t>(rowOf(table, magnitude, membrane < 0))];
}

} // namespace synfire

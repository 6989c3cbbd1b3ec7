//===- StreamKernels.h - one step of many streamed neurons ------*- C++ -*-===//
//
// Private to this library: the loops of LaneStream, in 32 or 64-bit lanes.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_NEURON_STREAMKERNELS_H
#define SYNFIRE_RUNTIME_NEURON_STREAMKERNELS_H

#include <cstddef>
#include <cstdint>

namespace synfire {

/// Levels that fireLevels() compares one by one.
constexpr int mostComparedLevels = 8;

/// What one step adds to a neuron that reaches level 1, what more to one that
/// reaches level 2, and so on; 1, 2, 4 or 8 levels, padded with thresholds
/// that nothing reaches.
struct LevelStep {
  int levels = 1;
  std::int64_t bias = 0;
  std::int64_t threshold[mostComparedLevels] = {};
  std::int64_t decrement[mostComparedLevels] = {};
  std::int64_t payload[mostComparedLevels] = {};
  /// The level, as digest and tracer take it: 0 where nothing is sent.
  std::int64_t index[mostComparedLevels] = {};
  /// An event, plus eventsField if it hides a multiplication.
  std::int64_t events[mostComparedLevels] = {};
  std::int64_t restPayload = 0, restIndex = 0, restEvents = 0;
  std::uint32_t key = 0; ///< of the step in the digest
};

/// Counts of a block: events + eventsField * hidden multiplications.
constexpr int eventsFieldBits = 16;

/// Levels that rise evenly: level l >= 1 has threshold first + (l - 1) *
/// spacing, decrement firstDecrement + (l - 1) * decrement, and so on.
struct EvenStep {
  int levels = 1;
  std::int64_t bias = 0;
  std::int64_t first = 0, spacing = 1;
  std::int64_t firstDecrement = 0, decrement = 0;
  std::int64_t firstPayload = 0, payload = 0;
  std::int64_t restPayload = 0, restIndex = 0;
  std::uint32_t key = 0;
  std::uint32_t hides[8] = {}; ///< by level, a bit each: hides a multiplication
};

/// How a negative spike comes about.
enum class StreamSides { OneSided, TwoSided, FromTracer, BelowZero };

/// A block of neurons, an array each.
template <typename Word> struct StreamLanes {
  std::size_t count = 0;
  const Word *current = nullptr;
  Word *membrane = nullptr;
  Word *code = nullptr;
  Word *high = nullptr; ///< upper word of the digest word, mod 2^32
  Word *tracer = nullptr;
};

struct TracerBounds {
  std::int64_t minimum = 0, maximum = 0;
};

/// Fires one step; returns the block's counts of the events.
std::int64_t fireLevels(StreamSides sides, const LevelStep &step,
                        TracerBounds bounds,
                        const StreamLanes<std::int32_t> &lanes);
std::int64_t fireLevels(StreamSides sides, const LevelStep &step,
                        TracerBounds bounds,
                        const StreamLanes<std::int64_t> &lanes);
/// One-sided only. `level` is room for the block.
std::int64_t fireEven(const EvenStep &step,
                      const StreamLanes<std::int32_t> &lanes,
                      std::int32_t *level);
std::int64_t fireEven(const EvenStep &step,
                      const StreamLanes<std::int64_t> &lanes,
                      std::int32_t *level);

/// A silent step of one-level neurons: what RehearsalTrace remembers, an array
/// each. Distances start at the lane's largest value, which stands for none.
template <typename Word> struct TraceLanes {
  Word *net = nullptr;
  Word *beyond = nullptr;
  Word *shortAbove = nullptr;
  Word *shortBelow = nullptr;
};

/// `strict` is 1 if the step's threshold is one above that of the config.
void rehearseLevel(bool twoSided, const LevelStep &step, int strict,
                   const StreamLanes<std::int32_t> &lanes,
                   const TraceLanes<std::int32_t> &trace);
void rehearseLevel(bool twoSided, const LevelStep &step, int strict,
                   const StreamLanes<std::int64_t> &lanes,
                   const TraceLanes<std::int64_t> &trace);

/// current = rest where muted (-1) and as it is elsewhere (0).
void silence(const std::int32_t *muted, std::size_t count, std::int64_t rest,
             std::int32_t *current);
void silence(const std::int64_t *muted, std::size_t count, std::int64_t rest,
             std::int64_t *current);

/// The largest magnitude of a block, at most 2^31.
std::int64_t largestMagnitude(const std::int32_t *values, std::size_t count);

/// current = now - before; before == nullptr: zeros.
void differences(const std::int32_t *now, const std::int32_t *before,
                 std::size_t count, std::int32_t *current);
void differences(const std::int32_t *now, const std::int32_t *before,
                 std::size_t count, std::int64_t *current);

/// whole = floor(value / parts), rest = value - whole * parts.
void divideFloor(const std::int32_t *value, std::size_t count, int parts,
                 std::int32_t *whole, std::int32_t *rest);
void divideFloor(const std::int64_t *value, std::size_t count, int parts,
                 std::int64_t *whole, std::int64_t *rest);

/// The next share of each value: whole, plus one where the rests that `carry`
/// adds up make another part.
void nextShares(const std::int32_t *whole, const std::int32_t *rest,
                std::size_t count, int parts, std::int32_t *carry,
                std::int32_t *share);
void nextShares(const std::int64_t *whole, const std::int64_t *rest,
                std::size_t count, int parts, std::int64_t *carry,
                std::int64_t *share);

/// values as 32-bit integers, mod 2^32.
void narrow(const std::int32_t *values, std::size_t count,
            std::int32_t *narrowed);
void narrow(const std::int64_t *values, std::size_t count,
            std::int32_t *narrowed);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_NEURON_STREAMKERNELS_H

//===- StreamKernels.cpp - one step of many streamed neurons --------------===//
//
// Bodies are templates over the lane and the number of levels, which multiplies
// out the loop over levels; each is inlined into a plain function that the
// loader picks by instruction set.
//
//===----------------------------------------------------------------------===//
#include "runtime/neuron/StreamKernels.h"

#include "runtime/support/Simd.h"

#include <limits>
#include <type_traits>

#define SYNFIRE_INLINE __attribute__((always_inline)) inline

namespace synfire {
namespace {

/// A table entry as a lane: beyond the lane's range it is beyond every
/// membrane too, or the block would not run in such lanes.
template <typename Word> SYNFIRE_INLINE Word toLane(std::int64_t value) {
  constexpr std::int64_t most = std::numeric_limits<Word>::max();
  return static_cast<Word>(value > most ? most : value < -most ? -most : value);
}

/// Gives `value` the sign of `negative`, 0 or -1.
template <typename Word>
SYNFIRE_INLINE Word withSign(Word value, Word negative) {
  return (value ^ negative) - negative;
}

/// Sums that may wrap.
template <typename Word> SYNFIRE_INLINE Word wrappedSum(Word a, Word b) {
  using Bits = std::make_unsigned_t<Word>;
  return static_cast<Word>(static_cast<Bits>(a) + static_cast<Bits>(b));
}
template <typename Word> SYNFIRE_INLINE Word wrappedProduct(Word a, Word b) {
  using Bits = std::make_unsigned_t<Word>;
  return static_cast<Word>(static_cast<Bits>(a) * static_cast<Bits>(b));
}

template <typename Word, int levels, bool twoSided, bool limited>
SYNFIRE_INLINE std::int64_t fireBody(const LevelStep &step, TracerBounds bounds,
                                     const StreamLanes<Word> &lanes) {
  constexpr int signBit = std::numeric_limits<Word>::digits;
  Word threshold[levels], decrement[levels], payload[levels], index[levels],
      events[levels];
  for (int l = 0; l < levels; ++l) {
    threshold[l] = toLane<Word>(step.threshold[l]);
    decrement[l] = toLane<Word>(step.decrement[l]);
    payload[l] = static_cast<Word>(step.payload[l]);
    index[l] = static_cast<Word>(step.index[l]);
    events[l] = static_cast<Word>(step.events[l]);
  }
  const Word bias = toLane<Word>(step.bias);
  const Word restPayload = static_cast<Word>(step.restPayload);
  const Word restIndex = static_cast<Word>(step.restIndex);
  const Word restEvents = static_cast<Word>(step.restEvents);
  const Word minimum = static_cast<Word>(bounds.minimum);
  const Word maximum = static_cast<Word>(bounds.maximum);
  const Word key = static_cast<Word>(step.key);
  const Word *__restrict current = lanes.current;
  Word *__restrict membrane = lanes.membrane;
  Word *__restrict code = lanes.code;
  Word *__restrict high = lanes.high;
  Word *__restrict tracer = lanes.tracer;
  Word total = 0;
  for (std::size_t i = 0; i < lanes.count; ++i) {
    const Word v = membrane[i] + current[i] + bias;
    const Word negative = twoSided ? v >> signBit : 0;
    const Word size = withSign(v, negative);
    const Word room =
        limited ? (negative ? tracer[i] - minimum : maximum - tracer[i]) : 0;
    Word taken = 0, sent = restPayload, reached = restIndex,
         counted = restEvents;
    for (int l = 0; l < levels; ++l) {
      const bool fires =
          limited ? (size >= threshold[l]) & (room > l) : size >= threshold[l];
      const Word mask = fires ? -1 : 0;
      taken += mask & decrement[l];
      sent = wrappedSum<Word>(sent, mask & payload[l]);
      reached += mask & index[l];
      counted += mask & events[l];
    }
    reached = withSign(reached, negative);
    membrane[i] = v - withSign(taken, negative);
    code[i] = wrappedSum(code[i], withSign(sent, negative));
    high[i] = wrappedSum(high[i], wrappedProduct(reached, key));
    if (limited)
      tracer[i] += reached;
    total += counted;
  }
  return total;
}

template <typename Word>
SYNFIRE_INLINE std::int64_t fireBelowZero(const LevelStep &step,
                                          TracerBounds bounds,
                                          const StreamLanes<Word> &lanes) {
  const Word threshold = toLane<Word>(step.threshold[0]);
  const Word decrement = toLane<Word>(step.decrement[0]);
  const Word payload = toLane<Word>(step.payload[0]);
  const Word index = static_cast<Word>(step.index[0]);
  const Word events = static_cast<Word>(step.events[0]);
  const Word bias = toLane<Word>(step.bias);
  const Word minimum = static_cast<Word>(bounds.minimum);
  const Word maximum = static_cast<Word>(bounds.maximum);
  const Word key = static_cast<Word>(step.key);
  const Word *__restrict current = lanes.current;
  Word *__restrict membrane = lanes.membrane;
  Word *__restrict code = lanes.code;
  Word *__restrict high = lanes.high;
  Word *__restrict tracer = lanes.tracer;
  Word total = 0;
  for (std::size_t i = 0; i < lanes.count; ++i) {
    const Word v = membrane[i] + current[i] + bias;
    const bool up = v >= threshold;
    const bool below = !up & (v < 0);
    const Word fires =
        (up & (tracer[i] < maximum)) | (below & (tracer[i] > minimum)) ? -1 : 0;
    const Word negative = below ? -1 : 0;
    const Word reached = withSign<Word>(fires & index, negative);
    membrane[i] = v - withSign<Word>(fires & decrement, negative);
    code[i] = wrappedSum(code[i], withSign<Word>(fires & payload, negative));
    high[i] = wrappedSum(high[i], wrappedProduct(reached, key));
    tracer[i] += reached;
    total += fires & events;
  }
  return total;
}

template <typename Word, bool twoSided, bool limited>
SYNFIRE_INLINE std::int64_t fireAny(const LevelStep &step, TracerBounds bounds,
                                    const StreamLanes<Word> &lanes) {
  switch (step.levels) {
  case 1:
    return fireBody<Word, 1, twoSided, limited>(step, bounds, lanes);
  case 2:
    return fireBody<Word, 2, twoSided, limited>(step, bounds, lanes);
  case 4:
    return fireBody<Word, 4, twoSided, limited>(step, bounds, lanes);
  default:
    return fireBody<Word, 8, twoSided, limited>(step, bounds, lanes);
  }
}

/// The real quotient is small and its error below one, so one correction makes
/// it exact.
template <typename Word, typename Real>
SYNFIRE_INLINE std::int64_t fireEvenBody(const EvenStep &step,
                                         const StreamLanes<Word> &lanes,
                                         std::int32_t *__restrict level) {
  const Word bias = toLane<Word>(step.bias);
  const Word first = toLane<Word>(step.first);
  const Word spacing = toLane<Word>(step.spacing);
  const Word firstDecrement = toLane<Word>(step.firstDecrement);
  const Word decrement = toLane<Word>(step.decrement);
  const Word firstPayload = static_cast<Word>(step.firstPayload);
  const Word payload = static_cast<Word>(step.payload);
  const Word restPayload = static_cast<Word>(step.restPayload);
  const Word restIndex = static_cast<Word>(step.restIndex);
  const Word more = static_cast<Word>(step.levels - 1);
  const Word most = more * spacing;
  const Real inverse = Real(1) / static_cast<Real>(spacing);
  const Word key = static_cast<Word>(step.key);
  const Word *__restrict current = lanes.current;
  Word *__restrict membrane = lanes.membrane;
  Word *__restrict code = lanes.code;
  Word *__restrict high = lanes.high;
  Word total = 0;
  for (std::size_t i = 0; i < lanes.count; ++i) {
    const Word v = membrane[i] + current[i] + bias;
    const Word fires = v >= first ? -1 : 0;
    Word above = (v - first) & fires;
    above = above < most ? above : most;
    Word steps = static_cast<Word>(static_cast<Real>(above) * inverse);
    const Word left = above - steps * spacing;
    steps += (left >= spacing ? 1 : 0) - (left < 0 ? 1 : 0);
    const Word sent =
        fires ? wrappedSum(firstPayload, wrappedProduct(steps, payload))
              : restPayload;
    const Word sends = sent != 0 ? -1 : 0;
    const Word reached = (fires ? steps + 1 : restIndex) & sends;
    membrane[i] = v - ((firstDecrement + steps * decrement) & fires);
    code[i] = wrappedSum(code[i], sent);
    high[i] = wrappedSum(high[i], wrappedProduct(reached, key));
    level[i] = static_cast<std::int32_t>((steps + 1) & fires);
    total -= sends;
  }
  return total;
}

template <typename Word>
SYNFIRE_INLINE void rehearseBody(bool twoSided, const LevelStep &step,
                                 int strict, const StreamLanes<Word> &lanes,
                                 const TraceLanes<Word> &trace) {
  const Word threshold = toLane<Word>(step.threshold[0]);
  const Word plain = toLane<Word>(step.threshold[0] - strict);
  const Word decrement = toLane<Word>(step.decrement[0]);
  const Word bias = toLane<Word>(step.bias);
  const Word sides = twoSided ? -1 : 0;
  const Word *__restrict current = lanes.current;
  Word *__restrict membrane = lanes.membrane;
  Word *__restrict net = trace.net;
  Word *__restrict beyond = trace.beyond;
  Word *__restrict shortAbove = trace.shortAbove;
  Word *__restrict shortBelow = trace.shortBelow;
  for (std::size_t i = 0; i < lanes.count; ++i) {
    const Word v = membrane[i] + current[i] + bias;
    const Word up = v >= threshold ? 1 : 0;
    const Word down = (-v >= threshold ? 1 : 0) & sides;
    const Word over = v - plain, under = v + plain;
    const Word nextBeyond = over < beyond[i] ? over : beyond[i];
    const Word nextAbove = -over < shortAbove[i] ? -over : shortAbove[i];
    const Word nextBelow = under < shortBelow[i] ? under : shortBelow[i];
    beyond[i] = up ? nextBeyond : beyond[i];
    shortAbove[i] = up ? shortAbove[i] : nextAbove;
    shortBelow[i] = down ? shortBelow[i] : nextBelow;
    net[i] += up - down;
    membrane[i] = v - (up - down) * decrement;
  }
}

SYNFIRE_MULTIVERSION
void rehearse32(bool twoSided, const LevelStep &step, int strict,
                const StreamLanes<std::int32_t> &lanes,
                const TraceLanes<std::int32_t> &trace) {
  rehearseBody(twoSided, step, strict, lanes, trace);
}
SYNFIRE_MULTIVERSION
void rehearse64(bool twoSided, const LevelStep &step, int strict,
                const StreamLanes<std::int64_t> &lanes,
                const TraceLanes<std::int64_t> &trace) {
  rehearseBody(twoSided, step, strict, lanes, trace);
}
SYNFIRE_MULTIVERSION
std::int64_t oneSided32(const LevelStep &step, TracerBounds bounds,
                        const StreamLanes<std::int32_t> &lanes) {
  return fireAny<std::int32_t, false, false>(step, bounds, lanes);
}
SYNFIRE_MULTIVERSION
std::int64_t oneSided64(const LevelStep &step, TracerBounds bounds,
                        const StreamLanes<std::int64_t> &lanes) {
  return fireAny<std::int64_t, false, false>(step, bounds, lanes);
}
SYNFIRE_MULTIVERSION
std::int64_t twoSided32(const LevelStep &step, TracerBounds bounds,
                        const StreamLanes<std::int32_t> &lanes) {
  return fireAny<std::int32_t, true, false>(step, bounds, lanes);
}
SYNFIRE_MULTIVERSION
std::int64_t twoSided64(const LevelStep &step, TracerBounds bounds,
                        const StreamLanes<std::int64_t> &lanes) {
  return fireAny<std::int64_t, true, false>(step, bounds, lanes);
}
SYNFIRE_MULTIVERSION
std::int64_t fromTracer32(const LevelStep &step, TracerBounds bounds,
                          const StreamLanes<std::int32_t> &lanes) {
  return fireAny<std::int32_t, true, true>(step, bounds, lanes);
}
SYNFIRE_MULTIVERSION
std::int64_t fromTracer64(const LevelStep &step, TracerBounds bounds,
                          const StreamLanes<std::int64_t> &lanes) {
  return fireAny<std::int64_t, true, true>(step, bounds, lanes);
}
SYNFIRE_MULTIVERSION
std::int64_t belowZero32(const LevelStep &step, TracerBounds bounds,
                         const StreamLanes<std::int32_t> &lanes) {
  return fireBelowZero(step, bounds, lanes);
}
SYNFIRE_MULTIVERSION
std::int64_t belowZero64(const LevelStep &step, TracerBounds bounds,
                         const StreamLanes<std::int64_t> &lanes) {
  return fireBelowZero(step, bounds, lanes);
}
SYNFIRE_MULTIVERSION
std::int64_t even32(const EvenStep &step,
                    const StreamLanes<std::int32_t> &lanes,
                    std::int32_t *level) {
  return fireEvenBody<std::int32_t, float>(step, lanes, level);
}
SYNFIRE_MULTIVERSION
std::int64_t even64(const EvenStep &step,
                    const StreamLanes<std::int64_t> &lanes,
                    std::int32_t *level) {
  return fireEvenBody<std::int64_t, double>(step, lanes, level);
}

/// How many of the levels have their bit set in the word of levels from
/// `lowest` on.
SYNFIRE_MULTIVERSION
std::int64_t countLevels(const std::int32_t *level, std::size_t count,
                         std::int32_t lowest, std::uint32_t word) {
  std::uint32_t total = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto place = static_cast<std::uint32_t>(level[i] - lowest);
    total += place < 32 ? (word >> (place & 31)) & 1 : 0;
  }
  return total;
}

template <typename Word>
std::int64_t withHidden(const EvenStep &step, const StreamLanes<Word> &lanes,
                        const std::int32_t *level, std::int64_t events) {
  for (int word = 0; word * 32 <= step.levels; ++word)
    if (step.hides[word] != 0)
      events += countLevels(level, lanes.count, word * 32, step.hides[word])
                << eventsFieldBits;
  return events;
}

} // namespace

std::int64_t fireLevels(StreamSides sides, const LevelStep &step,
                        TracerBounds bounds,
                        const StreamLanes<std::int32_t> &lanes) {
  switch (sides) {
  case StreamSides::OneSided:
    return oneSided32(step, bounds, lanes);
  case StreamSides::TwoSided:
    return twoSided32(step, bounds, lanes);
  case StreamSides::FromTracer:
    return fromTracer32(step, bounds, lanes);
  case StreamSides::BelowZero:
    return belowZero32(step, bounds, lanes);
  }
  return 0;
}

std::int64_t fireLevels(StreamSides sides, const LevelStep &step,
                        TracerBounds bounds,
                        const StreamLanes<std::int64_t> &lanes) {
  switch (sides) {
  case StreamSides::OneSided:
    return oneSided64(step, bounds, lanes);
  case StreamSides::TwoSided:
    return twoSided64(step, bounds, lanes);
  case StreamSides::FromTracer:
    return fromTracer64(step, bounds, lanes);
  case StreamSides::BelowZero:
    return belowZero64(step, bounds, lanes);
  }
  return 0;
}

std::int64_t fireEven(const EvenStep &step,
                      const StreamLanes<std::int32_t> &lanes,
                      std::int32_t *level) {
  return withHidden(step, lanes, level, even32(step, lanes, level));
}

std::int64_t fireEven(const EvenStep &step,
                      const StreamLanes<std::int64_t> &lanes,
                      std::int32_t *level) {
  return withHidden(step, lanes, level, even64(step, lanes, level));
}

void rehearseLevel(bool twoSided, const LevelStep &step, int strict,
                   const StreamLanes<std::int32_t> &lanes,
                   const TraceLanes<std::int32_t> &trace) {
  rehearse32(twoSided, step, strict, lanes, trace);
}

void rehearseLevel(bool twoSided, const LevelStep &step, int strict,
                   const StreamLanes<std::int64_t> &lanes,
                   const TraceLanes<std::int64_t> &trace) {
  rehearse64(twoSided, step, strict, lanes, trace);
}

SYNFIRE_MULTIVERSION
void silence(const std::int32_t *muted, std::size_t count, std::int64_t rest,
             std::int32_t *__restrict current) {
  const auto still = static_cast<std::int32_t>(rest);
  for (std::size_t i = 0; i < count; ++i)
    current[i] = muted[i] ? still : current[i];
}

SYNFIRE_MULTIVERSION
void silence(const std::int64_t *muted, std::size_t count, std::int64_t rest,
             std::int64_t *__restrict current) {
  for (std::size_t i = 0; i < count; ++i)
    current[i] = muted[i] ? rest : current[i];
}

SYNFIRE_MULTIVERSION
std::int64_t largestMagnitude(const std::int32_t *values, std::size_t count) {
  std::uint32_t largest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto bits = static_cast<std::uint32_t>(values[i]);
    const std::uint32_t magnitude = values[i] < 0 ? 0u - bits : bits;
    largest = magnitude > largest ? magnitude : largest;
  }
  return largest;
}

SYNFIRE_MULTIVERSION
void differences(const std::int32_t *now, const std::int32_t *before,
                 std::size_t count, std::int32_t *__restrict current) {
  for (std::size_t i = 0; i < count; ++i)
    current[i] = now[i] - (before ? before[i] : 0);
}

SYNFIRE_MULTIVERSION
void differences(const std::int32_t *now, const std::int32_t *before,
                 std::size_t count, std::int64_t *__restrict current) {
  for (std::size_t i = 0; i < count; ++i)
    current[i] = std::int64_t(now[i]) - (before ? before[i] : 0);
}

SYNFIRE_MULTIVERSION
void divideFloor(const std::int32_t *value, std::size_t count, int parts,
                 std::int32_t *__restrict whole,
                 std::int32_t *__restrict rest) {
  for (std::size_t i = 0; i < count; ++i) {
    // Exact: a quotient that is no integer is at least 1 / parts away from one.
    const auto towardsZero =
        static_cast<std::int32_t>(double(value[i]) / double(parts));
    const std::int32_t left = value[i] - towardsZero * parts;
    const std::int32_t negative = left < 0 ? -1 : 0;
    whole[i] = towardsZero + negative;
    rest[i] = left + (negative & parts);
  }
}

SYNFIRE_MULTIVERSION
void divideFloor(const std::int64_t *value, std::size_t count, int parts,
                 std::int64_t *__restrict whole,
                 std::int64_t *__restrict rest) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t towardsZero = value[i] / parts;
    const std::int64_t left = value[i] - towardsZero * parts;
    const std::int64_t negative = left < 0 ? -1 : 0;
    whole[i] = towardsZero + negative;
    rest[i] = left + (negative & parts);
  }
}

SYNFIRE_MULTIVERSION
void nextShares(const std::int32_t *whole, const std::int32_t *rest,
                std::size_t count, int parts, std::int32_t *__restrict carry,
                std::int32_t *__restrict share) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::int32_t sum = carry[i] + rest[i];
    const std::int32_t full = sum >= parts ? -1 : 0;
    carry[i] = sum - (full & parts);
    share[i] = whole[i] - full;
  }
}

SYNFIRE_MULTIVERSION
void nextShares(const std::int64_t *whole, const std::int64_t *rest,
                std::size_t count, int parts, std::int64_t *__restrict carry,
                std::int64_t *__restrict share) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t sum = carry[i] + rest[i];
    const std::int64_t full = sum >= parts ? -1 : 0;
    carry[i] = sum - (full & parts);
    share[i] = whole[i] - full;
  }
}

SYNFIRE_MULTIVERSION
void narrow(const std::int32_t *values, std::size_t count,
            std::int32_t *__restrict narrowed) {
  for (std::size_t i = 0; i < count; ++i)
    narrowed[i] = values[i];
}

SYNFIRE_MULTIVERSION
void narrow(const std::int64_t *values, std::size_t count,
            std::int32_t *__restrict narrowed) {
  for (std::size_t i = 0; i < count; ++i)
    narrowed[i] = static_cast<std::int32_t>(values[i]);
}

} // namespace synfire

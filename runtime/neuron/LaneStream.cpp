//===- LaneStream.cpp - streamed neurons in vector lanes ------------------===//
//
// Blocks of neurons run step by step, an array for each part of their state.
// Most blocks fit 32-bit lanes, which their membranes decide; the others take
// 64 bits, which the range of every verified config fits.
//
//===----------------------------------------------------------------------===//
#include "runtime/neuron/HiddenMultiply.h"
#include "runtime/neuron/Rehearsal.h"
#include "runtime/neuron/StreamForms.h"
#include "runtime/neuron/StreamKernels.h"
#include "runtime/neuron/TrainBits.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>

namespace synfire {
namespace {

/// Neurons of a block: their arrays in 64-bit lanes stay in the first cache.
constexpr std::size_t block = 256;
static_assert(block < (1u << eventsFieldBits) && block <= rowBlock,
              "counts of a block fit their field");

/// Up to this many levels, comparing each is faster than dividing.
constexpr int fewLevels = 4;

/// Beyond every tracer of a train.
constexpr std::int64_t tracerLimit = 1 << 20;

StreamSides sidesOf(const NeuronConfig &config) {
  if (config.negative == NegativeRule::FromTracer)
    return StreamSides::FromTracer;
  if (config.negative == NegativeRule::BelowZero)
    return StreamSides::BelowZero;
  return config.sign == SignMode::Bipolar ? StreamSides::TwoSided
                                          : StreamSides::OneSided;
}

/// What an event of one level of one step is, all sums of the kernels.
struct LevelEntry {
  std::int64_t threshold, decrement, payload, index, events;
};

/// Index 0: the rest.
std::vector<LevelEntry> entriesOf(const NeuronConfig &config, int step,
                                  std::int64_t smallest) {
  const FiringTable &table = config.banks.front().table;
  const std::int64_t strict = config.comparison == Comparison::Greater;
  std::vector<LevelEntry> entries;
  for (int level = 0; level <= config.levels; ++level) {
    const Spike spike{1, static_cast<std::uint8_t>(level), 0};
    const std::int64_t delivered = payload(config, step, spike);
    const bool sent = delivered != 0;
    LevelEntry entry{0, 0, delivered, 0, 0};
    if (level > 0) {
      const auto at =
          static_cast<std::size_t>(step * config.levels + level - 1);
      entry.threshold = table.threshold[at] + strict;
      entry.decrement = table.decrement[at];
    }
    if (sent) {
      entry.index = level == 0 ? config.levels + 1 : level;
      entry.events = 1 + (std::int64_t(hidesMultiply(delivered, smallest))
                          << eventsFieldBits);
    }
    entries.push_back(entry);
  }
  return entries;
}

std::uint32_t keyOf(const NeuronConfig &config, int step) {
  const Spike first{1, 1, 0};
  const std::uint64_t term = digestTerm(config, step, first);
  const auto value = static_cast<std::uint64_t>(payload(config, step, first));
  return static_cast<std::uint32_t>((term - value) >> 32);
}

std::int64_t biasOf(const NeuronConfig &config, int step) {
  return config.bias.empty() ? 0 : config.bias[static_cast<std::size_t>(step)];
}

LevelStep makeLevelStep(const NeuronConfig &config, int step,
                        std::int64_t smallest) {
  const std::vector<LevelEntry> entries = entriesOf(config, step, smallest);
  LevelStep made;
  while (made.levels < config.levels)
    made.levels *= 2;
  made.bias = biasOf(config, step);
  made.restPayload = entries[0].payload;
  made.restIndex = entries[0].index;
  made.restEvents = entries[0].events;
  made.key = keyOf(config, step);
  std::fill(made.threshold, made.threshold + made.levels,
            std::numeric_limits<std::int64_t>::max());
  for (std::size_t l = 1; l < entries.size(); ++l) {
    const LevelEntry &here = entries[l], &below = entries[l - 1];
    made.threshold[l - 1] = here.threshold;
    made.decrement[l - 1] = here.decrement - below.decrement;
    made.payload[l - 1] = here.payload - below.payload;
    made.index[l - 1] = here.index - below.index;
    made.events[l - 1] = here.events - below.events;
  }
  return made;
}

/// Nothing if the levels do not rise evenly.
std::optional<EvenStep> makeEvenStep(const NeuronConfig &config, int step,
                                     std::int64_t smallest) {
  const std::vector<LevelEntry> entries = entriesOf(config, step, smallest);
  EvenStep made;
  made.levels = config.levels;
  const LevelEntry &first = entries[1];
  if (config.levels > 1) {
    made.spacing = entries[2].threshold - first.threshold;
    made.decrement = entries[2].decrement - first.decrement;
    made.payload = entries[2].payload - first.payload;
  }
  for (std::size_t l = 1; l < entries.size(); ++l) {
    const auto steps = static_cast<std::int64_t>(l - 1);
    if (entries[l].threshold != first.threshold + steps * made.spacing ||
        entries[l].decrement != first.decrement + steps * made.decrement ||
        entries[l].payload != first.payload + steps * made.payload)
      return std::nullopt;
  }
  made.first = first.threshold;
  made.firstDecrement = first.decrement;
  made.firstPayload = first.payload;
  made.bias = biasOf(config, step);
  made.restPayload = entries[0].payload;
  made.restIndex = entries[0].index;
  made.key = keyOf(config, step);
  for (std::size_t l = 0; l < entries.size(); ++l)
    if (entries[l].events >> eventsFieldBits != 0)
      made.hides[l / 32] |= std::uint32_t(1) << (l % 32);
  return made;
}

std::vector<LevelStep> makeLevelSteps(const NeuronConfig &config) {
  const std::int64_t smallest = smallestPayload(config);
  std::vector<LevelStep> steps;
  steps.reserve(static_cast<std::size_t>(config.steps));
  for (int t = 0; t < config.steps; ++t)
    steps.push_back(makeLevelStep(config, t, smallest));
  return steps;
}

/// None if the levels of a step do not rise evenly.
std::vector<EvenStep> makeEvenSteps(const NeuronConfig &config) {
  const std::int64_t smallest = smallestPayload(config);
  std::vector<EvenStep> steps;
  for (int t = 0; t < config.steps; ++t) {
    const auto made = makeEvenStep(config, t, smallest);
    if (!made)
      return {};
    steps.push_back(*made);
  }
  return steps;
}

bool rehearsesSpikes(const NeuronConfig &config) {
  return config.rehearsal == Rehearsal::ResidualMask ||
         config.rehearsal == Rehearsal::OptimalShift;
}

/// The currents of a block, step by step from the first.
template <typename Word> class Currents {
public:
  Currents(const StreamBatch &given, const std::int32_t *blockMembranes,
           std::size_t blockCount, int steps, bool average)
      : batch(given), membranes(blockMembranes), count(blockCount),
        averages(average), parts(average ? steps : steps / given.frames) {}

  /// `step` is 0 or follows the one before.
  void fill(int step, Word *current) {
    if (step % parts == 0)
      begin(averages ? batch.frames - 1 : step / parts, current);
    if (parts > 1)
      nextShares(whole, rest, count, parts, carry, current);
  }

private:
  void begin(int frame, Word *current) {
    const std::int32_t *now = membranes + frame * batch.membraneFrameStride;
    const bool first = averages || frame == 0;
    differences(now, first ? nullptr : now - batch.membraneFrameStride, count,
                current);
    if (parts == 1)
      return;
    divideFloor(current, count, parts, whole, rest);
    std::fill(carry, carry + count, Word(0));
  }

  const StreamBatch &batch;
  const std::int32_t *membranes;
  std::size_t count;
  bool averages;
  int parts; ///< equal shares that an input is divided into
  Word whole[block], rest[block], carry[block];
};

class LaneStream final : public StreamUnit {
public:
  explicit LaneStream(const NeuronConfig &given)
      : config(given), sides(sidesOf(given)), plain(given) {
    bounds.minimum = std::max<std::int64_t>(config.tracerMinimum, -tracerLimit);
    bounds.maximum =
        config.tracerOn
            ? std::min<std::int64_t>(config.tracerMaximum, tracerLimit)
            : tracerLimit;
    if (sides == StreamSides::OneSided && config.levels > fewLevels)
      evenSteps = makeEvenSteps(config);
    if (evenSteps.empty() && config.levels <= mostComparedLevels)
      levelSteps = makeLevelSteps(config);
    findRange();
  }

  /// False: the config is none for lanes.
  bool isUsable() const { return !levelSteps.empty() || !evenSteps.empty(); }

  void run(const StreamBatch &batch, RowCounts &counts) const override {
    RowCounts all, unwanted;
    for (std::size_t r = 0; r < batch.rows; ++r) {
      const auto row = static_cast<std::ptrdiff_t>(r);
      const std::int32_t *membranes =
          batch.membranes + row * batch.membraneStride;
      std::int32_t *codes = batch.codes + row * batch.codeStride;
      const std::size_t count = batch.count + r * batch.growth;
      StreamSums sums;
      std::uint64_t digest = 0;
      for (std::size_t start = 0; start < count; start += block) {
        const std::size_t n = std::min(block, count - start);
        digest +=
            fitsNarrowLanes(batch, membranes + start, n)
                ? runBlock<std::int32_t>(batch, membranes + start,
                                         codes + start, start, n, all, sums)
                : runBlock<std::int64_t>(batch, membranes + start,
                                         codes + start, start, n, all, sums);
      }
      const std::ptrdiff_t own = ownColumnOf(batch, r);
      if (batch.sums && own >= 0 && own < static_cast<std::ptrdiff_t>(count)) {
        const UnitStream::Train train = plain.runNeuron(
            membranes + own, batch.membraneFrameStride, codes + own,
            batch.codeFrameStride, batch.frames, unwanted);
        sums.ownSpikes = train.spikes;
        sums.ownHiddenMultiplies = train.hiddenMultiplies;
      }
      finishRow(batch, r, digest, sums);
    }
    finishBatch(batch, config.steps, all, counts);
  }

private:
  /// How far the membrane can get from what the inputs alone would make of it.
  /// With thresholds and decrements that are not negative, a spike moves it
  /// towards zero, and beyond by a decrement at most; so it lies within the
  /// largest sum of successive inputs plus the larger of offset and decrement.
  /// A spike at a negative threshold counts as an input of its decrement.
  void findRange() {
    const FiringTable &table = config.banks.front().table;
    std::int64_t largest = std::abs(config.offset), anyway = 0;
    for (std::size_t i = 0; i < table.decrement.size(); ++i) {
      if (table.decrement[i] < 0)
        return;
      largest = std::max(largest, table.decrement[i]);
      if (table.threshold[i] < 0)
        anyway += table.decrement[i];
    }
    largest += anyway;
    for (const std::int64_t bias : config.bias)
      largest += std::abs(bias);
    for (const EvenStep &step : evenSteps)
      largest = std::max(largest, step.first + step.levels * step.spacing);
    range = largest;
    if (!rehearsesSpikes(config))
      return;
    // The second pass starts as far out as the first came to, and a distance
    // beyond.
    range += range + config.rehearsalMargin +
             *std::max_element(table.threshold.begin(), table.threshold.end());
    passes = 2;
  }

  bool fitsNarrowLanes(const StreamBatch &batch, const std::int32_t *membranes,
                       std::size_t count) const {
    constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
    if (range >= most)
      return false;
    std::int64_t largest = 0;
    for (int frame = 0; frame < batch.frames; ++frame)
      largest = std::max(
          largest, largestMagnitude(
                       membranes + frame * batch.membraneFrameStride, count));
    return range + passes * 2 * largest < most;
  }

  /// The silent pass of a block: sets membranes, and `muted` to -1 or 0.
  /// Returns whether any is muted.
  template <typename Word>
  bool rehearseBlock(Currents<Word> &currents, const StreamLanes<Word> &lanes,
                     Word *current, Word *muted) const {
    Word net[block], beyond[block], shortAbove[block], shortBelow[block];
    constexpr Word none = std::numeric_limits<Word>::max();
    std::fill(net, net + lanes.count, Word(0));
    for (Word *distances : {beyond, shortAbove, shortBelow})
      std::fill(distances, distances + lanes.count, none);
    const bool twoSided = sides == StreamSides::TwoSided;
    const int strict = config.comparison == Comparison::Greater ? 1 : 0;
    for (int t = 0; t < config.rehearsalSteps; ++t) {
      currents.fill(t, current);
      rehearseLevel(twoSided, levelSteps[static_cast<std::size_t>(t)], strict,
                    lanes, {net, beyond, shortAbove, shortBelow});
    }
    const auto distance = [](Word value) {
      return value == none ? RehearsalTrace::none : std::int64_t(value);
    };
    bool anyMuted = false;
    for (std::size_t i = 0; i < lanes.count; ++i) {
      RehearsalTrace trace;
      trace.membrane = lanes.membrane[i];
      trace.net = net[i];
      trace.beyond = distance(beyond[i]);
      trace.shortAbove = distance(shortAbove[i]);
      trace.shortBelow = distance(shortBelow[i]);
      NeuronState state;
      state.membrane = config.offset;
      endRehearsal(config, trace, state);
      // A muted membrane is of no account: at rest it reaches no threshold.
      lanes.membrane[i] =
          state.muted ? Word(0) : static_cast<Word>(state.membrane);
      muted[i] = state.muted ? -1 : 0;
      anyMuted |= state.muted;
    }
    return anyMuted;
  }

  template <typename Word>
  std::uint64_t runBlock(const StreamBatch &batch,
                         const std::int32_t *membranes, std::int32_t *codes,
                         std::size_t start, std::size_t count, RowCounts &all,
                         StreamSums &sums) const {
    Word current[block], membrane[block], code[block], high[block],
        tracer[block], muted[block];
    std::int32_t level[block];
    const StreamLanes<Word> lanes{count, current, membrane, code, high, tracer};
    std::fill(membrane, membrane + count, static_cast<Word>(config.offset));
    std::fill(code, code + count, Word(0));
    std::fill(high, high + count, Word(0));
    std::fill(tracer, tracer + count, Word(0));

    Currents<Word> currents(batch, membranes, count, config.steps,
                            config.rehearsal == Rehearsal::Average);
    const bool anyMuted = rehearsesSpikes(config) &&
                          rehearseBlock(currents, lanes, current, muted);
    const int parts = config.steps / batch.frames;
    for (int step = 0; step < config.steps; ++step) {
      const auto t = static_cast<std::size_t>(step);
      currents.fill(step, current);
      if (anyMuted)
        silence(muted, count, -levelSteps[t].bias, current);
      const auto events = static_cast<std::uint64_t>(
          evenSteps.empty() ? fireLevels(sides, levelSteps[t], bounds, lanes)
                            : fireEven(evenSteps[t], lanes, level));
      const std::uint64_t spikes = events & ((1u << eventsFieldBits) - 1);
      const std::uint64_t hidden = events >> eventsFieldBits;
      all.byStep[t] += spikes;
      all.hiddenMultiplies += hidden;
      sums.spikes += spikes;
      sums.hiddenMultiplies += hidden;
      if ((step + 1) % parts == 0)
        narrow(code, count, codes + step / parts * batch.codeFrameStride);
    }
    if (!batch.keys)
      return 0;
    narrow(high, count, level);
    return digestWords(batch.keys + start,
                       codes + (batch.frames - 1) * batch.codeFrameStride,
                       reinterpret_cast<const std::uint32_t *>(level), count);
  }

  NeuronConfig config;
  StreamSides sides;
  UnitStream plain; ///< for single neurons
  TracerBounds bounds;
  std::vector<LevelStep> levelSteps;
  std::vector<EvenStep> evenSteps;
  std::int64_t range = std::numeric_limits<std::int64_t>::max();
  int passes = 1;
};

/// Forms that the kernels do not know.
bool isForLanes(const NeuronConfig &config) {
  if (config.cap != 0 && config.cap < config.steps)
    return false;
  switch (sidesOf(config)) {
  case StreamSides::OneSided:
    if (config.tracerOn)
      return false;
    if (!rehearsesSpikes(config))
      return true;
    break;
  case StreamSides::BelowZero:
    return config.levels == 1;
  case StreamSides::TwoSided:
    if (config.tracerOn)
      return false;
    break;
  case StreamSides::FromTracer:
    break;
  }
  // Then only one side can be reached at a time, and none from a membrane of 0.
  const std::vector<std::int64_t> &thresholds =
      config.banks.front().table.threshold;
  const std::int64_t least = config.comparison == Comparison::Greater ? 0 : 1;
  return std::all_of(thresholds.begin(), thresholds.end(),
                     [least](std::int64_t t) { return t >= least; });
}

} // namespace

std::unique_ptr<StreamUnit> makeLaneStream(const NeuronConfig &config) {
  if (!isForLanes(config))
    return nullptr;
  auto made = std::make_unique<LaneStream>(config);
  if (!made->isUsable())
    return nullptr;
  return made;
}

} // namespace synfire

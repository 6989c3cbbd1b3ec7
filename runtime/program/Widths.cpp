//===- Widths.cpp - bounds of codes and accumulators ----------------------===//
#include "runtime/program/Widths.h"

#include "runtime/support/Simd.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <limits>

namespace synfire {
namespace {

constexpr std::int64_t endless = std::numeric_limits<std::int64_t>::max();

std::int64_t saturatingAdd(std::int64_t a, std::int64_t b) {
  std::int64_t sum;
  return __builtin_add_overflow(a, b, &sum) ? endless : sum;
}

std::int64_t saturatingMultiply(std::int64_t a, std::int64_t b) {
  std::int64_t product;
  return __builtin_mul_overflow(a, b, &product) ? endless : product;
}

const Stage &stageOf(const Program &program, int index) {
  return program.stages[static_cast<std::size_t>(index)];
}

SYNFIRE_MULTIVERSION
void addMagnitudes8(const std::int8_t *row, std::uint32_t *sums,
                    std::size_t columns) {
  for (std::size_t c = 0; c < columns; ++c) {
    std::int32_t w = row[c];
    sums[c] += static_cast<std::uint32_t>(w < 0 ? -w : w);
  }
}

/// Bytes need no generic access; sums of 2^24 rows of them fit 32 bits.
std::int64_t largestColumnSumOfBytes(const std::uint8_t *data,
                                     const WeightBlock &block) {
  const auto columns = static_cast<std::size_t>(block.columns);
  std::vector<std::uint32_t> sums(columns, 0);
  for (std::int64_t r = 0; r < block.rows; ++r)
    addMagnitudes8(reinterpret_cast<const std::int8_t *>(data) +
                       static_cast<std::uint64_t>(r) * columns,
                   sums.data(), columns);
  return *std::max_element(sums.begin(), sums.end());
}

/// Largest |weight| that the bits of a block can hold.
std::int64_t largestWeight(const Program &program, const Dendrite &dendrite) {
  const WeightBlock &block =
      program.weights.blocks[static_cast<std::size_t>(dendrite.weights)];
  return std::int64_t(1) << (block.bits - 1);
}

std::int64_t largestWeightOf(const WeightStore &store, int block) {
  const WeightBlock &shape = store.blocks[static_cast<std::size_t>(block)];
  std::int64_t largest = 0;
  for (std::int64_t r = 0; r < shape.rows; ++r)
    for (std::int64_t c = 0; c < shape.columns; ++c)
      largest = std::max(largest,
                         std::abs(std::int64_t(weightAt(store, block, r, c))));
  return largest;
}

/// Largest |cos| + |sin| of a pair.
std::int64_t largestRotation(const WeightStore &store, int block) {
  const WeightBlock &shape = store.blocks[static_cast<std::size_t>(block)];
  const std::int64_t half = shape.columns / 2;
  std::int64_t largest = 0;
  for (std::int64_t r = 0; r < shape.rows; ++r)
    for (std::int64_t c = 0; c < half; ++c)
      largest = std::max(
          largest,
          std::abs(std::int64_t(weightAt(store, block, r, c))) +
              std::abs(std::int64_t(weightAt(store, block, r, c + half))));
  return largest;
}

/// P10: how often an Embed row has entered after the last frame.
std::int64_t timesEntered(const Program &program, const Dendrite &dendrite) {
  return dendrite.everyFrame ? program.frames : 1;
}

std::int64_t codeLimitOf(const Program &program, int stage) {
  return stageOf(program, stage).codeLimit;
}

} // namespace

/// Largest sum of payload magnitudes over the steps of a bank, one spike a
/// step.
static std::int64_t largestPayloadSum(const NeuronConfig &config) {
  std::int64_t largest = 0;
  std::vector<std::int64_t> bySteps;
  for (const NeuronBank &bank : config.banks) {
    const auto &payload = bank.table.payload;
    const auto levels = static_cast<std::size_t>(std::max(1, config.levels));
    bySteps.clear();
    for (std::size_t first = 0; first < payload.size(); first += levels) {
      std::int64_t most = 0;
      for (std::size_t i = first; i < std::min(first + levels, payload.size());
           ++i)
        most = std::max(most, std::abs(std::int64_t(payload[i])));
      bySteps.push_back(most);
    }
    std::size_t spikes = bySteps.size();
    if (config.cap > 0)
      spikes = std::min(spikes, static_cast<std::size_t>(config.cap));
    std::sort(bySteps.begin(), bySteps.end(), std::greater<>());
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < spikes; ++i)
      sum = saturatingAdd(sum, bySteps[i]);
    largest = std::max(largest, sum);
  }
  return largest;
}

/// Bounds of the running sum of a streamed train at any step.
static std::int64_t largestStreamedCode(const NeuronConfig &config) {
  const FiringTable &table = config.banks.front().table;
  const auto levels = static_cast<std::size_t>(std::max(1, config.levels));
  const bool negatives =
      config.sign == SignMode::Bipolar || config.negative != NegativeRule::Off;
  // Per step the most that it may add and the most that it may take, nothing at
  // least: so no earlier sum is larger than the last.
  std::vector<std::int64_t> most, least;
  for (std::size_t first = 0; first < table.payload.size(); first += levels) {
    const std::int64_t rest = table.rest;
    std::int64_t high = std::max<std::int64_t>(rest, 0);
    std::int64_t low = std::min<std::int64_t>(rest, 0);
    for (std::size_t i = first;
         i < std::min(first + levels, table.payload.size()); ++i) {
      const std::int64_t payload = table.payload[i];
      high = std::max(high, negatives ? std::abs(payload) : payload);
      low = std::min(low, negatives ? -std::abs(payload) : payload);
    }
    most.push_back(high);
    least.push_back(-low);
  }
  const bool capped = config.cap > 0 && table.rest == 0;
  auto sumOf = [&](std::vector<std::int64_t> &values) {
    std::size_t spikes = values.size();
    if (capped)
      spikes = std::min(spikes, static_cast<std::size_t>(config.cap));
    std::sort(values.begin(), values.end(), std::greater<>());
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < spikes; ++i)
      sum = saturatingAdd(sum, values[i]);
    return sum;
  };
  return std::max(sumOf(most), sumOf(least));
}

/// The payload of one unit of the tracer if the sum of payloads is that times
/// the tracer at every step, else 0.
static std::int64_t payloadOfTracer(const NeuronConfig &config) {
  const FiringTable &table = config.banks.front().table;
  const auto levels = static_cast<std::size_t>(std::max(1, config.levels));
  const bool countsLevels = config.negative == NegativeRule::FromTracer;
  if (table.rest != 0 || table.payload.empty())
    return 0;
  const std::int64_t unit = table.payload.front();
  for (std::size_t i = 0; i < table.payload.size(); ++i) {
    const auto level = static_cast<std::int64_t>(i % levels) + 1;
    if (table.payload[i] != (countsLevels ? level * unit : unit))
      return 0;
  }
  return std::abs(unit);
}

/// The tracer starts at 0 and stays between its bounds, where there are any.
static std::int64_t largestTracedCode(const NeuronConfig &config) {
  const std::int64_t unit = payloadOfTracer(config);
  if (unit == 0 || !config.tracerOn)
    return endless;
  const std::int64_t high = std::max(0, config.tracerMaximum);
  const std::int64_t low = std::min(0, config.tracerMinimum);
  return saturatingMultiply(unit, std::max(high, -low));
}

/// True if a spike takes from the membrane what it delivers, and is fired only
/// where there is as much: then no code exceeds the membrane that it began
/// with.
static bool deliversWhatItTakes(const NeuronConfig &config) {
  // A payload has 32 bits: beyond this no decrement can be equal to it.
  if (config.guardBits > 31)
    return false;
  for (const NeuronBank &bank : config.banks) {
    const FiringTable &table = bank.table;
    for (std::size_t i = 0; i < table.payload.size(); ++i)
      if (table.payload[i] < 0 || table.threshold[i] < table.decrement[i] ||
          table.decrement[i] != std::int64_t(table.payload[i])
                                    << config.guardBits)
        return false;
  }
  return true;
}

std::int64_t largestCode(const NeuronConfig &config) {
  if (config.banks.empty())
    return 0;
  if (config.input == InputMode::Streamed)
    return std::min(largestStreamedCode(config), largestTracedCode(config));
  const std::int64_t sum = largestPayloadSum(config);
  if (config.sign != SignMode::Magnitude || config.clamp <= 0 ||
      config.offset < 0 || !deliversWhatItTakes(config))
    return sum;
  return std::min(sum, saturatingAdd(config.clamp, config.offset) >>
                           config.guardBits);
}

std::int64_t largestCode(const LookupTable &table) {
  std::int64_t largest = 0;
  for (std::int32_t entry : table.entries)
    largest = std::max(largest, std::abs(std::int64_t(entry)));
  return largest;
}

int signedBits(std::int64_t bound) {
  int bits = 1;
  while (bits < 64 && (bound >> (bits - 1)) != 0)
    ++bits;
  return bits;
}

std::int64_t largestColumnSum(const WeightStore &store, int block) {
  const WeightBlock &shape = store.blocks[static_cast<std::size_t>(block)];
  if (shape.bits == 8 && shape.rows <= (std::int64_t(1) << 24))
    return largestColumnSumOfBytes(store.data(block), shape);
  std::vector<std::int64_t> sums(static_cast<std::size_t>(shape.columns), 0);
  for (std::int64_t r = 0; r < shape.rows; ++r)
    for (std::int64_t c = 0; c < shape.columns; ++c)
      sums[static_cast<std::size_t>(c)] +=
          std::abs(std::int64_t(weightAt(store, block, r, c)));
  return *std::max_element(sums.begin(), sums.end());
}

std::int64_t accumulatorBoundByShape(const Program &program,
                                     const Dendrite &dendrite) {
  std::int64_t x =
      dendrite.driver < 0 ? 1 : codeLimitOf(program, dendrite.driver);
  std::int64_t pair =
      dendrite.stored < 0
          ? x
          : saturatingMultiply(x, codeLimitOf(program, dendrite.stored));
  switch (dendrite.kind) {
  case DendriteKind::Embed:
    return largestWeight(program, dendrite) * timesEntered(program, dendrite);
  case DendriteKind::Static:
    return saturatingMultiply(
        x, saturatingMultiply(largestWeight(program, dendrite),
                              stageOf(program, dendrite.driver).width()));
  case DendriteKind::Identity:
    return x;
  case DendriteKind::Sum:
    return saturatingMultiply(x, stageOf(program, dendrite.driver).groupWidth);
  case DendriteKind::Rotary:
    return saturatingMultiply(x, 2 * largestWeight(program, dendrite));
  case DendriteKind::Product:
    return pair;
  case DendriteKind::Scores:
    return saturatingMultiply(pair, dendrite.headWidth);
  case DendriteKind::Hadamard:
    return saturatingMultiply(x, dendrite.headWidth);
  case DendriteKind::Mix:
    return saturatingMultiply(pair,
                              stageOf(program, dendrite.driver).groupWidth);
  }
  return endless;
}

std::int64_t accumulatorBound(const Program &program,
                              const Dendrite &dendrite) {
  if (!program.weights.hasData())
    return accumulatorBoundByShape(program, dendrite);
  switch (dendrite.kind) {
  case DendriteKind::Embed:
    return largestWeightOf(program.weights, dendrite.weights) *
           timesEntered(program, dendrite);
  case DendriteKind::Static:
    return saturatingMultiply(
        codeLimitOf(program, dendrite.driver),
        largestColumnSum(program.weights, dendrite.weights));
  case DendriteKind::Rotary:
    return saturatingMultiply(
        codeLimitOf(program, dendrite.driver),
        largestRotation(program.weights, dendrite.weights));
  default:
    return accumulatorBoundByShape(program, dendrite);
  }
}

} // namespace synfire

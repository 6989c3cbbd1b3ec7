//===- SingleLevelRow.cpp - rows of any one-level tables ------------------===//
//
// FS banks, MGPC, single-spike and capped codes: tables without structure, so
// each step reads threshold, decrement and payload of every neuron's bank from
// a table of banks and fires the block in 64-bit lanes.
//
//===----------------------------------------------------------------------===//
#include "runtime/neuron/RowForms.h"
#include "runtime/neuron/TrainBits.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace synfire {
namespace {

/// Beyond every membrane (neuron.md, N4): a threshold that is never reached.
constexpr std::int64_t never = std::int64_t(1) << 62;

/// One step's table, a column a bank; the column after the last bank is that of
/// closed neurons.
struct StepTable {
  std::vector<std::int64_t> threshold; ///< reached by >=
  std::vector<std::int64_t> decrement;
  std::vector<std::int64_t> payload;
  std::vector<std::int64_t> hidesMultiply; ///< 1 or 0
};

struct StepSums {
  std::int64_t spikes;
  std::int64_t hiddenMultiplies;
};

/// The bank of each neuron's gate value by binary search over the lower edges,
/// padded to a power of two; `closed` if the value lies outside of its bank.
SYNFIRE_MULTIVERSION
void findBanks(const std::int64_t *low, const std::int64_t *high,
               std::size_t paddedBanks, std::int64_t closed,
               const std::int64_t *values, std::size_t count,
               std::int64_t *__restrict bank) {
  for (std::size_t i = 0; i < count; ++i)
    bank[i] = 0;
  for (std::size_t half = paddedBanks / 2; half > 0; half /= 2)
    for (std::size_t i = 0; i < count; ++i) {
      const std::int64_t next = bank[i] + static_cast<std::int64_t>(half);
      bank[i] = values[i] >= low[next] ? next : bank[i];
    }
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t found = bank[i];
    const bool open = values[i] >= low[found] && values[i] < high[found];
    bank[i] = open ? found : closed;
  }
}

/// Fires one step. The outputs must be known not to overlap the gathered
/// tables, or the loop does not vectorise.
SYNFIRE_MULTIVERSION
StepSums fireStep(const std::int64_t *threshold, const std::int64_t *decrement,
                  const std::int64_t *payload, const std::int64_t *hides,
                  std::int64_t cap, const std::int64_t *bank, std::size_t count,
                  std::int64_t *__restrict membrane,
                  std::int64_t *__restrict sent,
                  std::int64_t *__restrict code) {
  std::int64_t spikes = 0, hiddenMultiplies = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t column = bank[i];
    const std::int64_t fires = membrane[i] >= threshold[column] ? -1 : 0;
    membrane[i] -= decrement[column] & fires;
    const std::int64_t emits = fires & (sent[i] < cap ? -1 : 0);
    sent[i] -= emits;
    code[i] += payload[column] & emits;
    spikes -= emits;
    hiddenMultiplies += hides[column] & emits;
  }
  return {spikes, hiddenMultiplies};
}

class SingleLevelRow final : public RowUnit {
public:
  explicit SingleLevelRow(const NeuronConfig &given)
      : config(given), cap(given.cap > 0 ? given.cap : given.steps) {
    const std::size_t banks = config.banks.size();
    std::size_t padded = 1;
    while (padded < banks)
      padded *= 2;
    low.assign(padded, std::numeric_limits<std::int64_t>::max());
    high.assign(padded, std::numeric_limits<std::int64_t>::max());
    for (std::size_t bank = 0; bank < banks; ++bank) {
      low[bank] = config.banks[bank].low;
      high[bank] = config.banks[bank].high;
    }
    const bool strict = config.comparison == Comparison::Greater;
    steps.resize(static_cast<std::size_t>(config.steps));
    for (std::size_t t = 0; t < steps.size(); ++t) {
      StepTable &step = steps[t];
      for (std::size_t bank = 0; bank < banks; ++bank) {
        const FiringTable &table = config.banks[bank].table;
        step.threshold.push_back(table.threshold[t] + strict);
        step.decrement.push_back(table.decrement[t]);
        step.payload.push_back(table.payload[t]);
        const Spike spike{1, 1, static_cast<std::uint8_t>(bank)};
        step.hidesMultiply.push_back(
            hidesMultiply(config, static_cast<int>(t), spike));
      }
      step.threshold.push_back(never);
      step.decrement.push_back(0);
      step.payload.push_back(0);
      step.hidesMultiply.push_back(0);
    }
  }

  std::uint64_t run(const std::int32_t *membranes, std::size_t count,
                    const std::uint64_t *keys, std::int32_t *codes,
                    std::uint8_t *spikesPerNeuron,
                    RowCounts &counts) const override {
    std::int64_t membrane[rowBlock], bank[rowBlock], sent[rowBlock],
        code[rowBlock];
    std::uint64_t digest = 0;
    for (std::size_t start = 0; start < count; start += rowBlock) {
      const std::size_t n = std::min(rowBlock, count - start);
      open(membranes + start, n, membrane, bank);
      std::fill(sent, sent + n, 0);
      std::fill(code, code + n, 0);
      for (std::size_t t = 0; t < steps.size(); ++t) {
        const StepTable &step = steps[t];
        const StepSums sums = fireStep(
            step.threshold.data(), step.decrement.data(), step.payload.data(),
            step.hidesMultiply.data(), cap, bank, n, membrane, sent, code);
        counts.byStep[t] += static_cast<std::uint64_t>(sums.spikes);
        counts.spikes += static_cast<std::uint64_t>(sums.spikes);
        counts.hiddenMultiplies +=
            static_cast<std::uint64_t>(sums.hiddenMultiplies);
      }
      for (std::size_t i = 0; i < n; ++i)
        codes[start + i] = static_cast<std::int32_t>(
            config.sign == SignMode::Magnitude && membranes[start + i] < 0
                ? -code[i]
                : code[i]);
      if (spikesPerNeuron)
        std::copy(sent, sent + n, spikesPerNeuron + start);
      if (keys)
        digest += digestBanks(keys + start, codes + start, bank, n);
    }
    return digest;
  }

private:
  /// What begin() does, for a block.
  void open(const std::int32_t *inputs, std::size_t count,
            std::int64_t *membrane, std::int64_t *bank) const {
    const bool magnitude = config.sign == SignMode::Magnitude;
    const std::int64_t clamp = config.clamp > 0
                                   ? config.clamp
                                   : std::numeric_limits<std::int64_t>::max();
    const auto closed = static_cast<std::int64_t>(config.banks.size());
    for (std::size_t i = 0; i < count; ++i) {
      std::int64_t x = inputs[i];
      x = x < -clamp ? -clamp : x > clamp ? clamp : x;
      membrane[i] = magnitude && x < 0 ? -x : x;
    }
    findBanks(low.data(), high.data(), low.size(), closed, membrane, count,
              bank);
    for (std::size_t i = 0; i < count; ++i) {
      bank[i] = magnitude && membrane[i] == 0 ? closed : bank[i];
      membrane[i] += config.offset;
    }
  }

  static std::uint64_t digestBanks(const std::uint64_t *keys,
                                   const std::int32_t *codes,
                                   const std::int64_t *bank,
                                   std::size_t count) {
    std::uint32_t high[rowBlock];
    for (std::size_t i = 0; i < count; ++i)
      high[i] = static_cast<std::uint32_t>(bank[i]) *
                static_cast<std::uint32_t>(codes[i]);
    return digestWords(keys, codes, high, count);
  }

  NeuronConfig config;
  std::int64_t cap;
  std::vector<std::int64_t> low, high;
  std::vector<StepTable> steps;
};

} // namespace

std::unique_ptr<RowUnit> makeSingleLevelRow(const NeuronConfig &config) {
  return std::make_unique<SingleLevelRow>(config);
}

} // namespace synfire

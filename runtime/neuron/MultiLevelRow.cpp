//===- MultiLevelRow.cpp - rows of MT and OAT trains ----------------------===//
//
// With levels H..2H-1 times a power of two u, the largest level that v reaches
// is min(floor(v / u), 2H - 1), and none is reached below H: a shift, a minimum
// and a comparison a step.
//
//===----------------------------------------------------------------------===//
#include "runtime/neuron/RowForms.h"
#include "runtime/neuron/TrainBits.h"

#include <algorithm>
#include <vector>

namespace synfire {
namespace {

/// Sums over one step of one block.
struct StepSums {
  std::uint32_t spikes;
  std::uint32_t plain; ///< spikes of the lowest level: powers of two
};

/// Fires one step: takes the level's amount off `units` and adds
/// level * key to `high`.
SYNFIRE_MULTIVERSION
StepSums fireStep(std::uint32_t *units, std::uint32_t *high, std::size_t count,
                  std::uint32_t levels, int place, std::uint32_t key) {
  std::uint32_t spikes = 0, plain = 0;
  const std::uint32_t most = 2 * levels - 1;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t digits = units[i] >> place;
    const std::uint32_t reached = digits < most ? digits : most;
    const std::uint32_t fires = reached >= levels ? 0xffffffff : 0;
    units[i] -= (reached << place) & fires;
    high[i] += ((reached - levels + 1) & fires) * key;
    spikes += fires & 1;
    plain += reached == levels ? 1 : 0;
  }
  return {spikes, plain};
}

SYNFIRE_MULTIVERSION
void addFired(const std::uint32_t *units, std::size_t count,
              std::uint32_t levels, int place, std::uint32_t *fired) {
  for (std::size_t i = 0; i < count; ++i)
    fired[i] += (units[i] >> place) >= levels ? 1 : 0;
}

/// taken = before - after: what the train carried off.
SYNFIRE_MULTIVERSION
void subtractRest(std::uint32_t *before, const std::uint32_t *after,
                  std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    before[i] -= after[i];
}

/// Signs the digest part of the levels and adds it to that of the bank.
SYNFIRE_MULTIVERSION
void addSigned(const std::int32_t *membranes, const std::uint32_t *levelPart,
               std::size_t count, std::uint32_t *high) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto bits = static_cast<std::uint32_t>(membranes[i]);
    const std::uint32_t negative = 0u - (bits >> 31);
    high[i] += (levelPart[i] ^ negative) - negative;
  }
}

class MultiLevelRow final : public RowUnit {
public:
  explicit MultiLevelRow(const BinaryBanks &given)
      : banks(given), keys32(levelKeys(given)) {}

  std::uint64_t run(const std::int32_t *membranes, std::size_t count,
                    const std::uint64_t *keys, std::int32_t *codes,
                    std::uint8_t *spikesPerNeuron,
                    RowCounts &counts) const override {
    std::uint32_t rest[rowBlock], taken[rowBlock], outlier[rowBlock],
        levelPart[rowBlock], high[rowBlock], fired[rowBlock];
    const auto levels = static_cast<std::uint32_t>(banks.levels);
    std::uint64_t digest = 0;
    for (std::size_t start = 0; start < count; start += rowBlock) {
      const std::size_t n = std::min(rowBlock, count - start);
      openBanks(banks, membranes + start, n, rest, outlier);
      std::copy(rest, rest + n, taken);
      std::fill(levelPart, levelPart + n, 0);
      std::fill(fired, fired + n, 0);
      for (int step = 0; step < banks.steps; ++step) {
        const int place = banks.steps - 1 - step;
        if (spikesPerNeuron)
          addFired(rest, n, levels, place, fired);
        const StepSums sums = fireStep(rest, levelPart, n, levels, place,
                                       keys32[static_cast<std::size_t>(step)]);
        counts.byStep[static_cast<std::size_t>(step)] += sums.spikes;
        counts.spikes += sums.spikes;
        counts.hiddenMultiplies += sums.spikes - sums.plain;
      }
      subtractRest(taken, rest, n);
      closeBanks(banks, membranes + start, n, taken, outlier, codes + start,
                 high);
      if (spikesPerNeuron)
        std::copy(fired, fired + n, spikesPerNeuron + start);
      if (keys) {
        addSigned(membranes + start, levelPart, n, high);
        digest += digestWords(keys + start, codes + start, high, n);
      }
    }
    return digest;
  }

private:
  /// The upper word that level 1 adds to digestTerm() at each step.
  static std::vector<std::uint32_t> levelKeys(const BinaryBanks &banks) {
    NeuronConfig config;
    config.steps = banks.steps;
    config.levels = banks.levels;
    const auto entries = static_cast<std::size_t>(banks.steps * banks.levels);
    config.banks.resize(1);
    config.banks[0].table.payload.assign(entries, 0);
    Spike first;
    first.sign = 1;
    first.level = 1;
    std::vector<std::uint32_t> keys;
    for (int step = 0; step < banks.steps; ++step)
      keys.push_back(
          static_cast<std::uint32_t>(digestTerm(config, step, first) >> 32));
    return keys;
  }

  BinaryBanks banks;
  std::vector<std::uint32_t> keys32;
};

} // namespace

std::unique_ptr<RowUnit> makeMultiLevelRow(const BinaryBanks &banks) {
  return std::make_unique<MultiLevelRow>(banks);
}

} // namespace synfire

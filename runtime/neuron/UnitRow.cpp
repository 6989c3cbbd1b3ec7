//===- UnitRow.cpp - any configuration, neuron by neuron ------------------===//
#include "runtime/neuron/HiddenMultiply.h"
#include "runtime/neuron/RowForms.h"

#include <vector>

namespace synfire {
namespace {

class UnitRow final : public RowUnit {
public:
  explicit UnitRow(const NeuronConfig &given) : config(given) {
    const std::int64_t smallest = smallestPayload(config);
    Spike spike;
    spike.sign = 1;
    for (std::size_t bank = 0; bank < config.banks.size(); ++bank)
      for (int t = 0; t < config.steps; ++t)
        for (int level = 1; level <= config.levels; ++level) {
          spike.bank = static_cast<std::uint8_t>(bank);
          spike.level = static_cast<std::uint8_t>(level);
          const std::int64_t delivered = payload(config, t, spike);
          events.push_back({delivered, digestTerm(config, t, spike),
                            hidesMultiply(delivered, smallest)});
        }
  }

  std::uint64_t run(const std::int32_t *membranes, std::size_t count,
                    const std::uint64_t *keys, std::int32_t *codes,
                    std::uint8_t *spikesPerNeuron,
                    RowCounts &counts) const override {
    std::uint64_t digest = 0;
    for (std::size_t i = 0; i < count; ++i) {
      NeuronState state;
      begin(config, state, membranes[i]);
      std::int64_t code = 0;
      std::uint64_t word = 0;
      for (int t = 0; t < config.steps; ++t) {
        const Spike spike = step(config, state, t);
        if (spike.silent())
          continue;
        const Event &event = eventOf(t, spike);
        code += spike.sign * event.payload;
        word += spike.sign < 0 ? 0 - event.digestTerm : event.digestTerm;
        counts.hiddenMultiplies += event.hidesMultiply;
        ++counts.byStep[static_cast<std::size_t>(t)];
      }
      codes[i] = static_cast<std::int32_t>(code);
      counts.spikes += static_cast<std::uint64_t>(state.sent);
      if (spikesPerNeuron)
        spikesPerNeuron[i] = static_cast<std::uint8_t>(state.sent);
      if (keys)
        digest += keys[i] * word;
    }
    return digest;
  }

private:
  /// What a positive spike of (bank, step, level) contributes.
  struct Event {
    std::int64_t payload;
    std::uint64_t digestTerm;
    bool hidesMultiply;
  };

  const Event &eventOf(int t, Spike spike) const {
    const auto index =
        (spike.bank * config.steps + t) * config.levels + spike.level - 1;
    return events[static_cast<std::size_t>(index)];
  }

  NeuronConfig config;
  std::vector<Event> events; ///< [bank][step][level - 1]
};

} // namespace

std::unique_ptr<RowUnit> makeUnitRow(const NeuronConfig &config) {
  return std::make_unique<UnitRow>(config);
}

} // namespace synfire

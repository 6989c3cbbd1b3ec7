//===- IdealNetwork.cpp - nothing is ever in the way ----------------------===//
#include "simulator/noc/NetworkModels.h"
#include "simulator/noc/UnloadedWay.h"

namespace synfire {
namespace {

class IdealNetwork final : public Network {
public:
  IdealNetwork(const ChipModel &chip, const Routing &ways)
      : Network(chip, ways) {}

  bool linksFill() const override { return false; }

  void deliver(StepTraffic &traffic) override {
    for (const Burst &burst : traffic.bursts) {
      if (isTree(burst)) {
        forest.clear();
        const std::uint32_t root = addTree(traffic, burst);
        countTree(root, burst.packets);
        TreeVisitor visitor{*this, traffic, burst};
        unloaded.ends().visitTree(forest, root, visitor, Nothing());
        continue;
      }
      for (std::uint32_t i = 0; i < burst.destinations; ++i) {
        const std::uint32_t tag = burst.firstDestination + i;
        arrive(traffic, burst, tag,
               static_cast<std::uint64_t>(
                   unloadedBetween(burst.sourceCore,
                                   traffic.destinations[tag].core,
                                   [&](int link, bool, std::int64_t) {
                                     countLink(link, burst.packets);
                                   })
                       .arrival));
      }
    }
  }

private:
  struct Nothing {};
  struct TreeVisitor {
    IdealNetwork &network;
    StepTraffic &traffic;
    const Burst &burst;

    bool betweenChips(int link) const { return network.betweenChips(link); }
    Nothing cross(int, std::uint64_t, std::uint32_t, Nothing) const {
      return {};
    }
    void arrive(std::uint32_t tag, std::uint64_t cycles, Nothing) const {
      network.arrive(traffic, burst, tag, cycles);
    }
  };

  void arrive(StepTraffic &traffic, const Burst &burst, std::uint32_t tag,
              std::uint64_t networkCycles) const {
    const std::uint64_t cycles =
        networkCycles * static_cast<std::uint64_t>(timing.periodCycles);
    BurstDestination &to = traffic.destinations[tag];
    to.firstArrival = entering(burst.firstDeparture) + cycles;
    to.lastArrival = entering(burst.lastDeparture) + cycles;
  }
};

} // namespace

std::unique_ptr<Network> makeIdealNetwork(const ChipModel &chip,
                                          const Routing &ways) {
  return std::make_unique<IdealNetwork>(chip, ways);
}

} // namespace synfire

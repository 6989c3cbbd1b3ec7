//===- IdealNetwork.cpp - nothing is ever in the way ----------------------===//
#include "simulator/noc/NetworkModels.h"
#include "simulator/noc/UnloadedTree.h"

namespace synfire {
namespace {

class IdealNetwork final : public Network {
public:
  using Network::Network;

  bool linksFill() const override { return false; }

  void deliver(StepTraffic &traffic) override {
    for (const Burst &burst : traffic.bursts) {
      if (isTree(burst)) {
        forest.clear();
        const std::uint32_t root = addTree(traffic, burst);
        countTree(root, burst.packets);
        TreeVisitor visitor{*this, traffic, burst};
        UnloadedTree(timing, forest).visit(root, visitor, Nothing());
        continue;
      }
      for (std::uint32_t i = 0; i < burst.destinations; ++i) {
        const std::uint32_t tag = burst.firstDestination + i;
        Route route;
        forEachLinkBetween(burst.sourceCore, traffic.destinations[tag].core,
                           [&](int link) {
                             addHop(route, link);
                             countLink(link, burst.packets);
                           });
        arrive(traffic, burst, tag, latency(route));
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
      network.arrive(
          traffic, burst, tag,
          cycles * static_cast<std::uint64_t>(network.timing.periodCycles));
    }
  };

  void arrive(StepTraffic &traffic, const Burst &burst, std::uint32_t tag,
              std::uint64_t cycles) const {
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

#include "runtime/report/EnergyModel.h"
#include "simulator/spiking/SpikingMachine.h"

#include <gtest/gtest.h>

using namespace synfire;

namespace {

/// Counts and the energy of the first step as SANA-FE (commit 8951ab0, its own
/// description of Loihi) has them.
struct Golden {
  const char *name;
  std::uint64_t operations, packets, hops;
  int mostHops;
  std::uint64_t fired;
  double joules;
};
constexpr Golden goldens[] = {
    {"dense5_k8", 524288, 4096, 10240, 4, 640, 1.942775e-5},
    {"dense5_k1", 4194304, 32768, 81920, 4, 5120, 1.535870e-4},
    {"msg256", 262144, 32768, 122880, 10, 4096, 1.540628e-5}};

TEST(GoldenNetwork, CountsAndEnergyAreThoseOfThePeer) {
  auto chip = loadChipModel("loihi1-sanafe");
  ASSERT_TRUE(chip.ok()) << chip.error().message();
  for (const Golden &golden : goldens) {
    SCOPED_TRACE(golden.name);
    auto network =
        loadSpikingNetwork(std::string(SYNFIRE_SOURCE_DIR) + "/networks/" +
                           golden.name + ".textproto");
    ASSERT_TRUE(network.ok()) << network.error().message();
    auto machine = SpikingMachine::create(std::move(*network), *chip, {});
    ASSERT_TRUE(machine.ok()) << machine.error().message();
    for (int i = 0; i < 3; ++i) {
      const SpikingStep &step = (*machine)->step();
      EXPECT_EQ(step.counters[Counter::SopLinear], golden.operations);
      EXPECT_EQ(step.counters[Counter::SpikeSent], golden.packets);
      EXPECT_EQ(step.counters[Counter::HopEastWest] +
                    step.counters[Counter::HopNorthSouth],
                golden.hops);
      EXPECT_EQ(step.mostHops, golden.mostHops);
      EXPECT_EQ(step.counters[Counter::Spike], golden.fired);
      PriceContext context = priceContext((*machine)->run());
      const std::vector<PriceList> lists = priceLists(context);
      ASSERT_EQ(lists.back().name, "chip");
      // Their figures have seven digits.
      EXPECT_NEAR(joules(lists.back(), step.counters, 0) / golden.joules, 1,
                  1e-6);
    }
  }
}

} // namespace

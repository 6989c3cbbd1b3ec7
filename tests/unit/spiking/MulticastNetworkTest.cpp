//===- MulticastNetworkTest.cpp - spikes that are copied on their way -----===//
#include "simulator/spiking/SpikingMachine.h"
#include "tests/unit/spiking/PlainReference.h"
#include "tests/unit/spiking/RandomNetwork.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

using namespace synfire;
using namespace synfire::tests;

namespace {

constexpr int steps = 10;

ChipModel loihi(Multicast multicast) {
  auto chip = loadChipModel("loihi1");
  if (!chip.ok()) {
    ADD_FAILURE() << chip.error().message();
    return {};
  }
  chip->noc.multicast = multicast;
  return *chip;
}

std::unique_ptr<SpikingMachine> make(const SpikingNetwork &network,
                                     const ChipModel &chip,
                                     const std::string &noc, int threads = 1) {
  SpikingOptions options;
  options.noc = noc;
  options.threads = threads;
  auto machine = SpikingMachine::create(network, chip, options);
  if (!machine.ok()) {
    ADD_FAILURE() << machine.error().message();
    return nullptr;
  }
  return std::move(*machine);
}

/// Found synapse by synapse.
struct PacketsOfStep {
  std::uint64_t packets = 0;
  std::uint64_t links = 0; ///< of all packets
  int mostLinks = 0;       ///< of a packet
};
PacketsOfStep packetsOf(const PlainReference &reference,
                        const SpikingMachine &machine, const Routing &routing) {
  const NeuronPlacement &placement = machine.placement();
  const Mesh &mesh = routing.mesh();
  auto routerOf = [&](std::size_t population, std::size_t neuron) {
    const NeuronSlice &slice = placement.sliceOf(
        static_cast<int>(population), static_cast<std::int32_t>(neuron));
    return mesh.routerNumber(mesh.routerOfCore(
        placement.cores[static_cast<std::size_t>(slice.core)].core));
  };
  PacketsOfStep found;
  for (std::size_t p = 0; p < reference.synapses.size(); ++p)
    for (std::size_t n = 0; n < reference.synapses[p].size(); ++n) {
      if (!reference.fired[p][n] || reference.synapses[p][n].empty())
        continue;
      std::set<int> links;
      for (const PlainReference::Synapse &synapse : reference.synapses[p][n])
        routing.forEachLink(
            routerOf(p, n),
            routerOf(static_cast<std::size_t>(synapse.toPopulation),
                     static_cast<std::size_t>(synapse.to)),
            [&](const MeshLink &link) { links.insert(link.number); });
      ++found.packets;
      found.links += links.size();
      found.mostLinks =
          std::max(found.mostLinks, static_cast<int>(links.size()));
    }
  return found;
}

TEST(MulticastNetwork, ASpikeTakesEveryLinkOnce) {
  std::uint64_t copies = 0;
  for (unsigned seed = 300; seed < 330; ++seed) {
    SCOPED_TRACE(seed);
    RandomNetwork random(seed);
    auto network =
        parseSpikingNetwork(random.text + random.placements(), "net", ".");
    ASSERT_TRUE(network.ok()) << network.error().message();
    const ChipModel chip = loihi(Multicast::Tree);
    auto apart = make(*network, loihi(Multicast::Unicast), "burst");
    auto untimed = make(*network, chip, "none");
    ASSERT_TRUE(apart && untimed);
    for (const char *noc : {"ideal", "burst", "packet"}) {
      SCOPED_TRACE(noc);
      auto once = make(*network, chip, noc);
      ASSERT_TRUE(once);
      const auto routing = Routing::create(chip, once->placement().chipsX,
                                           once->placement().chipsY);
      PlainReference reference(*network);
      for (int i = 0; i < steps; ++i) {
        reference.step();
        const SpikingStep step = once->step();
        const PacketsOfStep sent = packetsOf(reference, *once, *routing);
        EXPECT_EQ(step.counters[Counter::SpikeSent], sent.packets);
        EXPECT_EQ(step.mostHops, sent.mostLinks);
        EXPECT_EQ(step.counters[Counter::HopEastWest] +
                      step.counters[Counter::HopNorthSouth],
                  sent.links);
        EXPECT_LE(step.boundCycles, step.cycles);
        if (std::string(noc) == "burst") {
          const SpikingStep &other = apart->step();
          EXPECT_GE(step.mostHops, other.mostHops);
          EXPECT_EQ(step.counters[Counter::AxonRead],
                    other.counters[Counter::AxonRead]);
          copies += other.counters[Counter::SpikeSent] - sent.packets;
          EXPECT_EQ(untimed->step().counters, step.counters);
        }
      }
      const auto run = once->run();
      EXPECT_TRUE(verify(run).ok());
      EXPECT_EQ(run.digest, reference.spikeDigest);
      EXPECT_EQ(run.membraneDigest, reference.inputDigest);
      std::uint64_t onLinks = 0;
      for (const auto &link : run.links)
        onLinks += link.spikes;
      std::uint64_t reached = 0;
      for (const auto &core : run.cores)
        reached += core.packetsReceived;
      EXPECT_EQ(run.total[Counter::SpikeDelivered], reached);
      EXPECT_EQ(onLinks, run.total[Counter::HopEastWest] +
                             run.total[Counter::HopNorthSouth]);
      if (std::string(noc) != "burst")
        continue;
      // A core is reached by the same packets, sent once or many times.
      const auto other = apart->run();
      for (std::size_t core = 0; core < run.cores.size(); ++core)
        EXPECT_EQ(run.cores[core].packetsReceived,
                  other.cores[core].packetsReceived);
    }
  }
  EXPECT_GT(copies, 1000u);
}

TEST(MulticastNetwork, SendsOnceAndIsDoneEarlier) {
  const std::string text = R"(
    name: "wide"
    population { name: "a" neurons: 100 forced {} }
    population { name: "b" neurons: 16
      leaky_integrate_and_fire { threshold: 1000000 } }
    connection { from: "a" to: "b" dense { weight: "1" } }
    placement { population: "a" core: 0 }
    placement { population: "b" core: 8 neurons_per_core: 1 }
  )";
  auto network = parseSpikingNetwork(text, "net", ".");
  ASSERT_TRUE(network.ok()) << network.error().message();
  for (int threads : {1, 2}) {
    auto once = make(*network, loihi(Multicast::Tree), "burst", threads);
    auto apart = make(*network, loihi(Multicast::Unicast), "burst", threads);
    ASSERT_TRUE(once && apart);
    // Sixteen cores of the routers 2 to 5.
    EXPECT_EQ(once->step().counters[Counter::SpikeSent], 100u);
    EXPECT_EQ(apart->step().counters[Counter::SpikeSent], 1600u);
    const auto together = once->run(), single = apart->run();
    EXPECT_EQ(together.total[Counter::HopEastWest], 500u);
    EXPECT_EQ(together.cores[0].stageCycles[CoreStage::AxonWalk] * 16,
              single.cores[0].stageCycles[CoreStage::AxonWalk]);
    EXPECT_LT(together.timing.cycles, single.timing.cycles);
    EXPECT_EQ(together.cores[0].demand.outputAxons, 1600);
  }
}

TEST(MulticastNetwork, TheShippedTreeChipTakesThem) {
  auto chip = loadChipModel("spinnaker2");
  auto network = loadSpikingNetwork(std::string(SYNFIRE_SOURCE_DIR) +
                                    "/networks/msg256.textproto");
  ASSERT_TRUE(chip.ok() && network.ok());
  auto machine = make(*network, *chip, "burst");
  ASSERT_TRUE(machine);
  EXPECT_EQ(machine->step().counters[Counter::SopLinear], 262144u);
}

} // namespace

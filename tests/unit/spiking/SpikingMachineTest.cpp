#include "simulator/spiking/SpikingMachine.h"
#include "tests/unit/simulator/RecordedRun.h"
#include "tests/unit/spiking/PlainReference.h"
#include "tests/unit/spiking/RandomNetwork.h"
#include "tests/unit/spiking/SmallMachine.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <set>

using namespace synfire;
using namespace synfire::tests;
using testing::HasSubstr;

namespace {

constexpr int steps = 12;

std::string complaint(const std::string &text, const ChipModel &chip,
                      const std::string &noc = "burst") {
  SpikingOptions options;
  options.noc = noc;
  auto machine = SpikingMachine::create(parse(text), chip, options);
  return machine.ok() ? "accepted" : machine.error().message();
}

/// Packets and hops of a step, found synapse by synapse.
struct Traffic {
  std::uint64_t packets = 0, eastWest = 0, northSouth = 0, operations = 0;
};
Traffic trafficOf(const PlainReference &reference,
                  const SpikingMachine &machine) {
  const NeuronPlacement &placement = machine.placement();
  const auto routing =
      Routing::create(loihi(), placement.chipsX, placement.chipsY);
  auto coreOf = [&](std::size_t population, std::size_t neuron) {
    const NeuronSlice &slice = placement.sliceOf(
        static_cast<int>(population), static_cast<std::int32_t>(neuron));
    return placement.cores[static_cast<std::size_t>(slice.core)].core;
  };
  Traffic traffic;
  for (std::size_t p = 0; p < reference.synapses.size(); ++p)
    for (std::size_t n = 0; n < reference.synapses[p].size(); ++n) {
      if (!reference.fired[p][n])
        continue;
      std::set<int> cores;
      for (const PlainReference::Synapse &synapse : reference.synapses[p][n])
        cores.insert(coreOf(static_cast<std::size_t>(synapse.toPopulation),
                            static_cast<std::size_t>(synapse.to)));
      for (int core : cores) {
        const Route route = routing->routeBetweenCores(coreOf(p, n), core);
        ++traffic.packets;
        traffic.eastWest += static_cast<std::uint64_t>(route.eastWestHops);
        traffic.northSouth += static_cast<std::uint64_t>(route.northSouthHops);
      }
      traffic.operations += reference.synapses[p][n].size();
    }
  return traffic;
}

void expectEqualState(const PlainReference &reference,
                      const SpikingMachine &machine,
                      const SpikingNetwork &network) {
  for (std::size_t p = 0; p < network.populations.size(); ++p) {
    const auto accumulators = machine.accumulators(static_cast<int>(p));
    EXPECT_TRUE(std::equal(accumulators.begin(), accumulators.end(),
                           reference.input[p].begin(),
                           reference.input[p].end()));
    if (network.populations[p].rule == FiringRule::LeakyIntegrateAndFire) {
      const auto membranes = machine.membranes(static_cast<int>(p));
      EXPECT_TRUE(std::equal(membranes.begin(), membranes.end(),
                             reference.membrane[p].begin(),
                             reference.membrane[p].end()));
    }
  }
}

TEST(SpikingMachine, IsTheReferenceStepByStep) {
  std::uint64_t spikes = 0;
  for (unsigned seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    RandomNetwork random(seed);
    const SpikingNetwork network = parse(random.text + random.placements());
    auto machine = make(network);
    ASSERT_TRUE(machine);
    PlainReference reference(network);
    for (int i = 0; i < steps; ++i) {
      reference.step();
      const SpikingStep &step = machine->step();
      EXPECT_LE(step.boundCycles, step.cycles);
      EXPECT_GT(step.boundCycles, step.barrierCycles);
      const Traffic traffic = trafficOf(reference, *machine);
      EXPECT_EQ(step.counters[Counter::SopLinear], traffic.operations);
      EXPECT_EQ(step.counters[Counter::SpikeSent], traffic.packets);
      EXPECT_EQ(step.counters[Counter::HopEastWest], traffic.eastWest);
      EXPECT_EQ(step.counters[Counter::HopNorthSouth], traffic.northSouth);
      EXPECT_EQ(step.counters[Counter::NeuronUpdate],
                static_cast<std::uint64_t>(network.neurons()));
      expectEqualState(reference, *machine, network);
    }
    const auto run = machine->run();
    EXPECT_TRUE(verify(run).ok());
    EXPECT_EQ(run.digest, reference.spikeDigest);
    EXPECT_EQ(run.membraneDigest, reference.inputDigest);
    spikes += run.total[Counter::Spike];
  }
  EXPECT_GT(spikes, 1000u);
}

TEST(SpikingMachine, PlacementChangesNoSpike) {
  for (unsigned seed = 100; seed < 110; ++seed) {
    SCOPED_TRACE(seed);
    RandomNetwork random(seed);
    std::set<std::uint64_t> digests, accumulators;
    std::set<int> cores;
    for (int i = 0; i < 4; ++i) {
      auto machine = make(
          parse(random.text + (i == 0 ? std::string() : random.placements())));
      ASSERT_TRUE(machine);
      for (int step = 0; step < steps; ++step)
        machine->step();
      digests.insert(machine->run().digest);
      accumulators.insert(machine->run().membraneDigest);
      cores.insert(machine->run().usedCores);
    }
    EXPECT_EQ(digests.size(), 1u);
    EXPECT_EQ(accumulators.size(), 1u);
    EXPECT_GT(cores.size(), 1u);
  }
}

TEST(SpikingMachine, TimingAndThreadsChangeNoBit) {
  // Large enough that phases are shared out: 17000 neurons, 300 k synapses.
  const std::string text = R"(
    name: "large"
    population { name: "input" neurons: 1000 random { per_million: 400000 } }
    population { name: "hidden" neurons: 16000
      leaky_integrate_and_fire { threshold: 200 decay: 100 } }
    connection { from: "input" to: "hidden" generated {
      loop { name: "s" count: 900 }
      target: "hash(i, s) mod 16000" weight: "hash(s, i) mod 101 - 30" } }
    connection { from: "hidden" to: "hidden" generated {
      loop { name: "s" count: 10 }
      target: "hash(i, s, 3) mod 16000" weight: "hash(s, i) mod 41 - 20" } }
    placement { population: "input" neurons_per_core: 100 }
    placement { population: "hidden" neurons_per_core: 200 }
  )";
  const SpikingNetwork network = parse(text);
  ChipModel chip = loihi();
  chip.core.inputAxons = chip.core.outputAxons = 1 << 20;
  std::uint64_t digest = 0, accumulators = 0;
  for (const char *noc : {"none", "ideal", "burst", "packet"}) {
    std::string first;
    for (int threads : {1, 2, 3, 5}) {
      SCOPED_TRACE(std::string(noc) + " " + std::to_string(threads));
      SpikingOptions options;
      options.noc = noc;
      options.threads = threads;
      auto machine = SpikingMachine::create(network, chip, options);
      ASSERT_TRUE(machine.ok()) << machine.error().message();
      for (int i = 0; i < 5; ++i)
        (*machine)->step();
      const auto run = (*machine)->run();
      EXPECT_TRUE(verify(run).ok());
      EXPECT_GT(run.total[Counter::SopLinear], std::uint64_t(1) << 20);
      digest = digest == 0 ? run.digest : digest;
      accumulators = accumulators == 0 ? run.membraneDigest : accumulators;
      EXPECT_EQ(run.digest, digest);
      EXPECT_EQ(run.membraneDigest, accumulators);
      EXPECT_EQ(run.timing.stepCycles.size(),
                std::string(noc) == "none" ? 0u : 5u);
      const std::string bytes = recorded(run);
      first = threads == 1 ? bytes : first;
      EXPECT_TRUE(bytes == first);
    }
  }
}

TEST(SpikingMachine, OneSpikeTakesWhatTheChipSays) {
  // From core 0 to core 4 of loihi1, the next router to the east.
  SpikingOptions options;
  options.noc = "ideal";
  auto machine = make(parse(R"(
    name: "one"
    population { name: "a" neurons: 3 scheduled { spike { step: 1 neuron: 2 } } }
    population { name: "b" neurons: 10
      leaky_integrate_and_fire { threshold: 1 } }
    connection { from: "a" to: "b" dense { weight: "1" } }
    placement { population: "a" core: 0 }
    placement { population: "b" core: 4 }
  )"),
                      options);
  ASSERT_TRUE(machine);
  const ChipModel chip = loihi();
  const CoreTiming &core = chip.timing;
  const int barrierCycles =
      chip.noc.barrierBaseCycles + 3 * chip.noc.barrierCyclesPerRouterDiameter;
  const auto barrier = static_cast<std::uint64_t>(barrierCycles);
  EXPECT_EQ(machine->step().cycles,
            cyclesOf(10, core.neuronUpdateCycles) + barrier);
  OutputClock output(core, 0);
  const Departures departures = output.update(3, 1, 1);
  const auto routing = Routing::create(chip, 1, 1);
  const std::uint64_t arrival =
      departures.last + (*makeNetwork("ideal", chip, *routing))->latency(0, 4);
  InputClock input;
  InputWork work;
  work.packets = work.rows = 1;
  work.words = (10 * 8 + 63) / 64;
  work.operations = 10;
  EXPECT_EQ(machine->step().cycles,
            input.take(inputCycles(core, work), arrival, arrival) + barrier);
  EXPECT_EQ(machine->step().counters[Counter::Spike], 10u);
}

TEST(SpikingMachine, NoNetworkBeatsTheBound) {
  for (const char *noc : {"ideal", "burst", "packet"})
    for (const int flits : {1, 12})
      for (unsigned seed = 200; seed < 220; ++seed) {
        SCOPED_TRACE(std::string(noc) + " " + std::to_string(flits) + " " +
                     std::to_string(seed));
        ChipModel chip = loihi();
        chip.noc.flitsPerPacket = flits;
        SpikingOptions options;
        options.noc = noc;
        RandomNetwork random(seed);
        auto machine = SpikingMachine::create(
            parse(random.text + random.placements()), chip, options);
        ASSERT_TRUE(machine.ok()) << machine.error().message();
        for (int i = 0; i < steps; ++i) {
          const SpikingStep step = (*machine)->step();
          EXPECT_LE(step.boundCycles, step.cycles);
          EXPECT_GE(step.boundCycles, step.barrierCycles);
          EXPECT_EQ(step.causeCore >= 0, step.cause != StepCause::Link &&
                                             step.cause != StepCause::Barrier);
          EXPECT_TRUE(step.causeLink < 0 || step.cause == StepCause::Link);
        }
      }
}

TEST(SpikingMachine, ARunSaysWhatCoresHold) {
  ChipModel chip = loihi();
  chip.timing.accumulateCycles = 100; // packets come faster than they are done
  SpikingOptions options;
  options.noc = "ideal"; // where no packet waits outside of the core
  auto machine = SpikingMachine::create(parse(loaded), chip, options);
  ASSERT_TRUE(machine.ok()) << machine.error().message();
  (*machine)->step();
  const auto run = (*machine)->run();
  ASSERT_EQ(run.cores.size(), 5u);
  const CoreRun &sender = run.cores[1], &receiver = run.cores[4];
  EXPECT_EQ(sender.stages, std::vector<int>{0});
  EXPECT_EQ(sender.demand.neurons, 100);
  EXPECT_EQ(sender.demand.accumulators, 100);
  EXPECT_EQ(sender.demand.inputAxons, 0);
  EXPECT_EQ(sender.demand.outputAxons, 100);
  EXPECT_EQ(sender.demand.synapseBytes, 0);
  EXPECT_EQ(sender.peakInputQueue, 0u);
  EXPECT_EQ(receiver.stages, std::vector<int>{1});
  EXPECT_EQ(receiver.demand.neurons, 10);
  EXPECT_EQ(receiver.demand.inputAxons, 400 + 10);
  EXPECT_EQ(receiver.demand.outputAxons, 10);
  EXPECT_EQ(receiver.demand.synapseBytes, 400 * 10 + 10 * 3);
  EXPECT_EQ(receiver.packetsReceived, 400u);
  EXPECT_GT(receiver.peakInputQueue, 100u);
  EXPECT_LE(receiver.peakInputQueue, 400u);
}

TEST(SpikingMachine, OnlyChipsWithUsedCoresCount) {
  ChipModel chip = loihi();
  const std::string far = std::to_string(5 * chip.coresPerChip());
  auto machine = SpikingMachine::create(
      parse("name: \"n\" population { name: \"a\" neurons: 2 forced {} } "
            "placement { population: \"a\" neurons: 1 core: 0 } "
            "placement { population: \"a\" first_neuron: 1 core: " +
            far + " }"),
      chip, {});
  ASSERT_TRUE(machine.ok()) << machine.error().message();
  (*machine)->step();
  EXPECT_GT((*machine)->placement().chipsX * (*machine)->placement().chipsY, 2);
  EXPECT_EQ((*machine)->run().usedChips, 2);
}

TEST(SpikingMachine, NoStepBeatsItsBoundBetweenChips) {
  ChipModel chip = loihi();
  chip.mesh.chipWidth = 2;
  chip.mesh.chipHeight = 1;
  const int cores = chip.coresPerChip();
  for (int flits : {1, 2, 3})
    for (const char *noc : {"ideal", "burst", "packet"}) {
      chip.noc.flitsPerPacket = flits;
      SpikingOptions options;
      options.noc = noc;
      const SpikingNetwork network = parse(
          "name: \"m\" population { name: \"a\" neurons: 1 forced {} } "
          "population { name: \"b\" neurons: 1 leaky_integrate_and_fire { "
          "threshold: 100 } } connection { from: \"a\" to: \"b\" dense { "
          "weight: \"1\" } } placement { population: \"a\" core: " +
          std::to_string(3 * cores) +
          " } placement { population: \"b\" core: 0 }");
      auto machine = SpikingMachine::create(network, chip, options);
      ASSERT_TRUE(machine.ok()) << machine.error().message();
      const SpikingStep &step = (*machine)->step();
      // The only packet bounds it to the cycle.
      EXPECT_EQ(step.cycles, step.boundCycles) << noc << " " << flits;
    }
}

TEST(SpikingMachine, RefusesWhatDoesNotFit) {
  ChipModel chip = loihi();
  const std::string a = "name: \"n\" population { name: \"a\" neurons: 1024 "
                        "forced {} } population { name: \"b\" neurons: 1024 "
                        "forced {} }";
  const std::string dense =
      "connection { from: \"a\" to: \"b\" dense { weight: \"1\" } }";
  EXPECT_THAT(complaint(a + dense, chip),
              HasSubstr("core 1 needs 1048576 bytes of synapses, but loihi1 "
                        "holds 131072"));
  EXPECT_THAT(
      complaint(a + "placement { population: \"a\" core: 3 } "
                    "placement { population: \"b\" core: 3 }",
                chip),
      HasSubstr("core 3 (position 3 of core_order) needs 2048 neurons, but "
                "loihi1 holds 1024"));
  EXPECT_THAT(complaint(a + "placement { population: \"a\" neurons: 4 }", chip),
              HasSubstr("neuron 4 has no place"));
  EXPECT_THAT(complaint(a + "placement { population: \"a\" neurons: 9 } "
                            "placement { population: \"a\" first_neuron: 8 }",
                        chip),
              HasSubstr("neuron 8 has two places"));
  EXPECT_THAT(
      complaint(a + "placement { population: \"a\" first_neuron: 1 }", chip),
      HasSubstr("neuron 0 has no place"));
  EXPECT_THAT(
      complaint(a + "connection { from: \"a\" to: \"b\" dense { weight: "
                    "\"i\" } } placement { population: \"b\" "
                    "neurons_per_core: 128 }",
                chip),
      HasSubstr("the weight is 128 for i = 128, j = 0"));
  EXPECT_THAT(complaint(a + "connection { from: \"a\" to: \"b\" generated { "
                            "target: \"i + 1\" weight: \"1\" } }",
                        chip),
              HasSubstr("target \"i + 1\" is 1024 for i = 1023"));
  EXPECT_THAT(complaint(a + "connection { from: \"a\" to: \"b\" generated { "
                            "target: \"i + 0 / (i - 9)\" weight: \"1\" } }",
                        chip),
              HasSubstr("divides by zero for i = 9"));
  EXPECT_THAT(complaint(a, chip, "psychic"), HasSubstr("psychic"));
  chip.mesh.maxChipsX = chip.mesh.maxChipsY = 1;
  EXPECT_THAT(complaint(a + "placement { population: \"a\" core: 120 "
                            "neurons_per_core: 100 }",
                        chip),
              HasSubstr("population 'a' needs the core at position 128 of "
                        "core_order, but the largest system has 128 cores"));
  chip = loihi();
  const std::string fine =
      dense + "placement { population: \"a\" neurons_per_core: 128 } "
              "placement { population: \"b\" neurons_per_core: 128 }";
  EXPECT_EQ(complaint(a + fine, chip), "accepted");
  chip.core.outputAxons = 1023;
  EXPECT_THAT(complaint(a + fine, chip),
              HasSubstr("core 0 needs 1024 output axons"));
  chip.core.outputAxons = 1024;
  chip.core.inputAxons = 1023;
  EXPECT_THAT(complaint(a + fine, chip),
              HasSubstr("core 8 needs 1024 input axons"));
  chip = loihi();
  chip.core.weightBits = 4;
  EXPECT_THAT(complaint(a + "connection { from: \"a\" to: \"b\" generated { "
                            "target: \"i\" weight: \"8\" } }",
                        chip),
              HasSubstr("but must be from -8 to 7"));
}

// A line of a network asks for more than any host has.
TEST(SpikingMachine, RefusesTooManySynapsesBeforeItAsksForThem) {
  ChipModel chip = loihi();
  const auto generated = [](const std::string &count) {
    return "name: \"n\" population { name: \"a\" neurons: 2 forced {} } "
           "connection { from: \"a\" to: \"a\" generated { loop { name: "
           "\"k\" count: " +
           count + " } target: \"k mod 2\" weight: \"1\" } }";
  };
  EXPECT_THAT(complaint(generated("21845"), chip), "accepted");
  EXPECT_THAT(complaint(generated("30000"), chip),
              HasSubstr("the synapses of 1 cores need 180000 bytes at least, "
                        "but loihi1 holds 131072 on a core"));
  chip.core.synapseBytes = std::int64_t(1) << 40;
  EXPECT_THAT(complaint(generated("2000000000"), chip),
              HasSubstr("not supported: 4000000000 synapses generated onto "
                        "population 'a' of 2 neurons, above 16777215"));
}

TEST(SpikingMachine, RefusesWhatItsCountersDoNotHold) {
  ChipModel chip = loihi();
  chip.core.synapseBytes = std::int64_t(1) << 40;
  chip.core.inputAxons = chip.core.outputAxons = chip.core.neurons = 22000;
  chip.timing.synapseWordBits = 1;
  EXPECT_THAT(
      complaint(
          "name: \"n\" population { name: \"a\" neurons: 22000 forced {} "
          "} connection { from: \"a\" to: \"a\" dense { weight: \"1\" } }",
          chip),
      HasSubstr("not supported: core 0 with 484000000 bytes of synapses in "
                "words of 1 bits, above 477218588"));
}

TEST(SpikingMachine, SpreadsOverChipsAndPassesDeadCoresOver) {
  ChipModel chip = loihi();
  chip.faults.deadCores.push_back({0, 0, 1});
  auto machine = SpikingMachine::create(
      parse("name: \"n\" population { name: \"a\" neurons: 200 forced {} } "
            "connection { from: \"a\" to: \"a\" generated { "
            "target: \"(i + 1) mod 200\" weight: \"1\" } } "
            "placement { population: \"a\" neurons_per_core: 1 }"),
      chip, {});
  ASSERT_TRUE(machine.ok()) << machine.error().message();
  const SpikingStep &step = (*machine)->step();
  EXPECT_EQ((*machine)->run().usedCores, 200);
  EXPECT_EQ((*machine)->run().usedChips, 2);
  EXPECT_EQ(step.counters[Counter::SpikeSent], 200u);
  EXPECT_EQ(step.counters[Counter::ChipCrossing], 2u);
  EXPECT_EQ((*machine)->placement().cores[1].core, 2);
}

TEST(SpikingMachine, TakesTheFewestChipsThatAreLargeEnough) {
  ChipModel chip = loihi();
  const std::string cores = std::to_string(2 * chip.coresPerChip() + 1);
  const std::string network =
      "name: \"n\" population { name: \"a\" neurons: " + cores +
      " forced {} } placement { population: \"a\" neurons_per_core: 1 }";
  auto machine = SpikingMachine::create(parse(network), chip, {});
  ASSERT_TRUE(machine.ok()) << machine.error().message();
  EXPECT_EQ((*machine)->placement().chipsX * (*machine)->placement().chipsY, 3);
  chip.faults.disabledChips = {{0, 0}};
  auto around = SpikingMachine::create(parse(network), chip, {});
  ASSERT_TRUE(around.ok()) << around.error().message();
  EXPECT_EQ((*around)->placement().chipsX * (*around)->placement().chipsY, 4);
}

} // namespace

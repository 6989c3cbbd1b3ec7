#include "simulator/spiking/SpikingNetwork.h"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>

using namespace synfire;
using testing::HasSubstr;

namespace {

Result<SpikingNetwork> parse(const std::string &text,
                             const SpikingLimits &limits = {}) {
  return parseSpikingNetwork(text, "net.textproto",
                             std::filesystem::temp_directory_path().string(),
                             limits);
}

std::string complaint(const std::string &text,
                      const SpikingLimits &limits = {}) {
  auto network = parse(text, limits);
  return network.ok() ? "accepted" : network.error().message();
}

const std::string two = "name: \"net\"\n"
                        "population { name: \"a\" neurons: 4 forced {} }\n"
                        "population { name: \"b\" neurons: 3 "
                        "leaky_integrate_and_fire { threshold: 5 } }\n";

TEST(SpikingNetwork, ReadsEveryField) {
  auto network = parse(two + R"(
    description: "all of it"
    core_order: ROUTER_COLUMNS
    population { name: "c" neurons: 9
      leaky_integrate_and_fire { threshold: 7 decay: 11 bias: -2
        reset: SUBTRACT_THRESHOLD refractory_steps: 3 initial_membrane: 4 } }
    population { name: "d" neurons: 8
      forced { stride: 4 offset: 1 period: 3 phase: 2 } }
    population { name: "e" neurons: 2 random { per_million: 500 seed: 6 } }
    population { name: "f" neurons: 2 scheduled {
      spike { step: 5 neuron: 1 } spike { step: 2 neuron: 0 } } }
    connection { from: "a" to: "b" dense { weight: "i - j" } }
    connection { from: "b" to: "b" listed {
      synapse { from: 2 to: 0 weight: -128 }
      synapse { from: 0 to: 1 weight: 127 } } }
    connection { from: "a" to: "c" generated {
      loop { name: "x" count: 2 } loop { name: "y" count: 3 }
      target: "(i + x) mod 9" weight: "y + j" } }
    placement { population: "a" first_neuron: 1 neurons: 2 core: 6
                neurons_per_core: 1 })");
  ASSERT_TRUE(network.ok()) << network.error().message();
  ASSERT_EQ(network->populations.size(), 6u);
  const LeakyIntegrateAndFire &leaky = network->populations[2].leaky;
  EXPECT_EQ(leaky.threshold, 7);
  EXPECT_EQ(leaky.decay, 11);
  EXPECT_EQ(leaky.bias, -2);
  EXPECT_TRUE(leaky.subtractThreshold);
  EXPECT_EQ(leaky.refractorySteps, 3);
  EXPECT_EQ(leaky.initialMembrane, 4);
  const ForcedFiring &forced = network->populations[3].forced;
  EXPECT_EQ(forced.stride, 4);
  EXPECT_EQ(forced.offset, 1);
  EXPECT_EQ(forced.period, 3);
  EXPECT_EQ(forced.phase, 2);
  EXPECT_EQ(network->populations[4].random.perMillion, 500);
  EXPECT_EQ(network->populations[4].random.seed, 6u);
  EXPECT_EQ(network->populations[5].scheduled[0].step, 2);
  EXPECT_EQ(network->coreOrder, CoreOrder::RouterColumns);
  EXPECT_EQ(network->connections[1].listed[0].from, 0);
  EXPECT_EQ(network->placements[0].core, 6);
  EXPECT_EQ(network->placements[0].perCore, 1);
  EXPECT_EQ(network->neurons(), 28);
  EXPECT_EQ(network->synapses(), 4 * 3 + 2 + 4 * 6);
}

TEST(SpikingNetwork, ReadsAMatrixOfBytes) {
  const auto path =
      std::filesystem::temp_directory_path() / "synfire_matrix.bin";
  const char bytes[12] = {1, 2, 3, 4, -5, 6, 7, 8, 9, 10, 11, -128};
  std::ofstream(path, std::ios::binary).write(bytes, sizeof(bytes));
  const std::string connection = "connection { from: \"a\" to: \"b\" dense { "
                                 "matrix_file: \"synfire_matrix.bin\" } }";
  auto network = parse(two + connection);
  ASSERT_TRUE(network.ok()) << network.error().message();
  EXPECT_EQ(network->connections[0].matrix[4], -5);
  EXPECT_EQ(network->connections[0].matrix[11], -128);
  std::ofstream(path, std::ios::binary).write(bytes, 11);
  EXPECT_THAT(complaint(two + connection), HasSubstr("11 bytes"));
  std::filesystem::remove(path);
  EXPECT_THAT(complaint(two + connection), HasSubstr("synfire_matrix.bin"));
}

TEST(SpikingNetwork, NamesTheFieldThatIsWrong) {
  const std::pair<const char *, const char *> cases[] = {
      {"population { name: \"x\" neurons: 2 ", "line"},
      {"population { neurons: 2 forced {} }", "population[2].name is missing"},
      {"population { name: \"a\" neurons: 2 forced {} }",
       "population[2].name 'a' is taken"},
      {"population { name: \"x\" forced {} }",
       "population[2].neurons is missing"},
      {"population { name: \"x\" neurons: 0 forced {} }",
       "population[2].neurons is 0, but must be from 1"},
      {"population { name: \"x\" neurons: 2 }", "says nothing about firing"},
      {"population { name: \"x\" neurons: 2 leaky_integrate_and_fire {} }",
       "leaky_integrate_and_fire.threshold is missing"},
      {"population { name: \"x\" neurons: 2 leaky_integrate_and_fire { "
       "threshold: 1 decay: 4097 } }",
       "decay is 4097, but must be from 0 to 4096"},
      {"population { name: \"x\" neurons: 2 leaky_integrate_and_fire { "
       "threshold: 1 refractory_steps: 256 } }",
       "refractory_steps is 256"},
      {"population { name: \"x\" neurons: 2 leaky_integrate_and_fire { "
       "threshold: 1 reset_membrane: 1 } }",
       "reset_membrane is 1"},
      {"population { name: \"x\" neurons: 2 leaky_integrate_and_fire { "
       "threshold: 0 reset: SUBTRACT_THRESHOLD } }",
       "threshold is 0"},
      {"population { name: \"x\" neurons: 2 leaky_integrate_and_fire { "
       "threshold: 1 reset: SUBTRACT_THRESHOLD reset_membrane: 0 } }",
       "reset_membrane is given"},
      {"population { name: \"x\" neurons: 2 leaky_integrate_and_fire { "
       "threshold: 1 reset: 7 } }",
       "population[2].leaky_integrate_and_fire.reset is 7, which is no Reset"},
      {"core_order: 5", "core_order is 5, which is no CoreOrder"},
      {"population { name: \"x\\n\" neurons: 2 forced {} }",
       "population[2].name has the control character U+000A"},
      {"population { name: \"\\377\" neurons: 2 forced {} }",
       "population[2].name is not UTF-8"},
      {"population { name: \"x\" neurons: 2 forced { stride: 0 } }",
       "forced.stride is 0"},
      {"population { name: \"x\" neurons: 2 forced { stride: 2 offset: 2 } }",
       "forced.offset is 2"},
      {"population { name: \"x\" neurons: 2 forced { period: -1 } }",
       "forced.period is -1"},
      {"population { name: \"x\" neurons: 2 forced { phase: 1 } }",
       "forced.phase is 1"},
      {"population { name: \"x\" neurons: 2 random {} }",
       "random.per_million is missing"},
      {"population { name: \"x\" neurons: 2 random { per_million: 1000001 } }",
       "random.per_million is 1000001"},
      {"population { name: \"x\" neurons: 2 scheduled { spike { step: 1 } } }",
       "scheduled.spike[0].neuron is missing"},
      {"population { name: \"x\" neurons: 2 scheduled { spike { step: 1 "
       "neuron: 2 } } }",
       "scheduled.spike[0].neuron is 2"},
      {"population { name: \"x\" neurons: 2 scheduled { spike { step: -1 "
       "neuron: 1 } } }",
       "scheduled.spike[0].step is -1"},
      {"population { name: \"x\" neurons: 2 scheduled { spike { step: 1 "
       "neuron: 1 } spike { step: 1 neuron: 1 } } }",
       "neuron 1 fires twice in step 1"},
      {"connection { to: \"b\" dense { weight: \"1\" } }",
       "connection[0].from is missing"},
      {"connection { from: \"a\" to: \"z\" dense { weight: \"1\" } }",
       "connection[0].to: there is no population 'z'"},
      {"connection { from: \"a\" to: \"b\" }", "has no synapses"},
      {"connection { from: \"a\" to: \"b\" dense {} }",
       "dense needs one of weight and matrix_file"},
      {"connection { from: \"a\" to: \"b\" dense { weight: \"1\" "
       "matrix_file: \"x\" } }",
       "dense needs one of"},
      {"connection { from: \"a\" to: \"b\" dense { weight: \"k\" } }",
       "connection[0].dense.weight: character 1"},
      {"connection { from: \"a\" to: \"b\" generated { weight: \"1\" } }",
       "generated.target is missing"},
      {"connection { from: \"a\" to: \"b\" generated { target: \"1\" } }",
       "generated.weight is missing"},
      {"connection { from: \"a\" to: \"b\" generated { loop { count: 1 } "
       "target: \"1\" weight: \"1\" } }",
       "loop[0].name is missing"},
      {"connection { from: \"a\" to: \"b\" generated { loop { name: \"j\" "
       "count: 1 } target: \"1\" weight: \"1\" } }",
       "loop[0].name 'j' is taken"},
      {"connection { from: \"a\" to: \"b\" generated { loop { name: \"my "
       "loop\" "
       "count: 1 } target: \"1\" weight: \"1\" } }",
       "loop[0].name 'my loop' can not name"},
      {"connection { from: \"a\" to: \"b\" generated { loop { name: \"mod\" "
       "count: 1 } target: \"1\" weight: \"1\" } }",
       "loop[0].name 'mod' can not name"},
      {"connection { from: \"a\" to: \"b\" generated { loop { name: \"hash\" "
       "count: 1 } target: \"1\" weight: \"1\" } }",
       "loop[0].name 'hash' can not name"},
      {"connection { from: \"a\" to: \"b\" generated { loop { name: \"2s\" "
       "count: 1 } target: \"1\" weight: \"1\" } }",
       "loop[0].name '2s' can not name"},
      {"connection { from: \"a\" to: \"b\" generated { loop { name: \"s-\" "
       "count: 1 } target: \"1\" weight: \"1\" } }",
       "loop[0].name 's-' can not name"},
      {"connection { from: \"a\" to: \"b\" generated { loop { name: \"x\" } "
       "target: \"1\" weight: \"1\" } }",
       "loop[0].count is missing"},
      {"connection { from: \"a\" to: \"b\" generated { loop { name: \"x\" "
       "count: 0 } target: \"1\" weight: \"1\" } }",
       "loop[0].count is 0"},
      {"connection { from: \"a\" to: \"b\" generated { target: \"j\" "
       "weight: \"1\" } }",
       "generated.target: character 1"},
      {"connection { from: \"a\" to: \"b\" listed { synapse { to: 1 "
       "weight: 1 } } }",
       "synapse[0].from is missing"},
      {"connection { from: \"a\" to: \"b\" listed { synapse { from: 4 to: 1 "
       "weight: 1 } } }",
       "synapse[0].from is 4"},
      {"connection { from: \"a\" to: \"b\" listed { synapse { from: 1 to: 3 "
       "weight: 1 } } }",
       "synapse[0].to is 3"},
      {"connection { from: \"a\" to: \"b\" listed { synapse { from: 1 to: 1 "
       "weight: 128 } } }",
       "synapse[0].weight is 128"},
      {"placement { core: 1 }", "placement[0].population is missing"},
      {"placement { population: \"a\" first_neuron: 4 }", "first_neuron is 4"},
      {"placement { population: \"a\" neurons: 5 }",
       "placement[0].neurons is 5"},
      {"placement { population: \"a\" core: -1 }", "placement[0].core is -1"},
      {"placement { population: \"a\" neurons_per_core: 0 }",
       "neurons_per_core is 0"},
      {"colour: 1", "colour"},
  };
  for (const auto &[text, expected] : cases) {
    const std::string said = complaint(two + text);
    EXPECT_THAT(said, HasSubstr(expected)) << text;
    EXPECT_THAT(said, HasSubstr("net.textproto")) << text;
  }
  EXPECT_THAT(complaint("population { name: \"a\" neurons: 1 forced {} }"),
              HasSubstr("name is missing"));
  EXPECT_THAT(complaint("name: \"n\""), HasSubstr("population is missing"));
}

TEST(SpikingNetwork, RefusesSizesAboveTheLimits) {
  SpikingLimits limits;
  limits.neurons = 6;
  EXPECT_THAT(complaint(two, limits), HasSubstr("more than 6 neurons in all"));
  limits.neurons = 7;
  limits.synapses = 11;
  EXPECT_EQ(complaint(two, limits), "accepted");
  EXPECT_THAT(complaint(two + "connection { from: \"a\" to: \"b\" "
                              "dense { weight: \"1\" } }",
                        limits),
              HasSubstr("connection[0].dense: more than 11 synapses in all"));
  EXPECT_THAT(complaint(two + "connection { from: \"a\" to: \"b\" generated { "
                              "loop { name: \"x\" count: 3 } target: \"0\" "
                              "weight: \"1\" } }",
                        limits),
              HasSubstr("more than 11 synapses in all"));
  // A product of the counts would not fit 64 bits.
  EXPECT_THAT(complaint(two +
                        "connection { from: \"a\" to: \"b\" generated { loop { "
                        "name: \"x\" count: 2147483647 } loop { name: \"y\" "
                        "count: 2147483647 } loop { name: \"z\" count: "
                        "2147483647 } target: \"0\" weight: \"1\" } }"),
              HasSubstr("synapses in all"));
}

TEST(SpikingNetwork, LoadsTheShippedNetworks) {
  const std::pair<const char *, std::int64_t> shipped[] = {
      {"dense5_k1", 4194304}, {"dense5_k8", 4194304}, {"msg256", 2097152}};
  for (const auto &[name, synapses] : shipped) {
    auto network = loadSpikingNetwork(std::string(SYNFIRE_SOURCE_DIR) +
                                      "/networks/" + name + ".textproto");
    ASSERT_TRUE(network.ok()) << network.error().message();
    EXPECT_EQ(network->name, name);
    EXPECT_EQ(network->synapses(), synapses);
  }
}

} // namespace

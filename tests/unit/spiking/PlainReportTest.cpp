//===- PlainReportTest.cpp - what reports say of plain networks -----------===//
#include "runtime/report/Report.h"
#include "simulator/spiking/SpikingMachine.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

using namespace synfire;
using testing::HasSubstr;
using testing::Not;

namespace {

constexpr int steps = 3;

/// Half of the neurons of a loihi1 core, all firing into another core.
synfire::Run runOf(const char *noc) {
  auto chip = loadChipModel("loihi1");
  auto network = parseSpikingNetwork(R"(
    name: "pair"
    population { name: "layers.0.a" neurons: 512 forced {} }
    population { name: "layers.1.a" neurons: 64
      leaky_integrate_and_fire { threshold: 100 } }
    connection { from: "layers.0.a" to: "layers.1.a" dense { weight: "1" } }
    placement { population: "layers.0.a" core: 0 }
    placement { population: "layers.1.a" core: 4 }
  )",
                                     "net", ".");
  if (!chip.ok() || !network.ok()) {
    ADD_FAILURE() << "chip or network not read";
    return {};
  }
  SpikingOptions options;
  options.noc = noc;
  auto machine = SpikingMachine::create(std::move(*network), *chip, options);
  if (!machine.ok()) {
    ADD_FAILURE() << machine.error().message();
    return {};
  }
  for (int i = 0; i < steps; ++i)
    (*machine)->step();
  return (*machine)->run();
}

TEST(PlainReport, SaysNothingOfTransformers) {
  for (const char *noc : {"burst", "none"}) {
    const std::string text = reportText(runOf(noc));
    EXPECT_THAT(text, HasSubstr("pair (plain spiking network, 2 populations, "
                                "576 neurons)"));
    for (const char *word : {"layer ", "head", "conversion", "token", "ANN",
                             "prompt", "MAC", "site"})
      EXPECT_THAT(text, Not(HasSubstr(word)));
    const auto json = nlohmann::json::parse(reportJson(runOf(noc)));
    for (const char *key :
         {"method", "steps", "text", "tokens", "prompt_tokens", "ann_macs",
          "ann_energy_joules", "tokens_executed", "layers", "sites",
          "prefill_seconds", "token_seconds", "spike_driven_share"})
      EXPECT_FALSE(json.contains(key)) << key;
    EXPECT_EQ(json["neurons"], 576);
    EXPECT_EQ(json["machine_steps"], steps);
    // Names are not taken for sites of layers.
    EXPECT_EQ(json["populations"].size(), 2u);
    EXPECT_EQ(json["populations"]["layers.1.a"]["counters"]["sop"],
              steps * 512 * 64);
    EXPECT_GT(json["energy_joules"]["chip"], 0.0);
  }
}

TEST(PlainReport, TablesHoldWhatTheMachineKnows) {
  const synfire::Run run = runOf("burst");
  const auto json = nlohmann::json::parse(reportJson(run));
  EXPECT_DOUBLE_EQ(json["utilisation"]["memory"]["neurons"].get<double>(),
                   576.0 / 2048);
  const auto &cores = json["busiest_cores"];
  ASSERT_EQ(cores.size(), 2u);
  const auto &receiver = cores[cores[0]["core"] == 4 ? 0 : 1];
  EXPECT_EQ(receiver["stages"].size(), 1u);
  EXPECT_EQ(receiver["stages"][0], "layers.1.a");
  EXPECT_GT(receiver["peak_input_queue"], 0);
  EXPECT_DOUBLE_EQ(receiver["capacity_used"]["synapse_bytes"].get<double>(),
                   512.0 * 64 / (128 * 1024));
  EXPECT_GT(json["busiest_links"][0]["peak_utilisation"], 0.0);
  const std::string text = reportText(run);
  EXPECT_THAT(text, HasSubstr("router 0 to 1"));
  EXPECT_THAT(text, HasSubstr("25.0 %  layers.1.a"));
  EXPECT_THAT(text, HasSubstr("timing (network model burst)"));
}

TEST(PlainReport, WithoutTimingThereIsNoTime) {
  const auto json = nlohmann::json::parse(reportJson(runOf("none")));
  for (const char *key :
       {"cycles", "seconds_on_chip", "bound_by", "bound_by_share", "clock_hz",
        "barrier_cycles", "busiest_core", "busiest_cores", "static_joules"})
    EXPECT_FALSE(json.contains(key)) << key;
  EXPECT_EQ(json["noc"], "none");
  EXPECT_FALSE(json["utilisation"].contains("busy"));
  EXPECT_DOUBLE_EQ(json["utilisation"]["memory"]["neurons"].get<double>(),
                   576.0 / 2048);
  const std::string text = reportText(runOf("none"));
  EXPECT_THAT(text, HasSubstr("3 steps, not timed"));
  for (const char *word : {"timing", "busy", "static", "bound"})
    EXPECT_THAT(text, Not(HasSubstr(word)));
}

} // namespace

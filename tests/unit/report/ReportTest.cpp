#include "runtime/report/Report.h"

#include "SmallRun.h"
#include "runtime/report/RunSummary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace synfire;
using test::smallRun;
using testing::HasSubstr;
using testing::Not;

namespace {

TEST(RunSummary, GroupsStagesByLayerAndBySite) {
  const synfire::Run run = smallRun();
  const auto layers = byLayer(run);
  ASSERT_EQ(layers.size(), 3u);
  EXPECT_EQ(layers[0].name, "embedding");
  EXPECT_EQ(layers[1].name, "layer 0");
  EXPECT_EQ(layers[1].stages, 2u);
  EXPECT_EQ(sops(layers[1].counters), 300u);
  EXPECT_EQ(layers[2].name, "head");
  EXPECT_EQ(layers[2].neurons, 0u);
  const auto sites = bySite(run);
  ASSERT_EQ(sites.size(), 4u);
  EXPECT_EQ(sites[1].name, "attn.exp");
  EXPECT_DOUBLE_EQ(sites[1].spikesPerValue(), 2);
  EXPECT_DOUBLE_EQ(sites[1].spikesPerValue(3), 1);
  Counters sum;
  for (const StageGroup &group : layers)
    sum += group.counters;
  EXPECT_TRUE(sum == run.total);
}

TEST(RunSummary, SitesOfAllLayersJoin) {
  synfire::Run run = smallRun();
  run.stageNames[2] = "layers.17.attn.exp";
  const auto sites = bySite(run);
  ASSERT_EQ(sites.size(), 3u);
  EXPECT_EQ(sites[1].stages, 2u);
  EXPECT_EQ(sites[1].values, 24u);
  EXPECT_EQ(sites[1].spikesByStep, (std::vector<std::uint64_t>{9, 9, 3, 15}));
}

TEST(RunSummary, OperationsThatSpikesDoNotDriveAreNamed) {
  const OperationShares shares = operationShares(smallRun());
  EXPECT_EQ(shares.spikeDriven, 712u);
  EXPECT_EQ(shares.requantisation, 54u);
  EXPECT_EQ(shares.runningMaximum, 48u);
  EXPECT_EQ(shares.lookupReads, 12u);
  EXPECT_EQ(shares.argmax, 20u); // vocabulary 10, 2 generated tokens
  EXPECT_DOUBLE_EQ(shares.spikeDrivenShare(), 712.0 / 846);
}

TEST(Report, JsonHasTheKeysThatScriptsRelyOn) {
  const auto json = nlohmann::json::parse(reportJson(smallRun()));
  EXPECT_EQ(json["digest"], "0123456789abcdef");
  EXPECT_EQ(json["tokens"], (std::vector<int>{3, 4}));
  EXPECT_EQ(json["counters"]["sop"], 712u);
  EXPECT_EQ(json["counters"]["mac"], 54u);
  EXPECT_EQ(json["counters"]["weight_reads"], 212u);
  EXPECT_EQ(json["counters"]["spikes"], 60u);
  EXPECT_EQ(json["counters"]["sop_attention"], 100u);
  for (const char *list : {"P1", "P2", "P3", "P4", "integer45", "chip"})
    EXPECT_GT(json["energy_joules"][list].get<double>(), 0) << list;
  EXPECT_NEAR(json["energy_joules"]["P1"].get<double>(),
              (712 * 0.9 + 54 * 4.6) * 1e-12, 1e-18);
  EXPECT_GT(json["ann_energy_joules"]["fp32"]["P1"].get<double>(),
            json["ann_energy_joules"]["quantised"]["P1"].get<double>());
  EXPECT_NEAR(json["spike_driven_share"].get<double>(), 712.0 / 846, 1e-12);
  EXPECT_EQ(json["steps"], 4);
  EXPECT_EQ(json["machine_steps"], 40u);
  EXPECT_EQ(json["cycles"], 2000u);
  EXPECT_DOUBLE_EQ(json["seconds_on_chip"].get<double>(), 2e-3);
  EXPECT_EQ(json["hops"], 12u);
  EXPECT_EQ(json["bound_by"], "compute");
  EXPECT_DOUBLE_EQ(json["bound_by_share"]["compute"].get<double>(), 0.5);
  EXPECT_DOUBLE_EQ(json["bound_by_share"]["link"].get<double>(), 0.25);
  EXPECT_DOUBLE_EQ(json["static_joules"].get<double>(), 2e-3);
  for (const char *list : {"P1", "chip"})
    EXPECT_NEAR(json["static_share"][list].get<double>(),
                2e-3 / (2e-3 + json["energy_joules"][list].get<double>()),
                1e-12);
  EXPECT_DOUBLE_EQ(json["utilisation"]["busy"].get<double>(), 0.75);
  EXPECT_TRUE(json["utilisation"]["memory"].contains("synapse_bytes"));
  EXPECT_EQ(json["busiest_core"]["busy_cycles"], 1500u);
  EXPECT_EQ(json["bound_cycles"], 1500u);
  EXPECT_DOUBLE_EQ(json["efficiency"].get<double>(), 0.75);
  EXPECT_EQ(json["steps_by_cause"].size(), 3u);
  EXPECT_EQ(json["steps_by_cause"]["synapse_memory"]["steps"], 20u);
  EXPECT_EQ(json["steps_by_cause"]["link"]["cycles"], 400u);
  ASSERT_EQ(json["busiest_cores"].size(), 1u);
  const auto &core = json["busiest_cores"][0];
  EXPECT_EQ(core["most_in"], "synapse_memory");
  EXPECT_EQ(core["stage_cycles"]["neuron_update"], 900u);
  EXPECT_EQ(core["stall_cycles"]["maxima"], 5u);
  EXPECT_EQ(core["peak_input_queue"], 4u);
  EXPECT_DOUBLE_EQ(core["capacity_used"]["synapse_bytes"].get<double>(),
                   1000.0 / (128 * 1024));
  EXPECT_EQ(core["stages"].size(), 2u);
  EXPECT_EQ(json["busiest_links"][0]["packets"], 12u);
  EXPECT_DOUBLE_EQ(json["busiest_links"][0]["peak_utilisation"].get<double>(),
                   0.25);
  synfire::Run ideal = smallRun();
  ideal.links[0].peakUtilisation = 0;
  const auto unfilled = nlohmann::json::parse(reportJson(ideal));
  EXPECT_FALSE(unfilled["busiest_links"][0].contains("peak_utilisation"));
  EXPECT_EQ(json["sites"]["layers.0.attn.exp"]["spikes_per_value_by_step"],
            (std::vector<double>{0.5, 0.5, 0, 1}));
  EXPECT_EQ(json["layers"]["layer 0"]["counters"]["sop"], 300u);
  EXPECT_TRUE(json["text"].is_string());
}

TEST(Report, TheEnginesJsonSaysNothingOfPlacement) {
  const auto json = nlohmann::json::parse(reportJson(smallRun(false)));
  for (const char *key : {"cycles", "seconds_on_chip", "hops", "bound_by",
                          "static_joules", "static_share", "utilisation"})
    EXPECT_FALSE(json.contains(key)) << key;
  EXPECT_TRUE(json.contains("spike_driven_share"));
}

TEST(Report, AnEmptyRunIsStillAReport) {
  const auto json = nlohmann::json::parse(reportJson(synfire::Run()));
  EXPECT_EQ(json["counters"]["sop"], 0u);
  EXPECT_EQ(json["spike_driven_share"], 0.0);
  EXPECT_THAT(reportText(synfire::Run()), HasSubstr("0 positions executed"));
}

TEST(Report, TextShowsTablesSharesAndTiming) {
  const std::string text = reportText(smallRun());
  EXPECT_THAT(text, HasSubstr("prompt of 2 tokens, 2 generated: 3 positions"));
  EXPECT_THAT(text, HasSubstr("digest 0123456789abcdef"));
  EXPECT_THAT(text, HasSubstr("84.2 % of all operations are spike-driven"));
  EXPECT_THAT(text, HasSubstr("requantisation multiplies"));
  EXPECT_THAT(text, HasSubstr("ANN W8A4"));
  EXPECT_THAT(text, HasSubstr("testchip, its published figures"));
  EXPECT_THAT(text, HasSubstr("static energy beside it: 2.00 mJ"));
  EXPECT_THAT(text, HasSubstr("with static  static share"));
  EXPECT_THAT(text, HasSubstr("a used core is busy for 75.0 % (75.0 % at "));
  EXPECT_THAT(text, HasSubstr("2.00 k cycles at 1.00 MHz = 2.00 ms"));
  EXPECT_THAT(text, HasSubstr("decode: 500 us a token (600 us at most)"));
  EXPECT_THAT(text, HasSubstr("compute 50.0 %, by a link 25.0 %, by the "
                              "barrier 25.0 %"));
  EXPECT_THAT(text, HasSubstr("busiest core 1: busy 75.0 %"));
  EXPECT_THAT(text, HasSubstr("could save more than 25.0 %"));
  EXPECT_THAT(text, HasSubstr("synapse_memory  50.0 %  70.0 %"));
  EXPECT_THAT(text, HasSubstr("router 0 to 1"));
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    ASSERT_NE(end, std::string::npos);
    EXPECT_FALSE(end > begin && text[end - 1] == ' ');
    begin = end + 1;
  }
}

TEST(Report, TheEnginesTextHasNoTimingAndSaysWhatIsMissing) {
  const std::string text = reportText(smallRun(false));
  EXPECT_THAT(text, Not(HasSubstr("timing")));
  EXPECT_THAT(text, HasSubstr("the engine does not place neurons"));
}

TEST(Report, LongWindowsWrapIntoSeveralStepTables) {
  synfire::Run run = smallRun();
  run.stages[0].spikesByStep.assign(20, 1);
  const std::string text = reportText(run);
  EXPECT_THAT(text, HasSubstr("t16"));
  EXPECT_THAT(text, HasSubstr("t20"));
}

} // namespace

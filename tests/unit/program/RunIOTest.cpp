//===- RunIOTest.cpp - counters reconcile and survive a round trip --------===//
#include "runtime/program/Run.h"

#include "tests/unit/program/TinyProgram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <set>

using namespace synfire;
using testing::HasSubstr;

namespace {

Run sampleRun() {
  Run run;
  run.executor = "machine";
  run.model.name = "tiny";
  run.conversion.method = "las";
  run.conversion.notes = {"one note", "another"};
  run.chip = tests::generousChip();
  run.usedCores = 2;
  run.usedChips = 1;
  for (int s = 0; s < 3; ++s) {
    run.stageNames.push_back("stage" + std::to_string(s));
    run.stageLayers.push_back(s - 1);
    run.stageRoles.push_back(StageRole::Attention);
    StageRun stage;
    for (int c = 0; c < counterCount; ++c)
      stage.counters.values[static_cast<std::size_t>(c)] =
          std::uint64_t(100) * static_cast<std::uint64_t>(s) +
          static_cast<std::uint64_t>(c);
    stage.values = 17;
    stage.scoresKeys = s == 1;
    stage.spikesByStep = {5, 4, 3};
    run.total += stage.counters;
    run.stages.push_back(stage);
  }
  run.cores.resize(2);
  run.cores[0].core = 4;
  run.cores[0].counters = run.stages[0].counters;
  run.cores[0].busyCycles = 70;
  CoreRun &core = run.cores[1];
  core.core = 9;
  core.counters = run.stages[1].counters;
  core.counters += run.stages[2].counters;
  core.busyCycles = 80;
  core.stageCycles.values = {1, 2, 3, 4, 5, 6};
  core.stallCycles.values = {7, 8, 9, 10, 11};
  core.packetsSent = 12;
  core.packetsReceived = 13;
  core.peakInputQueue = 14;
  core.stages = {1, 2};
  core.demand = {21, 22, 23, 24, 25, 26};
  run.links = {{0, 1, 44, 45, 0.5}};
  run.timing.noc = "burst";
  run.prediction.tokenCycles = 51;
  run.prediction.packets = 5.5;
  run.prediction.levelCycles = {3, 4.5};
  run.timing.cycles = 1000;
  run.timing.clockHz = 1e9;
  run.timing.tokenCycles = {10, 20};
  run.timing.busiestCore = 9;
  run.timing.stepCycles = {7, 8};
  run.timing.boundCycles = 900;
  run.timing.causeSteps.values = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  run.timing.causeCycles.values = {9, 8, 7, 6, 5, 4, 3, 2, 1};
  run.timing.stepBounds = {6, 7};
  run.timing.stepCauses = {StepCause::Setup, StepCause::Barrier};
  run.timing.stepPlaces = {9, -1};
  run.digest = 0xfedcba9876543210;
  run.membraneDigest = 3;
  run.promptTokens = {1, 2};
  run.outputTokens = {3};
  run.text = "half a character \xc3";
  return run;
}

class RunIO : public testing::Test {
protected:
  std::string path =
      testing::TempDir() + "synfire_run_io_" +
      testing::UnitTest::GetInstance()->current_test_info()->name();
  void TearDown() override { std::remove(path.c_str()); }
};

TEST_F(RunIO, roundTripKeepsEverything) {
  synfire::Run run = sampleRun();
  Status saved = saveRun(run, path);
  ASSERT_TRUE(saved.ok()) << saved.error().message();
  auto loaded = loadRun(path);
  ASSERT_TRUE(loaded.ok()) << loaded.error().message();
  EXPECT_EQ(loaded->executor, run.executor);
  EXPECT_EQ(loaded->model.name, run.model.name);
  EXPECT_EQ(loaded->conversion.method, run.conversion.method);
  EXPECT_EQ(loaded->conversion.notes, run.conversion.notes);
  EXPECT_EQ(loaded->chip.name, run.chip.name);
  EXPECT_EQ(loaded->usedCores, run.usedCores);
  EXPECT_EQ(loaded->usedChips, run.usedChips);
  EXPECT_EQ(loaded->stageNames, run.stageNames);
  EXPECT_EQ(loaded->stageLayers, run.stageLayers);
  EXPECT_EQ(loaded->stageRoles, run.stageRoles);
  EXPECT_EQ(loaded->total, run.total);
  ASSERT_EQ(loaded->stages.size(), run.stages.size());
  EXPECT_EQ(loaded->stages[1].counters, run.stages[1].counters);
  EXPECT_EQ(loaded->stages[1].spikesByStep, run.stages[1].spikesByStep);
  EXPECT_EQ(loaded->stages[1].values, run.stages[1].values);
  EXPECT_FALSE(loaded->stages[0].scoresKeys);
  EXPECT_TRUE(loaded->stages[1].scoresKeys);
  ASSERT_EQ(loaded->cores.size(), 2u);
  EXPECT_EQ(loaded->cores[1].core, 9);
  EXPECT_EQ(loaded->cores[1].busyCycles, 80u);
  EXPECT_EQ(loaded->cores[1].counters, run.cores[1].counters);
  EXPECT_EQ(loaded->cores[1].stageCycles, run.cores[1].stageCycles);
  EXPECT_EQ(loaded->cores[1].stallCycles, run.cores[1].stallCycles);
  EXPECT_EQ(loaded->cores[1].packetsSent, 12u);
  EXPECT_EQ(loaded->cores[1].packetsReceived, 13u);
  EXPECT_EQ(loaded->cores[1].peakInputQueue, 14u);
  EXPECT_EQ(loaded->cores[1].stages, run.cores[1].stages);
  EXPECT_EQ(loaded->cores[1].demand.neurons, 21);
  EXPECT_EQ(loaded->cores[1].demand.inputAxons, 22);
  EXPECT_EQ(loaded->cores[1].demand.outputAxons, 23);
  EXPECT_EQ(loaded->cores[1].demand.synapseBytes, 24);
  EXPECT_EQ(loaded->cores[1].demand.accumulators, 25);
  EXPECT_EQ(loaded->cores[1].demand.lookupBytes, 26);
  ASSERT_EQ(loaded->links.size(), 1u);
  EXPECT_EQ(loaded->links[0].peakUtilisation, 0.5);
  EXPECT_EQ(loaded->links[0].busyCycles, 45u);
  EXPECT_EQ(loaded->timing.noc, "burst");
  EXPECT_EQ(loaded->prediction.tokenCycles, 51);
  EXPECT_EQ(loaded->prediction.packets, 5.5);
  EXPECT_EQ(loaded->prediction.levelCycles, (std::vector<double>{3, 4.5}));
  EXPECT_EQ(loaded->timing.tokenCycles, run.timing.tokenCycles);
  EXPECT_EQ(loaded->timing.busiestCore, 9);
  EXPECT_EQ(loaded->timing.stepCycles, run.timing.stepCycles);
  EXPECT_EQ(loaded->timing.boundCycles, 900u);
  EXPECT_EQ(loaded->timing.causeSteps, run.timing.causeSteps);
  EXPECT_EQ(loaded->timing.causeCycles, run.timing.causeCycles);
  EXPECT_EQ(loaded->timing.stepBounds, run.timing.stepBounds);
  EXPECT_EQ(loaded->timing.stepCauses, run.timing.stepCauses);
  EXPECT_EQ(loaded->timing.stepPlaces, run.timing.stepPlaces);
  EXPECT_EQ(loaded->digest, run.digest);
  EXPECT_EQ(loaded->membraneDigest, run.membraneDigest);
  EXPECT_EQ(loaded->promptTokens, run.promptTokens);
  EXPECT_EQ(loaded->outputTokens, run.outputTokens);
  EXPECT_EQ(loaded->text, run.text);
}

TEST_F(RunIO, damageIsTold) {
  ASSERT_TRUE(saveRun(sampleRun(), path).ok());
  std::ifstream in(path, std::ios::binary);
  const std::string good{std::istreambuf_iterator<char>(in), {}};
  for (std::size_t at = 0; at < good.size(); at += at < 40 ? 1 : 29) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 4);
    std::ofstream(path, std::ios::binary) << bad;
    auto run = loadRun(path);
    ASSERT_FALSE(run.ok()) << at;
    EXPECT_THAT(run.error().message(), HasSubstr(path));
  }
}

TEST_F(RunIO, aProgramIsNoRun) {
  ASSERT_TRUE(saveProgram(tests::buildTinyProgram(), path).ok());
  auto run = loadRun(path);
  ASSERT_FALSE(run.ok());
  EXPECT_THAT(run.error().message(), HasSubstr("not a synfire run"));
  std::remove((path + ".weights").c_str());
}

TEST(RunVerify, sumsReconcile) {
  synfire::Run run = sampleRun();
  ASSERT_TRUE(verify(run).ok());
  ++run.stages[1].counters[Counter::Spike];
  EXPECT_THAT(verify(run).error().message(), HasSubstr("spikes sum to"));
  run = sampleRun();
  ++run.cores[0].counters[Counter::Mac];
  EXPECT_THAT(verify(run).error().message(), HasSubstr("over cores"));
  run = sampleRun();
  run.stageNames.pop_back();
  EXPECT_FALSE(verify(run).ok());
  run = sampleRun();
  run.cores.clear();
  EXPECT_TRUE(verify(run).ok());
}

TEST(CounterInfo, everyCounterHasItsOwnNameAUnitAndASentence) {
  std::set<std::string> names;
  for (int i = 0; i < counterCount; ++i) {
    const CounterInfo &entry = info(static_cast<Counter>(i));
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    EXPECT_NE(std::string(entry.unit), "");
    EXPECT_NE(std::string(entry.description), "");
  }
  EXPECT_STREQ(info(Counter::SopLinear).name, "sop_linear");
  EXPECT_STREQ(info(Counter::Number).name, "numbers");
  EXPECT_STREQ(info(Counter::NumberBits).name, "number_bits");
  EXPECT_STREQ(info(Counter::DigitalMac).name, "digital_macs");
  EXPECT_STREQ(info(firstMappedCounter).name, "axon_reads");
  EXPECT_STREQ(info(Counter::MaximumExchange).name, "maximum_exchanges");
}

} // namespace

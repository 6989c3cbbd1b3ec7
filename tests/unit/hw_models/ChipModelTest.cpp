//===- ChipModelTest.cpp - chips as data, and what the loader refuses -----===//
#include "hw-models/ChipModel.h"

#include "runtime/support/Files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>

using namespace synfire;
using testing::HasSubstr;

namespace {

std::string tinyText() {
  auto text = readFile(SYNFIRE_SOURCE_DIR "/hw-models/tiny.textproto");
  return text.ok() ? *text : "";
}

/// The tiny model with one piece of its text exchanged.
std::string withChange(const std::string &from, const std::string &to) {
  std::string text = tinyText();
  auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

std::string parseError(const std::string &text) {
  auto model = parseChipModel(text, "chip.textproto");
  return model.ok() ? "no error" : model.error().message();
}

TEST(ChipModel, everyBuiltinLoadsUnderItsOwnName) {
  auto names = builtinChipModels();
  EXPECT_THAT(names, testing::IsSupersetOf(
                         {"halapoint", "loihi1", "loihi1-sanafe", "loihi2",
                          "mesh45", "spinnaker2", "tiny", "truenorth"}));
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  for (const std::string &name : names) {
    auto model = loadChipModel(name);
    ASSERT_TRUE(model.ok()) << model.error().message();
    EXPECT_EQ(model->name, name);
    EXPECT_FALSE(model->description.empty());
    EXPECT_THAT(model->text, HasSubstr("name: \"" + name + "\""));
  }
}

TEST(ChipModel, loihiHasItsPublishedNumbers) {
  auto model = loadChipModel("loihi1");
  ASSERT_TRUE(model.ok()) << model.error().message();
  EXPECT_EQ(model->coresPerChip(), 128);
  EXPECT_EQ(model->core.neurons, 1024);
  EXPECT_EQ(model->core.inputAxons, 4096);
  EXPECT_EQ(model->core.synapseBytes, 128 * 1024);
  EXPECT_TRUE(model->energy.published);
  EXPECT_DOUBLE_EQ(model->energy.synapticOperation, 23.6);
  EXPECT_DOUBLE_EQ(model->energy.hopNorthSouth, 4.0);
  // One tile and 32 tiles take 113 and 465 ns to synchronise.
  auto barrier = [&](int sides) {
    return (model->noc.barrierBaseCycles +
            model->noc.barrierCyclesPerRouterDiameter * sides) *
           1e9 / model->timing.clockHz;
  };
  EXPECT_NEAR(barrier(2), 113, 4);
  EXPECT_NEAR(barrier(12), 465, 4);
}

TEST(ChipModel, loihi2SystemIsHalaPoint) {
  auto model = loadChipModel("loihi2");
  ASSERT_TRUE(model.ok()) << model.error().message();
  EXPECT_EQ(model->mesh.maxChipsX * model->mesh.maxChipsY, 1152);
  EXPECT_FALSE(model->energy.published);
}

TEST(ChipModel, otherMachinesHaveTheirNumbers) {
  auto hala = loadChipModel("halapoint");
  ASSERT_TRUE(hala.ok()) << hala.error().message();
  EXPECT_NEAR(hala->energy.staticWattsPerChip * hala->mesh.maxChipsX *
                  hala->mesh.maxChipsY,
              2600, 1);
  auto trueNorth = loadChipModel("truenorth");
  ASSERT_TRUE(trueNorth.ok()) << trueNorth.error().message();
  EXPECT_EQ(trueNorth->coresPerChip(), 4096);
  EXPECT_EQ(trueNorth->core.synapseBytes * 8, trueNorth->core.neurons *
                                                  trueNorth->core.inputAxons *
                                                  trueNorth->core.weightBits);
  EXPECT_FALSE(trueNorth->core.writesSynapses);
  auto spinnaker = loadChipModel("spinnaker2");
  ASSERT_TRUE(spinnaker.ok()) << spinnaker.error().message();
  EXPECT_EQ(spinnaker->coresPerChip(), 152);
  EXPECT_EQ(spinnaker->noc.multicast, Multicast::Tree);
}

TEST(ChipModel, sanafesLoihiHasItsTimes) {
  auto model = loadChipModel("loihi1-sanafe");
  ASSERT_TRUE(model.ok()) << model.error().message();
  auto ns = [&](int cycles) { return cycles * 1e9 / model->timing.clockHz; };
  EXPECT_DOUBLE_EQ(ns(model->timing.accumulateCycles), 3.8);
  EXPECT_DOUBLE_EQ(ns(model->timing.axonLookupCycles), 16);
  EXPECT_DOUBLE_EQ(ns(model->timing.neuronUpdateCycles), 6);
  EXPECT_DOUBLE_EQ(ns(model->timing.neuronSpikeCycles), 3.7 + 30);
  const RouterTiming &router = model->noc.router;
  EXPECT_DOUBLE_EQ(ns(router.pipelineCycles() + router.linkCyclesEastWest),
                   4.1);
  EXPECT_DOUBLE_EQ(ns(router.pipelineCycles() + router.linkCyclesNorthSouth),
                   6.5);
  auto barrier = [&](int sides) {
    return ns(model->noc.barrierBaseCycles +
              model->noc.barrierCyclesPerRouterDiameter * sides);
  };
  EXPECT_DOUBLE_EQ(barrier(2), 600);
  EXPECT_DOUBLE_EQ(barrier(12), 1800);
}

TEST(ChipModel, everyNumberOfABuiltinCarriesASource) {
  // A line with a number, its comment, or a comment line of the same block.
  const std::regex tag(R"(\[(D|S|M|X|assumption)\]|by the choice of)");
  for (const std::string &name : builtinChipModels()) {
    std::ifstream file(SYNFIRE_SOURCE_DIR "/hw-models/" + name + ".textproto");
    std::string line, comment;
    while (std::getline(file, line)) {
      bool isComment = line.find_first_not_of(' ') != std::string::npos &&
                       line[line.find_first_not_of(' ')] == '#';
      if (isComment) {
        comment += line;
      } else if (line.empty()) {
        comment.clear();
      } else if (std::regex_search(line, std::regex(R"(: *[1-9])"))) {
        // Zero energies of unpublished chips state the absence of a number.
        EXPECT_TRUE(std::regex_search(line + comment, tag))
            << name << ": " << line;
      }
    }
  }
}

TEST(ChipModel, modelsAreFoundByEnvironmentAndByPath) {
  namespace fs = std::filesystem;
  fs::path folder = fs::path(testing::TempDir()) / "synfire_chip_models";
  fs::create_directories(folder);
  std::ofstream(folder / "mine.textproto")
      << withChange("name: \"tiny\"", "name: \"mine\"");
  EXPECT_FALSE(loadChipModel("mine").ok());
  ASSERT_EQ(setenv("SYNFIRE_HW_MODELS", folder.c_str(), 1), 0);
  auto byName = loadChipModel("mine");
  EXPECT_THAT(builtinChipModels(), testing::Contains("mine"));
  unsetenv("SYNFIRE_HW_MODELS");
  auto byPath = loadChipModel((folder / "mine.textproto").string());
  ASSERT_TRUE(byName.ok()) << byName.error().message();
  ASSERT_TRUE(byPath.ok()) << byPath.error().message();
  EXPECT_EQ(byName->name, "mine");
  EXPECT_EQ(byPath->text, byName->text);
  fs::remove_all(folder);
}

TEST(ChipModel, unknownNameListsTheKnownOnes) {
  auto model = loadChipModel("loihi3");
  ASSERT_FALSE(model.ok());
  EXPECT_THAT(model.error().message(), HasSubstr("'loihi3'"));
  EXPECT_THAT(model.error().message(),
              HasSubstr("loihi1, loihi1-sanafe, loihi2, mesh45"));
  EXPECT_FALSE(loadChipModel("").ok());
  EXPECT_FALSE(loadChipModel("/nowhere/x.textproto").ok());
}

TEST(ChipModel, unknownFieldIsNamedWithItsPlaceAndNothingIsPrinted) {
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  std::string error = parseError(withChange("neurons: 40", "neurones: 40"));
  std::string printed = testing::internal::GetCapturedStderr() +
                        testing::internal::GetCapturedStdout();
  EXPECT_THAT(error, HasSubstr("chip.textproto: line "));
  EXPECT_THAT(error, HasSubstr("neurones"));
  EXPECT_EQ(printed, "");
}

TEST(ChipModel, brokenTextIsAnErrorWithItsPlace) {
  EXPECT_THAT(parseError(withChange("core {", "core (")), HasSubstr("line "));
  EXPECT_THAT(parseError(withChange("neurons: 40", "neurons: forty")),
              HasSubstr("line "));
  EXPECT_THAT(
      parseError(withChange("neurons: 40", "neurons: 99999999999999999999")),
      HasSubstr("line "));
}

TEST(ChipModel, valuesThatTheSchemaDoesNotMeanAreNamed) {
  EXPECT_THAT(parseError(withChange("multicast: UNICAST", "multicast: 3")),
              HasSubstr("noc.multicast is 3, which is no Multicast"));
  EXPECT_THAT(parseError(withChange("multicast: UNICAST", "multicast: -1")),
              HasSubstr("noc.multicast is -1, which is no Multicast"));
  EXPECT_THAT(
      parseError(tinyText() +
                 "faults { dead_link { router_x: 0 router_y: 0 side: EAST }\n"
                 "dead_link { router_x: 0 router_y: 0 side: 9 } }"),
      HasSubstr("faults.dead_link[1].side is 9, which is no Side"));
  EXPECT_EQ(parseError(withChange("multicast: UNICAST", "multicast: 1")),
            "no error");
}

TEST(ChipModel, textsThatWouldNotPrintAreRefused) {
  const std::string name = "name: \"tiny\"";
  const std::pair<const char *, const char *> cases[] = {
      {"name: \"ti\\nny\"", "name has the control character U+000A"},
      {"name: \"\\033[2Jtiny\"", "name has the control character U+001B"},
      {"name: \"tiny\\177\"", "name has the control character U+007F"},
      {"name: \"\\302\\233tiny\"", "name has the control character U+009B"},
      {"name: \"\\377tiny\"", "name is not UTF-8"},
      {"name: \"tiny\\303\"", "name is not UTF-8"},
      {"name: \"\"", "name is empty"},
      {"name: \"\\303\\251\"", "no error"}};
  for (const auto &[text, message] : cases)
    EXPECT_THAT(parseError(withChange(name, text)), HasSubstr(message));
  EXPECT_THAT(parseError(withChange("description: \"", "description: \"a\\n")),
              HasSubstr("description has the control character U+000A"));
  std::string text = tinyText();
  const auto begin = text.find("description: \"") + 14;
  text.erase(begin, text.find('"', begin) - begin);
  EXPECT_THAT(parseError(text), HasSubstr("description is empty"));
}

TEST(ChipModel, everyMissingFieldIsNamed) {
  const std::regex field(R"(^ *([a-z_0-9]+): )");
  std::istringstream lines(tinyText());
  int fields = 0;
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (!std::regex_search(line, match, field))
      continue;
    ++fields;
    std::string error = parseError(withChange(line + "\n", ""));
    EXPECT_THAT(error, HasSubstr(match[1].str() + " is missing"));
  }
  EXPECT_GT(fields, 35);
  EXPECT_THAT(parseError(""), HasSubstr("field name is missing"));
}

TEST(ChipModel, faultsAreReadAndChecked) {
  auto withFaults = [](const std::string &faults) {
    return tinyText() + "\nfaults {" + faults + "}\n";
  };
  auto model = parseChipModel(
      withFaults("dead_core { router_x: 31 router_y: 0 slot: 0 } "
                 "dead_link { router_x: 30 router_y: 31 side: EAST } "
                 "dead_link { router_x: 31 router_y: 30 side: SOUTH } "
                 "disabled_chip { chip_x: 7 chip_y: 0 }"),
      "chip.textproto");
  ASSERT_TRUE(model.ok()) << model.error().message();
  ASSERT_EQ(model->faults.deadLinks.size(), 2u);
  EXPECT_FALSE(model->faults.deadLinks[0].south);
  EXPECT_TRUE(model->faults.deadLinks[1].south);
  EXPECT_EQ(model->faults.deadCores.front().routerX, 31);
  EXPECT_EQ(model->faults.disabledChips.front().x, 7);
  EXPECT_TRUE(parseChipModel(withFaults(""), "")->faults.empty());

  const std::pair<const char *, const char *> broken[] = {
      {"dead_core { router_x: 32 router_y: 0 slot: 0 }",
       "faults.dead_core.router_x is 32, but must be from 0 to 31"},
      {"dead_core { router_x: 0 router_y: -1 slot: 0 }",
       "faults.dead_core.router_y is -1"},
      {"dead_core { router_x: 0 router_y: 0 slot: 1 }",
       "faults.dead_core.slot is 1"},
      {"dead_core { router_x: 0 router_y: 0 }",
       "field faults.dead_core.slot is missing"},
      {"dead_link { router_x: 31 router_y: 0 side: EAST }",
       "faults.dead_link.router_x is 31"},
      {"dead_link { router_x: 0 router_y: 31 side: SOUTH }",
       "faults.dead_link.router_y is 31"},
      {"dead_link { router_x: 0 router_y: 0 }",
       "field faults.dead_link.side is missing"},
      {"dead_link { router_x: 0 router_y: 0 side: SIDE_UNKNOWN }",
       "faults.dead_link.side"},
      {"dead_link { router_x: 0 router_y: 0 side: NORTH }", "NORTH"},
      {"disabled_chip { chip_x: 8 chip_y: 0 }",
       "faults.disabled_chip.chip_x is 8"},
      {"disabled_chip { chip_y: 0 }",
       "field faults.disabled_chip.chip_x is missing"},
      {"disabled_chips { chip_x: 0 chip_y: 0 }", "disabled_chips"}};
  for (const auto &[faults, message] : broken)
    EXPECT_THAT(parseError(withFaults(faults)), HasSubstr(message));
}

TEST(ChipModel, impossibleAndContradictoryNumbersAreNamed) {
  const std::pair<const char *, const char *> changes[] = {
      {"neurons: 40", "neurons: 0"},
      {"input_axons: 512", "input_axons: -1"},
      {"chip_width: 4", "chip_width: 0"},
      {"chip_height: 4", "chip_height: 1000000000"},
      {"neuron_lanes: 1", "neuron_lanes: 0"},
      {"accumulate_lanes: 4", "accumulate_lanes: 0"},
      {"flits_per_packet: 1", "flits_per_packet: 0"},
      {"chip_hop_cycles: 10", "chip_hop_cycles: -2"},
      {"clock_hz: 1e8", "clock_hz: 0"},
      {"clock_hz: 1e8", "clock_hz: nan"},
      {"clock_hz: 1e8", "clock_hz: 999"},
      {"clock_hz: 1e8", "clock_hz: 2e12"},
      {"static_watts_per_chip: 0.01", "static_watts_per_chip: -1"},
      {"static_watts_per_chip: 0.01", "static_watts_per_chip: inf"},
      {"static_watts_per_chip: 0.01", "static_watts_per_chip: 1e7"},
      {"accumulators: 2048", "accumulators: 39"},
      {"synaptic_operation_pj: 0", "synaptic_operation_pj: 5"},
      {"published: false", "published: true"},
      {"weight_bits: 16", "weight_bits: 0"},
      {"weight_bits: 16", "weight_bits: 33"},
  };
  for (const auto &[from, to] : changes) {
    std::string name = std::string(from).substr(0, std::string(from).find(':'));
    EXPECT_THAT(parseError(withChange(from, to)), HasSubstr(name)) << to;
  }
}

TEST(ChipModel, packetsThatKeepALinkTooLongAreRefused) {
  const auto changed =
      [](const std::vector<std::pair<std::string, std::string>> &changes) {
        std::string text = tinyText();
        for (const auto &[from, to] : changes)
          text.replace(text.find(from), from.size(), to);
        return text;
      };
  // A round trip of 0 + 1 + 1 + 1 + 2 x (1 + 10) + 1 + 4 + 4 cycles.
  EXPECT_TRUE(
      parseChipModel(
          changed({{"flits_per_packet: 1", "flits_per_packet: 30840"}}), "test")
          .ok());
  const std::string error =
      parseError(changed({{"flits_per_packet: 1", "flits_per_packet: 30841"}}));
  for (const char *part :
       {"noc: a packet may keep a link busy for 1048594 core cycles", "1048576",
        "flits_per_packet 30841 x the 34 cycles", "period_cycles 1",
        "chip_hop_cycles", "chip_link_cycles_per_flit"})
    EXPECT_THAT(error, HasSubstr(part));
  // Each alone is in range; their product does not fit 64 bits.
  EXPECT_THAT(
      parseError(changed(
          {{"flits_per_packet: 1", "flits_per_packet: 65536"},
           {"chip_link_cycles_per_flit: 4", "chip_link_cycles_per_flit: 65536"},
           {"period_cycles: 1", "period_cycles: 1048576"}})),
      HasSubstr("no more than 1048576"));
  EXPECT_THAT(
      parseError(changed({{"chip_hop_cycles: 10", "chip_hop_cycles: 600000"}})),
      HasSubstr("no more than 1048576"));
}

TEST(ChipModel, energiesThatAddUpToInfinityAreRefused) {
  for (const char *field : {"synaptic_operation_pj", "hop_east_west_pj",
                            "message_received_pj", "neuron_update_pj"})
    for (const char *value : {"1e308", "1.1e9", "nan", "-1"})
      EXPECT_THAT(parseError(withChange(std::string(field) + ": 0",
                                        std::string(field) + ": " + value)),
                  HasSubstr("must be a number from 0 to 1000000000"))
          << field << value;
}

TEST(ChipModel, aSystemTooLargeToNumberIsRefused) {
  std::string text = withChange("chip_width: 4", "chip_width: 4096");
  for (const char *side :
       {"chip_height: 4", "max_chips_x: 8", "max_chips_y: 8"}) {
    std::string name = std::string(side).substr(0, std::string(side).find(':'));
    text.replace(text.find(side), std::string(side).size(), name + ": 4096");
  }
  EXPECT_THAT(parseError(text), HasSubstr("exceeds"));
}

} // namespace

//===- ProgramIOTest.cpp - what is saved is loaded, damage is told --------===//
#include "tests/unit/program/TinyPrefix.h"
#include "tests/unit/program/TinyProgram.h"
#include "tests/unit/program/TinyStreamed.h"

#include "runtime/program/Frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace synfire;
using namespace synfire::tests;
using testing::HasSubstr;
namespace fs = std::filesystem;

namespace {

class ProgramIO : public testing::Test {
protected:
  void SetUp() override {
    folder = fs::path(testing::TempDir()) /
             (std::string("synfire_program_io_") +
              testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder);
    fs::create_directories(folder);
    path = (folder / "model.sfp").string();
    weights = path + ".weights";
  }
  void TearDown() override { fs::remove_all(folder); }

  void save(const TinyOptions &options = {}) {
    Status status = saveProgram(buildTinyProgram(options), path);
    ASSERT_TRUE(status.ok()) << status.error().message();
  }

  static std::string bytesOf(const std::string &file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void write(const std::string &file, const std::string &bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
  }
  std::string loadError() const {
    auto program = loadProgram(path);
    return program.ok() ? "no error" : program.error().message();
  }

  fs::path folder;
  std::string path, weights;
};

void expectSame(const Stage &a, const Stage &b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.layer, b.layer);
  EXPECT_EQ(a.role, b.role);
  EXPECT_EQ(a.groups, b.groups);
  EXPECT_EQ(a.groupWidth, b.groupWidth);
  EXPECT_EQ(a.perKey, b.perKey);
  EXPECT_EQ(a.bias, b.bias);
  EXPECT_EQ(a.subtractGroupMaximum, b.subtractGroupMaximum);
  EXPECT_EQ(a.fire, b.fire);
  EXPECT_EQ(a.unit, b.unit);
  EXPECT_EQ(a.codeLimit, b.codeLimit);
  EXPECT_EQ(a.codeScale, b.codeScale);
  EXPECT_EQ(a.membraneScale, b.membraneScale);
  EXPECT_EQ(a.digital, b.digital);
  EXPECT_EQ(a.averagedInput, b.averagedInput);
  EXPECT_EQ(a.accumulatedOutput, b.accumulatedOutput);
  ASSERT_EQ(a.dendrites.size(), b.dendrites.size());
  for (std::size_t i = 0; i < a.dendrites.size(); ++i) {
    const Dendrite &x = a.dendrites[i], &y = b.dendrites[i];
    EXPECT_EQ(x.kind, y.kind);
    EXPECT_EQ(x.driver, y.driver);
    EXPECT_EQ(x.stored, y.stored);
    EXPECT_EQ(x.form, y.form);
    EXPECT_EQ(x.weights, y.weights);
    EXPECT_EQ(x.headWidth, y.headWidth);
    EXPECT_EQ(x.queryPerKey, y.queryPerKey);
    EXPECT_EQ(x.multiplier, y.multiplier);
    EXPECT_EQ(x.shift, y.shift);
    EXPECT_EQ(x.accumulatorBits, y.accumulatorBits);
    EXPECT_EQ(x.storedBits, y.storedBits);
    EXPECT_EQ(x.everyFrame, y.everyFrame);
    EXPECT_EQ(x.prefixCodes, y.prefixCodes);
  }
}

TEST_F(ProgramIO, roundTripKeepsEverything) {
  TinyOptions options;
  options.layers = 2;
  options.intermediate = 24;
  options.tileNeurons = 5;
  options.banks = true;
  Program made = buildTinyProgram(options);
  made.model.name = "odd \xff name"; // not UTF-8
  made.model.source = "somewhere";
  made.stages[5].bias = {-7};
  made.stages[5].codeScale = 0.1;
  made.conversion.calibration = "text, 100 tokens";
  made.neurons[0].offset = 3;
  made.neurons[0].clamp = 123456;
  made.mapping.prediction.tokenCycles = 12.5;
  made.mapping.prediction.levelCycles = {4, 8.5};
  // The logits' inputs in two parts.
  std::vector<Tile> tiles;
  for (Tile tile : made.mapping.tiles) {
    if (tile.stage + 1 == static_cast<int>(made.stages.size()))
      tile.inputParts = 2;
    for (; tile.inputPart < tile.inputParts; ++tile.inputPart)
      tiles.push_back(tile);
  }
  made.mapping.tiles = tiles;
  ASSERT_TRUE(saveProgram(made, path).ok());
  auto loaded = loadProgram(path);
  ASSERT_TRUE(loaded.ok()) << loaded.error().message();

  EXPECT_EQ(loaded->model.name, made.model.name);
  EXPECT_EQ(loaded->model.source, made.model.source);
  EXPECT_EQ(loaded->model.vocabulary, made.model.vocabulary);
  EXPECT_EQ(loaded->model.intermediate, made.model.intermediate);
  EXPECT_EQ(loaded->model.headWidth, made.model.headWidth);
  EXPECT_EQ(loaded->model.eosTokens, made.model.eosTokens);
  EXPECT_EQ(loaded->model.bosToken, made.model.bosToken);
  EXPECT_EQ(loaded->model.tokenizerJson, made.model.tokenizerJson);
  EXPECT_EQ(loaded->conversion.saa, made.conversion.saa);
  EXPECT_EQ(loaded->conversion.calibration, made.conversion.calibration);
  EXPECT_EQ(loaded->conversion.outlierAware, made.conversion.outlierAware);

  ASSERT_EQ(loaded->neurons.size(), made.neurons.size());
  for (std::size_t i = 0; i < made.neurons.size(); ++i) {
    const NeuronConfig &a = loaded->neurons[i], &b = made.neurons[i];
    EXPECT_EQ(a.steps, b.steps);
    EXPECT_EQ(a.sign, b.sign);
    EXPECT_EQ(a.offset, b.offset);
    EXPECT_EQ(a.clamp, b.clamp);
    EXPECT_EQ(a.guardBits, b.guardBits);
    ASSERT_EQ(a.banks.size(), b.banks.size());
    for (std::size_t k = 0; k < b.banks.size(); ++k) {
      EXPECT_EQ(a.banks[k].low, b.banks[k].low);
      EXPECT_EQ(a.banks[k].high, b.banks[k].high);
      EXPECT_EQ(a.banks[k].table.threshold, b.banks[k].table.threshold);
      EXPECT_EQ(a.banks[k].table.decrement, b.banks[k].table.decrement);
      EXPECT_EQ(a.banks[k].table.payload, b.banks[k].table.payload);
    }
  }
  ASSERT_EQ(loaded->lookupTables.size(), made.lookupTables.size());
  for (std::size_t i = 0; i < made.lookupTables.size(); ++i) {
    EXPECT_EQ(loaded->lookupTables[i].function, made.lookupTables[i].function);
    EXPECT_EQ(loaded->lookupTables[i].limit, made.lookupTables[i].limit);
    EXPECT_EQ(loaded->lookupTables[i].base, made.lookupTables[i].base);
    EXPECT_EQ(loaded->lookupTables[i].shift, made.lookupTables[i].shift);
    EXPECT_EQ(loaded->lookupTables[i].entries, made.lookupTables[i].entries);
  }
  ASSERT_EQ(loaded->stages.size(), made.stages.size());
  for (std::size_t s = 0; s < made.stages.size(); ++s)
    expectSame(loaded->stages[s], made.stages[s]);

  EXPECT_EQ(loaded->mapping.chip.text, made.mapping.chip.text);
  EXPECT_EQ(loaded->mapping.chip.core.synapseBytes,
            made.mapping.chip.core.synapseBytes);
  EXPECT_EQ(loaded->mapping.chip.noc.barrierBaseCycles,
            made.mapping.chip.noc.barrierBaseCycles);
  EXPECT_EQ(loaded->mapping.chip.energy.hopNorthSouth,
            made.mapping.chip.energy.hopNorthSouth);
  EXPECT_EQ(loaded->mapping.chip.timing.outputAxonCycles,
            made.mapping.chip.timing.outputAxonCycles);
  EXPECT_EQ(loaded->mapping.chipsX, made.mapping.chipsX);
  EXPECT_EQ(loaded->mapping.chipsY, made.mapping.chipsY);
  EXPECT_EQ(loaded->mapping.placement, made.mapping.placement);
  EXPECT_EQ(loaded->mapping.schedule.fireLevel,
            made.mapping.schedule.fireLevel);
  EXPECT_EQ(loaded->mapping.schedule.levelSteps,
            made.mapping.schedule.levelSteps);
  EXPECT_EQ(loaded->mapping.schedule.slots, made.mapping.schedule.slots);
  ASSERT_EQ(loaded->mapping.tiles.size(), made.mapping.tiles.size());
  for (std::size_t i = 0; i < made.mapping.tiles.size(); ++i) {
    const Tile &a = loaded->mapping.tiles[i], &b = made.mapping.tiles[i];
    EXPECT_EQ(std::tie(a.stage, a.core, a.groupBegin, a.groupEnd, a.columnBegin,
                       a.columnEnd, a.inputPart, a.inputParts),
              std::tie(b.stage, b.core, b.groupBegin, b.groupEnd, b.columnBegin,
                       b.columnEnd, b.inputPart, b.inputParts));
  }
  EXPECT_EQ(loaded->mapping.prediction.tokenCycles,
            made.mapping.prediction.tokenCycles);
  EXPECT_EQ(loaded->mapping.prediction.levelCycles,
            made.mapping.prediction.levelCycles);
  ASSERT_EQ(loaded->weights.size(), made.weights.size());
  EXPECT_EQ(std::memcmp(loaded->weights.file->data(),
                        made.weights.memory->data(), made.weights.size()),
            0);
  ASSERT_EQ(loaded->weights.blocks.size(), made.weights.blocks.size());
  for (std::size_t i = 0; i < made.weights.blocks.size(); ++i)
    EXPECT_EQ(loaded->weights.blocks[i].offset, made.weights.blocks[i].offset);
}

TEST_F(ProgramIO, roundTripKeepsWhatStreamedProgramsHave) {
  StreamedOptions options;
  options.compensated = true;
  options.rehearsal = Rehearsal::Average;
  Program made = tinyStreamedProgram(3, options);
  made.conversion.notes = {"the ANN was not retrained", "", "odd \xff note"};
  made.conversion.activationBits = 5;
  addPrefix(made, 2);
  made.conversion.prefixTokens = {7, 1};
  made.neurons[0].rehearsalSteps = 2;
  made.neurons[0].rehearsalMargin = 12345678901;
  ASSERT_NE(made.neurons[0].banks[0].table.rest, 0);
  // Not of one unit with a rest payload, and fired by no stage.
  NeuronConfig traced = made.neurons[0];
  traced.rehearsal = Rehearsal::Off;
  traced.banks[0].table.rest = 0;
  traced.negative = NegativeRule::FromTracer;
  traced.tracerOn = true;
  traced.tracerMinimum = -3;
  traced.tracerMaximum = 9;
  made.neurons.push_back(traced);
  Status saved = saveProgram(made, path);
  ASSERT_TRUE(saved.ok()) << saved.error().message();
  auto loaded = loadProgram(path);
  ASSERT_TRUE(loaded.ok()) << loaded.error().message();

  EXPECT_EQ(loaded->frames, 3);
  EXPECT_EQ(loaded->prefix, 2);
  EXPECT_EQ(loaded->conversion.prefixTokens, made.conversion.prefixTokens);
  EXPECT_EQ(loaded->conversion.notes, made.conversion.notes);
  EXPECT_EQ(loaded->conversion.activationBits, 5);
  ASSERT_EQ(loaded->neurons.size(), made.neurons.size());
  for (std::size_t i = 0; i < made.neurons.size(); ++i) {
    const NeuronConfig &a = loaded->neurons[i], &b = made.neurons[i];
    EXPECT_EQ(a.input, b.input);
    EXPECT_EQ(a.bias, b.bias);
    EXPECT_EQ(a.negative, b.negative);
    EXPECT_EQ(a.tracerOn, b.tracerOn);
    EXPECT_EQ(a.tracerMinimum, b.tracerMinimum);
    EXPECT_EQ(a.tracerMaximum, b.tracerMaximum);
    EXPECT_EQ(a.rehearsal, b.rehearsal);
    EXPECT_EQ(a.rehearsalSteps, b.rehearsalSteps);
    EXPECT_EQ(a.rehearsalMargin, b.rehearsalMargin);
    EXPECT_EQ(a.banks[0].table.rest, b.banks[0].table.rest);
  }
  ASSERT_EQ(loaded->stages.size(), made.stages.size());
  for (std::size_t s = 0; s < made.stages.size(); ++s)
    expectSame(loaded->stages[s], made.stages[s]);
}

TEST_F(ProgramIO, savingTwiceGivesTheSameBytes) {
  save();
  std::string structure = bytesOf(path), data = bytesOf(weights);
  auto loaded = loadProgram(path);
  ASSERT_TRUE(loaded.ok());
  // Over the very files that it is mapped from.
  ASSERT_TRUE(saveProgram(*loaded, path).ok());
  EXPECT_EQ(bytesOf(path), structure);
  EXPECT_EQ(bytesOf(weights), data);
}

TEST_F(ProgramIO, aFlippedByteOfTheStructureIsAlwaysTold) {
  save();
  const std::string good = bytesOf(path);
  for (std::size_t at = 0; at < good.size();
       at += at < 40 ? 1 : 1 + good.size() / 80) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ (1 << at % 8));
    write(path, bad);
    EXPECT_THAT(loadError(), HasSubstr(path + ": ")) << "byte " << at;
  }
}

TEST_F(ProgramIO, aFlippedByteOfTheWeightsNamesTheBlock) {
  save();
  const std::string good = bytesOf(weights);
  for (std::size_t at = 0; at < good.size(); at += 1 + good.size() / 80) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x10);
    write(weights, bad);
    EXPECT_THAT(loadError(), HasSubstr(weights + ": damaged")) << at;
  }
  std::string bad = good;
  Program program = buildTinyProgram();
  bad[program.weights.blocks[1].offset + 3] ^= 1;
  write(weights, bad);
  EXPECT_THAT(loadError(),
              HasSubstr("weight block 1 of stage layers.0.attn.q_proj"));
}

TEST_F(ProgramIO, truncationIsTold) {
  save();
  const std::string structure = bytesOf(path), data = bytesOf(weights);
  for (std::size_t size : {std::size_t(8), std::size_t(31), std::size_t(32),
                           structure.size() / 2, structure.size() - 1}) {
    write(path, structure.substr(0, size));
    EXPECT_THAT(loadError(), HasSubstr("truncated")) << size;
  }
  write(path, structure + "x");
  EXPECT_THAT(loadError(), HasSubstr("too long"));
  write(path, structure);
  write(weights, data.substr(0, data.size() - 1));
  EXPECT_THAT(loadError(), HasSubstr(weights + ": truncated"));
  write(weights, data + "x");
  EXPECT_THAT(loadError(), HasSubstr(weights + ": too long"));
}

TEST_F(ProgramIO, anotherVersionIsToldByNumber) {
  save();
  std::string bytes = bytesOf(path);
  bytes[8] = 9;
  write(path, bytes);
  EXPECT_THAT(loadError(), HasSubstr("program format version 9, but this "
                                     "synfire reads version 3"));
}

TEST_F(ProgramIO, otherFilesAreNoPrograms) {
  write(path, "");
  EXPECT_FALSE(loadProgram(path).ok());
  write(path, "{\"model\": 1}, and some more text to make it long enough");
  EXPECT_THAT(loadError(), HasSubstr("not a synfire program"));
  fs::remove(path);
  EXPECT_THAT(loadError(), HasSubstr(path));
  save();
  fs::remove(weights);
  EXPECT_THAT(loadError(), HasSubstr(weights));
}

TEST_F(ProgramIO, weightsOfAnotherProgramAreTold) {
  save();
  std::string other = bytesOf(weights);
  TinyOptions options;
  options.seed = 2;
  save(options);
  write(weights, other);
  EXPECT_THAT(loadError(), HasSubstr("belongs to another program"));
}

TEST_F(ProgramIO, nothingInvalidIsSavedAndNothingIsLeftBehind) {
  Program program = buildTinyProgram();
  program.stages[4].codeLimit = 1;
  EXPECT_FALSE(saveProgram(program, path).ok());
  program = buildTinyProgram();
  program.mapping.chip.text.clear();
  EXPECT_FALSE(saveProgram(program, path).ok());
  EXPECT_TRUE(fs::is_empty(folder));
  EXPECT_FALSE(
      saveProgram(buildTinyProgram(), (folder / "no" / "such").string()).ok());
}

TEST_F(ProgramIO, blocksAreAlignedForVectorLoads) {
  save();
  auto program = loadProgram(path);
  ASSERT_TRUE(program.ok());
  for (std::size_t b = 0; b < program->weights.blocks.size(); ++b)
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(
                  program->weights.data(static_cast<int>(b))) %
                  64,
              0u);
}

} // namespace

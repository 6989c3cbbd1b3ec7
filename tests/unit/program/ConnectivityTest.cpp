//===- ConnectivityTest.cpp - inputs and demands against the definition ---===//
#include "runtime/program/Demand.h"
#include "tests/unit/program/TinyProgram.h"
#include "tests/unit/program/TinyStreamed.h"

#include <gtest/gtest.h>

#include <set>

using namespace synfire;
using namespace synfire::tests;

namespace {

using Neurons = std::set<std::int64_t>;

std::int64_t widthOf(const Program &program, int stage) {
  return program.stages[static_cast<std::size_t>(stage)].width();
}

/// P3 read backwards, neuron by neuron: whom does neuron i of the stage read?
void addInputs(const Program &program, const Stage &stage, const Dendrite &d,
               std::int64_t i, Neurons &driver, Neurons &stored) {
  const std::int64_t head = d.headWidth;
  auto addRange = [](Neurons &set, std::int64_t first, std::int64_t count) {
    for (std::int64_t k = 0; k < count; ++k)
      set.insert(first + k);
  };
  switch (d.kind) {
  case DendriteKind::Embed:
    return;
  case DendriteKind::Static:
    return addRange(driver, 0, widthOf(program, d.driver));
  case DendriteKind::Identity:
    return addRange(driver, i, 1);
  case DendriteKind::Sum: {
    int width = program.stages[static_cast<std::size_t>(d.driver)].groupWidth;
    return addRange(driver, i * width, width);
  }
  case DendriteKind::Rotary:
    driver.insert(i);
    driver.insert(i % head < head / 2 ? i + head / 2 : i - head / 2);
    return;
  case DendriteKind::Hadamard:
    return addRange(driver, i - i % head, head);
  case DendriteKind::Product:
    driver.insert(i / (stage.width() / widthOf(program, d.driver)));
    stored.insert(i / (stage.width() / widthOf(program, d.stored)));
    return;
  case DendriteKind::Scores: {
    std::int64_t h = i / stage.groupWidth;
    addRange(driver, h * head, head);
    return addRange(stored, h / d.queryPerKey * head, head);
  }
  case DendriteKind::Mix: {
    std::int64_t h = i / head;
    int context = program.stages[static_cast<std::size_t>(d.driver)].groupWidth;
    addRange(driver, h * context, context);
    stored.insert(h / d.queryPerKey * head + i % head);
    return;
  }
  }
}

Neurons neuronsOf(const Stage &stage, const NeuronBlock &block) {
  Neurons set;
  for (int g = block.groupBegin; g < block.groupEnd; ++g)
    for (int c = block.columnBegin; c < block.columnEnd; ++c)
      set.insert(std::int64_t(g) * stage.groupWidth + c);
  return set;
}

void checkInputs(const Program &program, bool exact) {
  for (const Tile &tile : program.mapping.tiles) {
    const Stage &stage = program.stages[static_cast<std::size_t>(tile.stage)];
    for (const Dendrite &d : stage.dendrites) {
      Neurons wanted[2];
      for (std::int64_t i :
           neuronsOf(stage, {tile.groupBegin, tile.groupEnd, tile.columnBegin,
                             tile.columnEnd}))
        addInputs(program, stage, d, i, wanted[0], wanted[1]);
      for (Operand operand : {Operand::Driver, Operand::Stored}) {
        int source = operand == Operand::Driver ? d.driver : d.stored;
        NeuronBlock block = requiredInputs(program, tile, d, operand);
        const Neurons &needed = wanted[static_cast<int>(operand)];
        if (source < 0) {
          EXPECT_TRUE(block.empty());
          continue;
        }
        Neurons given =
            neuronsOf(program.stages[static_cast<std::size_t>(source)], block);
        EXPECT_EQ(static_cast<std::int64_t>(given.size()), block.size());
        EXPECT_TRUE(std::includes(given.begin(), given.end(), needed.begin(),
                                  needed.end()))
            << stage.name;
        if (exact) {
          EXPECT_EQ(given, needed) << stage.name;
        }
      }
    }
  }
}

TEST(Connectivity, inputsOfWholeStages) {
  checkInputs(buildTinyProgram(), true);
  checkInputs(tinyStreamedProgram(4), true);
}

TEST(Connectivity, inputsOfWholeHeads) {
  TinyOptions options;
  options.tileNeurons = 8;
  options.heads = 2;
  options.intermediate = 24;
  checkInputs(buildTinyProgram(options), true);
  options.hadamard = true;
  checkInputs(buildTinyProgram(options), true);
}

TEST(Connectivity, inputsOfOddTilesAreNeverTooFew) {
  for (int tileNeurons : {1, 3, 5, 7, 20}) {
    TinyOptions options;
    options.width = 32;
    options.heads = 4;
    options.keyValueHeads = 2;
    options.intermediate = 24;
    options.hadamard = true;
    options.tileNeurons = tileNeurons;
    checkInputs(buildTinyProgram(options), false);
    StreamedOptions streamed;
    streamed.width = 32;
    streamed.heads = 4;
    streamed.keyValueHeads = 2;
    streamed.intermediate = 24;
    streamed.tileNeurons = tileNeurons;
    checkInputs(tinyStreamedProgram(3, streamed), false);
  }
}

/// P12 read backwards: what the sum of (h, j) takes from the token at p.
TEST(Connectivity, bothOperandsOfTheOwnKeyMeetWhereItsColumnIs) {
  StreamedOptions options;
  options.tileNeurons = 5;
  const Program program = tinyStreamedProgram(3, options);
  int tiles = 0;
  for (const Tile &tile : program.mapping.tiles)
    for (const Dendrite &d :
         program.stages[static_cast<std::size_t>(tile.stage)].dendrites) {
      if (d.kind != DendriteKind::Scores && d.kind != DendriteKind::Mix)
        continue;
      ++tiles;
      for (int p = 0; p < program.model.context; ++p) {
        const bool ownKey = d.kind == DendriteKind::Mix ||
                            (p >= tile.columnBegin && p < tile.columnEnd);
        const bool readsKeys =
            d.kind == DendriteKind::Mix || p >= tile.columnBegin;
        EXPECT_EQ(needsToken(tile, d, Operand::Stored, p), ownKey);
        EXPECT_EQ(needsToken(tile, d, Operand::Driver, p), readsKeys);
      }
    }
  // 2 x 16 scores in blocks of 5 columns, 16 mixed values.
  EXPECT_EQ(tiles, 2 * 4 + 4);
}

TEST(Connectivity, keysReachTheTilesOfTheirPositions) {
  Tile tile{0, 0, 0, 1, 4, 8};
  Dendrite scores;
  scores.kind = DendriteKind::Scores;
  EXPECT_FALSE(needsToken(tile, scores, Operand::Stored, 3));
  EXPECT_TRUE(needsToken(tile, scores, Operand::Stored, 4));
  EXPECT_TRUE(needsToken(tile, scores, Operand::Stored, 7));
  EXPECT_FALSE(needsToken(tile, scores, Operand::Stored, 8));
  EXPECT_FALSE(needsToken(tile, scores, Operand::Driver, 3));
  EXPECT_TRUE(needsToken(tile, scores, Operand::Driver, 100));
  Dendrite mix;
  mix.kind = DendriteKind::Mix;
  EXPECT_TRUE(needsToken(tile, mix, Operand::Stored, 0));
}

/// P8 by sets of pairs.
TEST(Demand, outputAxonsAreDistinctNeuronAndCorePairs) {
  for (int sharing : {1, 3, 1000}) {
    TinyOptions options;
    options.width = 32;
    options.heads = 4;
    options.keyValueHeads = 2;
    options.tileNeurons = 5;
    options.intermediate = 24;
    Program program = buildTinyProgram(options);
    for (Tile &tile : program.mapping.tiles)
      tile.core /= sharing;
    std::vector<std::set<std::pair<std::int64_t, int>>> pairs(
        program.stages.size());
    for (const Tile &tile : program.mapping.tiles)
      for (const Dendrite &d :
           program.stages[static_cast<std::size_t>(tile.stage)].dendrites)
        for (Operand operand : {Operand::Driver, Operand::Stored}) {
          int source = operand == Operand::Driver ? d.driver : d.stored;
          if (source < 0)
            continue;
          auto index = static_cast<std::size_t>(source);
          for (std::int64_t n :
               neuronsOf(program.stages[index],
                         requiredInputs(program, tile, d, operand)))
            pairs[index].insert({n, tile.core});
        }
    auto counted = outputAxonsOfTiles(program);
    for (std::size_t t = 0; t < counted.size(); ++t) {
      const Tile &tile = program.mapping.tiles[t];
      auto index = static_cast<std::size_t>(tile.stage);
      Neurons own =
          neuronsOf(program.stages[index], {tile.groupBegin, tile.groupEnd,
                                            tile.columnBegin, tile.columnEnd});
      std::int64_t expected = 0;
      for (const auto &pair : pairs[index])
        expected += own.count(pair.first);
      EXPECT_EQ(counted[t], expected) << program.stages[index].name;
    }
  }
}

TEST(Demand, numbersOfOneBlockByHand) {
  Program program = buildTinyProgram();
  auto demand = [&](const std::string &name) {
    for (const Tile &tile : program.mapping.tiles)
      if (program.stages[static_cast<std::size_t>(tile.stage)].name == name)
        return tileDemand(program, tile);
    ADD_FAILURE() << name;
    return TileDemand();
  };
  TileDemand embed = demand("embed");
  EXPECT_EQ(embed.neurons, 16);
  EXPECT_EQ(embed.inputAxons, 0);
  EXPECT_EQ(embed.synapseBytes, 32 * 16);
  EXPECT_EQ(embed.accumulators, 16);
  EXPECT_EQ(embed.lookupBytes, 16 * 12);
  // Stored words of 17 bits take 3 bytes; 5 slots.
  TileDemand norm = demand("layers.0.attn.norm");
  EXPECT_EQ(norm.inputAxons, 1 + 16);
  EXPECT_EQ(norm.synapseBytes, 16 * 5 * 3);
  EXPECT_EQ(norm.accumulators, 16 * 5);
  // 16 keys of one key head of 8, 9 bits each.
  TileDemand scores = demand("layers.0.attn.exp");
  EXPECT_EQ(scores.inputAxons, 16 + 8);
  EXPECT_EQ(scores.synapseBytes, 16 * 8 * 2);
  EXPECT_EQ(scores.accumulators, 32 * 3);
  TileDemand mix = demand("layers.0.attn.mix");
  EXPECT_EQ(mix.inputAxons, 32 + 8);
  EXPECT_EQ(mix.synapseBytes, 16 * 8 * 2);
  TileDemand residual = demand("layers.0.attn.residual");
  EXPECT_EQ(residual.inputAxons, 16 + 16);
  EXPECT_EQ(residual.synapseBytes, 16 * 16);
  EXPECT_EQ(residual.accumulators, 16 * 2 * 13);
  TileDemand query = demand("layers.0.attn.q");
  EXPECT_EQ(query.synapseBytes, 16 * 8 * 2);
}

TEST(Demand, numbersOfOneStreamedBlockByHand) {
  const Program program = tinyStreamedProgram(4);
  auto demand = [&](const std::string &name) {
    for (const Tile &tile : program.mapping.tiles)
      if (program.stages[static_cast<std::size_t>(tile.stage)].name == name)
        return tileDemand(program, tile);
    ADD_FAILURE() << name;
    return TileDemand();
  };
  TileDemand embed = demand("embed");
  EXPECT_EQ(embed.synapseBytes, 32 * 16);
  EXPECT_EQ(embed.accumulators, 16 * (1 + 1)); // a slot and the total
  EXPECT_EQ(embed.lookupBytes, 4 * 14 * 12);
  // 16 keys of one key head of 8 and the running query of 2 heads, codes of 7
  // bits; both operands are driver and write axons.
  TileDemand scores = demand("layers.0.attn.exp");
  EXPECT_EQ(scores.inputAxons, 2 * (16 + 8));
  EXPECT_EQ(scores.synapseBytes, 16 * 8 + 16);
  EXPECT_EQ(scores.accumulators, 32 * (2 + 1));
  // Numbers have no table; the sum fires a level after exp.
  TileDemand sum = demand("layers.0.attn.sum");
  EXPECT_EQ(sum.inputAxons, 32);
  EXPECT_EQ(sum.accumulators, 2 * (2 + 1));
  EXPECT_EQ(sum.lookupBytes, 0);
  // Exp passes by while sum and reciprocal fire.
  EXPECT_EQ(demand("layers.0.attn.exp.late").accumulators, 32 * (3 + 1));
  // Words of 13 bits in two slots: 32 numbers and 2 reciprocals.
  TileDemand weights = demand("layers.0.attn.weights");
  EXPECT_EQ(weights.inputAxons, 2 * (32 + 2));
  EXPECT_EQ(weights.synapseBytes, (32 + 2) * 2 * 2);
  // 16 values of 8 columns, and a weight of the own key for each head.
  TileDemand mix = demand("layers.0.attn.mix");
  EXPECT_EQ(mix.inputAxons, 2 * (32 + 8));
  EXPECT_EQ(mix.synapseBytes, (16 * 8 + 2) * 2);
}

TEST(Demand, tilesOfKeysHoldTheQueryThatTheyRead) {
  Program program = tinyStreamedProgram(4);
  int scores = 0;
  while (program.stages[static_cast<std::size_t>(scores)].name !=
         "layers.0.attn.exp")
    ++scores;
  // 4 keys of one query head; 3 keys of both.
  TileDemand one = tileDemand(program, {scores, 0, 1, 2, 8, 12});
  EXPECT_EQ(one.inputAxons, 2 * (8 + 8));
  EXPECT_EQ(one.synapseBytes, 4 * 8 + 8);
  TileDemand both = tileDemand(program, {scores, 0, 0, 2, 0, 3});
  EXPECT_EQ(both.inputAxons, 2 * (16 + 8));
  EXPECT_EQ(both.synapseBytes, 3 * 8 + 16);
}

TEST(Demand, concurrentOperandsAreStoredAndRead) {
  TinyOptions options;
  options.form = ProductForm::Concurrent;
  Program program = buildTinyProgram(options);
  for (const Tile &tile : program.mapping.tiles)
    if (program.stages[static_cast<std::size_t>(tile.stage)].name ==
        "layers.0.attn.norm") {
      auto slots = static_cast<std::int64_t>(
          program.mapping.schedule.slots[static_cast<std::size_t>(tile.stage)]);
      EXPECT_EQ(tileDemand(program, tile).inputAxons, 2 * (1 + 16));
      EXPECT_EQ(tileDemand(program, tile).synapseBytes, (1 + 16) * slots * 3);
    }
}

} // namespace

//===- Connectivity.cpp - required inputs and demands of a tile -----------===//
#include "runtime/program/Connectivity.h"

#include <algorithm>

namespace synfire {
namespace {

const Stage &stageOf(const Program &program, int index) {
  return program.stages[static_cast<std::size_t>(index)];
}

/// A half-open range of flat neuron indices.
struct NeuronRange {
  std::int64_t begin = 0, end = 0;
};

/// From the tile's first neuron to its last, in flat order.
NeuronRange flatRange(const Stage &stage, const Tile &tile) {
  std::int64_t width = stage.groupWidth;
  return {tile.groupBegin * width + tile.columnBegin,
          (tile.groupEnd - 1) * width + tile.columnEnd};
}

/// The smallest rectangle of `stage` that holds the range.
NeuronBlock enclosingBlock(const Stage &stage, NeuronRange range) {
  if (range.begin >= range.end)
    return {};
  std::int64_t width = stage.groupWidth;
  NeuronBlock block;
  block.groupBegin = static_cast<int>(range.begin / width);
  block.groupEnd = static_cast<int>((range.end - 1) / width) + 1;
  block.columnBegin = 0;
  block.columnEnd = stage.groupWidth;
  if (block.groupEnd - block.groupBegin == 1) {
    block.columnBegin = static_cast<int>(range.begin % width);
    block.columnEnd = static_cast<int>((range.end - 1) % width) + 1;
  }
  return block;
}

/// Of `inputs` inputs of a Static dendrite, those that the tile adds up.
NeuronRange inputRange(const Tile &tile, std::int64_t inputs) {
  return {inputs * tile.inputPart / tile.inputParts,
          inputs * (tile.inputPart + 1) / tile.inputParts};
}

NeuronBlock wholeStage(const Stage &stage) {
  return {0, stage.groups, 0, stage.groupWidth};
}

/// Neurons of `operand` under a Product whose result has `width` neurons.
NeuronBlock broadcastBlock(const Stage &operand, NeuronRange range,
                           std::int64_t width) {
  std::int64_t factor = width / operand.width();
  return enclosingBlock(operand,
                        {range.begin / factor, (range.end - 1) / factor + 1});
}

/// All of each head (block) that the range touches.
NeuronRange wholeHeads(NeuronRange range, std::int64_t headWidth) {
  return {range.begin / headWidth * headWidth,
          ((range.end - 1) / headWidth + 1) * headWidth};
}

/// Columns of the value heads that the range of a Mix stage needs.
NeuronRange valueRange(NeuronRange range, const Dendrite &dendrite) {
  std::int64_t headWidth = dendrite.headWidth;
  std::int64_t first = range.begin / headWidth;
  std::int64_t last = (range.end - 1) / headWidth;
  std::int64_t firstKey = first / dendrite.queryPerKey;
  std::int64_t lastKey = last / dendrite.queryPerKey;
  if (first == last)
    return {firstKey * headWidth + range.begin % headWidth,
            firstKey * headWidth + (range.end - 1) % headWidth + 1};
  return {firstKey * headWidth, (lastKey + 1) * headWidth};
}

NeuronBlock storedInputs(const Program &program, const Stage &stage,
                         const Tile &tile, const Dendrite &dendrite) {
  if (dendrite.stored < 0 || !tile.hasNeurons())
    return {};
  const Stage &stored = stageOf(program, dendrite.stored);
  NeuronRange range = flatRange(stage, tile);
  switch (dendrite.kind) {
  case DendriteKind::Product:
    return broadcastBlock(stored, range, stage.width());
  case DendriteKind::Scores: {
    std::int64_t firstKey = tile.groupBegin / dendrite.queryPerKey;
    std::int64_t lastKey = (tile.groupEnd - 1) / dendrite.queryPerKey;
    return enclosingBlock(stored, {firstKey * dendrite.headWidth,
                                   (lastKey + 1) * dendrite.headWidth});
  }
  case DendriteKind::Mix:
    return enclosingBlock(stored, valueRange(range, dendrite));
  default:
    return {};
  }
}

NeuronBlock driverInputs(const Program &program, const Stage &stage,
                         const Tile &tile, const Dendrite &dendrite) {
  if (dendrite.driver < 0 ||
      (!tile.hasNeurons() && dendrite.kind != DendriteKind::Static))
    return {};
  const Stage &driver = stageOf(program, dendrite.driver);
  NeuronRange range = flatRange(stage, tile);
  switch (dendrite.kind) {
  case DendriteKind::Embed:
    return {};
  case DendriteKind::Static:
    // P15 splits inputs of one group alone, of which any range is a rectangle.
    return tile.inputParts == 1
               ? wholeStage(driver)
               : enclosingBlock(driver, inputRange(tile, driver.width()));
  case DendriteKind::Identity:
    // Stages of one shape keep the tile's rectangle; others share flat indices.
    if (driver.groups == stage.groups)
      return {tile.groupBegin, tile.groupEnd, tile.columnBegin, tile.columnEnd};
    return enclosingBlock(driver, range);
  case DendriteKind::Sum:
    return {static_cast<int>(range.begin), static_cast<int>(range.end), 0,
            driver.groupWidth};
  case DendriteKind::Rotary:
  case DendriteKind::Hadamard:
    return enclosingBlock(driver, wholeHeads(range, dendrite.headWidth));
  case DendriteKind::Product:
    return broadcastBlock(driver, range, stage.width());
  case DendriteKind::Scores:
    return enclosingBlock(driver,
                          {std::int64_t(tile.groupBegin) * dendrite.headWidth,
                           std::int64_t(tile.groupEnd) * dendrite.headWidth});
  case DendriteKind::Mix:
    return {static_cast<int>(range.begin / dendrite.headWidth),
            static_cast<int>((range.end - 1) / dendrite.headWidth) + 1, 0,
            driver.groupWidth};
  }
  return {};
}

std::int64_t storedWords(const Program &program, const Stage &stage,
                         const Tile &tile, const Dendrite &dendrite,
                         std::int64_t slots) {
  const bool concurrent = dendrite.form == ProductForm::Concurrent;
  std::int64_t stored = storedInputs(program, stage, tile, dendrite).size();
  NeuronBlock driver = driverInputs(program, stage, tile, dendrite);
  switch (dendrite.kind) {
  case DendriteKind::Product:
    return (stored + (concurrent ? driver.size() : 0)) * slots;
  case DendriteKind::Scores:
    return stored * (tile.columnEnd - tile.columnBegin) +
           (concurrent ? driver.size() : 0);
  case DendriteKind::Mix:
    // Of the driver, the column of the token's own key alone.
    return stored * stageOf(program, dendrite.driver).groupWidth +
           (concurrent ? driver.groupEnd - driver.groupBegin : 0);
  default:
    return 0;
  }
}

std::int64_t synapseBytes(const Program &program, const Stage &stage,
                          const Tile &tile, const Dendrite &dendrite,
                          std::int64_t slots) {
  std::int64_t words = storedWords(program, stage, tile, dendrite, slots);
  if (words > 0)
    return words * ((dendrite.storedBits + 7) / 8);
  const bool isStatic = dendrite.kind == DendriteKind::Static;
  if (dendrite.weights < 0 || (!tile.hasNeurons() && !isStatic))
    return 0;
  const WeightBlock &block =
      program.weights.blocks[static_cast<std::size_t>(dendrite.weights)];
  if (dendrite.kind == DendriteKind::Rotary)
    return static_cast<std::int64_t>(block.bytes());
  std::int64_t rows = block.rows;
  if (isStatic) {
    const NeuronRange range = inputRange(tile, block.rows);
    rows = range.end - range.begin;
  }
  return (rows * tile.neurons() * block.bits + 7) / 8;
}

std::int64_t lookupBytes(const Program &program, const Stage &stage) {
  auto unit = static_cast<std::size_t>(stage.unit);
  if (stage.fire == FireKind::Lookup) {
    const LookupTable &table = program.lookupTables[unit];
    return static_cast<std::int64_t>(table.entries.size()) *
           ((table.entryBits + 7) / 8);
  }
  if (stage.fire != FireKind::Neuron)
    return 0;
  constexpr std::int64_t bytesOfTableEntry = 12; // P7
  std::int64_t entries = 0;
  for (const NeuronBank &bank : program.neurons[unit].banks)
    entries += static_cast<std::int64_t>(bank.table.threshold.size());
  return entries * bytesOfTableEntry;
}

} // namespace

NeuronBlock requiredInputs(const Program &program, const Tile &tile,
                           const Dendrite &dendrite, Operand operand) {
  const Stage &stage = stageOf(program, tile.stage);
  return operand == Operand::Driver
             ? driverInputs(program, stage, tile, dendrite)
             : storedInputs(program, stage, tile, dendrite);
}

bool needsToken(const Tile &tile, const Dendrite &dendrite, Operand operand,
                int position) {
  if (dendrite.kind != DendriteKind::Scores)
    return true;
  if (operand == Operand::Driver)
    return position >= tile.columnBegin;
  return position >= tile.columnBegin && position < tile.columnEnd;
}

std::int64_t sumsOfInputPart(const Program &program, const Tile &tile) {
  const auto &dendrites = stageOf(program, tile.stage).dendrites;
  return tile.neurons() * std::count_if(dendrites.begin(), dendrites.end(),
                                        [](const Dendrite &dendrite) {
                                          return dendrite.kind ==
                                                 DendriteKind::Static;
                                        });
}

TileDemand tileDemand(const Program &program, const Tile &tile) {
  const Stage &stage = stageOf(program, tile.stage);
  const auto &slotsOfStage = program.mapping.schedule.slots;
  std::int64_t slots = slotsOfStage[static_cast<std::size_t>(tile.stage)];
  TileDemand demand;
  demand.neurons = tile.hasNeurons() ? tile.neurons() : 0;
  for (const Dendrite &dendrite : stage.dendrites) {
    std::int64_t driver = driverInputs(program, stage, tile, dendrite).size();
    std::int64_t stored = storedInputs(program, stage, tile, dendrite).size();
    bool bothAreBoth = dendrite.form == ProductForm::Concurrent;
    demand.inputAxons += (driver + stored) * (bothAreBoth ? 2 : 1);
    demand.synapseBytes += synapseBytes(program, stage, tile, dendrite, slots);
  }
  if (!tile.hasNeurons()) {
    demand.accumulators = sumsOfInputPart(program, tile) * slots;
    return demand;
  }
  if (tile.inputParts > 1)
    demand.inputAxons += sumsOfInputPart(program, tile) * (tile.inputParts - 1);
  // Over several frames a running total as well: slots hold what each frame
  // adds to it.
  demand.accumulators = tile.neurons() *
                        static_cast<std::int64_t>(stage.dendrites.size()) *
                        (slots + (program.frames > 1 ? 1 : 0));
  demand.lookupBytes = lookupBytes(program, stage);
  return demand;
}

} // namespace synfire

//===- DenseNetwork.h - dense layers that fire on command -------*- C++ -*-===//
//
// Layers of 1024 neurons, fully connected to the next, whose firing is set by
// their biases alone: neuron n fires in every step iff n mod `period` is 0.
// With five layers this is the network dense5 that other simulators are
// measured on: 128 neurons a core, cores in order, four at a router, 8x4
// routers a chip.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TESTS_UNIT_SIMULATOR_DENSENETWORK_H
#define SYNFIRE_TESTS_UNIT_SIMULATOR_DENSENETWORK_H

#include "tests/unit/simulator/Spread.h"

#include <string>

namespace synfire::tests {

constexpr int denseWidth = 1024, denseSteps = 16, denseNeuronsACore = 128;

inline int denseWeight(int row, int column) {
  return (7 * row + 13 * column) % 15 - 7;
}

inline Program denseNetwork(int layers, int period, int context) {
  Program program;
  program.model.name = "dense";
  program.model.vocabulary = denseWidth;
  program.model.context = context;
  program.mapping.chip = generousChip();
  program.mapping.chip.mesh = {4, 8, 4, 1, 1};
  program.neurons.push_back(phaseNeuron(denseSteps, 0));

  auto bytes = std::make_shared<std::vector<std::uint8_t>>();
  for (int i = 0; i < denseWidth; ++i)
    for (int j = 0; j < denseWidth; ++j)
      bytes->push_back(static_cast<std::uint8_t>(denseWeight(i, j)));
  WeightBlock block;
  block.rows = block.columns = denseWidth;
  WeightBlock zeros;
  zeros.rows = zeros.columns = denseWidth;
  zeros.offset = bytes->size();
  bytes->resize(bytes->size() + zeros.bytes());
  program.weights.memory = bytes;
  program.weights.blocks = {block, zeros};

  std::vector<int> steps;
  for (int layer = 0; layer <= layers; ++layer) {
    Stage stage;
    stage.name = layer < layers ? "layer" + std::to_string(layer) : "output";
    stage.groupWidth = denseWidth;
    Dendrite dendrite;
    if (layer == 0 || layer == layers) {
      dendrite.kind = DendriteKind::Embed;
      dendrite.weights = 1;
    } else {
      dendrite.driver = layer - 1;
      dendrite.weights = 0;
      dendrite.shift = 31; // every sum of this network rounds to zero
    }
    dendrite.accumulatorBits = 31;
    stage.dendrites = {dendrite};
    if (layer == layers) {
      stage.fire = FireKind::Output;
    } else {
      stage.unit = 0;
      stage.codeLimit = (1 << denseSteps) - 1;
      for (int n = 0; n < denseWidth; ++n)
        stage.bias.push_back(n % period == 0 ? (1 << denseSteps) - 1 : 0);
    }
    program.stages.push_back(std::move(stage));
    steps.push_back(layer < layers ? denseSteps : 1);
    for (int part = 0; part < denseWidth / denseNeuronsACore; ++part)
      program.mapping.tiles.push_back(
          {layer, layer * (denseWidth / denseNeuronsACore) + part, 0, 1,
           part * denseNeuronsACore, (part + 1) * denseNeuronsACore});
  }
  program.mapping.schedule = shortestSchedule(program.stages, steps);
  return program;
}

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_SIMULATOR_DENSENETWORK_H

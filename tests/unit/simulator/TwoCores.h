//===- TwoCores.h - a machine small enough to time by hand ------*- C++ -*-===//
#ifndef SYNFIRE_TESTS_UNIT_SIMULATOR_TWOCORES_H
#define SYNFIRE_TESTS_UNIT_SIMULATOR_TWOCORES_H

#include "tests/unit/simulator/Spread.h"

namespace synfire::tests {

/// Four neurons of two steps on core 0 at (0, 0); three outputs on core 12 at
/// (2, 1). Token 0 has the codes 3, 2, 1, 0: two spikes in each step.
inline Program twoCores() {
  Program program;
  program.model.vocabulary = 3;
  program.model.context = 4;
  program.mapping.chip = generousChip();
  program.neurons.push_back(phaseNeuron(2, 0));
  program.weights.memory = std::make_shared<const std::vector<std::uint8_t>>(
      std::vector<std::uint8_t>{3, 2, 1, 0, 0, 0, 0, 0, 0, 0,  0,  0,
                                1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  WeightBlock embedding;
  embedding.rows = 3;
  embedding.columns = 4;
  WeightBlock head;
  head.offset = 12;
  head.rows = 4;
  head.columns = 3;
  program.weights.blocks = {embedding, head};

  Stage embed;
  embed.name = "embed";
  embed.groupWidth = 4;
  embed.unit = 0;
  embed.codeLimit = 3;
  Dendrite token;
  token.kind = DendriteKind::Embed;
  token.weights = 0;
  embed.dendrites = {token};
  Stage logits;
  logits.name = "logits";
  logits.groupWidth = 3;
  logits.fire = FireKind::Output;
  Dendrite linear;
  linear.driver = 0;
  linear.weights = 1;
  linear.shift = 1;
  logits.dendrites = {linear};
  program.stages = {embed, logits};
  program.mapping.tiles = {{0, 0, 0, 1, 0, 4}, {1, 12, 0, 1, 0, 3}};
  program.mapping.schedule = shortestSchedule(program.stages, {2, 1});
  return program;
}

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_SIMULATOR_TWOCORES_H

//===- ProgramVariants.h - Programs that stress executors -------*- C++ -*-===//
//
// TinyPrograms changed by hand into what the compiler emits in its less usual
// modes: several levels, gated banks, constants per neuron, per-key stages that
// feed per-key stages.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TESTS_UNIT_ENGINE_PROGRAMVARIANTS_H
#define SYNFIRE_TESTS_UNIT_ENGINE_PROGRAMVARIANTS_H

#include "runtime/program/Program.h"

#include <random>

namespace synfire::tests {

/// The coded unit fires graded spikes of `levels` levels.
inline void useLevels(Program &program, int levels) {
  NeuronConfig &unit = program.neurons[0];
  unit.levels = levels;
  for (NeuronBank &bank : unit.banks) {
    FiringTable table;
    for (int t = 0; t < unit.steps; ++t)
      for (int k = 0; k < levels; ++k) {
        const auto at = static_cast<std::size_t>(t);
        table.threshold.push_back(
            bank.table.threshold[at] * (levels + k) / levels / 2 + k);
        table.decrement.push_back(table.threshold.back());
        table.payload.push_back(bank.table.payload[at] * (levels + k) /
                                (2 * levels));
      }
    bank.table = std::move(table);
  }
}

/// The coded unit becomes an FS neuron: no sign, four gated banks with tables
/// of no particular shape, payloads of both signs.
inline void useGatedBanks(Program &program) {
  NeuronConfig &unit = program.neurons[0];
  const std::int32_t top = unit.banks.front().table.payload.front();
  std::mt19937 random(5);
  unit.sign = SignMode::None;
  unit.cap = 5;
  unit.clamp = 1 << 14;
  unit.banks.clear();
  const std::int64_t edges[] = {-(1 << 14), -300, 0, 500, (1 << 14) + 1};
  for (int b = 0; b < 4; ++b) {
    NeuronBank bank{edges[b], edges[b + 1], {}};
    for (int t = 0; t < unit.steps; ++t) {
      bank.table.threshold.push_back(
          static_cast<std::int64_t>(random() % 4000) - 2000);
      bank.table.decrement.push_back(
          static_cast<std::int64_t>(random() % 3000) - 1000);
      bank.table.payload.push_back(
          static_cast<std::int32_t>(
              random() % static_cast<unsigned>(2 * top / unit.steps + 1)) -
          top / unit.steps);
    }
    unit.banks.push_back(std::move(bank));
  }
}

/// Every dendrite gets a multiplier per neuron, every stage a bias per neuron.
inline void useConstantsPerNeuron(Program &program) {
  std::mt19937 random(9);
  for (Stage &stage : program.stages) {
    const auto width = static_cast<std::size_t>(stage.width());
    for (Dendrite &dendrite : stage.dendrites) {
      const std::int32_t common = dendrite.multiplier.front();
      dendrite.multiplier.clear();
      for (std::size_t i = 0; i < width; ++i)
        dendrite.multiplier.push_back(
            common - static_cast<std::int32_t>(
                         random() % (static_cast<unsigned>(common) / 4 + 1)));
    }
    stage.bias.clear();
    for (std::size_t i = 0; i < width; ++i)
      stage.bias.push_back(static_cast<std::int32_t>(random() % 41) - 20);
  }
}

/// Puts a stage in front of stage `place`; drivers move along.
inline void insertStage(Program &program, int place, Stage stage) {
  for (Stage &other : program.stages)
    for (Dendrite &dendrite : other.dendrites) {
      dendrite.driver += dendrite.driver >= place;
      dendrite.stored += dendrite.stored >= place;
    }
  program.stages.insert(program.stages.begin() + place, std::move(stage));
}

/// Normalises before the mix: exp -> exp x reciprocal (per key) -> a copy with
/// a second dendrite (per key) -> mix.
inline void usePerKeyChain(Program &program) {
  int exp = -1, reciprocal = -1, mix = -1;
  for (int s = 0; s < static_cast<int>(program.stages.size()); ++s) {
    const Stage &stage = program.stages[static_cast<std::size_t>(s)];
    if (stage.perKey && exp < 0)
      exp = s;
    if (stage.name.find(".reciprocal") != std::string::npos && reciprocal < 0)
      reciprocal = s;
    if (stage.dendrites.front().kind == DendriteKind::Mix && mix < 0)
      mix = s;
  }
  Stage weighted = program.stages[static_cast<std::size_t>(exp)];
  weighted.name = "probability";
  weighted.subtractGroupMaximum = false;
  weighted.fire = FireKind::Neuron;
  weighted.unit = 1;
  Dendrite product;
  product.kind = DendriteKind::Product;
  product.driver = exp;
  product.stored = reciprocal;
  product.shift = 14;
  product.storedBits = 17;
  weighted.dendrites = {product};
  weighted.bias = {};
  Stage copied = weighted;
  copied.name = "copy";
  Dendrite identity;
  identity.kind = DendriteKind::Identity;
  identity.driver = mix; // the weighted stage, once inserted
  Dendrite square = product;
  square.driver = mix;
  square.stored = exp;
  square.shift = 17;
  copied.dendrites = {identity, square};
  insertStage(program, mix, std::move(weighted));
  insertStage(program, mix + 1, std::move(copied));
  program.stages[static_cast<std::size_t>(mix) + 2].dendrites.front().driver =
      mix + 1;
  for (int s : {mix, mix + 1})
    for (Dendrite &dendrite :
         program.stages[static_cast<std::size_t>(s)].dendrites)
      dendrite.accumulatorBits = 40;
}

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_ENGINE_PROGRAMVARIANTS_H

//===- StreamedVariants.h - TinyPrograms that stream ------------*- C++ -*-===//
//
// Turns a TinyProgram into one of several frames: its phase units become
// streamed neurons of about the same code per membrane, its products become
// concurrent, its look-ups and wide stages may become digital.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TESTS_UNIT_ENGINE_STREAMEDVARIANTS_H
#define SYNFIRE_TESTS_UNIT_ENGINE_STREAMEDVARIANTS_H

#include "runtime/program/Program.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>

namespace synfire::tests {

/// What a streamed unit is to be: codes up to about `limit`, a code unit being
/// 2^guardBits membrane units.
struct UnitShape {
  int steps = 4;
  int guardBits = 0;
  std::int32_t limit = 255;
};

inline NeuronConfig emptyStream(const UnitShape &shape, int levels) {
  NeuronConfig config;
  config.input = InputMode::Streamed;
  config.steps = shape.steps;
  config.levels = levels;
  config.guardBits = shape.guardBits;
  config.banks = {{0, 1, {}}};
  return config;
}

/// Levels of `worth` codes each; `code(level)` is what one delivers.
inline void fillLevels(NeuronConfig &config, std::int64_t worth,
                       const std::function<std::int64_t(int)> &code) {
  FiringTable &table = config.banks.front().table;
  const std::int64_t theta = worth << config.guardBits;
  for (int t = 0; t < config.steps; ++t)
    for (int level = 1; level <= config.levels; ++level) {
      table.threshold.push_back(theta * level);
      table.decrement.push_back(theta * level);
      table.payload.push_back(static_cast<std::int32_t>(code(level)));
    }
  config.offset = theta / 2;
}

/// Level s delivers s - alpha in multiples of `worth`, silence -alpha.
inline NeuronConfig integerSpiking(const UnitShape &shape, int levels) {
  NeuronConfig config = emptyStream(shape, levels);
  const std::int64_t worth =
      std::max(1, 2 * shape.limit / (shape.steps * levels));
  const int alpha = levels / 2;
  fillLevels(config, worth, [&](int level) { return (level - alpha) * worth; });
  config.banks.front().table.rest = static_cast<std::int32_t>(-alpha * worth);
  config.bias.assign(static_cast<std::size_t>(shape.steps),
                     (alpha * worth) << shape.guardBits);
  return config;
}

/// One level; both signs.
inline NeuronConfig twoSidedFire(const UnitShape &shape) {
  NeuronConfig config = emptyStream(shape, 1);
  const std::int64_t worth = std::max(1, shape.limit / shape.steps);
  fillLevels(config, worth, [&](int) { return worth; });
  config.sign = SignMode::Bipolar;
  return config;
}

/// ST-BIF: negative spikes take back positive ones, down to some below zero.
inline NeuronConfig bipolarWithTracer(const UnitShape &shape) {
  NeuronConfig config = twoSidedFire(shape);
  config.sign = SignMode::None;
  config.negative = NegativeRule::BelowZero;
  config.tracerOn = true;
  config.tracerMinimum = -shape.steps / 2;
  config.tracerMaximum = shape.steps - 1;
  return config;
}

/// STA: bursts of what was sent before may be taken back.
inline NeuronConfig negativeFromTracer(const UnitShape &shape) {
  NeuronConfig config = emptyStream(shape, 3);
  const std::int64_t worth = std::max(1, shape.limit / shape.steps / 3);
  fillLevels(config, worth, [&](int level) { return level * worth; });
  config.negative = NegativeRule::FromTracer;
  config.tracerMinimum = -2 * shape.steps;
  config.tracerMaximum = 3 * shape.steps;
  return config;
}

/// ECMT: thresholds lambda * 2^k - lambda / 2 with decrements lambda * 2^k,
/// both signs.
inline NeuronConfig multiThreshold(const UnitShape &shape, int count) {
  NeuronConfig config = emptyStream(shape, count);
  config.sign = SignMode::Bipolar;
  FiringTable &table = config.banks.front().table;
  const std::int64_t worth =
      std::max(2, shape.limit / shape.steps >> (count - 1));
  for (int t = 0; t < shape.steps; ++t)
    for (int k = 0; k < count; ++k) {
      const std::int64_t decrement = (worth << k) << shape.guardBits;
      table.decrement.push_back(decrement);
      table.threshold.push_back(decrement - ((worth << shape.guardBits) / 2));
      table.payload.push_back(static_cast<std::int32_t>(worth << k));
    }
  return config;
}

inline NeuronConfig rehearsed(NeuronConfig config, Rehearsal rehearsal) {
  config.rehearsal = rehearsal;
  config.rehearsalSteps = std::max(1, config.steps - 1);
  config.rehearsalMargin = 3;
  return config;
}

struct StreamChoice {
  int frames = 4;
  int stepsPerFrame = 1;
  std::function<NeuronConfig(const UnitShape &)> unit =
      [](const UnitShape &shape) { return integerSpiking(shape, 10); };
  bool everyFrame = true;
  bool digitalLookups = true;
  bool numbers = false;     ///< wide stages send numbers
  bool compensated = false; ///< averagedInput, accumulatedOutput
  int accumulatorBits = 54;
};

inline std::int64_t largestTrain(const NeuronConfig &config) {
  const FiringTable &table = config.banks.front().table;
  std::int64_t largest = std::abs(table.rest);
  for (std::int32_t payload : table.payload)
    largest = std::max<std::int64_t>(largest, std::abs(payload));
  return largest * config.steps;
}

/// The units of a Program as buildTinyProgram() makes it, wide codes being
/// those of unit 1.
inline void stream(Program &program, const StreamChoice &options) {
  program.frames = options.frames;
  const int steps = options.frames * options.stepsPerFrame;
  for (NeuronConfig &unit : program.neurons) {
    std::int32_t limit = 0;
    for (std::int32_t payload : unit.banks.front().table.payload)
      limit += payload;
    unit = options.unit({steps, unit.guardBits, limit});
  }
  for (Stage &stage : program.stages) {
    const bool wide = stage.fire == FireKind::Neuron && stage.unit == 1;
    if (wide && options.numbers) {
      stage.fire = FireKind::Number;
      stage.unit = -1;
      stage.digital = true;
    } else if (stage.fire == FireKind::Neuron) {
      stage.codeLimit =
          largestTrain(program.neurons[static_cast<std::size_t>(stage.unit)]);
    }
    if (stage.fire == FireKind::Lookup)
      stage.digital = options.digitalLookups;
    stage.accumulatedOutput = options.compensated && stage.digital;
    if (stage.accumulatedOutput)
      stage.codeLimit *= options.frames;
  }
  for (Stage &stage : program.stages)
    for (Dendrite &dendrite : stage.dendrites) {
      dendrite.form = ProductForm::Concurrent;
      dendrite.accumulatorBits = options.accumulatorBits;
      dendrite.everyFrame = options.everyFrame;
      if (dendrite.kind == DendriteKind::Embed && options.everyFrame)
        dendrite.multiplier.front() =
            std::max(1, dendrite.multiplier.front() / options.frames);
      for (int operand : {dendrite.driver, dendrite.stored}) {
        if (operand < 0 || !program.stages[static_cast<std::size_t>(operand)]
                                .accumulatedOutput)
          continue;
        for (int gain = options.frames; gain > 1; gain /= 2)
          ++dendrite.shift;
      }
      if (options.compensated && stage.fire != FireKind::Neuron)
        stage.averagedInput =
            std::max(stage.averagedInput, dendrite.stored >= 0 ? 2 : 1);
    }
}

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_ENGINE_STREAMEDVARIANTS_H

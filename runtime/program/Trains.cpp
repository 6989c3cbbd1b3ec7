//===- Trains.cpp - how long a stage's trains are, frame by frame ---------===//
#include "runtime/program/Trains.h"

#include "runtime/program/Widths.h"

namespace synfire {
namespace {

const NeuronConfig &neuronOf(const Program &program, const Stage &stage) {
  return program.neurons[static_cast<std::size_t>(stage.unit)];
}

} // namespace

int frameSteps(const Program &program, const Stage &stage) {
  switch (stage.fire) {
  case FireKind::Neuron:
    return neuronOf(program, stage).steps / program.frames;
  case FireKind::Lookup: {
    if (stage.digital)
      return 1;
    const LookupTable &table =
        program.lookupTables[static_cast<std::size_t>(stage.unit)];
    // P13: the difference of two entries takes one bit more than an entry.
    return program.frames > 1 ? table.steps + 1 : table.steps;
  }
  case FireKind::Output:
    return 0;
  case FireKind::Number:
    return 1;
  }
  return 0;
}

int eventBits(const Program &program, const Stage &stage) {
  if (stage.fire == FireKind::Output)
    return 0;
  if (stage.digital)
    return signedBits(stage.codeLimit);
  if (stage.fire == FireKind::Lookup)
    return 2;
  const NeuronConfig &config = neuronOf(program, stage);
  const std::size_t kinds =
      config.banks.size() * static_cast<std::size_t>(config.levels);
  int bits = 0;
  while ((kinds >> bits) != 0)
    ++bits;
  const bool isSigned =
      config.sign != SignMode::None || config.negative != NegativeRule::Off;
  return bits + (isSigned ? 1 : 0);
}

std::int64_t numberLimit(const Program &program, const Stage &stage) {
  if (stage.fire != FireKind::Number)
    return 0;
  // The last frame sends the number times `frames`, which codeLimit bounds.
  return stage.accumulatedOutput ? stage.codeLimit / program.frames
                                 : stage.codeLimit;
}

int rehearsalSteps(const Program &program, const Stage &stage) {
  // Average hears everything, but runs nothing.
  if (!rehearses(program, stage) ||
      neuronOf(program, stage).rehearsal == Rehearsal::Average)
    return 0;
  return neuronOf(program, stage).rehearsalSteps;
}

bool rehearses(const Program &program, const Stage &stage) {
  return stage.fire == FireKind::Neuron &&
         neuronOf(program, stage).rehearsal != Rehearsal::Off;
}

} // namespace synfire

//===- Counting.cpp - counters from sums over trains ----------------------===//
#include "runtime/engine/Counting.h"

#include "runtime/program/Trains.h"

#include <algorithm>

namespace synfire {
namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

bool requantises(const Dendrite &dendrite) {
  return dendrite.shift != 0 ||
         std::any_of(dendrite.multiplier.begin(), dendrite.multiplier.end(),
                     [](std::int32_t m) { return m != 1; });
}

/// Fan-out of one event and the kind of its synaptic operations.
class DendriteCounter {
public:
  DendriteCounter(const Program &given, const std::vector<StageTotals> &sums,
                  std::uint64_t tokenCount)
      : program(given), totals(sums), tokens(tokenCount) {}

  /// Returns the synaptic operations, with those that numbers drive.
  std::uint64_t count(const Stage &stage, const Dendrite &dendrite,
                      Counters &counters) const {
    const auto width = static_cast<std::uint64_t>(stage.width());
    auto fanOut = [&](int operand) {
      return width /
             static_cast<std::uint64_t>(program.stages[at(operand)].width());
    };
    const bool streamed = program.frames > 1;
    Driven driven;
    Counter kind = Counter::SopOther;
    switch (dendrite.kind) {
    case DendriteKind::Embed:
      kind = Counter::SopLinear;
      driven.operations =
          tokens * width *
          static_cast<std::uint64_t>(dendrite.everyFrame ? program.frames : 1);
      readWeights(dendrite, driven.all(), counters);
      break;
    case DendriteKind::Static:
      kind = Counter::SopLinear;
      drive(dendrite.driver, width, driven);
      readWeights(dendrite, driven.all(), counters);
      break;
    case DendriteKind::Identity:
    case DendriteKind::Sum:
      drive(dendrite.driver, 1, driven);
      break;
    case DendriteKind::Rotary:
      drive(dendrite.driver, 2, driven);
      readWeights(dendrite, driven.all(), counters);
      break;
    case DendriteKind::Hadamard:
      drive(dendrite.driver, static_cast<std::uint64_t>(dendrite.headWidth),
            driven);
      break;
    case DendriteKind::Product: {
      drive(dendrite.driver, fanOut(dendrite.driver), driven);
      std::uint64_t writes = events(dendrite.stored);
      if (dendrite.form == ProductForm::Concurrent) {
        drive(dendrite.stored, fanOut(dendrite.stored), driven);
        writes += events(dendrite.driver);
      }
      store(dendrite, driven.all(), writes, counters);
      break;
    }
    case DendriteKind::Scores: {
      kind = Counter::SopAttention;
      const StageTotals &queries = totals[at(dendrite.driver)];
      add(dendrite.driver, queries.keyedSpikes, queries.keyedHiddenMultiplies,
          driven);
      std::uint64_t writes = events(dendrite.stored);
      if (streamed) {
        drive(dendrite.stored, queryPerKey(dendrite), driven);
        writes += events(dendrite.driver);
      }
      store(dendrite, driven.all(), writes, counters);
      break;
    }
    case DendriteKind::Mix: {
      kind = Counter::SopAttention;
      drive(dendrite.driver, static_cast<std::uint64_t>(dendrite.headWidth),
            driven);
      std::uint64_t writes = events(dendrite.stored);
      if (streamed) {
        drive(dendrite.stored, queryPerKey(dendrite), driven);
        writes += totals[at(dendrite.driver)].ownKeyEvents;
      }
      store(dendrite, driven.all(), writes, counters);
      break;
    }
    }
    counters[kind] += driven.operations;
    counters[Counter::HiddenMultiply] += driven.hidden;
    counters[Counter::DigitalMac] += driven.multiplies;
    return driven.all();
  }

private:
  /// What the events of a dendrite's operands set off.
  struct Driven {
    std::uint64_t operations = 0; ///< by spikes
    std::uint64_t hidden = 0;     ///< of those: hidden multiplies
    std::uint64_t multiplies = 0; ///< by numbers of digital stages

    std::uint64_t all() const { return operations + multiplies; }
  };

  static std::uint64_t queryPerKey(const Dendrite &dendrite) {
    return static_cast<std::uint64_t>(dendrite.queryPerKey);
  }
  std::uint64_t events(int operand) const {
    return totals[at(operand)].trains.spikes;
  }
  void add(int operand, std::uint64_t driven, std::uint64_t hidden,
           Driven &sum) const {
    if (program.stages[at(operand)].digital) {
      sum.multiplies += driven;
      return;
    }
    sum.operations += driven;
    sum.hidden += hidden;
  }
  void drive(int operand, std::uint64_t fanOut, Driven &sum) const {
    const RowCounts &trains = totals[at(operand)].trains;
    add(operand, trains.spikes * fanOut, trains.hiddenMultiplies * fanOut, sum);
  }
  void readWeights(const Dendrite &dendrite, std::uint64_t words,
                   Counters &counters) const {
    counters[Counter::WeightRead] += words;
    counters[Counter::WeightReadBits] +=
        words * static_cast<std::uint64_t>(
                    program.weights.blocks[at(dendrite.weights)].bits);
  }
  static void store(const Dendrite &dendrite, std::uint64_t reads,
                    std::uint64_t writes, Counters &counters) {
    const auto bits = static_cast<std::uint64_t>(dendrite.storedBits);
    counters[Counter::StoredRead] += reads;
    counters[Counter::StoredReadBits] += reads * bits;
    counters[Counter::StoredWrite] += writes;
    counters[Counter::StoredWriteBits] += writes * bits;
  }

  const Program &program;
  const std::vector<StageTotals> &totals;
  std::uint64_t tokens;
};

/// Multiplies of the stage's own arithmetic, and comparisons of its maxima.
void countArithmetic(const Program &program, const Stage &stage,
                     std::uint64_t active, Counters &counters) {
  const std::uint64_t inFrames =
      active * static_cast<std::uint64_t>(
                   stage.fire == FireKind::Output ? 1 : program.frames);
  for (const Dendrite &dendrite : stage.dendrites) {
    if (requantises(dendrite))
      counters[Counter::Mac] += inFrames;
    if (!stage.subtractGroupMaximum || dendrite.kind != DendriteKind::Scores)
      continue;
    const Stage &driver = program.stages[at(dendrite.driver)];
    counters[Counter::Compare] +=
        program.frames > 1
            ? inFrames
            : active * static_cast<std::uint64_t>(trainSteps(program, driver));
  }
  if (stage.averagedInput > 0)
    counters[Counter::Mac] += inFrames;
  if (stage.accumulatedOutput)
    counters[Counter::Mac] += inFrames;
}

void countEvents(const Program &program, const Stage &stage,
                 std::uint64_t events, Counters &counters) {
  if (stage.fire == FireKind::Output)
    return;
  const auto bits = static_cast<std::uint64_t>(eventBits(program, stage));
  counters[stage.digital ? Counter::Number : Counter::Spike] = events;
  counters[stage.digital ? Counter::NumberBits : Counter::SpikeBits] =
      events * bits;
}

} // namespace

StageTotals::StageTotals(const Program &program, const Stage &stage) {
  if (program.frames > 1 && stage.fire == FireKind::Lookup && !stage.digital)
    spikesByStep.resize(at(trainSteps(program, stage)));
}

void StageTotals::add(const StageTotals &other) {
  trains.spikes += other.trains.spikes;
  trains.hiddenMultiplies += other.trains.hiddenMultiplies;
  for (std::size_t t = 0; t < trains.byStep.size(); ++t)
    trains.byStep[t] += other.trains.byStep[t];
  if (spikesByStep.size() < other.spikesByStep.size())
    spikesByStep.resize(other.spikesByStep.size());
  for (std::size_t t = 0; t < other.spikesByStep.size(); ++t)
    spikesByStep[t] += other.spikesByStep[t];
  active += other.active;
  keyedSpikes += other.keyedSpikes;
  keyedHiddenMultiplies += other.keyedHiddenMultiplies;
  ownKeyEvents += other.ownKeyEvents;
  digest += other.digest;
  membraneDigest += other.membraneDigest;
}

void fillCounters(const Program &program,
                  const std::vector<StageTotals> &totals, std::uint64_t tokens,
                  Run &run) {
  const DendriteCounter dendriteCounter(program, totals, tokens);
  run.stages.clear();
  run.total = {};
  run.digest = run.membraneDigest = 0;
  for (std::size_t s = 0; s < program.stages.size(); ++s) {
    const Stage &stage = program.stages[s];
    const StageTotals &sums = totals[s];
    const auto steps = static_cast<std::uint64_t>(trainSteps(program, stage));
    StageRun made;
    Counters &counters = made.counters;
    std::uint64_t operations = 0;
    for (const Dendrite &dendrite : stage.dendrites)
      operations += dendriteCounter.count(stage, dendrite, counters);
    countArithmetic(program, stage, sums.active, counters);
    countEvents(program, stage, sums.trains.spikes, counters);
    if (stage.fire == FireKind::Lookup)
      counters[Counter::LookupRead] =
          sums.active * static_cast<std::uint64_t>(program.frames);
    const std::uint64_t updates =
        sums.active *
        (steps + static_cast<std::uint64_t>(rehearsalSteps(program, stage)));
    if (!stage.digital)
      counters[Counter::NeuronUpdate] = updates;
    counters[Counter::StateRead] = operations + updates;
    counters[Counter::StateWrite] = operations + updates;
    made.values = sums.active;
    made.scoresKeys = stage.scoresKeys();
    made.spikesByStep = sums.spikesByStep;
    made.spikesByStep.resize(steps);
    if (sums.spikesByStep.empty())
      std::copy_n(sums.trains.byStep.begin(),
                  std::min<std::size_t>(steps, sums.trains.byStep.size()),
                  made.spikesByStep.begin());
    run.total += counters;
    run.digest += sums.digest;
    run.membraneDigest += sums.membraneDigest;
    run.stages.push_back(std::move(made));
  }
}

} // namespace synfire

//===- Counting.cpp - counters from sums over trains ----------------------===//
#include "runtime/engine/Counting.h"

#include <algorithm>

namespace synfire {
namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

int unitSteps(const Program &program, const Stage &stage) {
  switch (stage.fire) {
  case FireKind::Neuron:
    return program.neurons[at(stage.unit)].steps;
  case FireKind::Lookup:
    return program.lookupTables[at(stage.unit)].steps;
  case FireKind::Output:
    return 0;
  }
  return 0;
}

/// ceil(log2(banks * levels + 1)), plus 1 for a sign.
std::uint64_t spikeWidth(const Program &program, const Stage &stage) {
  if (stage.fire == FireKind::Lookup)
    return 2;
  const NeuronConfig &config = program.neurons[at(stage.unit)];
  const std::uint64_t kinds = config.banks.size() * at(config.levels);
  std::uint64_t bits = 0;
  while ((kinds >> bits) != 0)
    ++bits;
  return bits + (config.sign == SignMode::None ? 0 : 1);
}

bool requantises(const Dendrite &dendrite) {
  return dendrite.shift != 0 ||
         std::any_of(dendrite.multiplier.begin(), dendrite.multiplier.end(),
                     [](std::int32_t m) { return m != 1; });
}

/// Fan-out of one spike and the kind of its synaptic operations.
class DendriteCounter {
public:
  DendriteCounter(const Program &given, const std::vector<StageTotals> &sums,
                  std::uint64_t tokenCount)
      : program(given), totals(sums), tokens(tokenCount) {}

  /// Returns the synaptic operations.
  std::uint64_t count(const Stage &stage, const Dendrite &dendrite,
                      Counters &counters) const {
    const auto width = static_cast<std::uint64_t>(stage.width());
    std::uint64_t operations = 0, hidden = 0;
    auto drive = [&](int operand, std::uint64_t fanOut) {
      const RowCounts &trains = totals[at(operand)].trains;
      operations += trains.spikes * fanOut;
      hidden += trains.hiddenMultiplies * fanOut;
    };
    auto fanOut = [&](int operand) {
      return width /
             static_cast<std::uint64_t>(program.stages[at(operand)].width());
    };
    Counter kind = Counter::SopOther;
    switch (dendrite.kind) {
    case DendriteKind::Embed:
      kind = Counter::SopLinear;
      operations = tokens * width;
      readWeights(dendrite, operations, counters);
      break;
    case DendriteKind::Static:
      kind = Counter::SopLinear;
      drive(dendrite.driver, width);
      readWeights(dendrite, operations, counters);
      break;
    case DendriteKind::Identity:
    case DendriteKind::Sum:
      drive(dendrite.driver, 1);
      break;
    case DendriteKind::Rotary:
      drive(dendrite.driver, 2);
      readWeights(dendrite, operations, counters);
      break;
    case DendriteKind::Product: {
      drive(dendrite.driver, fanOut(dendrite.driver));
      std::uint64_t writes = totals[at(dendrite.stored)].trains.spikes;
      if (dendrite.form == ProductForm::Concurrent) {
        drive(dendrite.stored, fanOut(dendrite.stored));
        writes += totals[at(dendrite.driver)].trains.spikes;
      }
      store(dendrite, operations, writes, counters);
      break;
    }
    case DendriteKind::Scores:
      kind = Counter::SopAttention;
      operations = totals[at(dendrite.driver)].keyedSpikes;
      hidden = totals[at(dendrite.driver)].keyedHiddenMultiplies;
      store(dendrite, operations, totals[at(dendrite.stored)].trains.spikes,
            counters);
      break;
    case DendriteKind::Mix:
      kind = Counter::SopAttention;
      drive(dendrite.driver, static_cast<std::uint64_t>(dendrite.headWidth));
      store(dendrite, operations, totals[at(dendrite.stored)].trains.spikes,
            counters);
      break;
    }
    counters[kind] += operations;
    counters[Counter::HiddenMultiply] += hidden;
    return operations;
  }

private:
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

} // namespace

void StageTotals::add(const StageTotals &other) {
  trains.spikes += other.trains.spikes;
  trains.hiddenMultiplies += other.trains.hiddenMultiplies;
  for (std::size_t t = 0; t < trains.byStep.size(); ++t)
    trains.byStep[t] += other.trains.byStep[t];
  active += other.active;
  keyedSpikes += other.keyedSpikes;
  keyedHiddenMultiplies += other.keyedHiddenMultiplies;
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
    const auto steps = static_cast<std::uint64_t>(unitSteps(program, stage));
    StageRun made;
    Counters &counters = made.counters;
    std::uint64_t operations = 0;
    for (const Dendrite &dendrite : stage.dendrites) {
      operations += dendriteCounter.count(stage, dendrite, counters);
      if (requantises(dendrite))
        counters[Counter::Mac] += sums.active;
      if (stage.subtractGroupMaximum && dendrite.kind == DendriteKind::Scores)
        counters[Counter::Compare] +=
            sums.active * static_cast<std::uint64_t>(unitSteps(
                              program, program.stages[at(dendrite.driver)]));
    }
    if (stage.fire == FireKind::Lookup)
      counters[Counter::LookupRead] = sums.active;
    const std::uint64_t updates = sums.active * steps;
    counters[Counter::NeuronUpdate] = updates;
    if (stage.fire != FireKind::Output) {
      counters[Counter::Spike] = sums.trains.spikes;
      counters[Counter::SpikeBits] =
          sums.trains.spikes * spikeWidth(program, stage);
    }
    counters[Counter::StateRead] = operations + updates;
    counters[Counter::StateWrite] = operations + updates;
    made.values = sums.active;
    made.spikesByStep.assign(sums.trains.byStep.begin(),
                             sums.trains.byStep.begin() +
                                 static_cast<std::ptrdiff_t>(steps));
    run.total += counters;
    run.digest += sums.digest;
    run.membraneDigest += sums.membraneDigest;
    run.stages.push_back(std::move(made));
  }
}

} // namespace synfire

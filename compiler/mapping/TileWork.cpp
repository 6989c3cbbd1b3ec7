//===- TileWork.cpp - expected work of one tile ---------------------------===//
#include "compiler/mapping/TileWork.h"

#include "runtime/program/Connectivity.h"
#include "runtime/program/Trains.h"

#include <algorithm>
#include <cmath>

namespace synfire {
namespace {

bool requantises(const Dendrite &dendrite) {
  return dendrite.shift != 0 ||
         std::any_of(dendrite.multiplier.begin(), dendrite.multiplier.end(),
                     [](int m) { return m != 1; });
}

/// Columns of [begin, end) that are active, averaged over positions.
double activeColumns(const StageActivity &activity, int groupWidth, int begin,
                     int end) {
  // A perKey stage has column c active in (groupWidth - c) of its positions.
  if (activity.activeColumns >= groupWidth)
    return end - begin;
  const double width = groupWidth;
  return (end - begin) * (width - (begin + end - 1) / 2.0) / width;
}

class WorkOfTile {
public:
  WorkOfTile(const Program &compiled,
             const std::vector<StageActivity> &expected, const Tile &where)
      : program(compiled), activity(expected), tile(where),
        stage(program.stages[static_cast<std::size_t>(tile.stage)]),
        timing(program.mapping.chip.timing),
        own(activity[static_cast<std::size_t>(tile.stage)]) {}

  TileWork run() {
    for (const Dendrite &dendrite : stage.dendrites)
      addReceptions(dendrite);
    if (tile.hasNeurons())
      addFiring();
    return std::move(work);
  }

private:
  void addFiring() {
    const double active =
        (tile.groupEnd - tile.groupBegin) *
        activeColumns(own, stage.groupWidth, tile.columnBegin, tile.columnEnd);
    double multiplies = (stage.averagedInput > 0) + stage.accumulatedOutput;
    for (const Dendrite &dendrite : stage.dendrites) {
      multiplies += requantises(dendrite);
      if (dendrite.kind == DendriteKind::Embed) {
        work.setup += inputLoad(1, active, weightBits(dendrite)).slowest();
        work.additions += active * (dendrite.everyFrame ? program.frames : 1);
      }
    }
    const double rehearsed = active * rehearsalSteps(program, stage);
    work.setup +=
        setupCycles(timing, stage.fire == FireKind::Lookup ? active : 0.0,
                    active * multiplies, rehearsed / program.frames);
    const bool updates = stage.fire != FireKind::Output && !stage.digital;
    work.updates = (updates ? active * own.steps : 0) + rehearsed;
    if (tile.inputParts > 1) {
      const auto sums = static_cast<double>(sumsOfInputPart(program, tile));
      work.setup += walkCycles(timing, sums) +
                    sumsCycles(timing, sums * (tile.inputParts - 1));
    }
    work.events = active * own.eventsPerNeuron / own.steps;
    work.update = updateCycles(timing, updates ? active : 0.0, work.events);
    work.spiking = updateCycles(timing, 0.0, work.events);
  }

  /// Words of the memory for so many elements side by side.
  double memoryWords(double elements, int bits) const {
    return std::ceil(elements * bits / std::max(1, timing.synapseWordBits));
  }

  /// `packets` open one row each; `reads` elements of `bits` are read in all.
  InputLoad inputLoad(double packets, double reads, int bits) const {
    const double words =
        packets > 0 ? packets * memoryWords(reads / packets, bits) : 0;
    return {stageCycles(timing, packets, packets, words, reads)};
  }

  /// Of a word that an event reads.
  int weightBits(const Dendrite &dendrite) const {
    if (dendrite.weights >= 0)
      return program.weights.blocks[static_cast<std::size_t>(dendrite.weights)]
          .bits;
    return dendrite.storedBits;
  }

  void addReceptions(const Dendrite &dendrite) {
    for (Operand operand : {Operand::Driver, Operand::Stored}) {
      const NeuronBlock block =
          requiredInputs(program, tile, dendrite, operand);
      if (block.empty())
        continue;
      const int source =
          operand == Operand::Driver ? dendrite.driver : dendrite.stored;
      const auto s = static_cast<std::size_t>(source);
      const StageActivity &of = activity[s];
      const double neurons = (block.groupEnd - block.groupBegin) *
                             activeColumns(of, program.stages[s].groupWidth,
                                           block.columnBegin, block.columnEnd);
      const double events =
          neurons * of.eventsPerNeuron * neededShare(dendrite, operand);
      const double reads = events * operationsOfEvent(dendrite, operand);
      const int bits = weightBits(dendrite);
      Reception reception;
      reception.source = source;
      reception.block = block;
      reception.neurons = neurons * neededShare(dendrite, operand);
      reception.operations = program.stages[s].digital ? 0 : reads;
      // The machine does for every packet what one event asks for.
      const double packets = events * of.packetsPerEvent / of.steps;
      reception.load =
          inputLoad(packets, reads * of.packetsPerEvent / of.steps, bits);
      if (writes(dendrite, operand)) {
        // Read, added to, written back; an axon of its own where the event is
        // multiplied as well.
        const double axons = dendrite.form == ProductForm::Concurrent ? 2 : 1;
        reception.load +=
            {stageCycles(timing, (axons - 1) * packets, (axons - 1) * packets,
                         2 * packets * memoryWords(1, bits), 0.0)};
      }
      work.receptions.push_back(reception);
    }
  }

  /// Whether an event of the operand changes a stored word.
  static bool writes(const Dendrite &dendrite, Operand operand) {
    const bool stores = dendrite.kind == DendriteKind::Product ||
                        dendrite.kind == DendriteKind::Scores ||
                        dendrite.kind == DendriteKind::Mix;
    return stores && (operand == Operand::Stored ||
                      dendrite.form == ProductForm::Concurrent);
  }

  /// Of the positions of the context, those whose tokens the tile hears.
  double neededShare(const Dendrite &dendrite, Operand operand) const {
    if (dendrite.kind != DendriteKind::Scores)
      return 1;
    const double context = stage.groupWidth;
    return operand == Operand::Driver
               ? (context - tile.columnBegin) / context
               : (tile.columnEnd - tile.columnBegin) / context;
  }

  /// Operations that one event causes on this tile, on average.
  double operationsOfEvent(const Dendrite &dendrite, Operand operand) const {
    switch (dendrite.kind) {
    case DendriteKind::Static:
      return static_cast<double>(tile.neurons());
    case DendriteKind::Rotary:
      return 2;
    case DendriteKind::Product: {
      // A broadcast operand meets every neuron of the tile in its range.
      const double inputs = static_cast<double>(
          requiredInputs(program, tile, dendrite, operand).size());
      return operand == Operand::Stored && dendrite.form == ProductForm::Stored
                 ? 0
                 : std::max(1.0, static_cast<double>(tile.neurons()) /
                                     std::max(1.0, inputs));
    }
    case DendriteKind::Scores:
      // The mean number of the tile's keys that such a query sees.
      return operand == Operand::Stored
                 ? 0
                 : (tile.columnEnd - tile.columnBegin) *
                       (stage.groupWidth -
                        (tile.columnBegin + tile.columnEnd) / 2.0) /
                       std::max(1.0,
                                double(stage.groupWidth - tile.columnBegin));
    case DendriteKind::Mix:
      return operand == Operand::Stored
                 ? 0
                 : std::min<double>(dendrite.headWidth,
                                    tile.columnEnd - tile.columnBegin);
    case DendriteKind::Hadamard:
      // Every neuron of the spike's block that the tile has.
      return std::min<double>(dendrite.headWidth,
                              tile.columnEnd - tile.columnBegin);
    default:
      return 1;
    }
  }

  const Program &program;
  const std::vector<StageActivity> &activity;
  const Tile &tile;
  const Stage &stage;
  const CoreTiming &timing;
  const StageActivity &own;
  TileWork work;
};

} // namespace

TileWork tileWork(const Program &program,
                  const std::vector<StageActivity> &activity,
                  const Tile &tile) {
  return WorkOfTile(program, activity, tile).run();
}

} // namespace synfire

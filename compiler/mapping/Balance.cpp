//===- Balance.cpp - how many parts each stage is worth -------------------===//
#include "compiler/mapping/Balance.h"

#include "runtime/program/Connectivity.h"
#include "runtime/program/Trains.h"

#include <algorithm>
#include <set>

namespace synfire {
namespace {

/// Stages this near to a level's slowest are split together with it: alone
/// none of them would gain anything.
constexpr double nearlySlowest = 0.97;
/// A split makes the largest tile smaller by about this.
constexpr double finer = 0.8;

} // namespace

StageBalance::StageBalance(const Program &compiled,
                           const std::vector<SplitShape> &splits,
                           const std::vector<StageActivity> &expected,
                           std::vector<StageSplit> fewest)
    : program(compiled), shapes(splits), activity(expected),
      splitOfStage(std::move(fewest)), stagesOfLevel(static_cast<std::size_t>(
                                           program.mapping.schedule.levels())),
      readersOfStage(program.stages.size()), candidates(stagesOfLevel.size()),
      stale(stagesOfLevel.size(), true) {
  for (std::size_t s = 0; s < program.stages.size(); ++s) {
    stagesOfLevel[static_cast<std::size_t>(
                      program.mapping.schedule.fireLevel[s])]
        .push_back(static_cast<int>(s));
    std::set<int> operands;
    for (const Dendrite &dendrite : program.stages[s].dendrites)
      for (int operand : {dendrite.driver, dendrite.stored})
        if (operand >= 0)
          operands.insert(operand);
    for (int operand : operands)
      readersOfStage[static_cast<std::size_t>(operand)].push_back(
          static_cast<int>(s));
  }
}

std::int64_t StageBalance::tiles() const {
  std::int64_t sum = 0;
  for (std::size_t s = 0; s < splitOfStage.size(); ++s)
    sum += shape(static_cast<int>(s)).tiles;
  return sum;
}

const StageBalance::Shape &StageBalance::shape(int stage,
                                               const StageSplit &split) const {
  auto [entry, fresh] =
      shapeCache.try_emplace({stage, split.parts, split.inputParts});
  Shape &made = entry->second;
  if (!fresh)
    return made;
  const std::vector<Tile> tiles =
      splitInto(shapes[static_cast<std::size_t>(stage)], split);
  made.tiles = static_cast<int>(tiles.size());
  made.work = tileWork(program, activity, tiles.front());
  std::map<int, double> heard;
  for (const Tile &tile : tiles) {
    // A neuron that several dendrites of a tile read is sent to it once.
    std::map<int, double> ofTile;
    for (const Dendrite &dendrite :
         program.stages[static_cast<std::size_t>(stage)].dendrites)
      for (Operand operand : {Operand::Driver, Operand::Stored}) {
        const NeuronBlock block =
            requiredInputs(program, tile, dendrite, operand);
        if (block.empty())
          continue;
        double neurons = static_cast<double>(block.size());
        if (dendrite.kind == DendriteKind::Scores) {
          const double context = std::max(1, program.model.context);
          neurons *= operand == Operand::Driver
                         ? (context - tile.columnBegin) / context
                         : (tile.columnEnd - tile.columnBegin) / context;
        }
        double &most = ofTile[operand == Operand::Driver ? dendrite.driver
                                                         : dendrite.stored];
        most = std::max(most, neurons);
      }
    for (const auto &[source, neurons] : ofTile)
      heard[source] += neurons;
  }
  made.heard.assign(heard.begin(), heard.end());
  return made;
}

/// Of the largest tile, per step.
double StageBalance::walkCycles(int stage) const {
  const auto s = static_cast<std::size_t>(stage);
  double destinations = 0; // of one neuron, on average
  for (int reader : readersOfStage[s])
    for (const auto &[source, neurons] : shape(reader).heard)
      if (source == stage)
        destinations +=
            neurons / static_cast<double>(program.stages[s].width());
  if (program.mapping.chip.noc.multicast == Multicast::Tree)
    destinations = std::min(1.0, destinations);
  return synfire::walkCycles(program.mapping.chip.timing,
                             shape(stage).work.events *
                                 activity[s].packetsPerEvent * destinations);
}

StageLoad StageBalance::load(int stage) const {
  const TileWork &work = shape(stage).work;
  return {work.setup, work.update, walkCycles(stage), work.receptions};
}

StageBalance::LevelTime StageBalance::levelTime(int level) const {
  LevelTime time;
  double slowestSetup = 0;
  std::map<int, InputLoad> inputs; // by reader
  for (int stage : stagesOfLevel[static_cast<std::size_t>(level)]) {
    const TileWork &work = shape(stage).work;
    const double output = std::max(work.update, walkCycles(stage));
    time.later = std::max(time.later, output);
    time.first = std::max(time.first, work.setup + output);
    slowestSetup = std::max(slowestSetup, work.setup);
    for (int reader : readersOfStage[static_cast<std::size_t>(stage)])
      for (const Reception &reception : shape(reader).work.receptions)
        if (reception.source == stage)
          inputs[reader] += reception.load;
  }
  for (const auto &[reader, load] : inputs) {
    time.later = std::max(time.later, load.slowest());
    time.first = std::max(time.first, slowestSetup + load.slowest());
  }
  const int steps =
      program.mapping.schedule.levelSteps[static_cast<std::size_t>(level)];
  time.total = program.frames * (time.first + (steps - 1) * time.later);
  return time;
}

Pace StageBalance::pace() const {
  Pace pace;
  for (int level = 0; level < program.mapping.schedule.levels(); ++level) {
    const LevelTime time = levelTime(level);
    pace.first.push_back(time.first);
    pace.later.push_back(time.later);
  }
  for (std::size_t s = 0; s < program.stages.size(); ++s) {
    const StageLoad of = load(static_cast<int>(s));
    InputLoad input;
    for (const Reception &reception : of.receptions)
      input += reception.load;
    pace.everyLevel =
        std::max({pace.everyLevel, of.update, of.walk, input.slowest()});
  }
  return pace;
}

/// The levels whose time the stage's parts change.
std::vector<int> StageBalance::levelsOf(int stage) const {
  const std::vector<int> &level = program.mapping.schedule.fireLevel;
  std::set<int> levels = {level[static_cast<std::size_t>(stage)]};
  for (const auto &[source, neurons] : shape(stage).heard)
    levels.insert(level[static_cast<std::size_t>(source)]);
  return {levels.begin(), levels.end()};
}

/// The next number of parts with smaller tiles; the present one if there is
/// none.
StageSplit StageBalance::finerSplit(int stage) const {
  const SplitShape &cuts = shapes[static_cast<std::size_t>(stage)];
  StageSplit split = splitOfStage[static_cast<std::size_t>(stage)];
  const std::int64_t size = splitInto(cuts, split.parts).front().neurons();
  int wanted = std::max(split.parts + 1, static_cast<int>(split.parts / finer));
  while (wanted <= cuts.finest() &&
         splitInto(cuts, wanted).front().neurons() >= size)
    wanted += std::max(1, wanted / 8);
  if (wanted <= cuts.finest())
    split.parts = wanted;
  return split;
}

/// Splits what holds the level up, or only what sends, or only what hears.
StageBalance::Candidate StageBalance::bestSplit(int level) {
  const LevelTime before = levelTime(level);
  std::set<int> senders, readers, setups;
  for (int stage : stagesOfLevel[static_cast<std::size_t>(level)]) {
    const TileWork &work = shape(stage).work;
    const double output = std::max(work.update, walkCycles(stage));
    if (output >= nearlySlowest * before.later ||
        work.setup + output >= nearlySlowest * before.first)
      senders.insert(stage);
    if (work.setup >= before.first / 4)
      setups.insert(stage);
    for (int reader : readersOfStage[static_cast<std::size_t>(stage)]) {
      InputLoad input;
      for (const Reception &reception : shape(reader).work.receptions)
        if (reception.source == stage)
          input += reception.load;
      if (input.slowest() >= nearlySlowest * before.later)
        readers.insert(reader);
    }
  }
  std::set<int> both = senders;
  both.insert(readers.begin(), readers.end());
  std::set<int> outputs = senders;
  outputs.insert(setups.begin(), setups.end());

  Candidate best;
  for (const std::set<int> *choice : {&both, &senders, &readers, &outputs}) {
    Candidate candidate;
    std::set<int> levels;
    std::int64_t tiles = 0;
    for (int stage : *choice) {
      const StageSplit split = finerSplit(stage);
      if (shape(stage, split).tiles == shape(stage).tiles)
        continue;
      candidate.splits.emplace_back(stage, split);
      tiles += shape(stage, split).tiles - shape(stage).tiles;
      for (int affected : levelsOf(stage))
        levels.insert(affected);
    }
    if (candidate.splits.empty() || tiles <= 0)
      continue;
    double gained = 0;
    for (int affected : levels)
      gained += levelTime(affected).total;
    auto exchange = [&] {
      for (auto &[stage, split] : candidate.splits)
        std::swap(splitOfStage[static_cast<std::size_t>(stage)], split);
    };
    exchange();
    for (int affected : levels)
      gained -= levelTime(affected).total;
    exchange();
    candidate.gain = gained / static_cast<double>(tiles);
    if (candidate.gain > best.gain)
      best = std::move(candidate);
  }
  return best;
}

bool StageBalance::splitOnce() {
  std::size_t best = 0;
  for (std::size_t level = 0; level < candidates.size(); ++level) {
    if (stale[level]) {
      candidates[level] = bestSplit(static_cast<int>(level));
      stale[level] = false;
    }
    if (candidates[level].gain > candidates[best].gain)
      best = level;
  }
  if (candidates.empty() || candidates[best].gain <= 0)
    return false;
  const auto splits = candidates[best].splits;
  for (const auto &[stage, split] : splits) {
    splitOfStage[static_cast<std::size_t>(stage)] = split;
    // The time of each of these levels has changed, and with it what a split
    // of any stage that acts there gains.
    for (int level : levelsOf(stage))
      for (int near : stagesOfLevel[static_cast<std::size_t>(level)]) {
        for (int also : levelsOf(near))
          stale[static_cast<std::size_t>(also)] = true;
        for (int reader : readersOfStage[static_cast<std::size_t>(near)])
          for (int also : levelsOf(reader))
            stale[static_cast<std::size_t>(also)] = true;
      }
  }
  return true;
}

} // namespace synfire

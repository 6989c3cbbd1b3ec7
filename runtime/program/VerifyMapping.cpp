//===- VerifyMapping.cpp - P7 to P9 and P15 of docs/spec/program.md -------===//
#include "runtime/program/Verify.h"

#include "runtime/program/Capacity.h"
#include "runtime/program/Demand.h"
#include "runtime/program/Routing.h"
#include "runtime/program/Trains.h"
#include "runtime/program/VerifyParts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace synfire {
namespace {

/// P9: the operands of a product, which stream together, fire together.
Status verifySameLevel(const Program &program, std::size_t stage,
                       const Dendrite &dendrite) {
  const std::vector<int> &level = program.mapping.schedule.fireLevel;
  const auto driver = static_cast<std::size_t>(dendrite.driver);
  const auto stored = static_cast<std::size_t>(dendrite.stored);
  if (level[driver] == level[stored])
    return Status::success();
  return makeError(
      fmt::format("its operands {} and {} fire at levels {} and {}, but must "
                  "fire at one",
                  describeStage(program, driver),
                  describeStage(program, stored), level[driver], level[stored]),
      describeStage(program, stage), "P9");
}

/// P9: a stage that hears all frames first, fires late enough.
Status verifyRehearsal(const Program &program, std::size_t stage) {
  const std::vector<int> &level = program.mapping.schedule.fireLevel;
  for (const Dendrite &dendrite : program.stages[stage].dendrites)
    for (int operand : {dendrite.driver, dendrite.stored}) {
      // A token enters as if from level -1.
      const bool enters = dendrite.kind == DendriteKind::Embed;
      if (operand < 0 && !enters)
        continue;
      const int earliest =
          program.frames +
          (enters ? -1 : level[static_cast<std::size_t>(operand)]);
      if (level[stage] < earliest)
        return makeError(
            fmt::format("rehearses {} frames and fires at level {}, but its "
                        "last frame is complete at level {}",
                        program.frames, level[stage], earliest),
            describeStage(program, stage), "P9");
    }
  return Status::success();
}

/// P9: an operand fires before its reader, a stored one before the driver.
Status verifyFireOrder(const Program &program, std::size_t stage) {
  const std::vector<int> &level = program.mapping.schedule.fireLevel;
  auto at = [&](int s) { return level[static_cast<std::size_t>(s)]; };
  auto ordered = [&](int before, int after, const char *relation) -> Status {
    if (at(before) < at(after))
      return Status::success();
    return makeError(
        fmt::format("fires at level {}, but its {} {} fires at level {}",
                    at(after), relation,
                    describeStage(program, static_cast<std::size_t>(before)),
                    at(before)),
        describeStage(program, static_cast<std::size_t>(after)), "P9");
  };
  for (const Dendrite &dendrite : program.stages[stage].dendrites) {
    for (int operand : {dendrite.driver, dendrite.stored})
      if (operand >= 0)
        SYNFIRE_TRY(ordered(operand, static_cast<int>(stage), "operand"));
    if (dendrite.stored >= 0 && dendrite.form == ProductForm::Stored)
      SYNFIRE_TRY(ordered(dendrite.stored, dendrite.driver, "stored partner"));
    if (program.frames > 1 && dendrite.stored >= 0)
      SYNFIRE_TRY(verifySameLevel(program, stage, dendrite));
  }
  if (rehearses(program, program.stages[stage]))
    return verifyRehearsal(program, stage);
  return Status::success();
}

int expectedSlots(const Program &program, std::size_t stage) {
  const std::vector<int> &level = program.mapping.schedule.fireLevel;
  int first = level[stage];
  for (const Dendrite &dendrite : program.stages[stage].dendrites) {
    if (dendrite.kind == DendriteKind::Embed)
      first = 0;
    for (int operand : {dendrite.driver, dendrite.stored})
      if (operand >= 0)
        first = std::min(first, level[static_cast<std::size_t>(operand)]);
  }
  return level[stage] - first + 1;
}

Status verifySchedule(const Program &program) {
  const Schedule &schedule = program.mapping.schedule;
  std::size_t stages = program.stages.size();
  if (schedule.fireLevel.size() != stages || schedule.slots.size() != stages)
    return makeError(
        fmt::format("{} fire levels and {} slot counts for {} stages",
                    schedule.fireLevel.size(), schedule.slots.size(), stages),
        "schedule", "P9");
  // An empty level would be a window in which nothing fires; only rehearsals
  // pass such.
  const std::size_t mostLevels =
      stages * static_cast<std::size_t>(program.frames);
  if (schedule.levelSteps.size() > mostLevels)
    return makeError(fmt::format("{} levels for {} stages of {} frames",
                                 schedule.levelSteps.size(), stages,
                                 program.frames),
                     "schedule", "P9");
  std::vector<int> steps(schedule.levelSteps.size(), 1);
  for (std::size_t s = 0; s < stages; ++s) {
    int level = schedule.fireLevel[s];
    if (level < 0 || level >= schedule.levels())
      return makeError(fmt::format("fires at level {}, but there are {}", level,
                                   schedule.levels()),
                       describeStage(program, s), "P9");
    int &most = steps[static_cast<std::size_t>(level)];
    most = std::max(most, frameSteps(program, program.stages[s]));
  }
  for (std::size_t s = 0; s < stages; ++s)
    SYNFIRE_TRY(verifyFireOrder(program, s));
  for (std::size_t s = 0; s < stages; ++s) {
    if (schedule.slots[s] != expectedSlots(program, s))
      return makeError(fmt::format("{} slots, but its operands fire {} levels "
                                   "earlier, which needs {}",
                                   schedule.slots[s],
                                   expectedSlots(program, s) - 1,
                                   expectedSlots(program, s)),
                       describeStage(program, s), "P9");
  }
  for (std::size_t level = 0; level < steps.size(); ++level)
    if (schedule.levelSteps[level] != steps[level])
      return makeError(
          fmt::format("level {} has {} steps, but its units need {}", level,
                      schedule.levelSteps[level], steps[level]),
          "schedule", "P9");
  return Status::success();
}

Status verifySystem(const Mapping &mapping) {
  const MeshShape &mesh = mapping.chip.mesh;
  for (int side : {mesh.chipWidth, mesh.chipHeight, mesh.coresPerRouter})
    if (side < 1)
      return makeError(fmt::format("a chip of {} x {} routers with {} cores",
                                   mesh.chipWidth, mesh.chipHeight,
                                   mesh.coresPerRouter),
                       "mapping", "P8");
  if (mapping.chipsX < 1 || mapping.chipsX > mesh.maxChipsX ||
      mapping.chipsY < 1 || mapping.chipsY > mesh.maxChipsY)
    return makeError(fmt::format("{} x {} chips, but {} has 1 x 1 to {} x {}",
                                 mapping.chipsX, mapping.chipsY,
                                 mapping.chip.name, mesh.maxChipsX,
                                 mesh.maxChipsY),
                     "mapping", "P8");
  std::int64_t cores = 1;
  for (int side : {mesh.chipWidth, mesh.chipHeight, mesh.coresPerRouter,
                   mapping.chipsX, mapping.chipsY})
    if (__builtin_mul_overflow(cores, std::int64_t(side), &cores) ||
        cores > largestCount)
      return makeError(
          fmt::format("more than {} cores in the system", largestCount),
          "mapping", "P8");
  return Status::success();
}

std::int64_t coresOf(const Mapping &mapping) {
  return mapping.chip.coresPerChip() * mapping.chipsX * mapping.chipsY;
}

Status verifyTileBounds(const Program &program, std::size_t index) {
  const Mapping &mapping = program.mapping;
  const Tile &tile = mapping.tiles[index];
  std::string where = fmt::format("tile {}", index);
  if (tile.stage < 0 ||
      static_cast<std::size_t>(tile.stage) >= program.stages.size())
    return makeError(fmt::format("stage {} does not exist: there are {}",
                                 tile.stage, program.stages.size()),
                     where, "P8");
  if (index > 0 && mapping.tiles[index - 1].stage > tile.stage)
    return makeError("tiles are not grouped by ascending stage", where, "P8");
  if (tile.core < 0 || tile.core >= coresOf(mapping))
    return makeError(fmt::format("core {} does not exist: there are {}",
                                 tile.core, coresOf(mapping)),
                     where, "P8");
  const Stage &stage = program.stages[static_cast<std::size_t>(tile.stage)];
  if (tile.groupBegin < 0 || tile.groupBegin >= tile.groupEnd ||
      tile.groupEnd > stage.groups || tile.columnBegin < 0 ||
      tile.columnBegin >= tile.columnEnd || tile.columnEnd > stage.groupWidth)
    return makeError(
        fmt::format("groups {} to {} and columns {} to {} are no rectangle of "
                    "{} x {} neurons",
                    tile.groupBegin, tile.groupEnd, tile.columnBegin,
                    tile.columnEnd, stage.groups, stage.groupWidth),
        fmt::format(
            "{} of {}", where,
            describeStage(program, static_cast<std::size_t>(tile.stage))),
        "P8");
  return Status::success();
}

/// P8: no tile lies on a core that is dead or that no packet can reach.
Status verifyUsableCores(const Mapping &mapping) {
  SYNFIRE_ASSIGN(const Routing routing,
                 Routing::create(mapping.chip, mapping.chipsX, mapping.chipsY));
  for (std::size_t i = 0; i < mapping.tiles.size(); ++i)
    if (!routing.usable(mapping.tiles[i].core))
      return makeError(fmt::format("core {} of {} is dead or cut off by faults",
                                   mapping.tiles[i].core, mapping.chip.name),
                       fmt::format("tile {}", i), "P8");
  return Status::success();
}

/// Sweeps over groups and keeps the columns that are covered right now; an
/// overlap meets its neighbour there.
bool areDisjoint(std::vector<Tile> tiles) {
  std::sort(tiles.begin(), tiles.end(), [](const Tile &a, const Tile &b) {
    return a.groupBegin < b.groupBegin;
  });
  std::multimap<int, std::pair<int, int>> ends; // groupEnd -> columns
  std::map<int, int> covered;                   // columnBegin -> columnEnd
  for (const Tile &tile : tiles) {
    while (!ends.empty() && ends.begin()->first <= tile.groupBegin) {
      covered.erase(ends.begin()->second.first);
      ends.erase(ends.begin());
    }
    auto next = covered.lower_bound(tile.columnBegin);
    if (next != covered.end() && next->first < tile.columnEnd)
      return false;
    if (next != covered.begin() && std::prev(next)->second > tile.columnBegin)
      return false;
    covered.emplace(tile.columnBegin, tile.columnEnd);
    ends.emplace(tile.groupEnd,
                 std::make_pair(tile.columnBegin, tile.columnEnd));
  }
  return true;
}

/// P15: which inputs can be split, and into what.
Status verifyInputParts(const Program &program, std::size_t index) {
  const std::vector<Tile> &tiles = program.mapping.tiles;
  const Tile &tile = tiles[index];
  const Stage &stage = program.stages[static_cast<std::size_t>(tile.stage)];
  const std::string where =
      fmt::format("tile {} of {}", index,
                  describeStage(program, static_cast<std::size_t>(tile.stage)));
  if (tile.inputPart < 0 || tile.inputPart >= tile.inputParts)
    return makeError(
        fmt::format("input part {} of {}", tile.inputPart, tile.inputParts),
        where, "P15");
  if (tile.inputPart > 0) {
    const Tile &before = tiles[index > 0 ? index - 1 : 0];
    if (index == 0 || before.stage != tile.stage ||
        before.inputPart + 1 != tile.inputPart ||
        before.groupBegin != tile.groupBegin ||
        before.groupEnd != tile.groupEnd ||
        before.columnBegin != tile.columnBegin ||
        before.columnEnd != tile.columnEnd)
      return makeError(fmt::format("input part {} does not follow part {} of "
                                   "its rectangle",
                                   tile.inputPart, tile.inputPart - 1),
                       where, "P15");
  }
  const bool ends =
      index + 1 == tiles.size() || tiles[index + 1].inputPart == 0;
  if (ends && tile.inputPart + 1 != tile.inputParts)
    return makeError(fmt::format("only {} of {} input parts",
                                 tile.inputPart + 1, tile.inputParts),
                     where, "P15");
  if (index > 0 && tiles[index - 1].stage == tile.stage &&
      tiles[index - 1].inputParts != tile.inputParts)
    return makeError(fmt::format("{} input parts, but the tile before it has "
                                 "{}",
                                 tile.inputParts, tiles[index - 1].inputParts),
                     where, "P15");
  if (tile.inputParts == 1)
    return Status::success();
  std::int64_t statics = 0;
  for (const Dendrite &dendrite : stage.dendrites) {
    if (dendrite.kind != DendriteKind::Static)
      continue;
    ++statics;
    const Stage &driver =
        program.stages[static_cast<std::size_t>(dendrite.driver)];
    if (driver.groups != 1 || driver.groupWidth < tile.inputParts)
      return makeError(
          fmt::format("{} input parts of {} groups of {} neurons; one group of "
                      "at least as many neurons can be split",
                      tile.inputParts, driver.groups, driver.groupWidth),
          where, "P15");
  }
  if (statics == 0)
    return makeError(
        fmt::format("{} input parts, but no static dendrite", tile.inputParts),
        where, "P15");
  return Status::success();
}

/// P8: disjoint tiles whose sizes add up to the stage cover it.
Status verifyCover(const Program &program) {
  const std::vector<Tile> &tiles = program.mapping.tiles;
  std::size_t next = 0;
  for (std::size_t s = 0; s < program.stages.size(); ++s) {
    std::vector<Tile> own;
    std::int64_t neurons = 0;
    for (; next < tiles.size() && tiles[next].stage == static_cast<int>(s);
         ++next) {
      if (!tiles[next].hasNeurons())
        continue;
      own.push_back(tiles[next]);
      neurons += tiles[next].neurons();
    }
    if (!areDisjoint(own))
      return makeError("two of its tiles overlap", describeStage(program, s),
                       "P8");
    if (neurons != program.stages[s].width())
      return makeError(fmt::format("its tiles hold {} of {} neurons", neurons,
                                   program.stages[s].width()),
                       describeStage(program, s), "P8");
  }
  return Status::success();
}

const WeightBlock *weightsOf(const Program &program, const Dendrite &dendrite) {
  const bool isStatic = dendrite.kind == DendriteKind::Static ||
                        dendrite.kind == DendriteKind::Embed;
  return isStatic ? &program.weights
                         .blocks[static_cast<std::size_t>(dendrite.weights)]
                  : nullptr;
}

Status verifyDemand(const TileDemand &demand, const ChipModel &chip,
                    const std::string &where) {
  for (const ResourceUse &use : resourceUses(demand, chip.core))
    if (!use.fits())
      return makeError(fmt::format("needs {} {}, but {} holds {}", use.needed,
                                   use.name, chip.name, use.held),
                       where, "P8");
  return Status::success();
}

} // namespace

Status verifyAbilities(const Program &program, const ChipModel &chip) {
  for (std::size_t s = 0; s < program.stages.size(); ++s)
    for (const Dendrite &dendrite : program.stages[s].dendrites) {
      const WeightBlock *weights = weightsOf(program, dendrite);
      if (weights && weights->bits > chip.core.weightBits)
        return makeError(fmt::format("not supported: {}-bit weights on {}, "
                                     "whose widest have {} bit{}",
                                     weights->bits, chip.name,
                                     chip.core.weightBits,
                                     chip.core.weightBits == 1 ? "" : "s"),
                         describeStage(program, s), "P8");
      if (dendrite.stored >= 0 && !chip.core.writesSynapses)
        return makeError(fmt::format("not supported: {} on {}, whose synapses "
                                     "spikes cannot write",
                                     toString(dendrite.kind), chip.name),
                         describeStage(program, s), "P8");
    }
  return Status::success();
}

Status verifyMapping(const Program &program) {
  const Mapping &mapping = program.mapping;
  if (mapping.tiles.empty())
    return makeError("the program is not mapped: it has no tiles", "mapping",
                     "P8");
  SYNFIRE_TRY(verifySchedule(program));
  SYNFIRE_TRY(verifySystem(mapping));
  SYNFIRE_TRY(verifyAbilities(program, mapping.chip));
  for (std::size_t i = 0; i < mapping.tiles.size(); ++i)
    SYNFIRE_TRY(verifyTileBounds(program, i));
  for (std::size_t i = 0; i < mapping.tiles.size(); ++i)
    SYNFIRE_TRY(verifyInputParts(program, i));
  SYNFIRE_TRY(verifyUsableCores(mapping));
  SYNFIRE_TRY(verifyCover(program));
  // Tile by tile first: then no sum over a core can overflow.
  for (std::size_t i = 0; i < mapping.tiles.size(); ++i) {
    const Tile &tile = mapping.tiles[i];
    SYNFIRE_TRY(verifyDemand(
        tileDemand(program, tile), mapping.chip,
        fmt::format(
            "core {}, {}", tile.core,
            describeStage(program, static_cast<std::size_t>(tile.stage)))));
  }
  for (const CoreDemand &demand : coreDemands(program))
    SYNFIRE_TRY(verifyDemand(demand.sum, mapping.chip,
                             fmt::format("core {}", demand.core)));
  return Status::success();
}

} // namespace synfire

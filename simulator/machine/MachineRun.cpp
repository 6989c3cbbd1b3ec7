//===- MachineRun.cpp - what a machine has done so far --------------------===//
#include "simulator/machine/Machine.h"

#include "runtime/program/Demand.h"

#include <algorithm>
#include <utility>

namespace synfire {

Run Machine::run(std::vector<LinkRun> linkRuns) const {
  Run run;
  run.executor = "machine";
  run.model = program.model;
  run.model.tokenizerJson.clear();
  run.conversion = program.conversion;
  run.chip = program.mapping.chip;
  run.digest = digest;
  run.membraneDigest = membraneDigest;
  run.prediction = program.mapping.prediction;
  run.timing = timing.totals();
  run.timing.clockHz = program.mapping.chip.timing.clockHz;
  fillStages(run);
  fillCores(run);
  run.links = std::move(linkRuns);
  links.fillPeaks(ways.mesh(), run.links);
  return run;
}

void Machine::fillStages(Run &run) const {
  for (std::size_t s = 0; s < program.stages.size(); ++s) {
    const Stage &stage = program.stages[s];
    run.stageNames.push_back(stage.name);
    run.stageLayers.push_back(stage.layer);
    run.stageRoles.push_back(stage.role);
    StageRun share;
    share.scoresKeys = stage.scoresKeys();
    share.spikesByStep.resize(static_cast<std::size_t>(units[s].trainSteps()));
    for (std::size_t t : tilesOfStage[s]) {
      const TileUnit &tile = *tiles[t];
      for (int part = 0; part < tile.tile().inputParts; ++part)
        share.counters += tiles[t + static_cast<std::size_t>(part)]->counters();
      share.values += tile.values();
      for (std::size_t i = 0; i < share.spikesByStep.size(); ++i)
        share.spikesByStep[i] += tile.spikesByStep()[i];
    }
    run.total += share.counters;
    run.stages.push_back(std::move(share));
  }
}

void Machine::fillCores(Run &run) const {
  // Both ascend with the number of the core and hold all that have a tile.
  const std::vector<CoreDemand> demands = coreDemands(program);
  std::uint64_t busiest = 0;
  for (const auto &core : usedCores) {
    CoreRun share = core->totals();
    share.demand = demands[run.cores.size()].sum;
    for (const TileUnit *tile : core->tiles()) {
      share.counters += tile->counters();
      share.stages.push_back(tile->tile().stage);
    }
    std::sort(share.stages.begin(), share.stages.end());
    share.stages.erase(std::unique(share.stages.begin(), share.stages.end()),
                       share.stages.end());
    if (run.timing.busiestCore < 0 || share.busyCycles > busiest) {
      run.timing.busiestCore = share.core;
      busiest = share.busyCycles;
    }
    run.cores.push_back(share);
  }
  run.usedCores = static_cast<int>(usedCores.size());
  run.usedChips = usedMesh().chips();
}

} // namespace synfire

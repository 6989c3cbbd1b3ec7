//===- CostModel.h - what a mapping is expected to cost ---------*- C++ -*-===//
//
// Predicts cycles, traffic and energy of a mapped Program from expected events
// (Activity.h) and the timing of docs/spec/machine.md. docs/spec/mapping.md
// gives the formulas.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_MAPPING_COSTMODEL_H
#define SYNFIRE_COMPILER_MAPPING_COSTMODEL_H

#include "compiler/mapping/LinkTraffic.h"
#include "compiler/mapping/TileWork.h"
#include "compiler/mapping/Traffic.h"

#include <utility>
#include <vector>

namespace synfire {

/// One window of a level or of the full pipeline.
struct WindowCost {
  double cycles = 0; ///< of all its steps, without barriers
  double links = 0;  ///< of the busiest link, over all its steps
  double cores = 0;  ///< of the cores' own work, over all its steps
  int steps = 0;
};

class CostModel {
public:
  /// Works on the tiles as program.mapping has them; it and `ways` outlive the
  /// model. Until moveTo() their cores are those of the mesh.
  CostModel(const Program &compiled, std::vector<StageActivity> expected,
            const Routing &ways);

  /// Takes the tiles' cores as numbers of this list of routers.
  void moveTo(std::vector<int> routers) { routerOfCore = std::move(routers); }

  const std::vector<TrafficNet> &nets() const { return trafficOfNets; }
  const std::vector<StageActivity> &activity() const { return expectedEvents; }

  CostPrediction predict() const;
  /// Of one window a level, without barriers.
  std::vector<WindowCost> levelCosts() const;

private:
  struct CoreLoad {
    double setup = 0, update = 0, walk = 0; ///< walk: output axons
    InputLoad input;
    double firstArrival = 0, lastArrival = 0;
    int bursts = 0;
    bool fires = false, hears = false;
  };
  struct Heard {
    int core = 0;
    InputLoad load;
  };

  /// The window at hand; kept from one to the next for its memory.
  struct Window {
    Window(const ChipModel &chip, const Routing &ways) : links(chip, ways) {}
    std::vector<int> stages;
    std::vector<CoreLoad> loads; ///< by core
    std::vector<int> touched;    ///< cores with a load
    LinkTraffic links;
  };

  void addStage(int stage, Window &window) const;
  double finish(Window &window, bool first) const;
  double longestRoute(const TrafficNet &net) const;
  double sumCycles(const std::vector<int> &stages, Window &window) const;
  double barrierCycles() const;
  double usedChips() const;
  WindowCost windowCost(const std::vector<int> &stages, Window &window) const;
  double dynamicPicojoules(const CostPrediction &traffic) const;

  const Program &program;
  const std::vector<StageActivity> expectedEvents;
  const Routing &routing;
  std::vector<TileWork> works; ///< by tile
  std::vector<TrafficNet> trafficOfNets;
  std::vector<std::vector<int>> netsOfStage;
  std::vector<std::vector<int>> sumsOfStage; ///< nets of its split inputs
  std::vector<std::vector<int>> tilesOfStage;
  std::vector<std::vector<Heard>> heardOfStage; ///< what readers do, by source
  std::vector<std::vector<int>> stagesOfLevel;
  std::vector<int> routerOfCore;
};

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_COSTMODEL_H

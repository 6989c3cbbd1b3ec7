//===- CostModel.h - what a mapping is expected to cost ---------*- C++ -*-===//
//
// Predicts cycles, traffic and energy of a mapped Program from expected events
// (Activity.h) and the timing of docs/spec/machine.md. docs/spec/mapping.md
// gives the formulas.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_MAPPING_COSTMODEL_H
#define SYNFIRE_COMPILER_MAPPING_COSTMODEL_H

#include "compiler/mapping/ExpectedMaximum.h"
#include "compiler/mapping/LinkTraffic.h"
#include "compiler/mapping/TileWork.h"
#include "compiler/mapping/Traffic.h"
#include "runtime/program/UsedMesh.h"

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
    double walkVariance = 0;
    InputLoad input, inputVariance;
    int crowd = -1;         ///< that the most of the input comes from
    double ofThatCrowd = 0; ///< cycles
    double firstArrival = 0, lastArrival = 0;
    int bursts = 0;
    bool used = false;
  };
  /// Neurons that a tile hears are a crowd; tiles that hear the same ones are
  /// busy in the same steps.
  struct Heard {
    int core = 0, crowd = 0;
    double neurons = 0;
    InputLoad load;
  };

  /// The window at hand; kept from one to the next for its memory.
  struct Window {
    Window(const ChipModel &chip, const Routing &ways) : links(chip, ways) {}
    std::vector<int> stages;
    std::vector<CoreLoad> loads; ///< by core
    std::vector<int> touched;    ///< cores with a load
    LinkTraffic links;
    std::vector<RandomLoad> busiest; ///< of the cores that hear a crowd
    std::vector<int> crowds;         ///< that are heard
    std::vector<double> latency; ///< of nets' longest routes; 0: not known yet
    /// What the links carried last, if all of `linkStages` sent alike.
    std::vector<int> linkStages;
    double linkShare = 0, linkCycles = 0;
  };

  void addStage(int stage, int step, Window &window) const;
  double busiestLink(int step, Window &window) const;
  double finish(Window &window, bool first) const;
  double longestRoute(int net, Window &window) const;
  double sumCycles(const std::vector<int> &stages, Window &window) const;
  double spread(int stage, double share, double neurons) const;
  UsedMesh usedMesh() const;
  WindowCost windowCost(const std::vector<int> &stages, Window &window) const;
  /// Of packets that reach `delivered` cores in all.
  double dynamicPicojoules(const CostPrediction &traffic, double delivered,
                           double partialSums) const;

  const Program &program;
  const std::vector<StageActivity> expectedEvents;
  const Routing &routing;
  std::vector<TileWork> works; ///< by tile
  std::vector<TrafficNet> trafficOfNets;
  std::vector<std::vector<int>> netsOfStage;
  std::vector<std::vector<int>> sumsOfStage; ///< nets of its split inputs
  std::vector<std::vector<int>> tilesOfStage;
  std::vector<std::vector<Heard>> heardOfStage; ///< what readers do, by source
  int crowds = 0;
  std::vector<std::vector<int>> stagesOfLevel;
  std::vector<int> routerOfCore;
};

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_COSTMODEL_H

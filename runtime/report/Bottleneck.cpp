//===- Bottleneck.cpp - where a run's cycles go ---------------------------===//
#include "runtime/report/Bottleneck.h"

#include "runtime/program/Capacity.h"
#include "runtime/report/Share.h"

#include <algorithm>
#include <tuple>

namespace synfire {
namespace {

template <typename Value, typename Key>
std::vector<Value> largest(std::vector<Value> all, std::size_t most, Key key) {
  std::sort(all.begin(), all.end(), [&](const Value &a, const Value &b) {
    return std::make_tuple(b.busyCycles, key(a)) <
           std::make_tuple(a.busyCycles, key(b));
  });
  all.resize(std::min(all.size(), most));
  return all;
}

} // namespace

double efficiency(const TimingRun &timing) {
  return shareOf(timing.boundCycles, timing.cycles);
}

std::vector<CauseShare> causeShares(const TimingRun &timing) {
  std::vector<CauseShare> shares;
  for (std::size_t i = 0; i < timing.causeSteps.values.size(); ++i)
    if (timing.causeSteps.values[i] > 0)
      shares.push_back({static_cast<StepCause>(i),
                        shareOf(timing.causeSteps.values[i], timing.steps),
                        shareOf(timing.causeCycles.values[i], timing.cycles)});
  std::sort(shares.begin(), shares.end(),
            [](const CauseShare &a, const CauseShare &b) {
              return std::tie(b.cycles, a.cause) < std::tie(a.cycles, b.cause);
            });
  return shares;
}

CoreStage busiestStage(const CoreRun &core) {
  const auto &cycles = core.stageCycles.values;
  return static_cast<CoreStage>(std::max_element(cycles.begin(), cycles.end()) -
                                cycles.begin());
}

std::vector<CapacityShare> capacityShares(const CoreRun &core,
                                          const CoreCapacity &capacity) {
  std::vector<CapacityShare> shares;
  for (const ResourceUse &use : resourceUses(core.demand, capacity))
    shares.push_back({use.field, shareOf(use.needed, use.held)});
  return shares;
}

std::vector<CoreRun> busiestCores(const Run &run, std::size_t most) {
  return largest(run.cores, most,
                 [](const CoreRun &core) { return core.core; });
}

std::vector<LinkRun> busiestLinks(const Run &run, std::size_t most) {
  return largest(run.links, most, [](const LinkRun &link) {
    return std::make_pair(link.fromRouter, link.toRouter);
  });
}

std::vector<std::string> stagesOn(const Run &run, const CoreRun &core) {
  std::vector<std::string> names;
  for (int stage : core.stages)
    if (stage >= 0 && static_cast<std::size_t>(stage) < run.stageNames.size())
      names.push_back(run.stageNames[static_cast<std::size_t>(stage)]);
  return names;
}

} // namespace synfire

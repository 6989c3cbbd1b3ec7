//===- RunSummary.cpp - a run's counters, grouped -------------------------===//
#include "runtime/report/RunSummary.h"

#include "runtime/report/EnergyModel.h"
#include "runtime/report/Share.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <map>

namespace synfire {

namespace {

std::vector<StageGroup>
groupBy(const Run &run, const std::function<std::string(std::size_t)> &nameOf) {
  std::vector<StageGroup> groups;
  std::map<std::string, std::size_t> positions;
  for (std::size_t i = 0; i < run.stages.size(); ++i) {
    const StageRun &stage = run.stages[i];
    const std::string name = nameOf(i);
    const auto [place, isNew] = positions.emplace(name, groups.size());
    if (isNew) {
      groups.emplace_back();
      groups.back().name = name;
    }
    StageGroup &group = groups[place->second];
    ++group.stages;
    group.values += stage.values;
    group.neurons += firingNeurons(stage);
    group.counters += stage.counters;
    if (group.spikesByStep.size() < stage.spikesByStep.size())
      group.spikesByStep.resize(stage.spikesByStep.size());
    for (std::size_t step = 0; step < stage.spikesByStep.size(); ++step)
      group.spikesByStep[step] += stage.spikesByStep[step];
  }
  return groups;
}

/// "layers.12.attn.q" -> "attn.q"; other names as they are.
std::string siteOf(const std::string &name) {
  const std::string prefix = "layers.";
  if (name.compare(0, prefix.size(), prefix) != 0)
    return name;
  std::size_t end = prefix.size();
  while (end < name.size() &&
         std::isdigit(static_cast<unsigned char>(name[end])))
    ++end;
  return end > prefix.size() && end < name.size() && name[end] == '.'
             ? name.substr(end + 1)
             : name;
}

} // namespace

double StageGroup::spikesPerValue() const {
  return shareOf(counters[Counter::Spike], neurons);
}

double StageGroup::spikesPerValue(std::size_t step) const {
  return shareOf(spikesByStep[step], neurons);
}

std::vector<StageGroup> byLayer(const Run &run) {
  return groupBy(run, [&](std::size_t i) -> std::string {
    const int layer = i < run.stageLayers.size() ? run.stageLayers[i] : -1;
    if (layer < 0)
      return "embedding";
    if (layer >= run.model.layers)
      return "head";
    return "layer " + std::to_string(layer);
  });
}

std::vector<StageGroup> bySite(const Run &run) {
  return groupBy(run, [&](std::size_t i) {
    return i < run.stageNames.size() ? siteOf(run.stageNames[i])
                                     : "stage " + std::to_string(i);
  });
}

bool isPlainNetwork(const Run &run) {
  return run.executor == "machine" && run.model.layers == 0;
}

std::vector<StageGroup> byPopulation(const Run &run) {
  return groupBy(run, [&](std::size_t i) { return run.stageNames[i]; });
}

std::uint64_t neuronsOfPlainNetwork(const Run &run) {
  std::uint64_t neurons = 0;
  for (const CoreRun &core : run.cores)
    neurons += static_cast<std::uint64_t>(core.demand.neurons);
  return neurons;
}

std::uint64_t stepsOfPlainNetwork(const Run &run) {
  const std::uint64_t neurons = neuronsOfPlainNetwork(run);
  return neurons == 0 ? 0 : run.total[Counter::NeuronUpdate] / neurons;
}

std::uint64_t sops(const Counters &counters) {
  return counters[Counter::SopLinear] + counters[Counter::SopAttention] +
         counters[Counter::SopOther];
}

std::uint64_t hops(const Counters &counters) {
  return counters[Counter::HopEastWest] + counters[Counter::HopNorthSouth];
}

double OperationShares::spikeDrivenShare() const {
  return shareOf(spikeDriven, total());
}

OperationShares operationShares(const Run &run) {
  OperationShares shares;
  shares.spikeDriven = sops(run.total);
  shares.digitalMacs = run.total[Counter::DigitalMac];
  shares.requantisation = run.total[Counter::Mac];
  shares.runningMaximum = run.total[Counter::Compare];
  shares.lookupReads = run.total[Counter::LookupRead];
  shares.argmax =
      static_cast<std::uint64_t>(std::max(run.model.vocabulary, 0)) *
      run.outputTokens.size();
  return shares;
}

} // namespace synfire

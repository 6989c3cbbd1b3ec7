//===- BottleneckText.cpp - where a run's cycles go, for a terminal -------===//
#include "runtime/report/Bottleneck.h"
#include "runtime/report/NumberText.h"
#include "runtime/report/Share.h"
#include "runtime/report/TextTable.h"

#include <algorithm>
#include <fmt/format.h>

namespace synfire {
namespace {

/// "a, b +3": as many names as a line of a table bears.
std::string someOf(const std::vector<std::string> &names) {
  constexpr std::size_t most = 2;
  if (names.empty())
    return "-";
  std::string out;
  for (std::size_t i = 0; i < std::min(most, names.size()); ++i)
    out += (i == 0 ? "" : ", ") + names[i];
  return names.size() > most ? fmt::format("{} +{}", out, names.size() - most)
                             : out;
}

} // namespace

std::string bottleneckText(const Run &run) {
  constexpr std::size_t shown = 5;
  const TimingRun &timing = run.timing;
  if (timing.boundCycles == 0)
    return {};
  std::string out = fmt::format(
      "  lower bound {} cycles: no order and no network could save more than "
      "{} of the cycles\n",
      shortCount(timing.boundCycles), percent(1 - efficiency(timing)));
  TextTable causes({"bound by", "steps", "cycles"});
  for (const CauseShare &share : causeShares(timing))
    causes.row(
        {toString(share.cause), percent(share.steps), percent(share.cycles)});
  out += "\n" + causes.text();

  TextTable cores({"busiest cores", "busy", "most in", "update", "walk",
                   "look-up", "memory", "lanes", "waiting", "queue", "full",
                   "stages"});
  for (const CoreRun &core : busiestCores(run, shown)) {
    auto stage = [&](CoreStage of) {
      return percent(shareOf(core.stageCycles[of], timing.cycles));
    };
    cores.row(
        {fmt::format("{}", core.core),
         percent(shareOf(core.busyCycles, timing.cycles)),
         toString(busiestStage(core)), stage(CoreStage::NeuronUpdate),
         stage(CoreStage::AxonWalk), stage(CoreStage::AxonLookup),
         stage(CoreStage::SynapseMemory), stage(CoreStage::Accumulation),
         percent(shareOf(core.stallCycles[CoreStall::Packets], timing.cycles)),
         shortCount(core.peakInputQueue),
         run.chip.core.synapseBytes > 0
             ? percent(static_cast<double>(core.demand.synapseBytes) /
                       static_cast<double>(run.chip.core.synapseBytes))
             : "-",
         someOf(stagesOn(run, core))});
  }
  out += "\n" + cores.text();

  TextTable links({"busiest links", "packets", "busy", "busiest step"});
  for (const LinkRun &link : busiestLinks(run, shown))
    links.row({fmt::format("router {} to {}", link.fromRouter, link.toRouter),
               shortCount(link.spikes),
               percent(shareOf(link.busyCycles, timing.cycles)),
               link.peakUtilisation > 0 ? percent(link.peakUtilisation) : "-"});
  return run.links.empty() ? out : out + "\n" + links.text();
}

} // namespace synfire

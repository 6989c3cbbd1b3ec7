//===- NeuronPlacement.cpp - which core holds which neurons ---------------===//
#include "simulator/spiking/NeuronPlacement.h"

#include "runtime/program/Routing.h"
#include "runtime/program/SystemSizes.h"
#include "runtime/support/DivideUp.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace synfire {
namespace {

/// Targets of sparse rows are numbers of 16 bits.
constexpr std::int64_t mostNeuronsOfCore = std::int64_t(1) << 16;

/// Numbers of the cores of a system in the order in which they are filled.
int coreAt(std::int64_t position, CoreOrder order, const MeshShape &mesh,
           int chipsX) {
  const std::int64_t ofChip =
      std::int64_t(mesh.chipWidth) * mesh.chipHeight * mesh.coresPerRouter;
  const auto chip = static_cast<int>(position / ofChip);
  const auto inChip = static_cast<int>(position % ofChip);
  const int router = inChip / mesh.coresPerRouter;
  const bool rows = order == CoreOrder::RouterRows;
  const int x = (rows ? router % mesh.chipWidth : router / mesh.chipHeight) +
                chip % chipsX * mesh.chipWidth;
  const int y = (rows ? router / mesh.chipWidth : router % mesh.chipHeight) +
                chip / chipsX * mesh.chipHeight;
  return (y * chipsX * mesh.chipWidth + x) * mesh.coresPerRouter +
         inChip % mesh.coresPerRouter;
}

/// Those of the network, then the populations that it does not mention.
std::vector<PlacementRange> allRanges(const SpikingNetwork &network) {
  std::vector<PlacementRange> ranges = network.placements;
  std::vector<bool> mentioned(network.populations.size());
  for (const PlacementRange &range : ranges)
    mentioned[static_cast<std::size_t>(range.population)] = true;
  for (std::size_t p = 0; p < network.populations.size(); ++p)
    if (!mentioned[p])
      ranges.push_back(
          {static_cast<int>(p), 0, network.populations[p].neurons, -1, 0});
  return ranges;
}

std::int64_t neuronsPerCore(const PlacementRange &range,
                            const ChipModel &chip) {
  return range.perCore > 0 ? range.perCore
                           : std::min(chip.core.neurons, mostNeuronsOfCore);
}

class Placer {
public:
  Placer(const SpikingNetwork &source, const ChipModel &model,
         const Routing &ways, int wide)
      : network(source), chip(model), routing(ways), chipsX(wide) {}

  /// Sets `full` and fails if the system has too few cores.
  Status place(NeuronPlacement &placement, bool &full) {
    for (const PlacementRange &range : allRanges(network))
      SYNFIRE_TRY(place(range, full));
    SYNFIRE_TRY(checkCover());
    for (auto &[core, slices] : slicesOfCore) {
      PlacedCore placed;
      placed.core = core;
      placed.firstSlice = static_cast<int>(placement.slices.size());
      placed.slices = static_cast<int>(slices.size());
      for (NeuronSlice &slice : slices) {
        slice.core = static_cast<int>(placement.cores.size());
        slice.firstLocal = placed.neurons;
        placed.neurons += slice.neurons;
        placement.slices.push_back(slice);
      }
      placement.cores.push_back(placed);
    }
    return Status::success();
  }

private:
  const std::string &nameOf(int population) const {
    return network.populations[static_cast<std::size_t>(population)].name;
  }

  Status place(const PlacementRange &range, bool &full) {
    const std::int64_t perCore = neuronsPerCore(range, chip);
    std::int64_t position = range.core < 0 ? next : range.core;
    for (std::int32_t done = 0; done < range.neurons; ++position) {
      if (position >= routing.mesh().cores()) {
        full = true;
        return makeError(
            fmt::format("population '{}' needs the core at position {} of "
                        "core_order, but the largest system has {} cores",
                        nameOf(range.population), position,
                        routing.mesh().cores()),
            "chip " + chip.name);
      }
      const int core = coreAt(position, network.coreOrder, chip.mesh, chipsX);
      if (!routing.usable(core))
        continue;
      const auto neurons = static_cast<std::int32_t>(
          std::min<std::int64_t>(perCore, range.neurons - done));
      std::int64_t &held = neuronsOfCore[core];
      held += neurons;
      if (held > chip.core.neurons)
        return makeError(
            fmt::format("core {} (position {} of core_order) needs {} neurons, "
                        "but {} holds {}",
                        core, position, held, chip.name, chip.core.neurons),
            "population '" + nameOf(range.population) + "'",
            "give its placement fewer neurons_per_core");
      if (held > mostNeuronsOfCore)
        return makeError(
            fmt::format("not supported: {} neurons on core {} (position {} of "
                        "core_order), above {}",
                        held, core, position, mostNeuronsOfCore),
            "population '" + nameOf(range.population) + "'");
      slicesOfCore[core].push_back(
          {range.population, range.first + done, neurons, 0, 0});
      done += neurons;
    }
    next = std::max(next, position);
    return Status::success();
  }

  Status checkCover() const {
    std::vector<std::vector<std::pair<std::int32_t, std::int32_t>>> parts(
        network.populations.size());
    for (const auto &[core, slices] : slicesOfCore)
      for (const NeuronSlice &slice : slices)
        parts[static_cast<std::size_t>(slice.population)].emplace_back(
            slice.first, slice.first + slice.neurons);
    for (std::size_t p = 0; p < parts.size(); ++p) {
      std::sort(parts[p].begin(), parts[p].end());
      std::int32_t covered = 0;
      for (const auto &[begin, end] : parts[p]) {
        if (begin != covered)
          return makeError(
              fmt::format("neuron {} has {}", std::min(begin, covered),
                          begin > covered ? "no place" : "two places"),
              "population '" + network.populations[p].name + "'");
        covered = end;
      }
      if (covered != network.populations[p].neurons)
        return makeError(fmt::format("neuron {} has no place", covered),
                         "population '" + network.populations[p].name + "'");
    }
    return Status::success();
  }

  const SpikingNetwork &network;
  const ChipModel &chip;
  const Routing &routing;
  int chipsX;
  std::int64_t next = 0; ///< position after the last one used
  std::map<int, std::vector<NeuronSlice>> slicesOfCore;
  std::map<int, std::int64_t> neuronsOfCore;
};

/// No smaller system of cores that all work can hold the network. At most the
/// chips of the largest system, whose error says what is missing.
std::int64_t leastChips(const SpikingNetwork &network, const ChipModel &chip) {
  const std::int64_t ofChip = chip.coresPerChip();
  const std::int64_t mostChips =
      std::int64_t(chip.mesh.maxChipsX) * chip.mesh.maxChipsY;
  const std::int64_t mostCores = mostChips * ofChip;
  std::int64_t next = 0;
  for (const PlacementRange &range : allRanges(network)) {
    const std::int64_t first = range.core < 0 ? next : range.core;
    next = std::max(next, std::min(first, mostCores) +
                              divideUp<std::int64_t>(
                                  range.neurons, neuronsPerCore(range, chip)));
  }
  return std::min(divideUp(next, ofChip), mostChips);
}

} // namespace

const NeuronSlice &NeuronPlacement::sliceOf(int population,
                                            std::int32_t neuron) const {
  const std::vector<int> &own =
      slicesOfPopulation[static_cast<std::size_t>(population)];
  const auto after = std::upper_bound(
      own.begin(), own.end(), neuron, [this](std::int32_t wanted, int slice) {
        return wanted < slices[static_cast<std::size_t>(slice)].first;
      });
  return slices[static_cast<std::size_t>(*(after - 1))];
}

Result<NeuronPlacement> placeNeurons(const SpikingNetwork &network,
                                     const ChipModel &chip) {
  NeuronPlacement placement;
  SystemSizes sizes(chip.mesh, leastChips(network, chip));
  Status status =
      makeError("more cores than the largest system has", "chip " + chip.name);
  for (bool full = true; full;) {
    const auto size = sizes.next();
    if (!size)
      return status.error();
    SYNFIRE_ASSIGN(const Routing routing,
                   Routing::create(chip, size->chipsX, size->chipsY));
    placement = {};
    placement.chipsX = size->chipsX;
    placement.chipsY = size->chipsY;
    full = false;
    status =
        Placer(network, chip, routing, placement.chipsX).place(placement, full);
    if (!status.ok() && !full)
      return status.error();
  }
  placement.slicesOfPopulation.resize(network.populations.size());
  for (std::size_t s = 0; s < placement.slices.size(); ++s)
    placement
        .slicesOfPopulation[static_cast<std::size_t>(
            placement.slices[s].population)]
        .push_back(static_cast<int>(s));
  for (std::vector<int> &slices : placement.slicesOfPopulation)
    std::sort(slices.begin(), slices.end(), [&](int a, int b) {
      return placement.slices[static_cast<std::size_t>(a)].first <
             placement.slices[static_cast<std::size_t>(b)].first;
    });
  return placement;
}

} // namespace synfire

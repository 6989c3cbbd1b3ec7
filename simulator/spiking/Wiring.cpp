//===- Wiring.cpp - axons and synapse memory of all cores -----------------===//
#include "simulator/spiking/Wiring.h"

#include "simulator/machine/CoreClock.h"
#include "simulator/machine/LinkBound.h"
#include "simulator/spiking/SynapseSource.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <map>

namespace synfire {
namespace {

constexpr std::int64_t bitsOfByte = 8;
/// Sums of as many weights of a byte fit 32 bits in any order.
constexpr std::int64_t mostSynapsesOfNeuron =
    std::numeric_limits<std::int32_t>::max() / 128;
constexpr std::int64_t most32Bits = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t none = ~std::uint32_t(0);

class Wirer {
public:
  Wirer(const SpikingNetwork &source, const NeuronPlacement &places,
        const ChipModel &model, const Routing &ways)
      : network(source), placement(places), chip(model), routing(ways),
        synapses(source, model.core.weightBits),
        countedBytes(most32Bits * model.timing.synapseWordBits /
                     (model.timing.synapseWordBits + bitsOfByte)) {
    wiring.axons.resize(placement.cores.size());
    wiring.memory.resize(placement.cores.size());
    wiring.demands.resize(placement.cores.size());
    wiring.denseBundles.resize(placement.slices.size());
    sparseSynapsesOf.resize(placement.cores.size());
    denseBytesOf.resize(placement.cores.size());
    bundleOfCore.resize(placement.cores.size(), none);
  }

  Result<Wiring> wire() {
    for (std::size_t c = 0; c < network.connections.size(); ++c)
      if (network.connections[c].dense())
        layOut(network.connections[c]);
    for (std::size_t core = 0; core < placement.cores.size(); ++core)
      SYNFIRE_TRY(holdsSynapses(core));
    SYNFIRE_TRY(leavesRoom());
    SYNFIRE_TRY(fillBlocks());
    targetsOfPopulation();
    for (std::size_t core = 0; core < placement.cores.size(); ++core)
      SYNFIRE_TRY(addAxons(core));
    for (std::size_t core = 0; core < placement.cores.size(); ++core)
      SYNFIRE_TRY(finish(core));
    return std::move(wiring);
  }

private:
  /// Where a synapse ends; sorts by core, slice and neuron.
  struct End {
    std::uint64_t place = 0; ///< core, slice of it, local neuron
    std::int8_t weight = 0;

    std::uint32_t core() const {
      return static_cast<std::uint32_t>(place >> 32);
    }
    std::uint16_t slice() const {
      return static_cast<std::uint16_t>(place >> 16);
    }
    std::uint16_t local() const { return static_cast<std::uint16_t>(place); }
    std::uint64_t row() const { return place >> 16; }
  };
  /// Dense blocks of a population on one core, joined.
  struct DenseTarget {
    std::uint32_t core = 0, rows = 0, operations = 0, words = 0;
  };

  const Population &population(int number) const {
    return network.populations[static_cast<std::size_t>(number)];
  }
  const NeuronSlice &slice(int number) const {
    return placement.slices[static_cast<std::size_t>(number)];
  }
  Error overfull(std::size_t core, const char *what, std::int64_t needed,
                 std::int64_t held) const {
    return makeError(fmt::format("core {} needs {} {}, but {} holds {}",
                                 placement.cores[core].core, needed, what,
                                 chip.name, held),
                     "network " + network.name,
                     "place fewer neurons on a core: neurons_per_core");
  }
  Status holdsSynapses(std::size_t core) {
    const std::int64_t bytes =
        denseBytesOf[core] +
        static_cast<std::int64_t>(wiring.memory[core].sparse.size());
    wiring.demands[core].synapseBytes = bytes;
    if (bytes > chip.core.synapseBytes)
      return overfull(core, "bytes of synapses", bytes, chip.core.synapseBytes);
    if (bytes > countedBytes)
      return makeError(fmt::format("not supported: core {} with {} bytes of "
                                   "synapses in words of {} bits, above {}",
                                   placement.cores[core].core, bytes,
                                   chip.timing.synapseWordBits, countedBytes),
                       "network " + network.name,
                       "place fewer neurons on a core: neurons_per_core");
    return Status::success();
  }

  /// What is too much wherever the synapses end is refused before they are
  /// asked for: a network says in a line what no memory holds.
  Status leavesRoom() const {
    std::vector<std::int64_t> ofTarget(network.populations.size());
    for (const Connection &connection : network.connections) {
      const auto to = static_cast<std::size_t>(connection.to);
      const std::int64_t targets = population(connection.to).neurons;
      const std::int64_t sources = population(connection.from).neurons;
      ofTarget[to] += connection.kind == ConnectionKind::Generated
                          ? sources * connection.synapsesOfNeuron()
                          : 0;
      if (ofTarget[to] > mostSynapsesOfNeuron * targets)
        return makeError(
            fmt::format("not supported: {} synapses generated onto population "
                        "'{}' of {} neurons, above {} for each",
                        ofTarget[to], population(connection.to).name, targets,
                        mostSynapsesOfNeuron),
            "network " + network.name);
    }
    const auto dense = static_cast<std::int64_t>(denseBytes);
    const std::int64_t bytes =
        dense * denseSynapseBytes +
        (network.synapses() - dense) * sparseSynapseBytes;
    const auto cores = static_cast<std::int64_t>(placement.cores.size());
    if (bytes / cores > chip.core.synapseBytes)
      return makeError(fmt::format("the synapses of {} cores need {} bytes at "
                                   "least, but {} holds {} on a core",
                                   cores, bytes, chip.name,
                                   chip.core.synapseBytes),
                       "network " + network.name,
                       "place fewer neurons on a core: neurons_per_core");
    return Status::success();
  }

  void layOut(const Connection &connection) {
    for (int number :
         placement
             .slicesOfPopulation[static_cast<std::size_t>(connection.to)]) {
      const NeuronSlice &target = slice(number);
      CoreMemory &memory = wiring.memory[static_cast<std::size_t>(target.core)];
      DenseBlock block;
      block.population = connection.from;
      block.slice = number;
      block.firstLocal = target.firstLocal;
      block.columns = target.neurons;
      block.offset = denseBytes;
      denseBytes +=
          static_cast<std::size_t>(population(connection.from).neurons) *
          static_cast<std::size_t>(target.neurons);
      memory.blocks.push_back(block);
      denseBytesOf[static_cast<std::size_t>(target.core)] +=
          std::int64_t(population(connection.from).neurons) * target.neurons *
          denseSynapseBytes;
    }
  }

  Status fillBlocks() {
    wiring.dense.resize(denseBytes);
    // Blocks of a core lie in the order of the connections.
    std::vector<std::size_t> nextBlock(wiring.memory.size());
    for (std::size_t c = 0; c < network.connections.size(); ++c) {
      const Connection &connection = network.connections[c];
      if (!connection.dense())
        continue;
      for (int number :
           placement
               .slicesOfPopulation[static_cast<std::size_t>(connection.to)]) {
        const NeuronSlice &target = slice(number);
        const auto core = static_cast<std::size_t>(target.core);
        const DenseBlock &block = wiring.memory[core].blocks[nextBlock[core]++];
        std::int8_t *row = wiring.dense.data() + block.offset;
        for (std::int32_t i = 0; i < population(connection.from).neurons;
             ++i, row += block.columns)
          SYNFIRE_TRY(synapses.denseRow(static_cast<int>(c), i, target.first,
                                        target.neurons, row));
      }
    }
    return Status::success();
  }

  std::uint32_t wordsOf(std::int64_t bytes) const {
    return static_cast<std::uint32_t>(
        divideUp(static_cast<std::uint64_t>(bytes * bitsOfByte),
                 static_cast<std::uint64_t>(chip.timing.synapseWordBits)));
  }

  void targetsOfPopulation() {
    denseTargets.resize(network.populations.size());
    for (std::uint32_t core = 0; core < wiring.memory.size(); ++core)
      for (const DenseBlock &block : wiring.memory[core].blocks) {
        std::vector<DenseTarget> &targets =
            denseTargets[static_cast<std::size_t>(block.population)];
        if (targets.empty() || targets.back().core != core)
          targets.push_back({core, 0, 0, 0});
        ++targets.back().rows;
        targets.back().operations += static_cast<std::uint32_t>(block.columns);
        targets.back().words += wordsOf(block.columns * denseSynapseBytes);
      }
  }

  /// The bundle of the slice at hand to this core.
  std::uint32_t bundleTo(std::uint32_t destination, int number) {
    std::uint32_t &bundle = bundleOfCore[destination];
    if (bundle == none) {
      bundle = static_cast<std::uint32_t>(own.size());
      AxonBundle made;
      made.slice = static_cast<std::uint32_t>(number);
      made.destination = destination;
      made.route = routing.routeBetweenCores(
          placement.cores[static_cast<std::size_t>(slice(number).core)].core,
          placement.cores[destination].core);
      own.push_back(made);
    }
    return bundle;
  }

  Status addAxons(std::size_t core) {
    CoreAxons &axons = wiring.axons[core];
    const PlacedCore &placed = placement.cores[core];
    own.clear();
    std::int64_t packets = 0; // of one spike of every neuron
    for (int s = 0; s < placed.slices; ++s) {
      const int number = placed.firstSlice + s;
      const std::size_t firstOwn = own.size();
      std::vector<std::uint32_t> &dense =
          wiring.denseBundles[static_cast<std::size_t>(number)];
      for (const DenseTarget &target :
           denseTargets[static_cast<std::size_t>(slice(number).population)]) {
        dense.push_back(bundleTo(target.core, number));
        AxonBundle &bundle = own[dense.back()];
        bundle.denseRows = target.rows;
        bundle.denseOperations = target.operations;
        bundle.denseWords = target.words;
      }
      packets += std::int64_t(slice(number).neurons) *
                 static_cast<std::int64_t>(dense.size());
      SYNFIRE_TRY(addSparseAxons(number, axons, packets));
      for (std::size_t b = firstOwn; b < own.size(); ++b)
        bundleOfCore[own[b].destination] = none;
    }
    wiring.demands[core].outputAxons = packets;
    if (packets > chip.core.outputAxons)
      return overfull(core, "output axons", packets, chip.core.outputAxons);
    if (packets > most32Bits)
      return makeError(fmt::format("not supported: core {} with {} output "
                                   "axons, above {}",
                                   placed.core, packets, most32Bits),
                       "network " + network.name);
    axons.axons.shrink_to_fit();
    axons.axonBegin.shrink_to_fit();
    sortBundles(core);
    if (chip.noc.multicast == Multicast::Tree)
      addTrees(core);
    return Status::success();
  }

  Status addSparseAxons(int number, CoreAxons &axons, std::int64_t &packets) {
    const NeuronSlice &from = slice(number);
    for (std::int32_t n = 0; n < from.neurons; ++n) {
      ends.clear();
      for (std::size_t c = 0; c < network.connections.size(); ++c)
        if (!network.connections[c].dense() &&
            network.connections[c].from == from.population)
          SYNFIRE_TRY(appendEnds(static_cast<int>(c), from.first + n));
      std::sort(ends.begin(), ends.end(), [](const End &a, const End &b) {
        return a.place != b.place ? a.place < b.place : a.weight < b.weight;
      });
      if (!ends.empty())
        axons.axonBegin.resize(static_cast<std::size_t>(from.firstLocal + n) +
                                   1,
                               static_cast<std::uint32_t>(axons.axons.size()));
      std::uint32_t lastCore = none;
      for (std::size_t begin = 0, end = 0; begin < ends.size(); begin = end) {
        while (end < ends.size() && ends[end].row() == ends[begin].row())
          ++end;
        SparseAxon axon;
        axon.bundle = bundleTo(ends[begin].core(), number);
        SYNFIRE_TRY(addRow(begin, end, axon.row));
        if (ends[begin].core() != lastCore && own[axon.bundle].denseRows == 0) {
          axon.bundle |= ownPacket;
          ++packets;
        }
        lastCore = ends[begin].core();
        axons.axons.push_back(axon);
      }
    }
    return Status::success();
  }

  Status appendEnds(int connection, std::int32_t i) {
    found.clear();
    SYNFIRE_TRY(synapses.sparseSynapses(connection, i, found));
    const int to = network.connections[static_cast<std::size_t>(connection)].to;
    for (const SparseSynapse &synapse : found) {
      const NeuronSlice &target = placement.sliceOf(to, synapse.target);
      const auto core = static_cast<std::size_t>(target.core);
      const auto ofCore = static_cast<std::uint64_t>(
          &target - &slice(placement.cores[core].firstSlice));
      const auto local = static_cast<std::uint64_t>(
          target.firstLocal + synapse.target - target.first);
      ends.push_back(
          {std::uint64_t(core) << 32 | ofCore << 16 | local, synapse.weight});
    }
    return Status::success();
  }

  /// ends[begin, end) as a new row of their core.
  Status addRow(std::size_t begin, std::size_t end, SparseRow &row) {
    const std::uint32_t core = ends[begin].core();
    CoreMemory &memory = wiring.memory[core];
    std::vector<std::uint32_t> &synapsesOf = sparseSynapsesOf[core];
    synapsesOf.resize(static_cast<std::size_t>(placement.cores[core].neurons));
    const std::size_t before = memory.sparse.size() / sparseSynapseBytes;
    if (before + (end - begin) >= none)
      return makeError(fmt::format("not supported: core {} with 2^32 sparse "
                                   "synapses or more",
                                   placement.cores[core].core),
                       "network " + network.name);
    row.begin = static_cast<std::uint32_t>(before);
    row.synapses = static_cast<std::uint32_t>(end - begin);
    for (std::size_t e = begin; e < end; ++e) {
      memory.sparse.push_back(static_cast<std::uint8_t>(ends[e].local()));
      memory.sparse.push_back(static_cast<std::uint8_t>(ends[e].local() >> 8));
      ++synapsesOf[ends[e].local()];
    }
    for (std::size_t e = begin; e < end; ++e)
      memory.sparse.push_back(static_cast<std::uint8_t>(ends[e].weight));
    ++memory.sparseRows;
    wiring.sparseSynapses += end - begin;
    return holdsSynapses(core);
  }

  /// Moves the bundles of a core to the wiring, by (destination, slice).
  void sortBundles(std::size_t core) {
    CoreAxons &axons = wiring.axons[core];
    const PlacedCore &placed = placement.cores[core];
    std::vector<std::uint32_t> order(own.size());
    for (std::uint32_t b = 0; b < order.size(); ++b)
      order[b] = b;
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) {
                return own[a].destination != own[b].destination
                           ? own[a].destination < own[b].destination
                           : own[a].slice < own[b].slice;
              });
    axons.firstBundle = static_cast<std::uint32_t>(wiring.bundles.size());
    axons.bundles = static_cast<std::uint32_t>(own.size());
    std::vector<std::uint32_t> moved(own.size()), events(own.size());
    for (std::uint32_t b = 0; b < order.size(); ++b)
      moved[order[b]] = axons.firstBundle + b;
    for (SparseAxon &axon : axons.axons) {
      const std::uint32_t bundle = axon.bundle & ~ownPacket;
      ++events[bundle];
      axon.bundle = moved[bundle] | (axon.bundle & ownPacket);
    }
    for (std::uint32_t from : order) {
      own[from].firstEvent = axons.events;
      axons.events += events[from];
      wiring.bundles.push_back(own[from]);
    }
    for (int s = 0; s < placed.slices; ++s)
      for (std::uint32_t &bundle :
           wiring.denseBundles[static_cast<std::size_t>(placed.firstSlice) +
                               static_cast<std::size_t>(s)])
        bundle = moved[bundle];
    if (!axons.axons.empty())
      axons.axonBegin.resize(static_cast<std::size_t>(placed.neurons) + 1,
                             static_cast<std::uint32_t>(axons.axons.size()));
  }

  void addTrees(std::size_t core) {
    CoreAxons &axons = wiring.axons[core];
    const PlacedCore &placed = placement.cores[core];
    axons.firstTree = static_cast<std::uint32_t>(wiring.trees.size());
    axons.treeOfNeuron.assign(static_cast<std::size_t>(placed.neurons), noTree);
    std::vector<std::uint32_t> bundles;
    for (int s = placed.firstSlice; s < placed.firstSlice + placed.slices;
         ++s) {
      std::map<std::vector<std::uint32_t>, std::uint32_t> treeOf;
      for (std::int32_t n = 0; n < slice(s).neurons; ++n) {
        const auto local = static_cast<std::size_t>(slice(s).firstLocal) +
                           static_cast<std::size_t>(n);
        bundles = wiring.denseBundles[static_cast<std::size_t>(s)];
        if (!axons.axons.empty())
          for (std::uint32_t a = axons.axonBegin[local];
               a < axons.axonBegin[local + 1]; ++a)
            bundles.push_back(axons.axons[a].bundle & ~ownPacket);
        if (bundles.empty())
          continue;
        std::sort(bundles.begin(), bundles.end());
        bundles.erase(std::unique(bundles.begin(), bundles.end()),
                      bundles.end());
        const auto [tree, isNew] = treeOf.emplace(
            bundles, static_cast<std::uint32_t>(wiring.trees.size()));
        if (isNew)
          addTree(s, bundles);
        axons.treeOfNeuron[local] = tree->second;
      }
    }
    axons.trees =
        static_cast<std::uint32_t>(wiring.trees.size()) - axons.firstTree;
  }

  void addTree(int number, const std::vector<std::uint32_t> &bundles) {
    AxonTree tree;
    tree.slice = static_cast<std::uint32_t>(number);
    tree.firstBranch = static_cast<std::uint32_t>(wiring.branches.size());
    tree.branches = static_cast<std::uint32_t>(bundles.size());
    wiring.branches.insert(wiring.branches.end(), bundles.begin(),
                           bundles.end());
    const Mesh &mesh = routing.mesh();
    auto routerOf = [&](std::size_t core) {
      return mesh.routerNumber(mesh.routerOfCore(placement.cores[core].core));
    };
    links.clear();
    for (std::uint32_t bundle : bundles)
      routing.forEachLink(
          routerOf(static_cast<std::size_t>(slice(number).core)),
          routerOf(wiring.bundles[bundle].destination),
          [&](const MeshLink &link) { links.push_back(link.number); });
    std::sort(links.begin(), links.end());
    links.erase(std::unique(links.begin(), links.end()), links.end());
    tree.route = routeOver(mesh, links);
    wiring.trees.push_back(tree);
  }

  /// What can be checked once all rows of a core are there.
  Status finish(std::size_t core) {
    CoreMemory &memory = wiring.memory[core];
    memory.sparse.shrink_to_fit();
    std::int64_t rows = 0;
    for (const DenseBlock &block : memory.blocks)
      rows += population(block.population).neurons;
    std::int64_t most = rows;
    for (std::uint32_t synapsesOf : sparseSynapsesOf[core])
      most = std::max(most, rows + synapsesOf);
    if (most > mostSynapsesOfNeuron)
      return makeError(fmt::format("not supported: a neuron of core {} with {} "
                                   "synapses, above {}",
                                   placement.cores[core].core, most,
                                   mostSynapsesOfNeuron),
                       "network " + network.name);
    TileDemand &demand = wiring.demands[core];
    demand.neurons = demand.accumulators = placement.cores[core].neurons;
    demand.inputAxons = rows + memory.sparseRows;
    if (demand.inputAxons > chip.core.inputAxons)
      return overfull(core, "input axons", demand.inputAxons,
                      chip.core.inputAxons);
    return Status::success();
  }

  const SpikingNetwork &network;
  const NeuronPlacement &placement;
  const ChipModel &chip;
  const Routing &routing;
  SynapseSource synapses;
  /// The words that a core opens in a step, and one more for each row, fit 32
  /// bits.
  std::int64_t countedBytes;
  Wiring wiring;
  std::size_t denseBytes = 0;
  std::vector<std::vector<DenseTarget>> denseTargets; ///< by population
  std::vector<AxonBundle> own; ///< of the source core at hand
  /// Of the slice at hand; none between slices.
  std::vector<std::uint32_t> bundleOfCore;
  /// By core and local neuron; empty without.
  std::vector<std::vector<std::uint32_t>> sparseSynapsesOf;
  std::vector<std::int64_t> denseBytesOf; ///< by core
  std::vector<End> ends;
  std::vector<SparseSynapse> found;
  std::vector<int> links; ///< of the tree at hand
};

} // namespace

Result<Wiring> wire(const SpikingNetwork &network,
                    const NeuronPlacement &placement, const ChipModel &chip,
                    const Routing &routing) {
  return Wirer(network, placement, chip, routing).wire();
}

} // namespace synfire

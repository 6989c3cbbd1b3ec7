//===- ChipModel.cpp - textproto to checked plain values ------------------===//
#include "hw-models/ChipModel.h"

#include "runtime/support/TextMessage.h"

#include "chip_model.pb.h"

#include <algorithm>
#include <fmt/format.h>

namespace synfire {
namespace {

/// Every field of the schema must be there, whatever its type; faults may be
/// absent, but not a part of one. Repeated fields are messages.
Status checkPresence(const google::protobuf::Message &message,
                     const std::string &prefix, const std::string &where) {
  const auto *descriptor = message.GetDescriptor();
  const auto *reflection = message.GetReflection();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const auto *field = descriptor->field(i);
    std::string name = prefix + std::string(field->name());
    if (field->is_repeated()) {
      for (int e = 0; e < reflection->FieldSize(message, field); ++e)
        SYNFIRE_TRY(
            checkPresence(reflection->GetRepeatedMessage(message, field, e),
                          name + ".", where));
      continue;
    }
    if (!reflection->HasField(message, field) && name == "faults")
      continue;
    if (!reflection->HasField(message, field))
      return makeError(fmt::format("field {} is missing", name), where,
                       "a chip model gives every field; zero means zero");
    if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE)
      SYNFIRE_TRY(checkPresence(reflection->GetMessage(message, field),
                                name + ".", where));
  }
  return Status::success();
}

/// Collects the first violated bound of many.
class Bounds {
public:
  explicit Bounds(const std::string &source) : where(source) {}

  void within(const char *field, std::int64_t value, std::int64_t least,
              std::int64_t most) {
    if (failure.ok() && (value < least || value > most))
      failure = makeError(fmt::format("{} is {}, but must be from {} to {}",
                                      field, value, least, most),
                          where);
  }
  void within(const char *field, double value, double most) {
    if (failure.ok() && !(value >= 0 && value <= most))
      failure =
          makeError(fmt::format("{} is {}, but must be a number from 0 to {}",
                                field, value, most),
                    where);
  }
  void require(bool condition, const std::string &what) {
    if (failure.ok() && !condition)
      failure = makeError(what, where);
  }

  Status failure;

private:
  std::string where;
};

// Far above any machine. A count of events times one of these cycles fits 64
// bits; products of several of the network's are bounded with a packet's.
constexpr std::int64_t largestMeshSide = 1 << 12;
constexpr std::int64_t largestCoreCount = std::int64_t(1) << 28;
constexpr std::int64_t largestCapacity = std::int64_t(1) << 40;
constexpr std::int64_t largestCycles = 1 << 20;
constexpr std::int64_t mostFlits = 1 << 16, mostCyclesPerFlit = 1 << 16;
constexpr std::int64_t mostCyclesOfPacket = 1 << 20;      // of the core
constexpr double slowestClock = 1e3, fastestClock = 1e12; // Hz

void checkMesh(const MeshShape &mesh, Bounds &bounds) {
  bounds.within("mesh.chip_width", mesh.chipWidth, 1, largestMeshSide);
  bounds.within("mesh.chip_height", mesh.chipHeight, 1, largestMeshSide);
  bounds.within("mesh.cores_per_router", mesh.coresPerRouter, 1,
                largestMeshSide);
  bounds.within("mesh.max_chips_x", mesh.maxChipsX, 1, largestMeshSide);
  bounds.within("mesh.max_chips_y", mesh.maxChipsY, 1, largestMeshSide);
  if (!bounds.failure.ok())
    return;
  std::int64_t cores = std::int64_t(mesh.chipWidth) * mesh.chipHeight;
  for (int factor : {mesh.coresPerRouter, mesh.maxChipsX, mesh.maxChipsY})
    cores = std::min(cores * factor, largestCoreCount + 1);
  bounds.require(
      cores <= largestCoreCount,
      fmt::format("mesh: chip_width x chip_height x cores_per_router x "
                  "max_chips_x x max_chips_y exceeds {} cores",
                  largestCoreCount));
}

void checkCapacity(const CoreCapacity &core, Bounds &bounds) {
  bounds.within("core.neurons", core.neurons, 1, largestCapacity);
  bounds.within("core.input_axons", core.inputAxons, 1, largestCapacity);
  bounds.within("core.output_axons", core.outputAxons, 1, largestCapacity);
  bounds.within("core.synapse_bytes", core.synapseBytes, 1, largestCapacity);
  bounds.within("core.accumulators", core.accumulators, 1, largestCapacity);
  bounds.within("core.lookup_bytes", core.lookupBytes, 0, largestCapacity);
  bounds.within("core.weight_bits", core.weightBits, 1, 32);
  bounds.require(
      core.accumulators >= core.neurons,
      fmt::format("core.accumulators is {}, but core.neurons is {} and each "
                  "neuron needs one accumulator at least",
                  core.accumulators, core.neurons));
}

void checkTiming(const CoreTiming &timing, Bounds &bounds) {
  bounds.require(
      timing.clockHz >= slowestClock && timing.clockHz <= fastestClock,
      fmt::format("timing.clock_hz is {}, but must be from {:.0e} to {:.0e}",
                  timing.clockHz, slowestClock, fastestClock));
  bounds.within("timing.axon_lookup_cycles", timing.axonLookupCycles, 0,
                largestCycles);
  bounds.within("timing.accumulate_lanes", timing.accumulateLanes, 1,
                largestCycles);
  bounds.within("timing.row_fetch_cycles", timing.rowFetchCycles, 0,
                largestCycles);
  bounds.within("timing.accumulate_cycles", timing.accumulateCycles, 1,
                largestCycles);
  bounds.within("timing.synapse_word_bits", timing.synapseWordBits, 1,
                largestCycles);
  bounds.within("timing.synapse_word_cycles", timing.synapseWordCycles, 0,
                largestCycles);
  bounds.within("timing.neuron_spike_cycles", timing.neuronSpikeCycles, 0,
                largestCycles);
  bounds.within("timing.input_queue_packets", timing.inputQueuePackets, 1,
                largestCycles);
  bounds.within("timing.neuron_update_cycles", timing.neuronUpdateCycles, 0,
                largestCycles);
  bounds.within("timing.neuron_lanes", timing.neuronLanes, 1, largestCycles);
  bounds.within("timing.lookup_cycles", timing.lookupCycles, 0, largestCycles);
  bounds.within("timing.multiply_cycles", timing.multiplyCycles, 0,
                largestCycles);
  bounds.within("timing.output_axon_cycles", timing.outputAxonCycles, 0,
                largestCycles);
}

/// No packet keeps a link, a virtual channel or its source longer than if each
/// flit waited for the round trip of the one before it; what the network models
/// add up over a step fits 64 bits.
void checkPacket(const NocTiming &noc, Bounds &bounds) {
  const RouterTiming &router = noc.router;
  const std::int64_t interfaces = 4;
  const std::int64_t wire =
      std::int64_t(
          std::max(router.linkCyclesEastWest, router.linkCyclesNorthSouth)) +
      noc.chipHopCycles;
  const std::int64_t flit =
      std::int64_t(router.routingCycles) + router.vcAllocationCycles +
      router.switchAllocationCycles + router.switchTraversalCycles + 2 * wire +
      router.creditCycles + noc.chipLinkCyclesPerFlit + interfaces;
  const std::int64_t packet = noc.flitsPerPacket * flit * noc.periodCycles;
  bounds.require(
      packet <= mostCyclesOfPacket,
      fmt::format("noc: a packet may keep a link busy for {} core cycles, but "
                  "no more than {} are allowed: flits_per_packet {} x the {} "
                  "cycles of a flit's round trip x period_cycles {}, where the "
                  "round trip is the sum of router.routing_cycles, "
                  "vc_allocation_cycles, switch_allocation_cycles, "
                  "switch_traversal_cycles and credit_cycles, twice the longer "
                  "of link_cycles_east_west and link_cycles_north_south, twice "
                  "chip_hop_cycles, chip_link_cycles_per_flit, and {}",
                  packet, mostCyclesOfPacket, noc.flitsPerPacket, flit,
                  noc.periodCycles, interfaces));
}

void checkNoc(const NocTiming &noc, Bounds &bounds) {
  const RouterTiming &router = noc.router;
  bounds.within("noc.period_cycles", noc.periodCycles, 1, largestCycles);
  bounds.within("noc.router.virtual_channels", router.virtualChannels, 1, 64);
  bounds.within("noc.router.buffer_flits", router.bufferFlits, 1, mostFlits);
  const std::pair<const char *, int> latencies[] = {
      {"noc.router.routing_cycles", router.routingCycles},
      {"noc.router.vc_allocation_cycles", router.vcAllocationCycles},
      {"noc.router.switch_allocation_cycles", router.switchAllocationCycles},
      {"noc.router.switch_traversal_cycles", router.switchTraversalCycles},
      {"noc.router.link_cycles_east_west", router.linkCyclesEastWest},
      {"noc.router.link_cycles_north_south", router.linkCyclesNorthSouth},
      {"noc.router.credit_cycles", router.creditCycles},
      {"noc.chip_hop_cycles", noc.chipHopCycles},
      {"noc.barrier_base_cycles", noc.barrierBaseCycles},
      {"noc.barrier_cycles_per_router_diameter",
       noc.barrierCyclesPerRouterDiameter}};
  for (const auto &[field, value] : latencies)
    bounds.within(field, value, 0, largestCycles);
  bounds.within("noc.flits_per_packet", noc.flitsPerPacket, 1, mostFlits);
  bounds.within("noc.chip_link_cycles_per_flit", noc.chipLinkCyclesPerFlit, 1,
                mostCyclesPerFlit);
  if (bounds.failure.ok())
    checkPacket(noc, bounds);
}

/// Far above any chip; sums over all events of a run stay finite.
constexpr double mostPicoJoules = 1e9, mostWatts = 1e6;

void checkEnergy(const ChipEnergy &energy, Bounds &bounds) {
  const std::pair<const char *, double> events[] = {
      {"energy.synaptic_operation_pj", energy.synapticOperation},
      {"energy.neuron_update_pj", energy.neuronUpdate},
      {"energy.neuron_update_inactive_pj", energy.neuronUpdateInactive},
      {"energy.spike_fired_pj", energy.spikeFired},
      {"energy.message_received_pj", energy.messageReceived},
      {"energy.spike_within_router_pj", energy.spikeWithinRouter},
      {"energy.hop_east_west_pj", energy.hopEastWest},
      {"energy.hop_north_south_pj", energy.hopNorthSouth}};
  for (const auto &[field, value] : events) {
    bounds.within(field, value, mostPicoJoules);
    bounds.require(
        energy.published || value == 0,
        fmt::format("energy.published is false, but {} is {}", field, value));
  }
  bounds.require(energy.neuronUpdateInactive <= energy.neuronUpdate,
                 "energy.neuron_update_inactive_pj exceeds "
                 "energy.neuron_update_pj");
  bounds.within("energy.static_watts_per_chip", energy.staticWattsPerChip,
                mostWatts);
  bounds.require(!energy.published || energy.synapticOperation > 0,
                 "energy.published is true, but energy.synaptic_operation_pj "
                 "is 0");
}

/// A fault beyond the largest system that the model describes is a mistake.
void checkFaults(const pb::Faults &faults, const ChipModel &model,
                 Bounds &bounds) {
  const MeshShape &mesh = model.mesh;
  const std::int64_t width = std::int64_t(mesh.chipWidth) * mesh.maxChipsX;
  const std::int64_t height = std::int64_t(mesh.chipHeight) * mesh.maxChipsY;
  for (const auto &core : faults.dead_core()) {
    bounds.within("faults.dead_core.router_x", core.router_x(), 0, width - 1);
    bounds.within("faults.dead_core.router_y", core.router_y(), 0, height - 1);
    bounds.within("faults.dead_core.slot", core.slot(), 0,
                  mesh.coresPerRouter - 1);
  }
  for (const auto &link : faults.dead_link()) {
    const bool south = link.side() == pb::SOUTH;
    bounds.require(south || link.side() == pb::EAST,
                   "faults.dead_link.side is not given: EAST or SOUTH");
    bounds.within("faults.dead_link.router_x", link.router_x(), 0,
                  width - (south ? 1 : 2));
    bounds.within("faults.dead_link.router_y", link.router_y(), 0,
                  height - (south ? 2 : 1));
  }
  for (const auto &chip : faults.disabled_chip()) {
    bounds.within("faults.disabled_chip.chip_x", chip.chip_x(), 0,
                  mesh.maxChipsX - 1);
    bounds.within("faults.disabled_chip.chip_y", chip.chip_y(), 0,
                  mesh.maxChipsY - 1);
  }
}

NocTiming nocOf(const pb::NocTiming &message) {
  NocTiming noc;
  noc.periodCycles = message.period_cycles();
  const auto &router = message.router();
  noc.router.virtualChannels = router.virtual_channels();
  noc.router.bufferFlits = router.buffer_flits();
  noc.router.routingCycles = router.routing_cycles();
  noc.router.vcAllocationCycles = router.vc_allocation_cycles();
  noc.router.switchAllocationCycles = router.switch_allocation_cycles();
  noc.router.speculativeSwitchAllocation =
      router.speculative_switch_allocation();
  noc.router.switchTraversalCycles = router.switch_traversal_cycles();
  noc.router.linkCyclesEastWest = router.link_cycles_east_west();
  noc.router.linkCyclesNorthSouth = router.link_cycles_north_south();
  noc.router.creditCycles = router.credit_cycles();
  noc.multicast =
      message.multicast() == pb::TREE ? Multicast::Tree : Multicast::Unicast;
  noc.flitsPerPacket = message.flits_per_packet();
  noc.chipLinkCyclesPerFlit = message.chip_link_cycles_per_flit();
  noc.chipHopCycles = message.chip_hop_cycles();
  noc.barrierBaseCycles = message.barrier_base_cycles();
  noc.barrierCyclesPerRouterDiameter =
      message.barrier_cycles_per_router_diameter();
  return noc;
}

ChipModel toPlainValues(const pb::ChipModel &message) {
  ChipModel model;
  model.name = message.name();
  model.description = message.description();
  model.binarySpikes = message.binary_spikes();
  const auto &mesh = message.mesh();
  model.mesh = {mesh.chip_width(), mesh.chip_height(), mesh.cores_per_router(),
                mesh.max_chips_x(), mesh.max_chips_y()};
  const auto &core = message.core();
  model.core = {core.neurons(),      core.input_axons(),
                core.output_axons(), core.synapse_bytes(),
                core.accumulators(), core.lookup_bytes(),
                core.weight_bits(),  core.writes_synapses()};
  const auto &timing = message.timing();
  model.timing.clockHz = timing.clock_hz();
  model.timing.axonLookupCycles = timing.axon_lookup_cycles();
  model.timing.rowFetchCycles = timing.row_fetch_cycles();
  model.timing.synapseWordBits = timing.synapse_word_bits();
  model.timing.synapseWordCycles = timing.synapse_word_cycles();
  model.timing.accumulateLanes = timing.accumulate_lanes();
  model.timing.accumulateCycles = timing.accumulate_cycles();
  model.timing.neuronUpdateCycles = timing.neuron_update_cycles();
  model.timing.neuronSpikeCycles = timing.neuron_spike_cycles();
  model.timing.neuronLanes = timing.neuron_lanes();
  model.timing.lookupCycles = timing.lookup_cycles();
  model.timing.multiplyCycles = timing.multiply_cycles();
  model.timing.outputAxonCycles = timing.output_axon_cycles();
  model.timing.inputQueuePackets = timing.input_queue_packets();
  model.noc = nocOf(message.noc());
  const auto &energy = message.energy();
  model.energy.published = energy.published();
  model.energy.synapticOperation = energy.synaptic_operation_pj();
  model.energy.neuronUpdate = energy.neuron_update_pj();
  model.energy.neuronUpdateInactive = energy.neuron_update_inactive_pj();
  model.energy.spikeFired = energy.spike_fired_pj();
  model.energy.messageReceived = energy.message_received_pj();
  model.energy.spikeWithinRouter = energy.spike_within_router_pj();
  model.energy.hopEastWest = energy.hop_east_west_pj();
  model.energy.hopNorthSouth = energy.hop_north_south_pj();
  model.energy.staticWattsPerChip = energy.static_watts_per_chip();
  for (const auto &dead : message.faults().dead_core())
    model.faults.deadCores.push_back(
        {dead.router_x(), dead.router_y(), dead.slot()});
  for (const auto &link : message.faults().dead_link())
    model.faults.deadLinks.push_back(
        {link.router_x(), link.router_y(), link.side() == pb::SOUTH});
  for (const auto &chip : message.faults().disabled_chip())
    model.faults.disabledChips.push_back({chip.chip_x(), chip.chip_y()});
  return model;
}

} // namespace

Result<ChipModel> parseChipModel(const std::string &text,
                                 const std::string &where) {
  pb::ChipModel message;
  SYNFIRE_TRY(parseTextMessage(text, where, "chip model",
                               "hw-models/chip_model.proto", message));
  SYNFIRE_TRY(checkPresence(message, "", where));

  ChipModel model = toPlainValues(message);
  Bounds bounds(where);
  bounds.require(!model.name.empty(), "name is empty");
  bounds.require(!model.description.empty(), "description is empty");
  bounds.require(message.noc().multicast() != pb::MULTICAST_UNKNOWN,
                 "noc.multicast is MULTICAST_UNKNOWN, but must be UNICAST or "
                 "TREE");
  checkMesh(model.mesh, bounds);
  checkCapacity(model.core, bounds);
  checkTiming(model.timing, bounds);
  checkNoc(model.noc, bounds);
  checkFaults(message.faults(), model, bounds);
  checkEnergy(model.energy, bounds);
  SYNFIRE_TRY(bounds.failure);
  model.text = text;
  return model;
}

} // namespace synfire

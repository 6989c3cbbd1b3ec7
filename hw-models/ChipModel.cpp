//===- ChipModel.cpp - textproto to checked plain values ------------------===//
#include "hw-models/ChipModel.h"

#include "chip_model.pb.h"

#include <fmt/format.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <cmath>

namespace synfire {
namespace {

/// Keeps the first few complaints of TextFormat instead of printing them.
class ComplaintCollector : public google::protobuf::io::ErrorCollector {
public:
  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string &message) override {
    if (++count > 3)
      return;
    // TextFormat ends its sentences with a full stop; ours have none.
    std::string sentence = message;
    if (!sentence.empty() && sentence.back() == '.')
      sentence.pop_back();
    if (!complaints.empty())
      complaints += "; ";
    complaints += line < 0 ? sentence
                           : fmt::format("line {}, column {}: {}", line + 1,
                                         column + 1, sentence);
  }
  void AddWarning(int, google::protobuf::io::ColumnNumber,
                  const std::string &) override {}

  std::string complaints;

private:
  int count = 0;
};

/// Every field of the schema must be there, whatever its type.
Status checkPresence(const google::protobuf::Message &message,
                     const std::string &prefix, const std::string &where) {
  const auto *descriptor = message.GetDescriptor();
  const auto *reflection = message.GetReflection();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const auto *field = descriptor->field(i);
    std::string name = prefix + std::string(field->name());
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
  void notNegative(const char *field, double value) {
    if (failure.ok() && !(std::isfinite(value) && value >= 0))
      failure = makeError(
          fmt::format("{} is {}, but must be a finite number not below 0",
                      field, value),
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

// Far above any machine, far below what would overflow products of these.
constexpr std::int64_t largestMeshSide = 1 << 12;
constexpr std::int64_t largestCoreCount = std::int64_t(1) << 28;
constexpr std::int64_t largestCapacity = std::int64_t(1) << 40;
constexpr std::int64_t largestCycles = 1 << 24;

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
  bounds.require(
      core.accumulators >= core.neurons,
      fmt::format("core.accumulators is {}, but core.neurons is {} and each "
                  "neuron needs one accumulator at least",
                  core.accumulators, core.neurons));
}

void checkTiming(const CoreTiming &timing, const NocTiming &noc,
                 Bounds &bounds) {
  bounds.require(std::isfinite(timing.clockHz) && timing.clockHz > 0,
                 fmt::format("timing.clock_hz is {}, but must be above 0",
                             timing.clockHz));
  bounds.within("timing.axon_lookup_cycles", timing.axonLookupCycles, 0,
                largestCycles);
  bounds.within("timing.accumulate_lanes", timing.accumulateLanes, 1,
                largestCycles);
  bounds.within("timing.row_fetch_cycles", timing.rowFetchCycles, 0,
                largestCycles);
  bounds.within("timing.neuron_update_cycles", timing.neuronUpdateCycles, 0,
                largestCycles);
  bounds.within("timing.neuron_lanes", timing.neuronLanes, 1, largestCycles);
  bounds.within("timing.lookup_cycles", timing.lookupCycles, 0, largestCycles);
  bounds.within("timing.multiply_cycles", timing.multiplyCycles, 0,
                largestCycles);
  bounds.within("timing.output_axon_cycles", timing.outputAxonCycles, 0,
                largestCycles);
  bounds.within("noc.router_cycles", noc.routerCycles, 0, largestCycles);
  bounds.within("noc.link_spikes_per_cycle", noc.linkSpikesPerCycle, 1,
                largestCycles);
  bounds.within("noc.chip_link_cycles_per_spike", noc.chipLinkCyclesPerSpike, 1,
                largestCycles);
  bounds.within("noc.chip_hop_cycles", noc.chipHopCycles, 0, largestCycles);
  bounds.within("noc.barrier_base_cycles", noc.barrierBaseCycles, 0,
                largestCycles);
  bounds.within("noc.barrier_cycles_per_router_diameter",
                noc.barrierCyclesPerRouterDiameter, 0, largestCycles);
}

void checkEnergy(const ChipEnergy &energy, Bounds &bounds) {
  const std::pair<const char *, double> events[] = {
      {"energy.synaptic_operation_pj", energy.synapticOperation},
      {"energy.neuron_update_pj", energy.neuronUpdate},
      {"energy.neuron_update_inactive_pj", energy.neuronUpdateInactive},
      {"energy.spike_within_router_pj", energy.spikeWithinRouter},
      {"energy.hop_east_west_pj", energy.hopEastWest},
      {"energy.hop_north_south_pj", energy.hopNorthSouth}};
  for (const auto &[field, value] : events) {
    bounds.notNegative(field, value);
    bounds.require(
        energy.published || value == 0,
        fmt::format("energy.published is false, but {} is {}", field, value));
  }
  bounds.notNegative("energy.static_watts_per_chip", energy.staticWattsPerChip);
  bounds.require(!energy.published || energy.synapticOperation > 0,
                 "energy.published is true, but energy.synaptic_operation_pj "
                 "is 0");
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
  model.core = {core.neurons(),       core.input_axons(),  core.output_axons(),
                core.synapse_bytes(), core.accumulators(), core.lookup_bytes()};
  const auto &timing = message.timing();
  model.timing = {timing.clock_hz(),
                  timing.axon_lookup_cycles(),
                  timing.accumulate_lanes(),
                  timing.row_fetch_cycles(),
                  timing.neuron_update_cycles(),
                  timing.neuron_lanes(),
                  timing.lookup_cycles(),
                  timing.multiply_cycles(),
                  timing.output_axon_cycles()};
  const auto &noc = message.noc();
  model.noc = {noc.router_cycles(),
               noc.link_spikes_per_cycle(),
               noc.chip_link_cycles_per_spike(),
               noc.chip_hop_cycles(),
               noc.barrier_base_cycles(),
               noc.barrier_cycles_per_router_diameter()};
  const auto &energy = message.energy();
  model.energy = {energy.published(),
                  energy.synaptic_operation_pj(),
                  energy.neuron_update_pj(),
                  energy.neuron_update_inactive_pj(),
                  energy.spike_within_router_pj(),
                  energy.hop_east_west_pj(),
                  energy.hop_north_south_pj(),
                  energy.static_watts_per_chip()};
  return model;
}

} // namespace

Result<ChipModel> parseChipModel(const std::string &text,
                                 const std::string &where) {
  pb::ChipModel message;
  ComplaintCollector collector;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&collector);
  parser.SetRecursionLimit(8);
  if (!parser.ParseFromString(text, &message))
    return makeError(collector.complaints.empty() ? "not a chip model"
                                                  : collector.complaints,
                     where, "hw-models/chip_model.proto lists the fields");
  SYNFIRE_TRY(checkPresence(message, "", where));

  ChipModel model = toPlainValues(message);
  Bounds bounds(where);
  bounds.require(!model.name.empty(), "name is empty");
  checkMesh(model.mesh, bounds);
  checkCapacity(model.core, bounds);
  checkTiming(model.timing, model.noc, bounds);
  checkEnergy(model.energy, bounds);
  SYNFIRE_TRY(bounds.failure);
  model.text = text;
  return model;
}

} // namespace synfire

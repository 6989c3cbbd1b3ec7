//===- RunIO.cpp - saving and loading a Run -------------------------------===//
#include "runtime/program/Run.h"

#include "run.pb.h"
#include "runtime/program/Frame.h"
#include "runtime/program/Messages.h"
#include "runtime/program/ProtoFields.h"
#include "runtime/support/Files.h"

#include <algorithm>
#include <fmt/format.h>

namespace synfire {
namespace {

constexpr int runVersion = 5;
constexpr FrameKind runFrame = {{"SYNFIRER", 8}, runVersion, "run"};

/// Counters are only ever appended: missing ones are 0.
template <typename Field>
Result<Counters> asCounters(const Field &field, const std::string &where) {
  if (field.size() > counterCount)
    return makeError(fmt::format("{} counters, but this synfire knows {}",
                                 field.size(), counterCount),
                     where);
  Counters counters;
  for (int i = 0; i < field.size(); ++i)
    counters.values[static_cast<std::size_t>(i)] = field.Get(i);
  return counters;
}

template <typename Key>
Status readTable(const google::protobuf::RepeatedField<std::uint64_t> &field,
                 const char *what, const std::string &where,
                 TableOf<Key, std::uint64_t> &table) {
  if (field.size() > static_cast<int>(Key::Count))
    return makeError(fmt::format("{} {}, but this synfire knows {}",
                                 field.size(), what,
                                 static_cast<int>(Key::Count)),
                     where);
  std::copy(field.begin(), field.end(), table.values.begin());
  return Status::success();
}

void encode(const TileDemand &demand, pb::CoreDemand &message) {
  message.set_neurons(demand.neurons);
  message.set_input_axons(demand.inputAxons);
  message.set_output_axons(demand.outputAxons);
  message.set_synapse_bytes(demand.synapseBytes);
  message.set_accumulators(demand.accumulators);
  message.set_lookup_bytes(demand.lookupBytes);
}

TileDemand decode(const pb::CoreDemand &message) {
  TileDemand demand;
  demand.neurons = message.neurons();
  demand.inputAxons = message.input_axons();
  demand.outputAxons = message.output_axons();
  demand.synapseBytes = message.synapse_bytes();
  demand.accumulators = message.accumulators();
  demand.lookupBytes = message.lookup_bytes();
  return demand;
}

void encode(const CoreRun &core, pb::CoreRun &message) {
  message.set_core(core.core);
  addAll(message.mutable_counters(), core.counters.values);
  message.set_busy_cycles(core.busyCycles);
  addAll(message.mutable_stage_cycles(), core.stageCycles.values);
  addAll(message.mutable_stall_cycles(), core.stallCycles.values);
  message.set_packets_sent(core.packetsSent);
  message.set_packets_received(core.packetsReceived);
  message.set_peak_input_queue(core.peakInputQueue);
  addAll(message.mutable_stages(), core.stages);
  encode(core.demand, *message.mutable_demand());
}

Result<CoreRun> decode(const pb::CoreRun &message, const std::string &where) {
  CoreRun core;
  core.core = message.core();
  SYNFIRE_ASSIGN(core.counters, asCounters(message.counters(), where));
  core.busyCycles = message.busy_cycles();
  SYNFIRE_TRY(readTable(message.stage_cycles(), "stages of a core", where,
                        core.stageCycles));
  SYNFIRE_TRY(readTable(message.stall_cycles(), "causes of stalls", where,
                        core.stallCycles));
  core.packetsSent = message.packets_sent();
  core.packetsReceived = message.packets_received();
  core.peakInputQueue = message.peak_input_queue();
  core.stages = asVector<int>(message.stages());
  core.demand = decode(message.demand());
  return core;
}

void encode(const TimingRun &timing, pb::TimingRun &message) {
  message.set_noc(timing.noc);
  message.set_cycles(timing.cycles);
  message.set_clock_hz(timing.clockHz);
  message.set_steps(timing.steps);
  message.set_prefill_cycles(timing.prefillCycles);
  addAll(message.mutable_token_cycles(), timing.tokenCycles);
  message.set_compute_bound_steps(timing.computeBoundSteps);
  message.set_link_bound_steps(timing.linkBoundSteps);
  message.set_barrier_bound_steps(timing.barrierBoundSteps);
  message.set_barrier_cycles(timing.barrierCycles);
  message.set_busiest_core(timing.busiestCore);
  addAll(message.mutable_step_cycles(), timing.stepCycles);
  message.set_bound_cycles(timing.boundCycles);
  addAll(message.mutable_cause_steps(), timing.causeSteps.values);
  addAll(message.mutable_cause_cycles(), timing.causeCycles.values);
  addAll(message.mutable_step_bounds(), timing.stepBounds);
  for (StepCause cause : timing.stepCauses)
    message.mutable_step_causes()->push_back(static_cast<char>(cause));
  addAll(message.mutable_step_places(), timing.stepPlaces);
}

Result<TimingRun> decode(const pb::TimingRun &message,
                         const std::string &where) {
  TimingRun timing;
  timing.noc = message.noc();
  timing.cycles = message.cycles();
  timing.clockHz = message.clock_hz();
  timing.steps = message.steps();
  timing.prefillCycles = message.prefill_cycles();
  timing.tokenCycles = asVector<std::uint64_t>(message.token_cycles());
  timing.computeBoundSteps = message.compute_bound_steps();
  timing.linkBoundSteps = message.link_bound_steps();
  timing.barrierBoundSteps = message.barrier_bound_steps();
  timing.barrierCycles = message.barrier_cycles();
  timing.busiestCore = message.busiest_core();
  timing.stepCycles = asVector<std::uint64_t>(message.step_cycles());
  timing.boundCycles = message.bound_cycles();
  SYNFIRE_TRY(readTable(message.cause_steps(), "causes of steps", where,
                        timing.causeSteps));
  SYNFIRE_TRY(readTable(message.cause_cycles(), "causes of steps", where,
                        timing.causeCycles));
  timing.stepBounds = asVector<std::uint64_t>(message.step_bounds());
  timing.stepCauses.reserve(message.step_causes().size());
  for (char code : message.step_causes()) {
    if (static_cast<unsigned char>(code) >=
        static_cast<unsigned char>(StepCause::Count))
      return makeError(fmt::format("cause {} of a step is unknown",
                                   static_cast<unsigned char>(code)),
                       where);
    timing.stepCauses.push_back(static_cast<StepCause>(code));
  }
  timing.stepPlaces = asVector<std::int32_t>(message.step_places());
  return timing;
}

Status decodeStages(const pb::Run &message, const std::string &where,
                    Run &run) {
  for (const pb::StageRun &stage : message.stages()) {
    if (stage.role() < 0 || stage.role() >= pb::StageRole_ARRAYSIZE)
      return makeError(fmt::format("role {} is unknown", int(stage.role())),
                       where);
    run.stageNames.push_back(stage.name());
    run.stageLayers.push_back(stage.layer());
    run.stageRoles.push_back(static_cast<StageRole>(stage.role()));
    StageRun made;
    SYNFIRE_ASSIGN(made.counters, asCounters(stage.counters(), where));
    made.values = stage.values();
    made.scoresKeys = stage.scores_keys();
    made.spikesByStep = asVector<std::uint64_t>(stage.spikes_by_step());
    run.stages.push_back(std::move(made));
  }
  return Status::success();
}

} // namespace

void encode(const Run &run, pb::Run &message) {
  message.set_executor(run.executor);
  encode(run.model, *message.mutable_model());
  encode(run.conversion, *message.mutable_conversion());
  message.set_chip_text(run.chip.text);
  message.set_used_cores(run.usedCores);
  message.set_used_chips(run.usedChips);
  for (std::size_t s = 0; s < run.stages.size(); ++s) {
    pb::StageRun &stage = *message.add_stages();
    stage.set_name(run.stageNames[s]);
    stage.set_layer(run.stageLayers[s]);
    stage.set_role(static_cast<pb::StageRole>(run.stageRoles[s]));
    addAll(stage.mutable_counters(), run.stages[s].counters.values);
    stage.set_values(run.stages[s].values);
    stage.set_scores_keys(run.stages[s].scoresKeys);
    addAll(stage.mutable_spikes_by_step(), run.stages[s].spikesByStep);
  }
  addAll(message.mutable_total(), run.total.values);
  for (const CoreRun &core : run.cores)
    encode(core, *message.add_cores());
  for (const LinkRun &link : run.links) {
    pb::LinkRun &made = *message.add_links();
    made.set_from_router(link.fromRouter);
    made.set_to_router(link.toRouter);
    made.set_spikes(link.spikes);
    made.set_busy_cycles(link.busyCycles);
    made.set_peak_utilisation(link.peakUtilisation);
  }
  encode(run.timing, *message.mutable_timing());
  message.set_digest(run.digest);
  message.set_membrane_digest(run.membraneDigest);
  addAll(message.mutable_prompt_tokens(), run.promptTokens);
  addAll(message.mutable_output_tokens(), run.outputTokens);
  message.set_text(run.text);
  encode(run.prediction, *message.mutable_prediction());
}

Result<Run> decode(const pb::Run &message, const std::string &where) {
  Run run;
  run.version = runVersion;
  run.executor = message.executor();
  run.model = decode(message.model());
  run.conversion = decode(message.conversion());
  SYNFIRE_ASSIGN(run.chip,
                 parseChipModel(message.chip_text(), where + ": chip model"));
  run.usedCores = message.used_cores();
  run.usedChips = message.used_chips();
  SYNFIRE_TRY(decodeStages(message, where, run));
  SYNFIRE_ASSIGN(run.total, asCounters(message.total(), where));
  for (const pb::CoreRun &core : message.cores()) {
    SYNFIRE_ASSIGN(CoreRun made, decode(core, where));
    run.cores.push_back(std::move(made));
  }
  for (const pb::LinkRun &link : message.links())
    run.links.push_back({link.from_router(), link.to_router(), link.spikes(),
                         link.busy_cycles(), link.peak_utilisation()});
  SYNFIRE_ASSIGN(run.timing, decode(message.timing(), where));
  run.digest = message.digest();
  run.membraneDigest = message.membrane_digest();
  run.promptTokens = asVector<int>(message.prompt_tokens());
  run.outputTokens = asVector<int>(message.output_tokens());
  run.text = message.text();
  run.prediction = decode(message.prediction());
  return run;
}

Status saveRun(const Run &run, const std::string &path) {
  if (run.version != runVersion)
    return makeError(fmt::format("run version {}, but this synfire writes "
                                 "version {}",
                                 run.version, runVersion),
                     path);
  SYNFIRE_TRY(verify(run));
  if (auto chip = parseChipModel(run.chip.text, "chip model"); !chip.ok())
    return chip.error();
  pb::Run message;
  encode(run, message);
  SYNFIRE_ASSIGN(std::string framed, frameMessage(message, runFrame, path));
  return writeFileAtomically(path, framed);
}

Result<Run> loadRun(const std::string &path) {
  pb::Run message;
  SYNFIRE_TRY(readFramed(message, runFrame, path));
  SYNFIRE_ASSIGN(Run run, decode(message, path));
  if (Status status = verify(run); !status.ok())
    return makeError(status.error().what, path, status.error().hint);
  return run;
}

} // namespace synfire

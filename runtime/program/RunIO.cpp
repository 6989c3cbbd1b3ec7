//===- RunIO.cpp - saving and loading a Run -------------------------------===//
#include "runtime/program/Run.h"

#include "run.pb.h"
#include "runtime/program/Frame.h"
#include "runtime/program/Messages.h"
#include "runtime/program/ProtoFields.h"
#include "runtime/support/Files.h"

#include <fmt/format.h>

namespace synfire {
namespace {

constexpr int runVersion = 2;
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
}

TimingRun decode(const pb::TimingRun &message) {
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
  timing.stepCycles = asVector<std::uint32_t>(message.step_cycles());
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
    addAll(stage.mutable_spikes_by_step(), run.stages[s].spikesByStep);
  }
  addAll(message.mutable_total(), run.total.values);
  for (const CoreRun &core : run.cores) {
    pb::CoreRun &made = *message.add_cores();
    made.set_core(core.core);
    addAll(made.mutable_counters(), core.counters.values);
    made.set_busy_cycles(core.busyCycles);
  }
  for (const LinkRun &link : run.links) {
    pb::LinkRun &made = *message.add_links();
    made.set_from_router(link.fromRouter);
    made.set_to_router(link.toRouter);
    made.set_spikes(link.spikes);
    made.set_busy_cycles(link.busyCycles);
  }
  encode(run.timing, *message.mutable_timing());
  message.set_digest(run.digest);
  message.set_membrane_digest(run.membraneDigest);
  addAll(message.mutable_prompt_tokens(), run.promptTokens);
  addAll(message.mutable_output_tokens(), run.outputTokens);
  message.set_text(run.text);
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
    SYNFIRE_ASSIGN(Counters counters, asCounters(core.counters(), where));
    run.cores.push_back({core.core(), counters, core.busy_cycles()});
  }
  for (const pb::LinkRun &link : message.links())
    run.links.push_back({link.from_router(), link.to_router(), link.spikes(),
                         link.busy_cycles()});
  run.timing = decode(message.timing());
  run.digest = message.digest();
  run.membraneDigest = message.membrane_digest();
  run.promptTokens = asVector<int>(message.prompt_tokens());
  run.outputTokens = asVector<int>(message.output_tokens());
  run.text = message.text();
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

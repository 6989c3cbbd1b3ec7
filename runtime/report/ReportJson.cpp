//===- ReportJson.cpp - a run's report for programs -----------------------===//
#include "runtime/report/AnnBaseline.h"
#include "runtime/report/Bottleneck.h"
#include "runtime/report/EnergyModel.h"
#include "runtime/report/PredictionReport.h"
#include "runtime/report/Report.h"
#include "runtime/report/RunSummary.h"
#include "runtime/report/Share.h"
#include "runtime/report/Utilisation.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>

namespace synfire {

namespace {

using Json = nlohmann::ordered_json;

Json countersJson(const Counters &counters) {
  Json out = Json::object();
  out["sop"] = sops(counters);
  out["mac"] = counters[Counter::Mac] + counters[Counter::DigitalMac];
  out["weight_reads"] = counters[Counter::WeightRead];
  out["spikes"] = counters[Counter::Spike];
  for (int i = 0; i < counterCount; ++i) {
    const auto counter = static_cast<Counter>(i);
    out[info(counter).name] = counters[counter];
  }
  return out;
}

Json sitesJson(const Run &run) {
  Json out = Json::object();
  for (std::size_t i = 0; i < run.stages.size(); ++i) {
    const StageRun &stage = run.stages[i];
    const double values =
        stage.values == 0 ? 1 : static_cast<double>(stage.values);
    Json site = Json::object();
    site["values"] = stage.values;
    site["sop"] = sops(stage.counters);
    site["spikes"] = stage.counters[Counter::Spike];
    site["spikes_per_value"] =
        static_cast<double>(stage.counters[Counter::Spike]) / values;
    Json bySteps = Json::array();
    for (std::uint64_t spikes : stage.spikesByStep)
      bySteps.push_back(static_cast<double>(spikes) / values);
    site["spikes_per_value_by_step"] = std::move(bySteps);
    out[i < run.stageNames.size() ? run.stageNames[i]
                                  : fmt::format("stage {}", i)] =
        std::move(site);
  }
  return out;
}

Json annJson(const std::vector<PriceList> &lists, const AnnWork &work,
             const AnnPrecision &precision, const PriceContext &context) {
  Json out = Json::object();
  for (const PriceList &list : lists)
    if (const auto joules = annJoules(list.name, work, precision, context))
      out[list.name] = *joules;
  return out;
}

void addEnergy(const Run &run, Json &out) {
  const PriceContext context = priceContext(run);
  const std::vector<PriceList> lists = priceLists(context);
  const std::uint64_t neurons = firingNeurons(run);
  Json energy = Json::object(), terms = Json::object(), idle = Json::object();
  for (const PriceList &list : lists) {
    energy[list.name] = joules(list, run.total, neurons);
    if (const auto share = staticShare(list, run))
      idle[list.name] = *share;
    Json parts = Json::object();
    for (const PriceTerm &term : list.terms)
      parts[term.what] = {{"joules", joules(term, run.total, neurons)},
                          {"picojoules_each", term.picoJoules},
                          {"source", term.source}};
    terms[list.name] = {
        {"title", list.title}, {"notes", list.notes}, {"terms", parts}};
  }
  out["energy_joules"] = std::move(energy);
  out["energy_details"] = std::move(terms);
  if (const auto joulesOfTime = staticJoules(run)) {
    out["static_joules"] = *joulesOfTime;
    out["static_share"] = std::move(idle);
  }
  if (const auto used = utilisation(run)) {
    Json memory = Json::object();
    for (const Utilisation::Resource &resource : used->memory)
      memory[resource.name] = resource.used;
    Json shares = Json::object();
    if (used->busy && used->busiest) {
      shares["busy"] = *used->busy;
      shares["busiest_core"] = *used->busiest;
    }
    shares["cores"] = used->coresOfChips;
    shares["memory"] = std::move(memory);
    out["utilisation"] = std::move(shares);
  }
}

/// The networks that do not spike, over the same tokens.
void addAnn(const Run &run, Json &out) {
  const PriceContext context = priceContext(run);
  const std::vector<PriceList> lists = priceLists(context);
  const AnnPrecision quantised = equalInformation(run.conversion);
  out["quantised_ann"] = toString(quantised);
  out["tokens_executed"] = executedTokens(run);
  out["ann_macs"] = out["ann_energy_joules"] = nullptr;
  if (const std::optional<AnnWork> work = annWork(run)) {
    out["ann_macs"] = {{"linear", work->linear},
                       {"lm_head", work->lmHead},
                       {"attention", work->attention()},
                       {"elementwise", work->elementwise}};
    out["ann_energy_joules"] = {
        {"fp32", annJson(lists, *work, {}, context)},
        {"quantised", annJson(lists, *work, quantised, context)}};
  }
}

Json groupsJson(const Run &run, const std::vector<StageGroup> &groups) {
  const std::vector<PriceList> lists = priceLists(priceContext(run));
  Json out = Json::object();
  for (const StageGroup &group : groups) {
    Json energy = Json::object();
    for (const PriceList &list : lists)
      energy[list.name] = joules(list, group.counters, group.neurons);
    out[group.name] = {{"counters", countersJson(group.counters)},
                       {"energy_joules", std::move(energy)}};
  }
  return out;
}

/// What bounds most steps.
const char *boundBy(const TimingRun &timing) {
  if (timing.computeBoundSteps >= timing.linkBoundSteps &&
      timing.computeBoundSteps >= timing.barrierBoundSteps)
    return "compute";
  return timing.linkBoundSteps >= timing.barrierBoundSteps ? "link" : "barrier";
}

template <typename Key>
Json tableJson(const TableOf<Key, std::uint64_t> &table) {
  Json out = Json::object();
  for (std::size_t i = 0; i < table.values.size(); ++i)
    out[toString(static_cast<Key>(i))] = table.values[i];
  return out;
}

void addBottleneck(const Run &run, Json &out) {
  constexpr std::size_t shown = 5;
  const TimingRun &timing = run.timing;
  if (timing.boundCycles == 0)
    return;
  out["bound_cycles"] = timing.boundCycles;
  out["efficiency"] = efficiency(timing);
  Json causes = Json::object();
  for (const CauseShare &share : causeShares(timing))
    causes[toString(share.cause)] = {
        {"steps", timing.causeSteps[share.cause]},
        {"cycles", timing.causeCycles[share.cause]}};
  out["steps_by_cause"] = std::move(causes);
  Json cores = Json::array();
  for (const CoreRun &core : busiestCores(run, shown)) {
    Json capacity = Json::object();
    for (const CapacityShare &share : capacityShares(core, run.chip.core))
      capacity[share.what] = share.share;
    Json entry = Json::object();
    entry["core"] = core.core;
    entry["busy_cycles"] = core.busyCycles;
    entry["most_in"] = toString(busiestStage(core));
    entry["stage_cycles"] = tableJson(core.stageCycles);
    entry["stall_cycles"] = tableJson(core.stallCycles);
    entry["packets_sent"] = core.packetsSent;
    entry["packets_received"] = core.packetsReceived;
    entry["peak_input_queue"] = core.peakInputQueue;
    entry["capacity_used"] = std::move(capacity);
    entry["stages"] = stagesOn(run, core);
    cores.push_back(std::move(entry));
  }
  out["busiest_cores"] = std::move(cores);
  Json links = Json::array();
  for (const LinkRun &link : busiestLinks(run, shown)) {
    links.push_back({{"from_router", link.fromRouter},
                     {"to_router", link.toRouter},
                     {"packets", link.spikes},
                     {"busy_cycles", link.busyCycles}});
    if (link.peakUtilisation > 0)
      links.back()["peak_utilisation"] = link.peakUtilisation;
  }
  out["busiest_links"] = std::move(links);
}

void addMachine(const Run &run, Json &out) {
  const TimingRun &timing = run.timing;
  auto seconds = [&](std::uint64_t cycles) {
    return timing.clockHz > 0 ? static_cast<double>(cycles) / timing.clockHz
                              : 0.0;
  };
  out["hops"] = hops(run.total);
  out["noc"] = timing.noc;
  if (timing.cycles == 0)
    return;
  out["cycles"] = timing.cycles;
  out["seconds_on_chip"] = seconds(timing.cycles);
  out["bound_by"] = boundBy(timing);
  out["bound_by_share"] = {
      {"compute", shareOf(timing.computeBoundSteps, timing.steps)},
      {"link", shareOf(timing.linkBoundSteps, timing.steps)},
      {"barrier", shareOf(timing.barrierBoundSteps, timing.steps)}};
  out["clock_hz"] = timing.clockHz;
  out["machine_steps"] = timing.steps;
  out["barrier_cycles"] = timing.barrierCycles;
  if (!isPlainNetwork(run)) {
    out["prefill_seconds"] = seconds(timing.prefillCycles);
    Json latencies = Json::array();
    for (std::uint64_t cycles : timing.tokenCycles)
      latencies.push_back(seconds(cycles));
    out["token_seconds"] = std::move(latencies);
  }
  for (const CoreRun &core : run.cores)
    if (core.core == timing.busiestCore)
      out["busiest_core"] = {{"core", core.core},
                             {"busy_cycles", core.busyCycles},
                             {"sop", sops(core.counters)}};
  addBottleneck(run, out);
  for (const PredictionRow &row : predictionRows(run))
    out["predicted"][row.name] = {{"predicted", row.predicted},
                                  {"simulated", row.simulated}};
}

Json plainJson(const Run &run) {
  Json out = Json::object();
  out["digest"] = fmt::format("{:016x}", run.digest);
  if (run.membraneDigest != 0)
    out["accumulator_digest"] = fmt::format("{:016x}", run.membraneDigest);
  out["executor"] = run.executor;
  out["network"] = run.model.name;
  out["chip"] = run.chip.name;
  out["cores"] = run.usedCores;
  out["chips"] = run.usedChips;
  out["neurons"] = neuronsOfPlainNetwork(run);
  out["machine_steps"] = stepsOfPlainNetwork(run);
  out["counters"] = countersJson(run.total);
  addEnergy(run, out);
  addMachine(run, out);
  out["populations"] = groupsJson(run, byPopulation(run));
  return out;
}

Json convertedJson(const Run &run) {
  Json out = Json::object();
  out["digest"] = fmt::format("{:016x}", run.digest);
  if (run.membraneDigest != 0)
    out["membrane_digest"] = fmt::format("{:016x}", run.membraneDigest);
  out["executor"] = run.executor;
  out["model"] = run.model.name;
  out["method"] = run.conversion.method;
  out["steps"] = run.conversion.steps;
  out["notes"] = run.conversion.notes;
  out["chip"] = run.chip.name;
  out["cores"] = run.usedCores;
  out["chips"] = run.usedChips;
  out["text"] = run.text;
  out["prompt_tokens"] = run.promptTokens;
  out["tokens"] = run.outputTokens;
  out["counters"] = countersJson(run.total);
  addEnergy(run, out);
  addAnn(run, out);
  const OperationShares shares = operationShares(run);
  out["spike_driven_share"] = shares.spikeDrivenShare();
  out["operations"] = {{"spike_driven", shares.spikeDriven},
                       {"digital_macs", shares.digitalMacs},
                       {"requantisation", shares.requantisation},
                       {"running_maximum", shares.runningMaximum},
                       {"lookup_reads", shares.lookupReads},
                       {"argmax", shares.argmax}};
  if (run.executor == "machine")
    addMachine(run, out);
  out["layers"] = groupsJson(run, byLayer(run));
  out["sites"] = sitesJson(run);
  return out;
}

} // namespace

std::string reportJson(const Run &run) {
  const Json out = isPlainNetwork(run) ? plainJson(run) : convertedJson(run);
  // A text may end inside a character; no byte of it may break the object.
  return out.dump(2, ' ', false, Json::error_handler_t::replace);
}

} // namespace synfire

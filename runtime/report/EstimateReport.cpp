//===- EstimateReport.cpp - an estimate as text and as JSON ---------------===//
#include "runtime/report/Estimate.h"

#include "runtime/report/NumberText.h"
#include "runtime/report/TextTable.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace synfire {

namespace {

std::string number(double value) { return shortNumber(value); }

nlohmann::ordered_json macsJson(const AnnWork &work) {
  return {
      {"linear", work.linear},         {"lm_head", work.lmHead},
      {"attention", work.attention()}, {"elementwise", work.elementwise},
      {"attention_qk", work.queryKey}, {"attention_av", work.attentionValue},
      {"total", work.macs()}};
}

/// 3573412790272 -> "3573.41 G", the unit in which papers state such counts.
std::string giga(std::uint64_t count) {
  return fmt::format("{:.2f} G", static_cast<double>(count) * 1e-9);
}

} // namespace

std::string estimateText(const Estimate &estimate) {
  const ModelShape &shape = estimate.shape;
  std::string out = fmt::format(
      "{}: {} layers, hidden {}, feed-forward {}, {} heads of {} ({} "
      "key/value), vocabulary {}\n  shape: {}\n\n",
      shape.name, shape.layers, shape.hidden, shape.intermediate, shape.heads,
      shape.headWidth, shape.keyValueHeads, shape.vocabulary, shape.source);

  std::vector<std::string> titles = {
      "multiply-accumulates",
      fmt::format("{} tokens, full attention", estimate.options.sequence)};
  if (shape.causal) {
    titles.push_back("causal");
    titles.push_back("next token");
  }
  TextTable macs(std::move(titles));
  auto row = [&](const char *name, auto member) {
    macs.row({name, giga(member(estimate.ann)), giga(member(estimate.causal)),
              giga(member(estimate.decode))});
  };
  row("linear", [](const AnnWork &work) { return work.linear; });
  row("lm_head", [](const AnnWork &work) { return work.lmHead; });
  row("attention QK", [](const AnnWork &work) { return work.queryKey; });
  row("attention AV", [](const AnnWork &work) { return work.attentionValue; });
  row("elementwise", [](const AnnWork &work) { return work.elementwise; });
  macs.rule();
  row("total", [](const AnnWork &work) { return work.macs(); });
  out += macs.text();

  const SnnWork &snn = estimate.snn;
  out += fmt::format(
      "\nspiking with {:.2f} spikes per value in {} steps: {} additions "
      "(linear {}, lm_head {}, attention {}, other {}), {} multiplies, {} "
      "spikes\n\n",
      estimate.options.spikesPerValue, estimate.options.steps,
      number(snn.additions()), number(snn.linear), number(snn.lmHead),
      number(snn.attention), number(snn.other), number(snn.macs),
      number(snn.spikes));

  TextTable energy(
      {"energy, full attention", "compute (P1)", "reads, writes", "P2"});
  auto energyRow = [&](const std::string &name, double compute,
                       double traffic) {
    energy.row({name, fmt::format("{:#.4g} J", compute),
                fmt::format("{:#.4g} J", traffic),
                fmt::format("{:#.4g} J", compute + traffic)});
  };
  energyRow("ANN FP32", estimate.annComputeJoules(),
            estimate.annTrafficJoules());
  energyRow("ANN " + toString(estimate.quantised),
            estimate.quantisedComputeJoules(),
            estimate.quantisedTrafficJoules());
  energyRow("spiking", estimate.snnComputeJoules(),
            estimate.snnTrafficJoules());
  return out + energy.text() +
         "  one weight fetch per multiply-accumulate and per spike: no reuse "
         "across tokens\n";
}

std::string estimateJson(const Estimate &estimate) {
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  const ModelShape &shape = estimate.shape;
  out["model"] = shape.name;
  out["source"] = shape.source;
  out["sequence"] = estimate.options.sequence;
  out["steps"] = estimate.options.steps;
  out["weight_bits"] = estimate.options.weightBits;
  out["spikes_per_value"] = estimate.options.spikesPerValue;
  out["ann_macs"] = macsJson(estimate.ann);
  if (shape.causal) {
    out["ann_macs_causal"] = macsJson(estimate.causal);
    out["ann_macs_next_token"] = macsJson(estimate.decode);
  }
  auto energy = [](double compute, double traffic) {
    return nlohmann::ordered_json{
        {"P1", compute}, {"P2", compute + traffic}, {"read_write", traffic}};
  };
  out["ann_energy_joules"] = {
      {"fp32",
       energy(estimate.annComputeJoules(), estimate.annTrafficJoules())},
      {"quantised", energy(estimate.quantisedComputeJoules(),
                           estimate.quantisedTrafficJoules())}};
  out["quantised_ann"] = toString(estimate.quantised);
  const SnnWork &snn = estimate.snn;
  out["snn"] = {{"sop", snn.additions()},
                {"sop_linear", snn.linear},
                {"sop_lm_head", snn.lmHead},
                {"sop_attention", snn.attention},
                {"sop_other", snn.other},
                {"mac", snn.macs},
                {"spikes", snn.spikes},
                {"energy_joules", energy(estimate.snnComputeJoules(),
                                         estimate.snnTrafficJoules())}};
  return out.dump(2);
}

} // namespace synfire

//===- SweepTable.cpp - a sweep's rows for people and programs ------------===//
#include "exploration/Sweep.h"

#include "runtime/report/NumberText.h"
#include "runtime/report/TextTable.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace synfire {
namespace {

using Json = nlohmann::ordered_json;

double at(const std::map<std::string, double> &joules,
          const std::string &prices) {
  const auto found = joules.find(prices);
  return found == joules.end() ? 0 : found->second;
}

double excess(const SweepRow &row) {
  return 100 * (row.measured.perplexity / row.referencePerplexity - 1);
}

std::string excessText(const SweepRow &row) {
  const double value = excess(row);
  return fmt::format(std::abs(value) < 100 ? "{:+.2f} %" : "{:+.0f} %", value);
}

/// Notes that several rows share are printed once, with their numbers.
std::string notesText(const std::vector<SweepRow> &rows) {
  std::vector<std::pair<std::string, std::vector<std::string>>> notes;
  for (const SweepRow &row : rows)
    for (const std::string &note : row.notes) {
      auto found = std::find_if(notes.begin(), notes.end(),
                                [&](const auto &n) { return n.first == note; });
      if (found == notes.end())
        found = notes.insert(notes.end(), {note, {}});
      if (std::find(found->second.begin(), found->second.end(),
                    row.configuration) == found->second.end())
        found->second.push_back(row.configuration);
    }
  std::string text;
  for (const auto &[note, configurations] : notes)
    text += fmt::format("  {}: {}\n", fmt::join(configurations, ", "), note);
  return text;
}

} // namespace

std::string sweepText(const std::vector<SweepRow> &rows,
                      const std::string &prices) {
  TextTable table({"model, method", "T", "perplexity", "to float", "KL nats",
                   "last layer", "spikes/value", "SOP/token", "MAC/token",
                   "reads/token", "J/token", "to FP32", "to int", "spiking",
                   "plan s", "front"});
  std::string model;
  for (const SweepRow &row : rows) {
    if (row.model != model) {
      if (!model.empty())
        table.rule();
      table.row({row.model, "", fmt::format("{:.4f}", row.referencePerplexity),
                 "float32"});
      table.rule();
      model = row.model;
    }
    if (!row.error.empty()) {
      table.row(
          {"  " + row.configuration, fmt::format("{}", row.steps), "error"});
      continue;
    }
    const Measurement &m = row.measured;
    const double joules = at(m.joules, prices);
    table.row(
        {"  " + row.configuration, fmt::format("{}", row.steps),
         fmt::format("{:.4f}", m.perplexity), excessText(row),
         fmt::format("{:.2e}", m.divergence),
         fmt::format("{:.1e}", m.layerError.empty() ? 0 : m.layerError.back()),
         fmt::format("{:.2f}", m.spikesPerValue), shortNumber(m.sops),
         shortNumber(m.macs), shortNumber(m.weightReads + m.storedReads),
         shortNumber(joules, "J"),
         fmt::format("{:.2f}x", joules / at(m.annJoules, prices)),
         fmt::format("{:.1f}x", joules / at(m.quantisedJoules, prices)),
         percent(m.spikeDrivenShare), fmt::format("{:.1f}", row.planSeconds),
         row.onParetoFront ? "*" : ""});
  }
  std::string text = table.text();
  text += fmt::format(
      "J: price list {}; to FP32, to int: against the float network and the "
      "quantised one of equal information; last layer: squared error of the "
      "residual stream over its power; *: no row has less of both perplexity "
      "and energy\n",
      prices);
  const std::string notes = notesText(rows);
  if (!notes.empty())
    text += "Notes\n" + notes;
  for (const SweepRow &row : rows)
    if (!row.error.empty())
      text += fmt::format("{} {} T={}: {}\n", row.model, row.configuration,
                          row.steps, row.error);
  return text;
}

std::string sweepJson(const std::vector<SweepRow> &rows) {
  Json list = Json::array();
  for (const SweepRow &row : rows) {
    Json made = {{"model", row.model},
                 {"configuration", row.configuration},
                 {"steps", row.steps}};
    if (!row.error.empty()) {
      made["error"] = row.error;
      list.push_back(std::move(made));
      continue;
    }
    const Measurement &m = row.measured;
    made["perplexity"] = {{"spiking", m.perplexity},
                          {"reference", row.referencePerplexity}};
    made["divergence"] = m.divergence;
    made["agreement"] = m.agreement;
    made["layer_error"] = m.layerError;
    made["spikes_per_value"] = m.spikesPerValue;
    made["spike_driven_share"] = m.spikeDrivenShare;
    made["per_token"] = {{"sop", m.sops},
                         {"mac", m.macs},
                         {"weight_reads", m.weightReads},
                         {"stored_reads", m.storedReads},
                         {"lookup_reads", m.lookups}};
    made["energy_joules"] = m.joules;
    made["ann_energy_joules"] = {{"fp32", m.annJoules},
                                 {m.quantisedAnn, m.quantisedJoules}};
    made["plan_seconds"] = row.planSeconds;
    made["training_seconds"] = row.trainingSeconds;
    made["compile_seconds"] = row.compileSeconds;
    made["seconds"] = m.seconds;
    made["pareto"] = row.onParetoFront;
    made["notes"] = row.notes;
    list.push_back(std::move(made));
  }
  return Json{{"rows", std::move(list)}}.dump(
      2, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string sweepCsv(const std::vector<SweepRow> &rows) {
  std::string text =
      "model,configuration,steps,perplexity,reference_perplexity,divergence,"
      "last_layer_error,spikes_per_value,sop_per_token,mac_per_token,"
      "weight_reads_per_token,stored_reads_per_token,spike_driven_share,"
      "plan_seconds,training_seconds,pareto";
  std::vector<std::string> lists;
  for (const SweepRow &row : rows)
    for (const auto &[name, joules] : row.measured.joules)
      if (std::find(lists.begin(), lists.end(), name) == lists.end())
        lists.push_back(name);
  for (const std::string &name : lists)
    text += ",joules_" + name;
  text += "\n";
  for (const SweepRow &row : rows) {
    if (!row.error.empty())
      continue;
    const Measurement &m = row.measured;
    // A configuration may hold commas.
    text += fmt::format("{},\"{}\",{},{},{},{},{},{},{},{},{},{},{},{},{},{}",
                        row.model, row.configuration, row.steps, m.perplexity,
                        row.referencePerplexity, m.divergence,
                        m.layerError.empty() ? 0 : m.layerError.back(),
                        m.spikesPerValue, m.sops, m.macs, m.weightReads,
                        m.storedReads, m.spikeDrivenShare, row.planSeconds,
                        row.trainingSeconds, row.onParetoFront ? 1 : 0);
    for (const std::string &name : lists)
      text += fmt::format(",{}", at(m.joules, name));
    text += "\n";
  }
  return text;
}

} // namespace synfire

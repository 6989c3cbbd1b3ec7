//===- ReportText.cpp - a run's tables for a terminal ---------------------===//
#include "runtime/report/AnnBaseline.h"
#include "runtime/report/Bottleneck.h"
#include "runtime/report/EnergyModel.h"
#include "runtime/report/NumberText.h"
#include "runtime/report/PredictionReport.h"
#include "runtime/report/Report.h"
#include "runtime/report/RunSummary.h"
#include "runtime/report/Share.h"
#include "runtime/report/TextTable.h"
#include "runtime/report/Utilisation.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace synfire {

namespace {

std::string places(const Run &run) {
  return fmt::format("{} on {}: {} core{}, {} chip{}\n", run.executor,
                     run.chip.name, run.usedCores,
                     run.usedCores == 1 ? "" : "s", run.usedChips,
                     run.usedChips == 1 ? "" : "s");
}

std::string heading(const Run &run) {
  const ModelInfo &model = run.model;
  const ConversionInfo &conversion = run.conversion;
  std::string out =
      fmt::format("{} ({}, {} layers, hidden {}, {} heads, vocabulary {})\n",
                  model.name.empty() ? "model" : model.name, model.architecture,
                  model.layers, model.hidden, model.heads, model.vocabulary);
  out += fmt::format("conversion {}: T {} (wide sites {}), {} level{}, {}-bit "
                     "weights, nonlinearities by {}, products {}\n",
                     conversion.method, conversion.steps, conversion.wideSteps,
                     conversion.levels, conversion.levels == 1 ? "" : "s",
                     conversion.weightBits, conversion.hg, conversion.saa);
  for (const std::string &note : conversion.notes)
    out += fmt::format("  note: {}\n", note);
  out += places(run);
  out += fmt::format("prompt of {} tokens, {} generated: {} positions executed "
                     "(the last token is not fed back)\n",
                     run.promptTokens.size(), run.outputTokens.size(),
                     executedTokens(run));
  out += fmt::format("digest {:016x}\n", run.digest);
  return out;
}

std::vector<std::string> countCells(const StageGroup &group) {
  const Counters &c = group.counters;
  return {group.name,
          shortCount(group.values),
          group.neurons == 0 ? "-"
                             : fmt::format("{:.3f}", group.spikesPerValue()),
          shortCount(sops(c)),
          shortCount(c[Counter::HiddenMultiply]),
          shortCount(c[Counter::Mac] + c[Counter::DigitalMac]),
          shortCount(c[Counter::Compare]),
          shortCount(c[Counter::LookupRead]),
          shortCount(c[Counter::WeightRead]),
          shortCount(c[Counter::StoredRead]),
          shortCount(c[Counter::StoredWrite])};
}

StageGroup totalOf(const Run &run) {
  StageGroup total;
  total.name = "total";
  for (const StageRun &stage : run.stages)
    total.values += stage.values;
  total.neurons = firingNeurons(run);
  total.counters = run.total;
  return total;
}

std::string countTable(const char *title, const char *first,
                       const std::vector<StageGroup> &groups, const Run &run) {
  TextTable table({first, "values", "spikes/value", "SOP", "hidden mul", "MAC",
                   "compare", "LUT reads", "weight reads", "stored reads",
                   "stored writes"});
  for (const StageGroup &group : groups)
    table.row(countCells(group));
  table.rule();
  table.row(countCells(totalOf(run)));
  return fmt::format("\n{}\n{}", title, table.text());
}

/// Spikes of a value at each step, as many columns as a terminal is wide.
std::string stepTables(const std::vector<StageGroup> &groups) {
  constexpr std::size_t columns = 16;
  std::size_t steps = 0;
  for (const StageGroup &group : groups)
    steps = std::max(steps, group.spikesByStep.size());
  std::string out;
  for (std::size_t begin = 0; begin < steps; begin += columns) {
    const std::size_t end = std::min(steps, begin + columns);
    std::vector<std::string> titles = {"site"};
    for (std::size_t step = begin; step < end; ++step)
      titles.push_back(fmt::format("t{}", step + 1));
    TextTable table(std::move(titles));
    for (const StageGroup &group : groups) {
      if (group.spikesByStep.size() <= begin)
        continue;
      std::vector<std::string> cells = {group.name};
      for (std::size_t step = begin;
           step < std::min(end, group.spikesByStep.size()); ++step)
        cells.push_back(fmt::format("{:.2f}", group.spikesPerValue(step)));
      table.row(std::move(cells));
    }
    out += "\nspikes per value by step\n" + table.text();
  }
  return out;
}

std::string cell(std::optional<double> joules) {
  return joules ? shortNumber(*joules, "J") : "-";
}

/// Static energy beside the dynamic one, and what it is paid for.
std::string staticText(const Run &run, const std::vector<PriceList> &lists) {
  std::string out;
  if (const auto idle = staticJoules(run)) {
    out += fmt::format(
        "  static energy beside it: {} ({} chip{} x {} x {})\n",
        shortNumber(*idle, "J"), run.usedChips, run.usedChips == 1 ? "" : "s",
        shortNumber(run.chip.energy.staticWattsPerChip, "W"),
        shortNumber(static_cast<double>(run.timing.cycles) / run.timing.clockHz,
                    "s"));
    TextTable table({"accounting", "dynamic", "with static", "static share"});
    for (const PriceList &list : lists) {
      const double dynamic = joules(list, run.total, firingNeurons(run));
      table.row({list.name, cell(dynamic), cell(dynamic + *idle),
                 percent(*staticShare(list, run))});
    }
    out += table.text();
  } else if (run.executor == "machine" &&
             run.chip.energy.staticWattsPerChip <= 0) {
    out += "  the chip has no published static power: it is not charged\n";
  }
  if (const auto used = utilisation(run)) {
    if (used->busy && used->busiest)
      out += fmt::format("  of the time, a used core is busy for {} ({} at "
                         "most)\n",
                         percent(*used->busy), percent(*used->busiest));
    out += fmt::format("  {} of the cores of the used chips are used\n",
                       percent(used->coresOfChips));
    std::string memory;
    for (const Utilisation::Resource &resource : used->memory)
      memory += fmt::format("{}{} {}", memory.empty() ? "" : ", ",
                            resource.name, percent(resource.used));
    out += fmt::format("  of what they hold: {}\n", memory);
  }
  return out;
}

/// Of every group, and of every term of P4.
std::string energyParts(const Run &run, const std::vector<PriceList> &lists,
                        const std::string &first,
                        const std::vector<StageGroup> &groups) {
  std::vector<std::string> titles = {first};
  for (const PriceList &list : lists)
    titles.push_back(list.name);
  TextTable table(std::move(titles));
  for (const StageGroup &group : groups) {
    std::vector<std::string> cells = {group.name};
    for (const PriceList &list : lists)
      cells.push_back(cell(joules(list, group.counters, group.neurons)));
    table.row(std::move(cells));
  }
  const std::uint64_t neurons = firingNeurons(run);
  TextTable parts({"P4, by what", "events", "pJ each", "energy", "share"});
  for (const PriceList &list : lists) {
    if (list.name != "P4")
      continue;
    const double all = joules(list, run.total, neurons);
    for (const PriceTerm &term : list.terms) {
      const double energy = joules(term, run.total, neurons);
      if (energy > 0)
        parts.row(
            {term.what,
             shortCount(term.counter ? run.total[*term.counter] : neurons),
             fmt::format("{:.3g}", term.picoJoules), cell(energy),
             percent(energy / all)});
    }
  }
  return fmt::format("\nenergy by {}\n{}\n{}", first, table.text(),
                     parts.text());
}

std::string notesOf(const PriceList &list) {
  std::string out = fmt::format("  {}: {}\n", list.name, list.title);
  for (const std::string &note : list.notes)
    out += fmt::format("    {}\n", note);
  return out;
}

std::string energyTables(const Run &run) {
  const PriceContext context = priceContext(run);
  const std::vector<PriceList> lists = priceLists(context);
  const std::optional<AnnWork> ann = annWork(run);
  const std::uint64_t tokens = executedTokens(run);
  const AnnPrecision fp32, quantised = equalInformation(run.conversion);
  const std::uint64_t neurons = firingNeurons(run);

  TextTable table({"accounting", "spiking", "per token", "ANN FP32",
                   "ANN " + toString(quantised), "spiking/FP32",
                   "spiking/" + toString(quantised)});
  std::string notes;
  for (const PriceList &list : lists) {
    const double spiking = joules(list, run.total, neurons);
    const auto ofAnn = [&](const AnnPrecision &precision) {
      return ann ? annJoules(list.name, *ann, precision, context)
                 : std::optional<double>();
    };
    const auto full = ofAnn(fp32), small = ofAnn(quantised);
    auto relative = [&](const std::optional<double> &other) {
      return other && *other > 0 ? percent(spiking / *other) : "-";
    };
    table.row({list.name, cell(spiking),
               tokens == 0 ? "-" : cell(spiking / static_cast<double>(tokens)),
               cell(full), cell(small), relative(full), relative(small)});
    notes += notesOf(list);
  }
  std::string out = "\nenergy\n" + table.text() + notes;
  if (!ann)
    out += "  no ANN beside it: the run does not say how many keys its tokens "
           "saw\n";
  out += staticText(run, lists);

  return out + energyParts(run, lists, "layer", byLayer(run));
}

std::string shareText(const Run &run) {
  const OperationShares shares = operationShares(run);
  TextTable table({"operations", "count", "share"});
  auto row = [&](const char *name, std::uint64_t count) {
    table.row(
        {name, shortCount(count), percent(shareOf(count, shares.total()))});
  };
  row("spike-driven additions", shares.spikeDriven);
  row("digital multiply-accumulates", shares.digitalMacs);
  row("requantisation multiplies", shares.requantisation);
  row("running-maximum comparisons", shares.runningMaximum);
  row("look-up reads", shares.lookupReads);
  row("argmax comparisons", shares.argmax);
  return fmt::format(
      "\n{} of all operations are spike-driven\n{}  of the additions, {} hide "
      "a multiplication (payload no power of two)\n",
      percent(shares.spikeDrivenShare()), table.text(),
      percent(shareOf(run.total[Counter::HiddenMultiply], shares.spikeDriven)));
}

std::string predictionText(const Run &run) {
  const std::vector<PredictionRow> rows = predictionRows(run);
  if (rows.empty())
    return {};
  TextTable table({"per token", "the mapper expected", "simulated"});
  for (const PredictionRow &row : rows)
    table.row(
        {row.name, shortNumber(row.predicted), shortNumber(row.simulated)});
  return "\n" + table.text();
}

std::string timingText(const Run &run) {
  const TimingRun &timing = run.timing;
  if (timing.cycles == 0 || timing.clockHz <= 0)
    return {};
  auto seconds = [&](double cycles) {
    return shortNumber(cycles / timing.clockHz, "s");
  };
  const auto all = static_cast<double>(timing.cycles);
  std::string out = fmt::format(
      "\ntiming (network model {})\n  {} cycles at {} = {} on the chip, {} "
      "steps\n",
      timing.noc, shortCount(timing.cycles), shortNumber(timing.clockHz, "Hz"),
      seconds(all), shortCount(timing.steps));
  if (timing.prefillCycles > 0 && !run.promptTokens.empty()) {
    const double prefill = static_cast<double>(timing.prefillCycles);
    out +=
        fmt::format("  prefill: {} tokens in {}, {} token/s\n",
                    run.promptTokens.size(), seconds(prefill),
                    shortNumber(static_cast<double>(run.promptTokens.size()) *
                                timing.clockHz / prefill));
  }
  if (!timing.tokenCycles.empty()) {
    double sum = 0, largest = 0;
    for (std::uint64_t cycles : timing.tokenCycles) {
      sum += static_cast<double>(cycles);
      largest = std::max(largest, static_cast<double>(cycles));
    }
    const double mean = sum / static_cast<double>(timing.tokenCycles.size());
    out += fmt::format("  decode: {} a token ({} at most), {} token/s\n",
                       seconds(mean), seconds(largest),
                       shortNumber(mean > 0 ? timing.clockHz / mean : 0));
  }
  out += fmt::format(
      "  steps bound by compute {}, by a link {}, by the barrier {}; barriers "
      "take {} of the cycles\n",
      percent(shareOf(timing.computeBoundSteps, timing.steps)),
      percent(shareOf(timing.linkBoundSteps, timing.steps)),
      percent(shareOf(timing.barrierBoundSteps, timing.steps)),
      percent(shareOf(timing.barrierCycles, timing.cycles)));
  for (const CoreRun &core : run.cores)
    if (core.core == timing.busiestCore)
      out += fmt::format("  busiest core {}: busy {} of the cycles, {} SOP\n",
                         core.core,
                         percent(shareOf(core.busyCycles, timing.cycles)),
                         shortCount(sops(core.counters)));
  out += fmt::format("  spikes sent {}, hops {}, chip crossings {}\n",
                     shortCount(run.total[Counter::SpikeSent]),
                     shortCount(hops(run.total)),
                     shortCount(run.total[Counter::ChipCrossing]));
  return out + bottleneckText(run) + predictionText(run);
}

std::string plainHeading(const Run &run) {
  const std::uint64_t neurons = neuronsOfPlainNetwork(run),
                      steps = stepsOfPlainNetwork(run);
  return fmt::format("{} (plain spiking network, {} population{}, {} "
                     "neuron{})\n{}{} step{}{}\ndigest {:016x}\n",
                     run.model.name, run.stages.size(),
                     run.stages.size() == 1 ? "" : "s", neurons,
                     neurons == 1 ? "" : "s", places(run), steps,
                     steps == 1 ? "" : "s",
                     run.timing.cycles == 0 ? ", not timed" : "", run.digest);
}

std::string populationTable(const Run &run,
                            const std::vector<StageGroup> &populations) {
  TextTable table({"population", "updates", "spikes", "spikes/update", "SOP",
                   "rows opened", "packets sent", "hops"});
  auto row = [&](const StageGroup &group) {
    const Counters &c = group.counters;
    table.row({group.name, shortCount(c[Counter::NeuronUpdate]),
               shortCount(c[Counter::Spike]),
               fmt::format("{:.3f}", group.spikesPerValue()),
               shortCount(sops(c)), shortCount(c[Counter::AxonRead]),
               shortCount(c[Counter::SpikeSent]), shortCount(hops(c))});
  };
  for (const StageGroup &group : populations)
    row(group);
  table.rule();
  row(totalOf(run));
  return "\nby population (SOP and rows of those that receive)\n" +
         table.text();
}

std::string plainEnergy(const Run &run,
                        const std::vector<StageGroup> &populations) {
  const std::vector<PriceList> lists = priceLists(priceContext(run));
  const std::uint64_t steps = stepsOfPlainNetwork(run);
  TextTable table({"accounting", "energy", "per step"});
  std::string notes;
  for (const PriceList &list : lists) {
    const double all = joules(list, run.total, firingNeurons(run));
    table.row({list.name, cell(all),
               steps == 0 ? "-" : cell(all / static_cast<double>(steps))});
    notes += notesOf(list);
  }
  return "\nenergy\n" + table.text() + notes + staticText(run, lists) +
         energyParts(run, lists, "population", populations);
}

std::string plainReport(const Run &run) {
  const std::vector<StageGroup> populations = byPopulation(run);
  return plainHeading(run) + populationTable(run, populations) +
         plainEnergy(run, populations) + timingText(run);
}

} // namespace

std::string reportText(const Run &run) {
  if (isPlainNetwork(run))
    return plainReport(run);
  const std::vector<StageGroup> sites = bySite(run);
  return heading(run) + countTable("by site, all layers", "site", sites, run) +
         stepTables(sites) +
         countTable("by layer", "layer", byLayer(run), run) +
         energyTables(run) + shareText(run) + timingText(run);
}

} // namespace synfire

//===- MethodTable.cpp - every method's trends beside the papers' ---------===//
//
// What the papers on conversion publish as trends (CONVERSION.md 4.6, 5.6, 5.7,
// 6, 10), measured on small real models: same arithmetic on engine and machine,
// energy by one price list. Papers' perplexities are of models of billions of
// parameters; signs and orders are to compare, not values.
//
// Usage: MethodTable [section...] [model...]; sections: mgpc dual-is las
// baselines auto; all of both where none is named.
//
//===----------------------------------------------------------------------===//
#include "benchmarks/models/BenchmarkModels.h"

#include "compiler/convert/Settings.h"
#include "exploration/Blame.h"
#include "exploration/CodingSearch.h"
#include "exploration/Sweep.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <set>

using namespace synfire;

namespace {

constexpr char prices[] = "P4";
constexpr double searchGoals[] = {0.02}; ///< excess over the float perplexity

std::vector<StudyModel> loadStudies(const std::set<std::string> &wanted) {
  struct Source {
    std::string directory, calibration, text;
    double skip;
  };
  const std::string shipped = SYNFIRE_SOURCE_DIR "/models/fable-0.9M";
  const std::string shared = SYNFIRE_SHARED_DIR;
  const std::string stories = shared + "/data/tinystories.txt";
  const std::string wiki = shared + "/data/wikitext-2-valid.txt";
  const std::vector<Source> sources = {
      {shipped, shipped + "/calibration.txt", shipped + "/evaluation.txt", 0},
      {shared + "/models/stories260K", stories, stories, 0.5},
      {shared + "/models/llama-wiki-1.3M", wiki, wiki, 0.5}};
  auto nameOf = [](const Source &source) {
    return std::filesystem::path(source.directory).filename().string();
  };
  const bool all =
      std::none_of(sources.begin(), sources.end(), [&](const Source &source) {
        return wanted.count(nameOf(source)) > 0;
      });
  std::vector<StudyModel> studies;
  for (const Source &source : sources) {
    if (!all && wanted.count(nameOf(source)) == 0)
      continue;
    if (!std::filesystem::exists(source.directory)) {
      fmt::print("{} is not there: left out\n", source.directory);
      continue;
    }
    StudyOptions options;
    options.calibration.file = source.calibration;
    options.calibration.tokens = 8192;
    options.calibration.reserve = 0.25;
    options.calibration.threads = 2;
    options.skip = source.skip;
    options.predictions = 4096;
    studies.push_back(
        require(StudyModel::load(source.directory, source.text, options)));
  }
  return studies;
}

SweepOptions sweepOptions() {
  SweepOptions options;
  options.compile.conversion.steps = 0;
  options.compile.conversion.context = 128;
  options.paretoPrices = prices;
  return options;
}

std::vector<SweepRow> rowsOf(const StudyModel &model,
                             const std::vector<std::string> &configurations,
                             const std::vector<int> &steps) {
  return require(sweep(model, configurations, steps, sweepOptions()));
}

std::string lossText(const SweepRow &row) {
  if (!row.error.empty())
    return "error";
  const double loss =
      100 * (row.measured.perplexity / row.referencePerplexity - 1);
  return fmt::format(std::fabs(loss) < 100 ? "{:+.2f}" : "{:+.0f}", loss);
}

/// One line a configuration, one column a T; the rows by configuration.
std::map<std::string, std::vector<SweepRow>>
printLosses(const StudyModel &model,
            const std::vector<std::string> &configurations,
            const std::vector<int> &steps) {
  fmt::print("{:<44}",
             fmt::format("{} (float {:.4f}), % over float", model.name(),
                         std::exp(model.referenceNats())));
  for (int count : steps)
    fmt::print(" {:>9}", fmt::format("T={}", count));
  fmt::print("  units trained in\n");
  std::set<std::string> errors;
  std::map<std::string, std::vector<SweepRow>> all;
  for (const std::string &configuration : configurations) {
    fmt::print("  {:<42}", configuration);
    double training = 0;
    all[configuration] = rowsOf(model, {configuration}, steps);
    for (const SweepRow &row : all[configuration]) {
      fmt::print(" {:>9}", lossText(row));
      training += row.trainingSeconds;
      if (!row.error.empty())
        errors.insert(row.error);
    }
    fmt::print("  {:.1f} s\n", training);
  }
  for (const std::string &error : errors)
    fmt::print("  error: {}\n", error);
  return all;
}

void printMgpc(const std::vector<StudyModel> &models) {
  fmt::print(
      "\nMGPC beside what it is compared with (CONVERSION 5.6, 5.7)\n"
      "paper, WikiText-2 perplexity, LLaMA-2-7B (float 5.47): T=8 LAS-lite "
      "34.3, two-spike 19.0, MGPC G=2 6.7, G=3 7.1; T=10 6.05, 11.6, 5.50, "
      "5.53\n"
      "paper, LLaMA-3-8B (float 6.14): T=6 93.1, >100, 8.0, 8.5; T=8 7.06, "
      "9.46, 6.32, 6.37; joint against alternating 6.58/6.71 ... 7.52/8.53: "
      "joint lower in every row of its Table 6\n");
  for (const StudyModel &model : models)
    printLosses(model,
                {"las-lite", "two-spike", "mgpc:search-grains=off,grains=1",
                 "mgpc:search-grains=off,grains=2",
                 "mgpc:search-grains=off,grains=3", "mgpc:grains=2",
                 "mgpc:search-grains=off,training=joint",
                 "mgpc:search-grains=off,tied=on",
                 "mgpc:search-grains=off,train-offset=off",
                 "mgpc:search-grains=off,cap=2",
                 "mgpc:search-grains=off,weight-bits=4", "rounding"},
                {6, 8, 10});
}

void printDualIs(const std::vector<StudyModel> &models) {
  fmt::print("\nDual-IS (CONVERSION 4.6)\n"
             "paper, LLaMA-2-7B W6A6 WikiText-2 perplexity: float 5.47, T=1 "
             "5.76; T=2/4/8 converted 12.42/97.8/319, calibrated "
             "7.39/9.71/12.03: of the gap to T=1, 76/96/98 % come back\n");
  const std::vector<int> steps = {1, 2, 4, 8};
  for (const StudyModel &model : models) {
    const std::string plain = "dual-is:calibrate-blocks=off";
    auto rows = printLosses(model,
                            {plain, "dual-is", plain + ",alpha=released",
                             "dual-is:alpha=released", plain + ",average=on",
                             plain + ",nonlinear=hg"},
                            steps);
    const std::vector<SweepRow> &converted = rows[plain];
    const std::vector<SweepRow> &released = rows[plain + ",alpha=released"];
    const std::vector<SweepRow> &calibrated = rows["dual-is"];
    const std::vector<SweepRow> &repaired = rows["dual-is:alpha=released"];
    const double quantised = converted.front().measured.perplexity;
    for (std::size_t i = 1; i < steps.size(); ++i) {
      auto recovered = [&](const SweepRow &before, const SweepRow &after) {
        const double gap = before.measured.perplexity - quantised;
        // Less than one part in two hundred is no loss to bring back.
        if (gap < quantised / 200)
          return std::string("no gap");
        return fmt::format(
            "{:.0f} %",
            100 * (before.measured.perplexity - after.measured.perplexity) /
                gap);
      };
      fmt::print(
          "  T={}: perplexity over T=1 {:+.3f} with the remark's alpha, "
          "{:+.3f} with the released one; calibration brings back {} and {} "
          "of it\n",
          steps[i], converted[i].measured.perplexity - quantised,
          released[i].measured.perplexity - quantised,
          recovered(converted[i], calibrated[i]),
          recovered(released[i], repaired[i]));
    }
  }
}

void printLas(const std::vector<StudyModel> &models) {
  fmt::print(
      "\nThe T-cliff of LAS and its cause: loss by T with the wide sites "
      "at T=20, and with them at T too (the coarse norm input that "
      "CONVERSION 3.2 names)\n"
      "paper, BERT SST-2 (float 92.66): T=10 49.1, 11 79.4, 13 92.55, "
      "16 92.55\n");
  for (const StudyModel &model : models) {
    const std::vector<int> steps = {5, 6, 7, 8, 9, 10, 11, 13, 16};
    printLosses(model, {"las", "las:outlier-aware=off", "phase"}, steps);
    fmt::print("  {:<42}", "las, wide-steps = T");
    for (int count : steps)
      fmt::print(
          " {:>9}",
          lossText(
              rowsOf(model, {fmt::format("las:wide-steps={}", count)}, {count})
                  .front()));
    fmt::print("\n");
    CompileOptions compile = sweepOptions().compile;
    compile.conversion =
        require(parseConfiguration("las:steps=7", compile.conversion));
    const NetworkPlan plan = require(
        planConversion(model.checkpoint(), compile, model.calibration()));
    fmt::print("  las T=7, the five most expensive sites\n{}",
               blameText(require(blameSites(model, compile, plan, {})), 5));
  }
}

void printBaselines(const std::vector<StudyModel> &models) {
  fmt::print("\nAll methods at the T of their authors; nothing is retrained\n");
  for (const StudyModel &model : models)
    fmt::print("\n{}",
               sweepText(rowsOf(model,
                                {"las:steps=16",
                                 "phase:steps=8",
                                 "las-lite:steps=8",
                                 "rounding:steps=8",
                                 "rounding:steps=6",
                                 "mgpc:search-grains=off,steps=8",
                                 "mgpc:search-grains=off,steps=8,cap=2",
                                 "mgpc:search-grains=off,steps=8,nonlinear=hg",
                                 "two-spike:steps=8",
                                 "spiked-attention:base=1.4,steps=16",
                                 "spiked-attention:base=1.15,steps=40",
                                 "ttfs:steps=128",
                                 "spikellm",
                                 "dual-is:steps=1",
                                 "dual-is:steps=2",
                                 "dual-is:steps=4",
                                 "if:steps=32",
                                 "qcfs:steps=32",
                                 "srp:steps=32",
                                 "cos:steps=16",
                                 "fas:steps=16",
                                 "spikezip:steps=64",
                                 "ecmt:steps=8",
                                 "sta:steps=32"},
                                {}),
                         prices));
}

void printSearch(const std::vector<StudyModel> &models) {
  fmt::print("\n--method auto against the best single method of its pool, on "
             "held-out text\n");
  for (const StudyModel &model : models) {
    const CompileOptions compile = sweepOptions().compile;
    const std::vector<SweepRow> single = rowsOf(model, defaultPool(), {});
    for (double goal : searchGoals) {
      SearchOptions options;
      options.prices = prices;
      options.goal.excess = goal;
      const SearchResult found =
          require(searchCodings(model, compile, options));
      CompileOptions chosen = compile;
      chosen.conversion = found.conversion;
      const Measurement measured = require(measure(
          model,
          std::make_shared<const Program>(require(compilePlan(
              model.checkpoint(), chosen, model.calibration(), found.plan)))));
      const double joules = measured.joules.at(prices);
      const SweepRow *best = nullptr;
      for (const SweepRow &row : single)
        if (row.error.empty() && row.measured.joules.at(prices) <= joules &&
            (!best || row.measured.nats < best->measured.nats))
          best = &row;
      fmt::print("{} goal {:.1f} %\n{}", model.name(), 100 * goal,
                 found.explanation());
      fmt::print("  held-out: {:+.3f} % at {:.4g} J; best single method within "
                 "that energy: {}\n",
                 100 * std::expm1(measured.nats - model.referenceNats()),
                 joules,
                 best ? fmt::format("{} T={} {:+.3f} % at {:.4g} J",
                                    best->configuration, best->steps,
                                    100 * std::expm1(best->measured.nats -
                                                     model.referenceNats()),
                                    best->measured.joules.at(prices))
                      : "none");
    }
  }
}

} // namespace

int main(int argc, char **argv) {
  // Lines appear as they are measured, in a pipe too.
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const std::set<std::string> wanted(argv + 1, argv + argc);
  const std::vector<StudyModel> models = loadStudies(wanted);
  const std::vector<std::string> sections = {"mgpc", "dual-is", "las",
                                             "baselines", "auto"};
  const bool everything = std::none_of(
      sections.begin(), sections.end(),
      [&](const std::string &section) { return wanted.count(section) > 0; });
  auto runs = [&](const char *section) {
    return everything || wanted.count(section) > 0;
  };
  if (runs("mgpc"))
    printMgpc(models);
  if (runs("dual-is"))
    printDualIs(models);
  if (runs("las"))
    printLas(models);
  if (runs("baselines"))
    printBaselines(models);
  if (runs("auto"))
    printSearch(models);
  return 0;
}

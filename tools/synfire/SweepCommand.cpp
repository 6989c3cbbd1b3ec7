#include "tools/synfire/CommandFiles.h"
#include "tools/synfire/Commands.h"
#include "tools/synfire/OptionChecks.h"
#include "tools/synfire/Progress.h"

#include "compiler/convert/Settings.h"
#include "exploration/Blame.h"
#include "exploration/Sweep.h"
#include "runtime/support/Files.h"

#include <fmt/format.h>
#include <limits>
#include <memory>

namespace synfire {
namespace {

struct SweepFlags {
  std::vector<std::string> models, configurations;
  std::vector<int> steps;
  std::string text, csv;
  StudyOptions study;
  SweepOptions sweep;
  std::size_t blame = 0;
  bool json = false;
};

Status printBlame(const SweepFlags &flags, const StudyModel &model,
                  const std::vector<SweepRow> &rows) {
  for (const SweepRow &row : rows) {
    if (!row.error.empty())
      continue;
    ConversionOptions defaults = flags.sweep.compile.conversion;
    defaults.steps = row.steps;
    CompileOptions compile = flags.sweep.compile;
    SYNFIRE_ASSIGN(compile.conversion,
                   parseConfiguration(row.configuration, defaults));
    SYNFIRE_ASSIGN(const std::shared_ptr<const Calibration> calibration,
                   model.calibrationFor(compile.conversion));
    SYNFIRE_ASSIGN(NetworkPlan plan,
                   planConversion(model.checkpoint(), compile, *calibration));
    Progress progress("blaming", "sites");
    SYNFIRE_ASSIGN(BlameReport report,
                   blameSites(model, compile, plan,
                              [&](std::size_t done, std::size_t total) {
                                progress.update(done, total);
                              }));
    fmt::print("\n{} {} T={}\n{}", row.model, row.configuration, row.steps,
               blameText(report, flags.blame));
  }
  return {};
}

Status runSweep(SweepFlags &flags) {
  if (flags.json && flags.blame > 0)
    return makeError("--blame prints tables, but --json one object", "sweep",
                     "leave one of them out");
  CommandFiles files;
  for (const std::string &directory : flags.models)
    files.readModel(directory);
  files.read("--text", flags.text);
  files.read("--calibrate", flags.study.calibration.file);
  files.readHardware(flags.sweep.compile.hardware);
  files.write("--csv", flags.csv);
  SYNFIRE_TRY(files.check());
  // One calibration serves all configurations.
  for (const std::string &text : flags.configurations) {
    SYNFIRE_ASSIGN(const ConversionOptions parsed,
                   parseConfiguration(text, flags.sweep.compile.conversion));
    flags.study.calibration.onlineHadamard |= parsed.onlineHadamard;
  }
  std::vector<SweepRow> all;
  for (const std::string &directory : flags.models) {
    Progress calibrating("calibrating", "windows");
    flags.study.calibration.progress = [&](std::uint64_t done,
                                           std::uint64_t total) {
      calibrating.update(done, total);
    };
    SYNFIRE_ASSIGN(StudyModel model,
                   StudyModel::load(directory, flags.text, flags.study));
    Progress progress("sweeping", "configurations");
    flags.sweep.progress = [&](std::size_t done, std::size_t total) {
      progress.update(done, total);
    };
    SYNFIRE_ASSIGN(
        std::vector<SweepRow> rows,
        sweep(model, flags.configurations, flags.steps, flags.sweep));
    if (!flags.json)
      fmt::print("{}", sweepText(rows, flags.sweep.paretoPrices));
    if (flags.blame > 0)
      SYNFIRE_TRY(printBlame(flags, model, rows));
    all.insert(all.end(), rows.begin(), rows.end());
  }
  if (flags.json)
    fmt::print("{}\n", sweepJson(all));
  if (!flags.csv.empty())
    return writeFileAtomically(flags.csv, sweepCsv(all));
  return {};
}

} // namespace

void addSweepCommand(CLI::App &app, Action &action) {
  auto flags = std::make_shared<SweepFlags>();
  CLI::App *command = app.add_subcommand(
      "sweep", "models x methods x T: what each coding loses and costs");
  command
      ->add_option("models", flags->models,
                   "Hugging Face directories (LLaMA family)")
      ->required();
  command
      ->add_option("--text", flags->text,
                   "text to score; other text than that of the calibration")
      ->required();
  command
      ->add_option("--methods", flags->configurations,
                   "configurations as method[:option=value,...], such as "
                   "\"mgpc:grains=3\"; options are those of compile")
      ->required();
  command
      ->add_option("--steps", flags->steps,
                   "T; several for a row each; default: the method's own")
      ->check(CLI::Range(1, 256));
  ConversionOptions &conversion = flags->sweep.compile.conversion;
  conversion.steps = 0;
  command
      ->add_option("--weight-bits", conversion.weightBits,
                   "of all configurations that do not say otherwise")
      ->capture_default_str();
  command->add_option("--context", conversion.context,
                      "positions to hold; default: the window");
  command
      ->add_option("--hw", flags->sweep.compile.hardware,
                   "hw-model, for chip-specific prices and capacities")
      ->capture_default_str();
  command
      ->add_option("--prices", flags->sweep.paretoPrices,
                   "price list of the table's joules and of the Pareto front: "
                   "P1, P2, P3, P4, integer45")
      ->check(CLI::IsMember({"P1", "P2", "P3", "P4", "integer45"}))
      ->capture_default_str();
  command
      ->add_option("--skip", flags->study.skip,
                   "share of the text to leave out at its start, where the "
                   "same file calibrates")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command->add_option("--window", flags->study.window, "inputs of a window")
      ->check(CLI::Range(2, 1 << 20))
      ->capture_default_str();
  command
      ->add_option("--predictions", flags->study.predictions,
                   "tokens to score; 0: all of the text")
      ->check(CLI::Range(0, std::numeric_limits<int>::max()))
      ->capture_default_str();
  command
      ->add_option("--calibrate", flags->study.calibration.file,
                   "text to calibrate on; default: text that the model itself "
                   "writes")
      ->check(namesFile());
  command
      ->add_option("--calibration-tokens", flags->study.calibration.tokens,
                   "most tokens of it to use")
      ->check(CLI::Range(2, 1 << 24))
      ->capture_default_str();
  command
      ->add_option("--threads", flags->study.threads,
                   "of the float model and the engine")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command
      ->add_option("--blame", flags->blame,
                   "for each row, the so many sites whose coding costs most")
      ->check(CLI::Range(0, 1 << 20));
  command->add_option("--csv", flags->csv, "also write the rows as CSV")
      ->check(namesFile());
  command->add_flag("--json", flags->json, "one JSON object");
  command->callback(
      [flags, &action] { action = [flags] { return runSweep(*flags); }; });
}

} // namespace synfire

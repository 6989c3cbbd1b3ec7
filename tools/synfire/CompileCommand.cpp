#include "tools/synfire/CommandFiles.h"
#include "tools/synfire/Commands.h"
#include "tools/synfire/CompileShapes.h"
#include "tools/synfire/ModelArgument.h"
#include "tools/synfire/OptionChecks.h"
#include "tools/synfire/Progress.h"

#include "compiler/convert/Settings.h"
#include "compiler/pipelines/Compile.h"
#include "exploration/CodingSearch.h"
#include "hw-models/ChipModel.h"
#include "runtime/program/Program.h"
#include "runtime/program/Run.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

namespace synfire {
namespace {

struct CompileFlags {
  std::string model, output, emit = "program", plan;
  std::string objective = "time", activity;
  CompileOptions options;
  SearchOptions search;
  std::vector<std::string> given; ///< names of the options that were
  bool shapesOnly = false, json = false;
};

std::string methodsHelp() {
  std::string text;
  for (const Method &method : methods())
    text += fmt::format("{}: {}\n", method.name, method.summary);
  return text;
}

std::size_t usedCores(const Program &program) {
  std::set<int> cores;
  for (const Tile &tile : program.mapping.tiles)
    cores.insert(tile.core);
  return cores.size();
}

void printSummary(const CompileFlags &flags, const Program &program,
                  double seconds) {
  std::set<int> levels(program.mapping.schedule.fireLevel.begin(),
                       program.mapping.schedule.fireLevel.end());
  const Mapping &mapping = program.mapping;
  const CostPrediction &predicted = mapping.prediction;
  if (flags.json) {
    nlohmann::json out = {
        {"program", flags.output},
        {"model", program.model.name},
        {"method", program.conversion.method},
        {"steps", program.conversion.steps},
        {"stages", program.stages.size()},
        {"tiles", mapping.tiles.size()},
        {"cores", usedCores(program)},
        {"chips", {mapping.chipsX, mapping.chipsY}},
        {"windows", mapping.schedule.levels()},
        {"predicted",
         {{"token_cycles", predicted.tokenCycles},
          {"window_cycles", predicted.windowCycles},
          {"spikes_sent", predicted.packets},
          {"hops", predicted.eastWestHops + predicted.northSouthHops},
          {"chip_crossings", predicted.chipCrossings}}},
        {"weight_bytes", program.weights.size()},
        {"seconds", seconds},
    };
    fmt::print("{}\n", out.dump(2, ' ', false,
                                nlohmann::json::error_handler_t::replace));
    return;
  }
  fmt::print("{}: {} stages on {} cores of {} ({} x {} chips), {} windows a "
             "token, {:.2f} MB of weights, compiled in {:.1f} s\n",
             flags.output, program.stages.size(), usedCores(program),
             mapping.chip.name, mapping.chipsX, mapping.chipsY,
             mapping.schedule.levels(),
             static_cast<double>(program.weights.size()) / 1e6, seconds);
  fmt::print("predicted per generated token: {:.3g} cycles, {:.3g} packets, "
             "{:.3g} hops, {:.3g} chip crossings; a prompt token every {:.3g} "
             "cycles\n",
             predicted.tokenCycles, predicted.packets,
             predicted.eastWestHops + predicted.northSouthHops,
             predicted.chipCrossings, predicted.windowCycles);
}

MeasuredActivity activityOf(const Run &run) {
  MeasuredActivity activity;
  for (std::size_t s = 0; s < run.stages.size(); ++s)
    if (const StageRun &stage = run.stages[s]; stage.values > 0)
      activity[run.stageNames[s]] = {
          static_cast<double>(stage.counters[Counter::Spike] +
                              stage.counters[Counter::Number]) /
              static_cast<double>(stage.values),
          {stage.spikesByStep.begin(), stage.spikesByStep.end()}};
  return activity;
}

/// Of the calibration text, for --method auto to measure on.
constexpr double reservedForSearch = 0.25;

/// What is known before the compilation proper.
struct Planned {
  std::optional<NetworkPlan> plan;
  std::shared_ptr<const Calibration> calibration;
};

/// --method auto: explains on standard error what it has chosen.
Result<Planned> searchPlan(CompileFlags &flags) {
  StudyOptions study;
  study.calibration = flags.options.calibration;
  study.calibration.reserve = reservedForSearch;
  study.threads = flags.options.calibration.threads;
  if (flags.options.conversion.context > 0)
    study.window = std::min<std::size_t>(
        study.window,
        static_cast<std::size_t>(flags.options.conversion.context));
  SYNFIRE_ASSIGN(StudyModel model, StudyModel::load(flags.model, "", study));
  Progress progress("searching", "measurements");
  flags.search.progress = [&](const std::string &, std::size_t done,
                              std::size_t total) {
    progress.update(done, total);
  };
  CompileOptions compile = flags.options;
  compile.conversion.method = "las";
  SYNFIRE_ASSIGN(SearchResult found,
                 searchCodings(model, compile, flags.search));
  fmt::print(stderr, "{}", found.explanation());
  flags.options.conversion = found.conversion;
  Planned planned;
  planned.plan = std::move(found.plan);
  SYNFIRE_ASSIGN(planned.calibration, model.calibrationFor(found.conversion));
  return planned;
}

Result<Program> compileProgram(const Checkpoint &checkpoint,
                               const CompileOptions &options,
                               Planned &planned) {
  if (!planned.plan)
    return compileModel(checkpoint, options);
  if (!planned.calibration) {
    SYNFIRE_ASSIGN(Calibration made,
                   collectCalibration(checkpoint, options.calibration,
                                      {0, planned.plan->form.prefixTokens}));
    planned.calibration = std::make_shared<const Calibration>(std::move(made));
  }
  return compilePlan(checkpoint, options, *planned.calibration, *planned.plan);
}

CompilePhase phaseNamed(const std::string &name) {
  if (name == "ann")
    return CompilePhase::Ann;
  if (name == "statistics")
    return CompilePhase::Statistics;
  if (name == "plan")
    return CompilePhase::Plan;
  return name == "snn" ? CompilePhase::Snn : CompilePhase::Chip;
}

Status refuseSearchOptions(const std::vector<std::string> &given) {
  for (const std::string &option : given)
    if (option == "--goal-perplexity" || option == "--goal-joules" ||
        option == "--pool" || option == "--prices")
      return makeError(option + " is for --method auto", "compile",
                       "leave it out, or search with --method auto");
  return Status::success();
}

CommandFiles filesOf(const CompileFlags &flags) {
  CommandFiles files;
  files.readModel(flags.model);
  files.read("--plan", flags.plan);
  files.read("--activity", flags.activity);
  files.read("--calibrate", flags.options.calibration.file);
  files.readHardware(flags.options.hardware);
  if (flags.emit == "program")
    files.writeProgram("--output", flags.output);
  else
    files.write("--output", flags.output);
  return files;
}

Status compile(CompileFlags &flags) {
  CompileOptions &options = flags.options;
  SYNFIRE_ASSIGN(options.mapping.objective, parseObjective(flags.objective));
  // In the options 0 stands for a T that nobody has named.
  if (options.conversion.steps == 0 &&
      std::find(flags.given.begin(), flags.given.end(), "--steps") !=
          flags.given.end())
    return makeError("--steps is 0", "compile",
                     "it is 1 or more; leave it out for the method's own");
  if (flags.shapesOnly)
    return compileShapes(flags.model, options, flags.given, flags.json);
  const bool search = options.conversion.method == "auto";
  if (!search)
    SYNFIRE_TRY(refuseSearchOptions(flags.given));
  if (search && !flags.plan.empty())
    return makeError("--plan gives the codings that --method auto would search",
                     "compile", "leave one of them out");
  if (!search) {
    SYNFIRE_ASSIGN(
        options.conversion,
        parseConfiguration(options.conversion.method, options.conversion));
  }
  if (flags.json && flags.emit != "program")
    return makeError("--json describes a Program, but --emit " + flags.emit +
                         " stops before",
                     "compile", "leave one of them out");
  if (flags.output.empty() && flags.emit == "program")
    return makeError("no output file", "compile", "name one with -o model.sfp");
  const std::filesystem::path beside =
      std::filesystem::path(flags.model) / "calibration.txt";
  std::error_code unreadable;
  if (options.calibration.file.empty() &&
      std::filesystem::exists(beside, unreadable))
    options.calibration.file = beside.string();
  SYNFIRE_TRY(filesOf(flags).check());
  if (!flags.activity.empty()) {
    SYNFIRE_ASSIGN(const Run measured, loadRun(flags.activity));
    options.mapping.activity = activityOf(measured);
  }
  Progress progress("calibrating", "windows");
  options.calibration.onlineHadamard = options.conversion.onlineHadamard;
  options.calibration.progress = [&](std::uint64_t done, std::uint64_t total) {
    progress.update(done, total);
  };
  if (flags.emit != "program" && flags.emit != "plan" && search)
    return makeError("not supported: --emit " + flags.emit +
                         " of a searched network",
                     "compile",
                     "write the plan with --emit plan and give it "
                     "with --plan");
  const auto start = std::chrono::steady_clock::now();
  Planned planned;
  if (search) {
    if (!flags.search.goal.excess && !flags.search.goal.joules)
      flags.search.goal.excess = 0.01;
    SYNFIRE_ASSIGN(planned, searchPlan(flags));
  } else if (!flags.plan.empty()) {
    SYNFIRE_ASSIGN(std::string text, readFile(flags.plan));
    SYNFIRE_ASSIGN(planned.plan, networkPlanFromJson(text, flags.plan));
    // A plan that codes behind online rotations is of a network with them.
    options.conversion.onlineHadamard |= rotatesOnline(*planned.plan);
    options.calibration.onlineHadamard = options.conversion.onlineHadamard;
  }
  SYNFIRE_ASSIGN(Checkpoint checkpoint, Checkpoint::open(flags.model));
  if (flags.emit != "program") {
    std::string text;
    if (search) {
      text = toJson(*planned.plan) + "\n";
    } else {
      SYNFIRE_ASSIGN(text,
                     compileToText(checkpoint, options, phaseNamed(flags.emit),
                                   planned.plan ? &*planned.plan : nullptr));
    }
    if (flags.output.empty()) {
      fmt::print("{}", text);
      return {};
    }
    return writeFileAtomically(flags.output, text);
  }
  const std::filesystem::path directory =
      std::filesystem::path(flags.output).parent_path();
  options.workDirectory = directory.empty() ? "." : directory.string();
  SYNFIRE_ASSIGN(Program program, compileProgram(checkpoint, options, planned));
  SYNFIRE_TRY(saveProgram(program, flags.output));
  printSummary(
      flags, program,
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count());
  return {};
}

} // namespace

void addCompileCommand(CLI::App &app, Action &action) {
  auto flags = std::make_shared<CompileFlags>();
  CLI::App *command = app.add_subcommand(
      "compile", "Hugging Face directory to a mapped spiking Program");
  command
      ->add_option("model", flags->model,
                   "directory with config.json, *.safetensors and "
                   "tokenizer.json (LLaMA family); with --shapes-only a "
                   "config.json, or one of " +
                       builtinShapeNames())
      ->required();
  command
      ->add_option("-o,--output", flags->output,
                   "Program to write; its weights go to OUTPUT.weights")
      ->check(namesFile());
  command
      ->add_option("--emit", flags->emit,
                   "stop after this phase and write its IR as text")
      ->check(CLI::IsMember(
          {"ann", "statistics", "plan", "snn", "chip", "program"}))
      ->capture_default_str();
  ConversionOptions &conversion = flags->options.conversion;
  conversion.steps = 0;
  command
      ->add_option("--method", conversion.method,
                   "how values become spikes; auto: search the coding of every "
                   "site for a goal\n" +
                       methodsHelp())
      ->capture_default_str();
  for (const Setting &setting : settings())
    command->add_option_function<std::string>(
        "--" + setting.name,
        [&conversion, name = setting.name](const std::string &value) {
          if (Status set = setOption(conversion, name, value); !set.ok())
            throw CLI::ValidationError(set.error().where, set.error().what);
        },
        setting.help);
  command
      ->add_option("--plan", flags->plan,
                   "codings of all sites, as --emit plan writes them, instead "
                   "of a method's")
      ->check(namesFile());
  command
      ->add_option_function<double>(
          "--goal-perplexity",
          [flags](double percent) {
            flags->search.goal.excess = percent / 100;
          },
          "auto: least energy with at most so many % over the float "
          "perplexity; default 1")
      ->check(atLeastZero());
  command
      ->add_option("--goal-joules", flags->search.goal.joules,
                   "auto: least perplexity within so many joules a token")
      ->check(atLeastZero());
  command->add_option("--pool", flags->search.pool,
                      "auto: configurations to choose from, such as "
                      "\"mgpc:steps=6\"; default: one-shot codes at T = 4 to "
                      "12 and dual-is at 1 to 4");
  command
      ->add_option("--prices", flags->search.prices,
                   "auto: price list that energy means")
      ->capture_default_str();
  command
      ->add_option("--hw", flags->options.hardware,
                   "hw-model: a built-in name (" +
                       fmt::format("{}", fmt::join(builtinChipModels(), ", ")) +
                       ") or a .textproto file")
      ->capture_default_str();
  command
      ->add_option("--placement", flags->options.mapping.placement,
                   "optimised, hilbert, row-major or random:SEED")
      ->capture_default_str();
  command
      ->add_option("--objective", flags->objective,
                   "what the mapping minimises: time, energy or cores")
      ->check(CLI::IsMember({"time", "energy", "cores"}))
      ->capture_default_str();
  command
      ->add_option("--map-effort", flags->options.mapping.effort,
                   "work that goes into an optimised placement")
      ->check(CLI::Range(0, 3))
      ->capture_default_str();
  command
      ->add_option("--activity", flags->activity,
                   "a recorded run of the same network (run --run FILE): the "
                   "mapper expects its spikes")
      ->check(namesFile());
  command
      ->add_option("--cores", flags->options.mapping.cores,
                   "most cores to use; 0: all of the chips that the fewest "
                   "cores need")
      ->check(atLeastZero())
      ->capture_default_str();
  command->add_flag("--shapes-only", flags->shapesOnly,
                    "map the model's shape, without weights, and print cores, "
                    "chips, utilisation and expected time and energy; as far "
                    "as it fits; --context 0: the model's, at most 512");
  command
      ->add_option("--calibrate", flags->options.calibration.file,
                   "text to calibrate thresholds on; default: "
                   "MODEL/calibration.txt, or else text that the model itself "
                   "writes")
      ->check(namesFile());
  command
      ->add_option("--calibration-tokens", flags->options.calibration.tokens,
                   "most tokens of it to use")
      ->check(CLI::Range(2, 1 << 24))
      ->capture_default_str();
  command
      ->add_option("--threads", flags->options.calibration.threads,
                   "threads of the float reference")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->add_flag("--json", flags->json, "summary as one JSON object");
  command->callback([flags, command, &action] {
    for (const CLI::Option *option : command->get_options())
      if (option->count() > 0 && !option->get_positional())
        flags->given.push_back(option->get_name());
    action = [flags] { return compile(*flags); };
  });
}

} // namespace synfire

#include "tools/synfire/Commands.h"
#include "tools/synfire/Progress.h"

#include "compiler/pipelines/Compile.h"
#include "hw-models/ChipModel.h"
#include "runtime/program/Program.h"

#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

namespace synfire {
namespace {

struct CompileFlags {
  std::string model, output, emit = "program", hg = "lut", saa = "stored";
  CompileOptions options;
  bool json = false;
};

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
}

Status compile(CompileFlags &flags) {
  CompileOptions &options = flags.options;
  options.conversion.lookup = flags.hg == "lut";
  options.conversion.concurrent = flags.saa == "concurrent";
  if (flags.json && flags.emit != "program")
    return makeError("--json describes a Program, but --emit " + flags.emit +
                         " stops before",
                     "compile", "leave one of them out");
  if (!flags.output.empty())
    SYNFIRE_TRY(checkWritable(flags.output));
  else if (flags.emit == "program")
    return makeError("no output file", "compile", "name one with -o model.sfp");
  const std::filesystem::path beside =
      std::filesystem::path(flags.model) / "calibration.txt";
  std::error_code unreadable;
  if (options.calibration.file.empty() &&
      std::filesystem::exists(beside, unreadable))
    options.calibration.file = beside.string();
  Progress progress("calibrating", "windows");
  options.calibration.progress = [&](std::uint64_t done, std::uint64_t total) {
    progress.update(done, total);
  };
  SYNFIRE_ASSIGN(Checkpoint checkpoint, Checkpoint::open(flags.model));
  if (flags.emit != "program") {
    const CompilePhase phase = flags.emit == "ann" ? CompilePhase::Ann
                               : flags.emit == "statistics"
                                   ? CompilePhase::Statistics
                               : flags.emit == "snn" ? CompilePhase::Snn
                                                     : CompilePhase::Chip;
    SYNFIRE_ASSIGN(std::string text, compileToText(checkpoint, options, phase));
    if (flags.output.empty()) {
      fmt::print("{}", text);
      return {};
    }
    return writeFileAtomically(flags.output, text);
  }
  const std::filesystem::path directory =
      std::filesystem::path(flags.output).parent_path();
  options.workDirectory = directory.empty() ? "." : directory.string();
  const auto start = std::chrono::steady_clock::now();
  SYNFIRE_ASSIGN(Program program, compileModel(checkpoint, options));
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
                   "tokenizer.json (LLaMA family)")
      ->required();
  command->add_option("-o,--output", flags->output,
                      "Program to write; its weights go to OUTPUT.weights");
  command
      ->add_option("--emit", flags->emit,
                   "stop after this phase and write its IR as text")
      ->check(CLI::IsMember({"ann", "statistics", "snn", "chip", "program"}))
      ->capture_default_str();
  ConversionOptions &conversion = flags->options.conversion;
  command
      ->add_option("--method", conversion.method,
                   "las: outlier-aware multi-threshold phase code; phase: "
                   "base-2 phase code with rounding, no tuned parameters")
      ->capture_default_str();
  command->add_option("--steps", conversion.steps, "T, time steps of a window")
      ->capture_default_str();
  command
      ->add_option("--wide-steps", conversion.wideSteps,
                   "T of the residual stream, squares, mixes and values before "
                   "RoPE, which always have one level")
      ->capture_default_str();
  command
      ->add_option("--levels", conversion.levels,
                   "H, firing levels a step (las): fewer, graded spikes")
      ->capture_default_str();
  command->add_option("--weight-bits", conversion.weightBits, "4, 8 or 16")
      ->capture_default_str();
  command
      ->add_option("--hg", flags->hg,
                   "nonlinearities: look-up unit, or gated FS neuron banks")
      ->check(CLI::IsMember({"lut", "fs"}))
      ->capture_default_str();
  command
      ->add_option("--lookup-entries", conversion.lookupEntries,
                   "most rows of a look-up table")
      ->capture_default_str();
  command
      ->add_option(
          "--saa", flags->saa,
          "products of two spike trains: stored (fewer operations, one "
          "window later) or concurrent")
      ->check(CLI::IsMember({"stored", "concurrent"}))
      ->capture_default_str();
  command->add_flag(
      "!--single-bank", conversion.outlierAware,
      "las without outlier-aware neurons: one MT neuron per value");
  command
      ->add_option("--margin", conversion.margin,
                   "full scale over the largest value seen in calibration; 0: "
                   "1.25, or 2 on the model's own text")
      ->capture_default_str();
  command->add_option("--context", conversion.context,
                      "positions to hold; default: the model's, at most 1024");
  command
      ->add_option("--hw", flags->options.hardware,
                   "hw-model: a built-in name (" +
                       fmt::format("{}", fmt::join(builtinChipModels(), ", ")) +
                       ") or a .textproto file")
      ->capture_default_str();
  command
      ->add_option("--placement", flags->options.placement,
                   "hilbert, row-major or random:SEED")
      ->capture_default_str();
  command->add_option("--calibrate", flags->options.calibration.file,
                      "text to calibrate thresholds on; default: "
                      "MODEL/calibration.txt, or else text that the model "
                      "itself writes");
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
  command->callback(
      [flags, &action] { action = [flags] { return compile(*flags); }; });
}

} // namespace synfire

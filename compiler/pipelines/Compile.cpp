#include "compiler/pipelines/Compile.h"

#include "compiler/calibration/DualIsCalibration.h"
#include "compiler/emit/Emit.h"
#include "compiler/import/ImportLlama.h"
#include "compiler/passes/ConvertAnnToSnn.h"
#include "compiler/passes/Passes.h"
#include "compiler/passes/SnnMapToChip.h"
#include "compiler/pipelines/PlanFromAnn.h"
#include "runtime/program/Widths.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <limits>

using namespace mlir;

namespace synfire {
namespace {

/// Turns the first error diagnostic of a phase, with its notes, into an Error.
class DiagnosticCapture {
public:
  explicit DiagnosticCapture(MLIRContext &context)
      : handler(&context, [this](Diagnostic &diagnostic) {
          if (diagnostic.getSeverity() != DiagnosticSeverity::Error ||
              !message.empty())
            return;
          message = diagnostic.str();
          for (Diagnostic &note : diagnostic.getNotes())
            message += "; " + note.str();
        }) {}

  Error error(const char *phase) const {
    return makeError(message.empty() ? "failed without a diagnostic" : message,
                     phase);
  }

private:
  std::string message;
  ScopedDiagnosticHandler handler;
};

/// Block-wise calibration runs each window hundreds of times and keeps its
/// streams; 2,048 tokens settle its two parameters a population.
constexpr std::size_t mostBlockWindows = 16;

/// At most so many windows, evenly spaced over the text.
std::vector<std::vector<int>>
someOf(const std::vector<std::vector<int>> &windows, std::size_t most) {
  std::vector<std::vector<int>> chosen;
  const std::size_t count = std::min(most, windows.size());
  chosen.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    chosen.push_back(windows[i * windows.size() / count]);
  return chosen;
}

/// What is converted is what is calibrated.
CalibrationOptions calibrationOf(const CompileOptions &options) {
  CalibrationOptions calibration = options.calibration;
  calibration.onlineHadamard = options.conversion.onlineHadamard;
  return calibration;
}

template <typename Op> Op only(ModuleOp module) {
  return *module.getBody()->getOps<Op>().begin();
}

std::string textOf(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  module.print(stream);
  return text;
}

std::string modelName(const Checkpoint &checkpoint) {
  std::filesystem::path path(checkpoint.directory());
  if (!path.has_filename())
    path = path.parent_path();
  return path.filename().string();
}

/// Bits of the codes that a population can send: its largest code over its
/// smallest.
int codeBits(const NeuronConfig &unit) {
  std::int64_t smallest = std::numeric_limits<std::int32_t>::max();
  for (const NeuronBank &bank : unit.banks)
    for (std::int32_t payload : bank.table.payload)
      if (payload != 0)
        smallest = std::min(smallest, std::abs(std::int64_t(payload)));
  const double codes =
      static_cast<double>(largestCode(unit)) / static_cast<double>(smallest) +
      1;
  return std::max(1, static_cast<int>(std::ceil(std::log2(codes) - 1e-9)));
}

/// Those of the first population that codes a normalised value, or of the first
/// that spikes at all; 0: none does.
int activationBits(const Program &program) {
  const Stage *chosen = nullptr;
  for (const Stage &stage : program.stages) {
    if (stage.fire != FireKind::Neuron)
      continue;
    if (siteKind(stage.name) == SiteKind::Norm)
      return codeBits(program.neurons[static_cast<std::size_t>(stage.unit)]);
    if (!chosen)
      chosen = &stage;
  }
  return chosen
             ? codeBits(program.neurons[static_cast<std::size_t>(chosen->unit)])
             : 0;
}

/// A plan's units are those for the values behind its prefix.
Status checkPrefix(const NetworkPlan &plan, const Calibration &calibration) {
  if (plan.form.prefixTokens == calibration.prefix.tokens)
    return Status::success();
  return makeError(
      fmt::format("the plan is for the prefix [{}], but the calibration for "
                  "[{}]",
                  fmt::join(plan.form.prefixTokens, ", "),
                  fmt::join(calibration.prefix.tokens, ", ")),
      "plan");
}

/// One compilation: the module as it goes through the phases.
class Compilation {
public:
  Compilation(const Checkpoint &from, const CompileOptions &with)
      : checkpoint(from), options(with) {
    DialectRegistry registry;
    registerSynfireDialects(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
    // An Error names the op; its text would drown the message.
    context.printOpOnDiagnostic(false);
  }

  Status import() {
    SYNFIRE_TRY(verify(options.conversion));
    SYNFIRE_TRY(validateLlama(checkpoint));
    SYNFIRE_ASSIGN(module,
                   importLlama(context, checkpoint, modelName(checkpoint)));
    if (!options.conversion.onlineHadamard)
      return {};
    DiagnosticCapture capture(context);
    PassManager passes(&context);
    passes.addNestedPass<ann::ModelOp>(createAnnRotateOnline());
    if (failed(passes.run(*module)))
      return capture.error("ann-rotate-online");
    return {};
  }

  Status convert(const NetworkPlan &plan, const Calibration &calibration) {
    ConversionOptions conversion = options.conversion;
    if (conversion.margin == 0)
      conversion.margin = calibration.margin;
    DiagnosticCapture capture(context);
    if (failed(convertAnnToSnn(only<ann::ModelOp>(*module), conversion, plan,
                               calibration.data.statistics)))
      return capture.error("convert-ann-to-snn");
    PassManager passes(&context);
    passes.addNestedPass<snn::NetworkOp>(createSnnProveWidths());
    if (failed(passes.run(*module)))
      return capture.error("snn-prove-widths");
    return {};
  }

  Status map() {
    SYNFIRE_ASSIGN(chip, loadChipModel(options.hardware));
    DiagnosticCapture capture(context);
    if (failed(
            mapToChip(only<snn::NetworkOp>(*module), chip, options.mapping)) ||
        failed(mlir::verify(*module)))
      return capture.error("snn-map-to-chip");
    return {};
  }

  Result<Program> emit(BlockWriter &writer, const NetworkPlan &plan,
                       const Calibration &calibration) {
    TensorReader tensors =
        [this](const std::string &name) -> Result<std::vector<float>> {
      SYNFIRE_ASSIGN(TensorView view, checkpoint.tensor(name));
      std::vector<float> values(static_cast<std::size_t>(view.elements()));
      view.read(0, view.elements(), values.data());
      return values;
    };
    PrefixReader prefix =
        [&](const std::string &site) -> Result<std::vector<float>> {
      const auto found = calibration.prefix.rows.find(site);
      if (found == calibration.prefix.rows.end())
        return makeError("the float model has no keys or values of the prefix "
                         "at this site",
                         site);
      return found->second;
    };
    SYNFIRE_ASSIGN(Program program, emitProgram(only<chip::SystemOp>(*module),
                                                chip, tensors, prefix, writer));
    SYNFIRE_TRY(describe(program, plan, calibration));
    SYNFIRE_ASSIGN(program.mapping.prediction,
                   predictCost(program, options.mapping.activity));
    SYNFIRE_TRY(verify(program));
    return program;
  }

  std::string text() { return textOf(*module); }

  ReferencePlan referencePlan() {
    return planFromAnn(only<ann::ModelOp>(*module));
  }

private:
  /// What reports and eval want to know about the origin of a Program.
  Status describe(Program &program, const NetworkPlan &plan,
                  const Calibration &calibration) {
    const ConversionOptions &conversion = options.conversion;
    program.model.name = modelName(checkpoint);
    program.model.architecture = checkpoint.config().architecture;
    std::error_code failure;
    program.model.source =
        std::filesystem::absolute(checkpoint.directory(), failure).string();
    program.model.sourceChecksum = checkpoint.checksum();
    program.model.bosToken = checkpoint.config().bosToken;
    program.model.eosTokens = checkpoint.config().eosTokens;
    SYNFIRE_ASSIGN(program.model.tokenizerJson, checkpoint.tokenizerJson());
    ConversionInfo &made = program.conversion;
    made.method = conversion.method;
    made.steps = conversion.steps;
    made.wideSteps = conversion.wideSteps;
    made.levels = conversion.levels;
    made.weightBits = conversion.weightBits;
    made.hg = plan.form.digital ? "digital" : conversion.lookup ? "lut" : "fs";
    made.saa = conversion.concurrent ? "concurrent" : "stored";
    made.outlierAware = conversion.method == "las" && conversion.outlierAware;
    made.calibration = calibration.source;
    made.notes.insert(made.notes.begin(), plan.notes.begin(), plan.notes.end());
    made.activationBits = activationBits(program);
    return {};
  }

  MLIRContext context{MLIRContext::Threading::DISABLED};
  const Checkpoint &checkpoint;
  const CompileOptions &options;
  ChipModel chip;
  OwningOpRef<ModuleOp> module;
};

} // namespace

Result<Calibration> collectCalibration(const Checkpoint &checkpoint,
                                       const CalibrationOptions &options,
                                       const PrefixRequest &prefix) {
  CompileOptions importOnly;
  importOnly.conversion.onlineHadamard = options.onlineHadamard;
  Compilation compilation(checkpoint, importOnly);
  SYNFIRE_TRY(compilation.import());
  SYNFIRE_ASSIGN(
      CalibrationRun run,
      calibrate(checkpoint, compilation.referencePlan(), options, prefix));
  Calibration calibration;
  calibration.prefix = std::move(run.prefix);
  calibration.prefixTokens = prefix.tokens.empty()
                                 ? prefix.count
                                 : static_cast<int>(prefix.tokens.size());
  calibration.notes = std::move(run.notes);
  calibration.data = std::move(run.data);
  calibration.windows = std::move(run.windows);
  calibration.reserved = std::move(run.reserved);
  const bool ownText = options.file.empty();
  calibration.source = fmt::format(
      "{}, at most {} tokens",
      ownText ? "the model's own text"
              : std::filesystem::path(options.file).filename().string(),
      options.tokens);
  calibration.margin = ownText ? ownTextMargin : calibratedMargin;
  return calibration;
}

Result<NetworkPlan> planConversion(const Checkpoint &checkpoint,
                                   const CompileOptions &options,
                                   const Calibration &calibration) {
  SYNFIRE_TRY(verify(options.conversion));
  const Method *method = findMethod(options.conversion.method);
  if (!method)
    return makeError("unknown method '" + options.conversion.method + "'",
                     "--method", "one of: " + methodNames());
  ConversionOptions conversion = options.conversion;
  if (conversion.prefixTokens != calibration.prefixTokens)
    return makeError(fmt::format("{} prefix tokens, but the calibration is "
                                 "for {} ({}: auto)",
                                 conversion.prefixTokens,
                                 calibration.prefixTokens, automaticPrefix),
                     "--prefix-tokens");
  // Codes of few steps lose more to a coarse scale than to a clipped extreme:
  // they take only what the model's own text needs on top.
  if (conversion.margin == 0)
    conversion.margin = method->fineCode
                            ? calibration.margin
                            : calibration.margin / calibratedMargin;
  DualIsOptions blocks;
  blocks.weightBits = conversion.weightBits;
  blocks.threads = options.calibration.threads;
  blocks.prefix = calibration.prefix;
  Compilation compilation(checkpoint, options);
  SYNFIRE_TRY(compilation.import());
  SYNFIRE_ASSIGN(
      NetworkPlan plan,
      method->plan(conversion, calibration.data,
                   makeBlockCalibration(
                       checkpoint, compilation.referencePlan(),
                       someOf(calibration.windows, mostBlockWindows), blocks)));
  plan.form.prefixTokens = calibration.prefix.tokens;
  plan.notes.insert(plan.notes.end(), calibration.notes.begin(),
                    calibration.notes.end());
  if (conversion.onlineHadamard)
    plan.notes.push_back("the inputs of down_proj, queries and keys are "
                         "rotated by Hadamard matrices while the network runs");
  return plan;
}

Result<Program> compilePlan(const Checkpoint &checkpoint,
                            const CompileOptions &options,
                            const Calibration &calibration,
                            const NetworkPlan &plan) {
  SYNFIRE_TRY(checkPrefix(plan, calibration));
  Compilation compilation(checkpoint, options);
  SYNFIRE_TRY(compilation.import());
  SYNFIRE_ASSIGN(auto writer, BlockWriter::create(options.workDirectory));
  SYNFIRE_TRY(compilation.convert(plan, calibration));
  SYNFIRE_TRY(compilation.map());
  return compilation.emit(*writer, plan, calibration);
}

Result<Program> compileModel(const Checkpoint &checkpoint,
                             const CompileOptions &options) {
  // Before the long work: what cannot end well ends here.
  SYNFIRE_TRY(verify(options.conversion));
  SYNFIRE_ASSIGN(auto writable, BlockWriter::create(options.workDirectory));
  writable.reset();
  SYNFIRE_ASSIGN(Calibration calibration,
                 collectCalibration(checkpoint, calibrationOf(options),
                                    {options.conversion.prefixTokens, {}}));
  SYNFIRE_ASSIGN(NetworkPlan plan,
                 planConversion(checkpoint, options, calibration));
  return compilePlan(checkpoint, options, calibration, plan);
}

Result<std::string> compileToText(const Checkpoint &checkpoint,
                                  const CompileOptions &options,
                                  CompilePhase phase,
                                  const NetworkPlan *given) {
  Compilation compilation(checkpoint, options);
  SYNFIRE_TRY(compilation.import());
  if (phase == CompilePhase::Ann)
    return compilation.text();
  PrefixRequest prefix{options.conversion.prefixTokens, {}};
  if (given)
    prefix = {0, given->form.prefixTokens};
  SYNFIRE_ASSIGN(
      Calibration calibration,
      collectCalibration(checkpoint, calibrationOf(options), prefix));
  if (phase == CompilePhase::Statistics)
    return toJson(calibration.data.statistics) + "\n";
  NetworkPlan plan;
  if (given) {
    plan = *given;
  } else {
    SYNFIRE_ASSIGN(plan, planConversion(checkpoint, options, calibration));
  }
  if (phase == CompilePhase::Plan)
    return toJson(plan) + "\n";
  SYNFIRE_TRY(compilation.convert(plan, calibration));
  if (phase == CompilePhase::Snn)
    return compilation.text();
  SYNFIRE_TRY(compilation.map());
  return compilation.text();
}

} // namespace synfire

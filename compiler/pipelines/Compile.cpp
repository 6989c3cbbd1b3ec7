#include "compiler/pipelines/Compile.h"

#include "compiler/emit/Emit.h"
#include "compiler/import/ImportLlama.h"
#include "compiler/passes/ConvertAnnToSnn.h"
#include "compiler/passes/Passes.h"
#include "compiler/passes/SnnMapToChip.h"
#include "compiler/pipelines/PlanFromAnn.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/raw_ostream.h"

#include <filesystem>
#include <fmt/format.h>

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
    return {};
  }

  Status convert(const StatisticsMap *given) {
    ConversionOptions conversion = options.conversion;
    StatisticsMap collected;
    if (!given) {
      SYNFIRE_ASSIGN(collected, statistics());
      given = &collected;
      if (conversion.margin == 0 && options.calibration.file.empty())
        conversion.margin = ownTextMargin;
    }
    DiagnosticCapture capture(context);
    if (failed(
            convertAnnToSnn(only<ann::ModelOp>(*module), conversion, *given)))
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
    if (failed(mapToChip(only<snn::NetworkOp>(*module), chip,
                         options.placement)) ||
        failed(mlir::verify(*module)))
      return capture.error("snn-map-to-chip");
    return {};
  }

  Result<Program> emit(BlockWriter &writer) {
    TensorReader tensors =
        [this](const std::string &name) -> Result<std::vector<float>> {
      SYNFIRE_ASSIGN(TensorView view, checkpoint.tensor(name));
      std::vector<float> values(static_cast<std::size_t>(view.elements()));
      view.read(0, view.elements(), values.data());
      return values;
    };
    SYNFIRE_ASSIGN(Program program, emitProgram(only<chip::SystemOp>(*module),
                                                chip, tensors, writer));
    SYNFIRE_TRY(describe(program));
    SYNFIRE_TRY(verify(program));
    return program;
  }

  std::string text() { return textOf(*module); }

  Result<StatisticsMap> statistics() {
    return calibrate(checkpoint, planFromAnn(only<ann::ModelOp>(*module)),
                     options.calibration);
  }

private:
  /// What reports and eval want to know about the origin of a Program.
  Status describe(Program &program) {
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
    made.hg = conversion.lookup ? "lut" : "fs";
    made.saa = conversion.concurrent ? "concurrent" : "stored";
    made.outlierAware = conversion.method == "las" && conversion.outlierAware;
    made.calibration =
        fmt::format("{}, at most {} tokens",
                    options.calibration.file.empty()
                        ? "the model's own text"
                        : std::filesystem::path(options.calibration.file)
                              .filename()
                              .string(),
                    options.calibration.tokens);
    return {};
  }

  MLIRContext context{MLIRContext::Threading::DISABLED};
  const Checkpoint &checkpoint;
  const CompileOptions &options;
  ChipModel chip;
  OwningOpRef<ModuleOp> module;
};

} // namespace

Result<Program> compileModel(const Checkpoint &checkpoint,
                             const CompileOptions &options,
                             const StatisticsMap *statistics) {
  Compilation compilation(checkpoint, options);
  SYNFIRE_TRY(compilation.import());
  // Before the long work: a directory that cannot be written ends it here.
  SYNFIRE_ASSIGN(auto writer, BlockWriter::create(options.workDirectory));
  SYNFIRE_TRY(compilation.convert(statistics));
  SYNFIRE_TRY(compilation.map());
  return compilation.emit(*writer);
}

Result<std::string> compileToText(const Checkpoint &checkpoint,
                                  const CompileOptions &options,
                                  CompilePhase phase) {
  Compilation compilation(checkpoint, options);
  SYNFIRE_TRY(compilation.import());
  if (phase == CompilePhase::Ann)
    return compilation.text();
  if (phase == CompilePhase::Statistics) {
    SYNFIRE_ASSIGN(StatisticsMap statistics, compilation.statistics());
    return toJson(statistics) + "\n";
  }
  SYNFIRE_TRY(compilation.convert(nullptr));
  if (phase == CompilePhase::Snn)
    return compilation.text();
  SYNFIRE_TRY(compilation.map());
  return compilation.text();
}

} // namespace synfire

#include "tools/synfire/CompileShapes.h"
#include "tools/synfire/ModelArgument.h"

#include "compiler/convert/Methods.h"
#include "compiler/convert/Settings.h"
#include "exploration/ShapesMapping.h"
#include "hw-models/ChipModel.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace synfire {
namespace {

/// Most positions of a key/value cache unless asked for: the thousands of large
/// models would decide the memory.
constexpr std::int64_t shapesContext = 512;

/// Of the conversion, what the stages of a shape have.
const std::set<std::string> knownSettings = {
    "steps", "wide-steps", "weight-bits", "lookup-entries", "context"};
/// Beside those; --threads changes no result.
const std::set<std::string> knownOptions = {
    "--method", "--hw",          "--placement", "--objective", "--map-effort",
    "--cores",  "--shapes-only", "--threads",   "--json"};

Status notSupported(const std::string &option) {
  return makeError("not supported: " + option + " with --shapes-only",
                   "compile", "leave it out, or compile the network");
}

Status checkGiven(const ConversionOptions &conversion,
                  const std::vector<std::string> &given) {
  const ConversionOptions defaults;
  std::set<std::string> ofConversion;
  for (const Setting &setting : settings()) {
    ofConversion.insert("--" + setting.name);
    if (knownSettings.count(setting.name) == 0 &&
        setting.get(conversion) != setting.get(defaults))
      return notSupported("--" + setting.name);
  }
  for (const std::string &option : given)
    if (ofConversion.count(option) == 0 && knownOptions.count(option) == 0)
      return notSupported(option);
  return Status::success();
}

int contextOf(const ConversionOptions &conversion, const ModelShape &shape) {
  if (conversion.context > 0)
    return conversion.context;
  return static_cast<int>(shape.context > 0
                              ? std::min(shape.context, shapesContext)
                              : shapesContext);
}

} // namespace

Status compileShapes(const std::string &model, const CompileOptions &options,
                     const std::vector<std::string> &given, bool json) {
  SYNFIRE_TRY(checkGiven(options.conversion, given));
  const std::string &method = options.conversion.method;
  if (method != "las" && method != "phase" &&
      (method == "auto" || findMethod(method)))
    return makeError("not supported: --shapes-only of method " + method,
                     "compile",
                     "methods whose stages a shape tells: las, phase");
  SYNFIRE_ASSIGN(const ConversionOptions conversion,
                 parseConfiguration(method, options.conversion));
  SYNFIRE_TRY(verify(conversion));
  SYNFIRE_ASSIGN(const ModelShape shape, shapeOfModel(model));
  SYNFIRE_ASSIGN(const ChipModel chip, loadChipModel(options.hardware));
  ShapesOptions shapes;
  shapes.steps = conversion.steps;
  shapes.wideSteps = std::max(conversion.wideSteps, conversion.steps);
  shapes.weightBits = conversion.weightBits;
  shapes.lookupEntries = conversion.lookupEntries;
  shapes.context = contextOf(conversion, shape);
  SYNFIRE_ASSIGN(const ShapesMapping mapping,
                 mapShapes(shape, chip, shapes, options.mapping));
  fmt::print("{}", json ? shapesMappingJson(mapping) + "\n"
                        : shapesMappingText(mapping));
  return Status::success();
}

} // namespace synfire

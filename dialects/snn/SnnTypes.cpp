//===- SnnTypes.cpp - trains and currents ---------------------------------===//
//
// Verifiers cite docs/spec/dialects.md.
//
//===----------------------------------------------------------------------===//
#include "dialects/snn/Snn.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/TypeSwitch.h"

#include <limits>

using namespace mlir;

/// "8x512 per_key".
static ParseResult parsePopulationShape(AsmParser &parser, int64_t &groups,
                                        int64_t &columns, bool &perKey) {
  SmallVector<int64_t> sizes;
  SMLoc location = parser.getCurrentLocation();
  if (parser.parseDimensionList(sizes, /*allowDynamic=*/false,
                                /*withTrailingX=*/false))
    return failure();
  if (sizes.size() != 2)
    return parser.emitError(location, "expected GROUPSxCOLUMNS");
  groups = sizes[0];
  columns = sizes[1];
  perKey = succeeded(parser.parseOptionalKeyword("per_key"));
  return success();
}

static void printPopulationShape(AsmPrinter &printer, int64_t groups,
                                 int64_t columns, bool perKey) {
  printer << groups << "x" << columns << (perKey ? " per_key" : "");
}

/// S1.
static LogicalResult
verifyPopulationShape(llvm::function_ref<InFlightDiagnostic()> emitError,
                      int64_t groups, int64_t columns) {
  constexpr int64_t limit = std::numeric_limits<int32_t>::max();
  if (groups <= 0 || columns <= 0)
    return emitError() << "a population has " << groups << "x" << columns
                       << " neurons, but both sizes must be positive";
  if (groups > limit / columns)
    return emitError() << "a population of " << groups << "x" << columns
                       << " neurons exceeds the limit of " << limit;
  return success();
}

#define GET_TYPEDEF_CLASSES
#include "dialects/snn/SnnTypes.cpp.inc"

namespace synfire::snn {

void SnnDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/snn/SnnTypes.cpp.inc"
      >();
}

LogicalResult
TrainType::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                  int64_t groups, int64_t columns, bool) {
  return verifyPopulationShape(emitError, groups, columns);
}

LogicalResult
CurrentType::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                    int64_t groups, int64_t columns, bool) {
  return verifyPopulationShape(emitError, groups, columns);
}

} // namespace synfire::snn

//===- ChipFormat.cpp - text form of rectangles and core lists ------------===//
//
// A core list prints runs of consecutive cores as "first to last", so that the
// text of a large population stays short.
//
//===----------------------------------------------------------------------===//
#include "dialects/chip/Chip.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace synfire::chip {

/// The text "0 to 2000000000" must not make the parser allocate the list.
static constexpr int64_t mostCores = int64_t(1) << 24;

ParseResult parseRectangle(OpAsmParser &parser, DenseI64ArrayAttr &sizes) {
  SmallVector<int64_t> parsed;
  SMLoc location = parser.getCurrentLocation();
  if (parser.parseDimensionList(parsed, /*allowDynamic=*/false,
                                /*withTrailingX=*/false))
    return failure();
  if (parsed.size() != 2)
    return parser.emitError(location, "expected two sizes, as in 1x32");
  sizes = parser.getBuilder().getDenseI64ArrayAttr(parsed);
  return success();
}

void printRectangle(OpAsmPrinter &printer, Operation *,
                    DenseI64ArrayAttr sizes) {
  llvm::interleave(sizes.asArrayRef(), printer.getStream(), "x");
}

ParseResult parseCores(OpAsmParser &parser, DenseI32ArrayAttr &cores) {
  SmallVector<int32_t> parsed;
  auto parseRun = [&]() -> ParseResult {
    int32_t first = 0;
    SMLoc location = parser.getCurrentLocation();
    if (parser.parseInteger(first))
      return failure();
    int32_t last = first;
    if (succeeded(parser.parseOptionalKeyword("to")) &&
        parser.parseInteger(last))
      return failure();
    if (last < first)
      return parser.emitError(location, "a run of cores must ascend");
    if (int64_t(last) - first + static_cast<int64_t>(parsed.size()) >=
        mostCores)
      return parser.emitError(location, "more than ") << mostCores << " cores";
    for (int64_t core = first; core <= last; ++core)
      parsed.push_back(static_cast<int32_t>(core));
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseRun))
    return failure();
  cores = parser.getBuilder().getDenseI32ArrayAttr(parsed);
  return success();
}

void printCores(OpAsmPrinter &printer, Operation *, DenseI32ArrayAttr cores) {
  ArrayRef<int32_t> list = cores.asArrayRef();
  printer << "[";
  for (size_t begin = 0; begin < list.size();) {
    size_t end = begin + 1;
    while (end < list.size() && int64_t(list[end - 1]) + 1 == list[end])
      ++end;
    printer << (begin ? ", " : "") << list[begin];
    if (end - begin > 1)
      printer << " to " << list[end - 1];
    begin = end;
  }
  printer << "]";
}

} // namespace synfire::chip

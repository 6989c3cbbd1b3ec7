//===- Split.cpp - regular splits of one stage into rectangles ------------===//
#include "compiler/mapping/Split.h"

#include "runtime/support/DivideUp.h"

#include <algorithm>

namespace synfire {
namespace {

/// Largest divisor of n that is at most `limit`.
int largestDivisor(int n, int limit) {
  while (n % limit != 0)
    --limit;
  return limit;
}

/// P15: inputs of one group alone, and no more parts than inputs.
int mostInputParts(const Program &program, const Stage &stage) {
  int most = 0;
  for (const Dendrite &d : stage.dendrites) {
    if (d.kind != DendriteKind::Static)
      continue;
    const Stage &driver = program.stages[static_cast<std::size_t>(d.driver)];
    if (driver.groups != 1)
      return 1;
    most = most == 0 ? driver.groupWidth : std::min(most, driver.groupWidth);
  }
  return std::max(1, most);
}

} // namespace

SplitShape splitShape(const Program &program, int stage) {
  const Stage &source = program.stages[static_cast<std::size_t>(stage)];
  SplitShape shape;
  shape.stage = stage;
  shape.headColumns = source.groupWidth;
  shape.mostInputParts = mostInputParts(program, source);
  if (source.groups > 1) {
    shape.headsAreGroups = true;
    shape.heads = source.groups;
    return shape;
  }
  for (const Dendrite &d : source.dendrites)
    if ((d.kind == DendriteKind::Mix || d.kind == DendriteKind::Rotary ||
         d.kind == DendriteKind::Hadamard) &&
        source.groupWidth % d.headWidth == 0) {
      shape.heads = source.groupWidth / d.headWidth;
      shape.headColumns = d.headWidth;
      break;
    }
  return shape;
}

std::vector<Tile> splitInto(const SplitShape &shape, int parts,
                            int inputParts) {
  const int headsEach = divideUp(shape.heads, std::min(parts, shape.heads));
  int columnsEach = shape.headColumns;
  if (parts > shape.heads) {
    columnsEach =
        divideUp(shape.headColumns,
                 std::min(divideUp(parts, shape.heads), shape.headColumns));
    // Blocks over a range of columns must not straddle a head.
    if (!shape.headsAreGroups && shape.heads > 1)
      columnsEach = largestDivisor(shape.headColumns, columnsEach);
  }
  std::vector<Tile> tiles;
  for (int head = 0; head < shape.heads; head += headsEach) {
    const int headEnd = std::min(head + headsEach, shape.heads);
    for (int column = 0; column < shape.headColumns; column += columnsEach) {
      const int columnEnd = std::min(column + columnsEach, shape.headColumns);
      Tile tile;
      tile.stage = shape.stage;
      tile.core = -1;
      tile.groupBegin = 0;
      tile.groupEnd = 1;
      tile.columnBegin = column;
      tile.columnEnd = columnEnd;
      if (shape.headsAreGroups) {
        tile.groupBegin = head;
        tile.groupEnd = headEnd;
      } else {
        // Within one head, or over whole heads: a contiguous range either way.
        tile.columnBegin += head * shape.headColumns;
        tile.columnEnd += (headEnd - 1) * shape.headColumns;
      }
      tile.inputParts = inputParts;
      for (tile.inputPart = 0; tile.inputPart < inputParts; ++tile.inputPart)
        tiles.push_back(tile);
    }
  }
  return tiles;
}

} // namespace synfire

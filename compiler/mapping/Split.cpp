//===- Split.cpp - even splits of one stage into rectangles ---------------===//
#include "compiler/mapping/Split.h"

#include <algorithm>

namespace synfire {
namespace {

/// Start of part i of n things in `parts` even parts.
int evenBorder(int things, int parts, int i) {
  return static_cast<int>(std::int64_t(things) * i / parts);
}

} // namespace

SplitShape splitShape(const Program &program, int stage) {
  const Stage &source = program.stages[static_cast<std::size_t>(stage)];
  SplitShape shape;
  shape.stage = stage;
  shape.headColumns = source.groupWidth;
  if (source.groups > 1) {
    shape.headsAreGroups = true;
    shape.heads = source.groups;
    return shape;
  }
  for (const Dendrite &d : source.dendrites)
    if ((d.kind == DendriteKind::Mix || d.kind == DendriteKind::Rotary) &&
        source.groupWidth % d.headWidth == 0) {
      shape.heads = source.groupWidth / d.headWidth;
      shape.headColumns = d.headWidth;
      break;
    }
  return shape;
}

std::vector<Tile> splitInto(const SplitShape &shape, int parts) {
  const int headParts = std::min(parts, shape.heads);
  const int columnParts =
      parts <= shape.heads ? 1
                           : std::min((parts + shape.heads - 1) / shape.heads,
                                      shape.headColumns);
  std::vector<Tile> tiles;
  for (int h = 0; h < headParts; ++h) {
    const int headBegin = evenBorder(shape.heads, headParts, h);
    const int headEnd = evenBorder(shape.heads, headParts, h + 1);
    for (int c = 0; c < columnParts; ++c) {
      Tile tile;
      tile.stage = shape.stage;
      tile.core = -1;
      tile.groupBegin = 0;
      tile.groupEnd = 1;
      tile.columnBegin = evenBorder(shape.headColumns, columnParts, c);
      tile.columnEnd = evenBorder(shape.headColumns, columnParts, c + 1);
      if (shape.headsAreGroups) {
        tile.groupBegin = headBegin;
        tile.groupEnd = headEnd;
      } else {
        // Within one head, or over whole heads: a contiguous range either way.
        tile.columnBegin += headBegin * shape.headColumns;
        tile.columnEnd += (headEnd - 1) * shape.headColumns;
      }
      tiles.push_back(tile);
    }
  }
  return tiles;
}

} // namespace synfire

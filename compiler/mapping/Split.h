//===- Split.h - even splits of one stage into rectangles -------*- C++ -*-===//
//
// A stage splits along whole heads first (groups of a Scores stage, heads of a
// Mix or Rotary stage) and along columns within heads only when one head alone
// is too large for a core. Parts differ by at most one head or column.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_MAPPING_SPLIT_H
#define SYNFIRE_COMPILER_MAPPING_SPLIT_H

#include "runtime/program/Program.h"

#include <vector>

namespace synfire {

/// How finely a stage can be cut.
struct SplitShape {
  int stage = 0;
  bool headsAreGroups = false; ///< else heads are ranges of columns
  int heads = 1;
  int headColumns = 1;
  int finest() const { return heads * headColumns; }
};

SplitShape splitShape(const Program &program, int stage);

/// At least `parts` tiles (more when heads do not divide evenly), all with core
/// -1. `parts` is from 1 to finest().
std::vector<Tile> splitInto(const SplitShape &shape, int parts);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_SPLIT_H

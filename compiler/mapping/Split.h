//===- Split.h - regular splits of one stage into rectangles ----*- C++ -*-===//
//
// A stage splits along whole heads first (groups of a Scores stage, heads of a
// Mix or Rotary stage, blocks of a Hadamard stage) and along columns within
// heads only when one head alone is too large for a core. All parts are equal
// blocks but those at the far edges, so that the IR states a block and a list
// of cores (chip.group).
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
  /// Most parts of the inputs of its Static dendrites (P15); 1: none can be
  /// split.
  int mostInputParts = 1;
  int finest() const { return heads * headColumns; }
};

/// How a stage is split.
struct StageSplit {
  int parts = 1;      ///< about so many rectangles
  int inputParts = 1; ///< of each
};

SplitShape splitShape(const Program &program, int stage);

/// Blocks no larger than the largest of `parts` even parts, all with core -1:
/// about `parts` rectangles, row-major, each as so many tiles as its inputs
/// have parts. `parts` is from 1 to finest(), `inputParts` from 1 to
/// mostInputParts.
std::vector<Tile> splitInto(const SplitShape &shape, int parts,
                            int inputParts = 1);
inline std::vector<Tile> splitInto(const SplitShape &shape,
                                   const StageSplit &split) {
  return splitInto(shape, split.parts, split.inputParts);
}

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_SPLIT_H

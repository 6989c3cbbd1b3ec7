//===- Spread.h - other mappings of a Program -------------------*- C++ -*-===//
#ifndef SYNFIRE_TESTS_UNIT_SIMULATOR_SPREAD_H
#define SYNFIRE_TESTS_UNIT_SIMULATOR_SPREAD_H

#include "runtime/program/Trains.h"
#include "tests/unit/program/TinyProgram.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

namespace synfire::tests {

struct SpreadOptions {
  int mostGroups = 1 << 20, mostColumns = 1 << 20; ///< of a tile
  int inputParts = 1; ///< of each rectangle, where P15 allows
  int chipsX = 1, chipsY = 1;
  int cores = 1 << 20; ///< at most so many are used
  unsigned seed = 1;
};

/// As many input parts as are wanted and P15 allows.
inline int inputPartsOf(const Program &program, const Stage &stage,
                        int wanted) {
  int parts = 1;
  for (const Dendrite &dendrite : stage.dendrites)
    if (dendrite.kind == DendriteKind::Static) {
      const Stage &driver =
          program.stages[static_cast<std::size_t>(dendrite.driver)];
      if (driver.groups > 1)
        return 1;
      wanted = std::min(wanted, driver.groupWidth);
      parts = wanted;
    }
  return parts;
}

/// Cuts every stage into rectangles of at most the given size and puts them on
/// cores drawn at random from the whole system; the schedule is made anew.
inline void spread(Program &program, const SpreadOptions &options) {
  std::mt19937 random(options.seed);
  Mapping &mapping = program.mapping;
  mapping.chipsX = options.chipsX;
  mapping.chipsY = options.chipsY;
  std::vector<int> cores(static_cast<std::size_t>(
      mapping.chip.coresPerChip() * options.chipsX * options.chipsY));
  std::iota(cores.begin(), cores.end(), 0);
  std::shuffle(cores.begin(), cores.end(), random);
  cores.resize(std::min(cores.size(), static_cast<std::size_t>(options.cores)));

  mapping.tiles.clear();
  std::vector<int> steps;
  std::vector<bool> rehearsing;
  for (std::size_t s = 0; s < program.stages.size(); ++s) {
    const Stage &stage = program.stages[s];
    steps.push_back(std::max(1, frameSteps(program, stage)));
    rehearsing.push_back(rehearses(program, stage));
    for (int g = 0; g < stage.groups; g += options.mostGroups)
      for (int c = 0; c < stage.groupWidth; c += options.mostColumns) {
        Tile tile;
        tile.stage = static_cast<int>(s);
        tile.core = cores[random() % cores.size()];
        tile.groupBegin = g;
        tile.groupEnd = std::min(stage.groups, g + options.mostGroups);
        tile.columnBegin = c;
        tile.columnEnd = std::min(stage.groupWidth, c + options.mostColumns);
        tile.inputParts = inputPartsOf(program, stage, options.inputParts);
        for (; tile.inputPart < tile.inputParts; ++tile.inputPart) {
          mapping.tiles.push_back(tile);
          tile.core = cores[random() % cores.size()];
        }
      }
  }
  mapping.schedule =
      shortestSchedule(program.stages, steps, program.frames, rehearsing);
}

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_SIMULATOR_SPREAD_H

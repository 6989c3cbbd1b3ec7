//===- TileWork.h - expected work of one tile -------------------*- C++ -*-===//
//
// What a tile costs its core in the terms of docs/spec/machine.md ("Cycles of a
// core"), with expected instead of counted events. Cycles are those of
// CoreTiming and may be fractions.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_MAPPING_TILEWORK_H
#define SYNFIRE_COMPILER_MAPPING_TILEWORK_H

#include "compiler/mapping/Activity.h"
#include "hw-models/CoreCycles.h"
#include "runtime/program/Connectivity.h"

#include <algorithm>
#include <vector>

namespace synfire {

/// Cycles of the stages of a core's input side, which overlap.
struct InputLoad : StageCycles<double> {
  InputLoad &operator+=(const InputLoad &other) {
    lookup += other.lookup;
    memory += other.memory;
    accumulation += other.accumulation;
    return *this;
  }
  InputLoad operator*(double factor) const {
    InputLoad scaled;
    scaled.lookup = lookup * factor;
    scaled.memory = memory * factor;
    scaled.accumulation = accumulation * factor;
    return scaled;
  }
  InputLoad squares() const {
    InputLoad squared;
    squared.lookup = lookup * lookup;
    squared.memory = memory * memory;
    squared.accumulation = accumulation * accumulation;
    return squared;
  }
  double slowest() const {
    return std::max(lookup, std::max(memory, accumulation));
  }
};

/// What the spikes of one operand cost the tile that hears them.
struct Reception {
  int source = 0;     ///< stage that fires
  InputLoad load;     ///< of the mean step of its train
  NeuronBlock block;  ///< of the source that the tile hears
  double neurons = 0; ///< mean number of those that are active
  /// Synaptic operations per token; numbers cause none, but digital
  /// multiplications, which no chip prices.
  double operations = 0;
};

struct TileWork {
  /// Cycles before the first step of a window in which the stage fires.
  double setup = 0;
  double update = 0;    ///< cycles of the mean step of the stage's train
  double spiking = 0;   ///< of these, what the spikes take
  double events = 0;    ///< fired per step of the train
  double updates = 0;   ///< neuron updates per token, rehearsal included
  double additions = 0; ///< of rows of the token itself, per token
  std::vector<Reception> receptions;
};

TileWork tileWork(const Program &program,
                  const std::vector<StageActivity> &activity, const Tile &tile);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_TILEWORK_H

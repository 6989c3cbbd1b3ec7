//===- Connectivity.h - which neuron reaches which tile ---------*- C++ -*-===//
//
// Mapper, verifier and machine must agree on who listens to whom; they ask
// here.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_PROGRAM_CONNECTIVITY_H
#define SYNFIRE_RUNTIME_PROGRAM_CONNECTIVITY_H

#include "runtime/program/Program.h"

#include <cstdint>

namespace synfire {

/// Half-open rectangle of source neurons: groups x columns of the source stage.
struct NeuronBlock {
  int groupBegin = 0, groupEnd = 0, columnBegin = 0, columnEnd = 0;
  bool empty() const {
    return groupBegin >= groupEnd || columnBegin >= columnEnd;
  }
  std::int64_t size() const {
    return empty() ? 0
                   : std::int64_t(groupEnd - groupBegin) *
                         (columnEnd - columnBegin);
  }
  bool contains(int group, int column) const {
    return group >= groupBegin && group < groupEnd && column >= columnBegin &&
           column < columnEnd;
  }
};

/// Which operand of a dendrite a train is.
enum class Operand : std::uint8_t { Driver, Stored };

/// The neurons of the operand's stage whose spikes the tile needs for this
/// dendrite. For Scores, the stored operand is needed by a tile only for tokens
/// whose position lies in the tile's columns (see needsToken).
NeuronBlock requiredInputs(const Program &program, const Tile &tile,
                           const Dendrite &dendrite, Operand operand);

/// False iff spikes of the token at `position` never reach this tile for this
/// operand (a key outside the tile's columns of a Scores stage, or a query that
/// sees none of the tile's keys because the tile starts after its position).
bool needsToken(const Tile &tile, const Dendrite &dendrite, Operand operand,
                int position);

/// Sums that one part of split inputs sends to the tile that has its neurons
/// in a frame (P15): one a neuron and Static dendrite.
std::int64_t sumsOfInputPart(const Program &program, const Tile &tile);

/// What one tile takes from its core (program.md, P7): the numbers behind the
/// capacity check. Slots of the pipeline are included.
struct TileDemand {
  std::int64_t neurons = 0;
  std::int64_t inputAxons = 0;  ///< driver and write axons of all dendrites
  std::int64_t outputAxons = 0; ///< (neuron, destination core) pairs
  std::int64_t synapseBytes = 0;
  std::int64_t accumulators = 0;
  std::int64_t lookupBytes = 0;
};
/// All but outputAxons, which needs the placement of the consumers.
TileDemand tileDemand(const Program &program, const Tile &tile);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_PROGRAM_CONNECTIVITY_H

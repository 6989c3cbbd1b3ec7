//===- Row.h - whole trains of many neurons at once -------------*- C++ -*-===//
//
// The engine's fast path over the neuron unit and the look-up unit: given the
// membranes of a row of neurons, the codes (sum of payloads), the spike counts
// per step and the digest sum, without materialising single events. RowUnit is
// for whole inputs, StreamUnit for those that arrive frame by frame. Tests hold
// both equal to begin()/rehearse()/step()/payload()/digestTerm() for every
// configuration.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_NEURON_ROW_H
#define SYNFIRE_RUNTIME_NEURON_ROW_H

#include "runtime/neuron/LookupTable.h"
#include "runtime/neuron/Neuron.h"

#include <array>
#include <cstddef>
#include <memory>

namespace synfire {

/// Sums over a row; a caller adds rows up.
struct RowCounts {
  std::uint64_t spikes = 0;
  std::uint64_t hiddenMultiplies = 0; ///< spikes for which hidesMultiply()
  std::array<std::uint64_t, mostSteps> byStep{}; ///< spikes of each step
};

/// Rows that fire together. Row r has count + r * growth neurons, of which the
/// first lies at membranes + r * membraneStride; its digest sum is added to
/// digests[r].
struct RowBatch {
  const std::int32_t *membranes = nullptr;
  std::ptrdiff_t membraneStride = 0;
  std::int32_t *codes = nullptr;
  std::ptrdiff_t codeStride = 0;
  std::size_t rows = 0, count = 0, growth = 0;
  const std::uint64_t *keys = nullptr; ///< nullptr: no digest
  std::uint64_t *digests = nullptr;
};

/// A config (AllAtOnce) or a table prepared for rows. Immutable and shareable
/// between threads.
class RowUnit {
public:
  virtual ~RowUnit() = default;
  /// codes[i] = signed sum of payloads of neuron i (must fit int32, which
  /// verify() of the program proves), spikesPerNeuron[i] likewise its number of
  /// spikes (nullptr: not wanted). Returns sum over i of keys[i] * word(i) mod
  /// 2^64, where word(i) is the sum of digestTerm over the train; keys ==
  /// nullptr: returns 0.
  virtual std::uint64_t run(const std::int32_t *membranes, std::size_t count,
                            const std::uint64_t *keys, std::int32_t *codes,
                            std::uint8_t *spikesPerNeuron,
                            RowCounts &counts) const = 0;

  /// The same for several rows, whose counts are added up in one.
  virtual void runRows(const RowBatch &batch, RowCounts &counts) const;
};

/// Picks the fastest exact form: base-2 phase tables with one or two banks run
/// as bit operations on vectors, MT tables and other one-level tables step by
/// step on vectors, everything else as the unit itself. A Streamed config has
/// no rows: nullptr.
std::unique_ptr<RowUnit> makeRowUnit(const NeuronConfig &config);
/// Look-up unit; digest word of a train = its signed code.
std::unique_ptr<RowUnit> makeRowUnit(const LookupTable &table);

/// What the trains of one row of a StreamBatch delivered, over all frames.
struct StreamSums {
  std::uint64_t spikes = 0;
  std::uint64_t hiddenMultiplies = 0; ///< spikes for which hidesMultiply()
  std::uint64_t ownSpikes = 0;        ///< those of the row's own column
  std::uint64_t ownHiddenMultiplies = 0;
};

/// Rows (tokens) of streamed neurons. Row r has count + r * growth neurons; its
/// membranes after frame f, the cumulative ones of program.md, P10, lie at
/// membranes + r * membraneStride + f * membraneFrameStride.
struct StreamBatch {
  const std::int32_t *membranes = nullptr;
  std::ptrdiff_t membraneStride = 0, membraneFrameStride = 0;
  /// Cumulative too; codes may not overlap membranes.
  std::int32_t *codes = nullptr;
  std::ptrdiff_t codeStride = 0, codeFrameStride = 0;
  std::size_t rows = 1, count = 0, growth = 0;
  int frames = 1;                      ///< divides the steps of the config
  const std::uint64_t *keys = nullptr; ///< nullptr: no digest
  std::uint64_t *digests = nullptr;    ///< by row; added to
  StreamSums *sums = nullptr;          ///< by row; added to; nullptr: unwanted
  std::ptrdiff_t ownColumn = -1; ///< of row 0; row r: ownColumn + r * growth
  std::uint64_t *spikesByFrame = nullptr; ///< of all rows; added to
};

/// A Streamed config prepared for rows. Immutable and shareable between
/// threads.
class StreamUnit {
public:
  virtual ~StreamUnit() = default;
  /// Runs whole trains: the current of each step is its share of what the frame
  /// adds to the membrane (P11), a config with a rehearsal rehearses first.
  /// counts.byStep[s] counts the spikes of step s of the train.
  virtual void run(const StreamBatch &batch, RowCounts &counts) const = 0;
};

/// Picks the fastest exact form; an AllAtOnce config has none: nullptr.
std::unique_ptr<StreamUnit> makeStreamUnit(const NeuronConfig &config);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_NEURON_ROW_H

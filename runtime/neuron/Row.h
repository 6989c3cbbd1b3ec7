//===- Row.h - whole trains of many neurons at once -------------*- C++ -*-===//
//
// The engine's fast path over the neuron unit and the look-up unit: given the
// membranes of a row of neurons, the codes (sum of payloads), the spike counts
// per step and the digest sum, without materialising single events. Tests hold
// it equal to begin()/step()/payload()/digestTerm() for every configuration.
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
  std::uint64_t hiddenMultiplies = 0;     ///< spikes for which hidesMultiply()
  std::array<std::uint64_t, 64> byStep{}; ///< spikes of each step
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

} // namespace synfire

#endif // SYNFIRE_RUNTIME_NEURON_ROW_H

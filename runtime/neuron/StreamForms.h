//===- StreamForms.h - the forms that a stream unit can take ----*- C++ -*-===//
//
// Private to this library: makeStreamUnit() asks each form in turn.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_NEURON_STREAMFORMS_H
#define SYNFIRE_RUNTIME_NEURON_STREAMFORMS_H

#include "runtime/neuron/Row.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace synfire {

/// The own column of a row; -1: none.
std::ptrdiff_t ownColumnOf(const StreamBatch &batch, std::size_t row);
/// Hands a row's digest and sums over to the batch.
void finishRow(const StreamBatch &batch, std::size_t row, std::uint64_t digest,
               const StreamSums &sums);
/// Hands the counts of the batch's `steps` steps over to the batch and to
/// `counts`.
void finishBatch(const StreamBatch &batch, int steps, const RowCounts &all,
                 RowCounts &counts);

/// Any Streamed configuration, neuron by neuron: the unit itself.
class UnitStream final : public StreamUnit {
public:
  explicit UnitStream(const NeuronConfig &given);

  void run(const StreamBatch &batch, RowCounts &counts) const override;

  struct Train {
    std::uint64_t word = 0;
    std::uint64_t spikes = 0, hiddenMultiplies = 0;
  };
  /// The train of one neuron, whose values of a frame lie a frame stride after
  /// those of the one before. `counts` is added to.
  Train runNeuron(const std::int32_t *membranes,
                  std::ptrdiff_t membraneFrameStride, std::int32_t *codes,
                  std::ptrdiff_t codeFrameStride, int frames,
                  RowCounts &counts) const;

private:
  /// What a positive event of (step, level) contributes.
  struct Event {
    std::int64_t payload;
    std::uint64_t digestTerm;
    bool hidesMultiply;
  };

  NeuronConfig config;
  std::vector<Event> events; ///< [step][level], level 0: the rest payload
};

/// Configurations whose levels vector lanes can compare: nullptr for others.
std::unique_ptr<StreamUnit> makeLaneStream(const NeuronConfig &config);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_NEURON_STREAMFORMS_H

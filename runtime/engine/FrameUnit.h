//===- FrameUnit.h - trains that come in frames -----------------*- C++ -*-===//
//
// Fires what a token's membranes of all frames deliver (program.md, P10 to
// P13): streamed neurons, look-ups whose differences leave bit by bit, numbers
// of the digital unit. In a Program of one frame only the last occur.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_ENGINE_FRAMEUNIT_H
#define SYNFIRE_RUNTIME_ENGINE_FRAMEUNIT_H

#include "runtime/neuron/Row.h"
#include "runtime/program/Program.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace synfire {

/// Tokens that fire together; token t has count + t * growth neurons. Its
/// membranes of frame f start at membranes + t * membraneTokenStride + f *
/// membraneStride, its cumulative codes go to the like place, and its digest
/// sum is added to digests[t].
struct FrameBatch {
  const std::int32_t *membranes = nullptr;
  std::ptrdiff_t membraneStride = 0, membraneTokenStride = 0;
  std::int32_t *codes = nullptr;
  std::ptrdiff_t codeStride = 0, codeTokenStride = 0;
  std::size_t tokens = 0, count = 0, growth = 0;
  const std::uint64_t *keys = nullptr; ///< nullptr: no digest
  std::uint64_t *digests = nullptr;
  /// Of a Lookup whose frames leave bit by bit: by step of the whole train, of
  /// which there may be more than RowCounts has; added to; nullptr: unwanted.
  std::uint64_t *spikesByStep = nullptr;
  /// By token, added to; nullptr: unwanted. Without an own column the events of
  /// the token, with one only those of that column, the first token's being
  /// ownColumn and every other's `growth` further right.
  StreamSums *sums = nullptr;
  std::ptrdiff_t ownColumn = -1;

  const std::int32_t *membranesOf(std::size_t token, int frame) const {
    return membranes +
           static_cast<std::ptrdiff_t>(token) * membraneTokenStride +
           frame * membraneStride;
  }
  std::int32_t *codesOf(std::size_t token, int frame) const {
    return codes + static_cast<std::ptrdiff_t>(token) * codeTokenStride +
           frame * codeStride;
  }
  std::size_t countOf(std::size_t token) const {
    return count + token * growth;
  }
  std::size_t ownColumnOf(std::size_t token) const {
    return static_cast<std::size_t>(ownColumn) + token * growth;
  }
};

/// Immutable and shareable between threads.
class FrameUnit {
public:
  virtual ~FrameUnit() = default;
  /// Adds the events to `counts`: numbers where the stage is digital.
  virtual void run(const FrameBatch &batch, RowCounts &counts) const = 0;
};

/// Of a stage that fires in frames; neither an Output nor a stage that a
/// RowUnit fires.
std::unique_ptr<FrameUnit> makeFrameUnit(const Program &program,
                                         const Stage &stage);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_ENGINE_FRAMEUNIT_H

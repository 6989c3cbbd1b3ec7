//===- Widths.h - bounds of codes and accumulators --------------*- C++ -*-===//
//
// The arithmetic behind P6 of docs/spec/program.md. Every bound saturates at
// the largest 64-bit integer, which no width accepts.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_PROGRAM_WIDTHS_H
#define SYNFIRE_RUNTIME_PROGRAM_WIDTHS_H

#include "runtime/program/Program.h"

#include <cstdint>

namespace synfire {

/// P6: an accumulator and its multiplier share these bits, and a multiplier of
/// fewer than the second number would bend the scales.
constexpr int neuronInputBits = 62;
constexpr int fewestMultiplierBits = 10;

/// Largest |code| that trains of this unit can carry; of a streamed one, at any
/// step of the train. A Lookup stage with accumulatedOutput carries `frames`
/// times that of its table.
std::int64_t largestCode(const NeuronConfig &config);
std::int64_t largestCode(const LookupTable &table);

/// Signed bits that hold every integer of [-bound, bound]; 64 for a bound that
/// saturated.
int signedBits(std::int64_t bound);

/// Largest sum over rows of |weight| of a column.
std::int64_t largestColumnSum(const WeightStore &store, int block);

/// Bound of |accumulator| from shapes, weight bits and the operands' codeLimit
/// alone.
std::int64_t accumulatorBoundByShape(const Program &program,
                                     const Dendrite &dendrite);
/// The same with the actual weights, where the Program has them; never larger.
std::int64_t accumulatorBound(const Program &program, const Dendrite &dendrite);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_PROGRAM_WIDTHS_H

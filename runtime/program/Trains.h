//===- Trains.h - how long a stage's trains are, frame by frame -*- C++ -*-===//
//
// The integer arithmetic of frames (program.md, P10 to P13), shared by
// compiler, engine and machine.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_PROGRAM_TRAINS_H
#define SYNFIRE_RUNTIME_PROGRAM_TRAINS_H

#include "runtime/program/Program.h"

#include <cstdint>

namespace synfire {

/// Steps in which the stage sends within one frame; Output: 0.
int frameSteps(const Program &program, const Stage &stage);

/// Steps of the whole train: frames x frameSteps.
inline int trainSteps(const Program &program, const Stage &stage) {
  return program.frames * frameSteps(program, stage);
}

/// Native width of one event of the stage in bits: a spike's (SpikeBits) or a
/// number's (NumberBits). Output: 0.
int eventBits(const Program &program, const Stage &stage);

/// P13: a Number stage limits its membrane to this magnitude; 0: no Number.
std::int64_t numberLimit(const Program &program, const Stage &stage);

/// Steps of the recorded input that the population runs before it fires; 0:
/// it does not rehearse.
int rehearsalSteps(const Program &program, const Stage &stage);
/// Whether the population needs its whole input before it fires.
bool rehearses(const Program &program, const Stage &stage);

/// The share of `current` that step `step` of `steps` takes; the shares of all
/// steps add up to it.
constexpr std::int64_t shareOf(std::int64_t current, int step, int steps) {
  auto upTo = [&](int count) {
    const std::int64_t product = current * count;
    const std::int64_t quotient = product / steps;
    return quotient - (product % steps < 0);
  };
  return upTo(step + 1) - upTo(step);
}

/// P13: sum * (frames / (frame + 1))^power, rounded half up; power 0..2.
constexpr std::int64_t averagedSum(std::int64_t sum, int frames, int frame,
                                   int power) {
  std::int64_t numerator = 1, denominator = 1;
  for (int i = 0; i < power; ++i) {
    numerator *= frames;
    denominator *= frame + 1;
  }
  const std::int64_t doubled = 2 * sum * numerator + denominator;
  const std::int64_t quotient = doubled / (2 * denominator);
  return quotient - (doubled % (2 * denominator) < 0);
}

} // namespace synfire

#endif // SYNFIRE_RUNTIME_PROGRAM_TRAINS_H

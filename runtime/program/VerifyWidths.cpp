//===- VerifyWidths.cpp - P4, P6 and P13 of docs/spec/program.md ----------===//
#include "runtime/program/VerifyParts.h"

#include "runtime/program/Trains.h"
#include "runtime/program/Widths.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace synfire {
namespace {

std::int64_t largestMagnitude(const std::vector<std::int32_t> &values) {
  std::int64_t largest = 0;
  for (std::int32_t value : values)
    largest = std::max(largest, std::abs(std::int64_t(value)));
  return largest;
}

/// Bits of a magnitude, without a sign.
int magnitudeBits(std::int64_t value) { return signedBits(value) - 1; }

bool isPerNeuron(std::size_t entries, const Stage &stage) {
  return entries == 1 || static_cast<std::int64_t>(entries) == stage.width();
}

/// P4: a rounding shift of a 64-bit product.
Status verifyRequantisation(const Stage &stage, const Dendrite &dendrite,
                            const std::string &where) {
  if (!isPerNeuron(dendrite.multiplier.size(), stage))
    return makeError(
        fmt::format("{} multipliers for {} neurons: 1 or one each is right",
                    dendrite.multiplier.size(), stage.width()),
        where, "P4");
  if (dendrite.shift < 0 || dendrite.shift > neuronInputBits)
    return makeError(fmt::format("shift is {}, but must be from 0 to {}",
                                 dendrite.shift, neuronInputBits),
                     where, "P4");
  return Status::success();
}

Status verifyAccumulatorWidth(const Program &program, const Dendrite &dendrite,
                              const std::string &where) {
  int product = dendrite.accumulatorBits +
                magnitudeBits(largestMagnitude(dendrite.multiplier));
  if (dendrite.accumulatorBits < 1 || product > neuronInputBits)
    return makeError(
        fmt::format("accumulators of {} bits times the largest multiplier take "
                    "{} bits, but must fit {}",
                    dendrite.accumulatorBits, product, neuronInputBits),
        where, "P6");
  // The bound by shapes is free; the weights are read only where it fails.
  if (signedBits(accumulatorBoundByShape(program, dendrite)) <=
      dendrite.accumulatorBits)
    return Status::success();
  std::int64_t bound = accumulatorBound(program, dendrite);
  if (signedBits(bound) > dendrite.accumulatorBits)
    return makeError(
        fmt::format("{} dendrite: accumulators reach {}, which needs {} bits, "
                    "but {} are given",
                    toString(dendrite.kind), bound, signedBits(bound),
                    dendrite.accumulatorBits),
        where, "P6");
  return Status::success();
}

Status verifyStoredWidth(const Program &program, const Dendrite &dendrite,
                         const std::string &where) {
  if (dendrite.stored < 0)
    return Status::success();
  auto limitOf = [&](int stage) {
    return program.stages[static_cast<std::size_t>(stage)].codeLimit;
  };
  std::int64_t limit = limitOf(dendrite.stored);
  if (dendrite.form == ProductForm::Concurrent)
    limit = std::max(limit, limitOf(dendrite.driver));
  int needed = std::max(1, magnitudeBits(limit));
  if (dendrite.storedBits < needed || dendrite.storedBits > 64)
    return makeError(fmt::format("stored words of {} bits, but codes up to {} "
                                 "need {} to 64",
                                 dendrite.storedBits, limit, needed),
                     where, "P6");
  return Status::success();
}

Status verifyCodeLimit(const Program &program, const Stage &stage,
                       const std::string &where) {
  if (stage.codeLimit < 0 || stage.codeLimit > largestCount)
    return makeError(fmt::format("code limit is {}, but must be from 0 to {}",
                                 stage.codeLimit, largestCount),
                     where, "P6");
  if (stage.fire == FireKind::Output)
    return Status::success();
  const int times = stage.accumulatedOutput ? program.frames : 1;
  if (stage.fire == FireKind::Number) {
    if (stage.codeLimit < times)
      return makeError(fmt::format("code limit is {}, but a number needs at "
                                   "least {}",
                                   stage.codeLimit, times),
                       where, "P13");
    return Status::success();
  }
  auto unit = static_cast<std::size_t>(stage.unit);
  std::int64_t largest = stage.fire == FireKind::Neuron
                             ? largestCode(program.neurons[unit])
                             : largestCode(program.lookupTables[unit]) * times;
  if (largest > stage.codeLimit)
    return makeError(fmt::format("code limit is {}, but the unit emits codes "
                                 "up to {}",
                                 stage.codeLimit, largest),
                     where, "P6");
  return Status::success();
}

/// P4: the sum over dendrites and the bias fit 64 bits before they saturate;
/// P13: so do the intermediates of averagedSum.
Status verifyMembrane(const Program &program, const Stage &stage,
                      const std::string &where) {
  std::int64_t bound = 0;
  auto add = [&](std::int64_t term) {
    return !__builtin_add_overflow(bound, term, &bound);
  };
  for (const Dendrite &dendrite : stage.dendrites) {
    int bits = dendrite.accumulatorBits +
               magnitudeBits(largestMagnitude(dendrite.multiplier)) -
               dendrite.shift;
    // One more for the rounding term.
    if (!add((std::int64_t(1) << std::clamp(bits - 1, 0, 62)) + 1))
      return makeError("the sum of its dendrites may exceed 64 bits", where,
                       "P4");
  }
  if (stage.averagedInput > 0) {
    // A factor of 2 and F^averagedInput.
    const int scaling =
        1 + stage.averagedInput * magnitudeBits(program.frames - 1);
    if (signedBits(bound) + scaling > neuronInputBits)
      return makeError(
          fmt::format("the sum of its dendrites takes up to {} bits, but to "
                      "average it over {} frames it must fit {}",
                      signedBits(bound), program.frames,
                      neuronInputBits - scaling),
          where, "P13");
  }
  if (!add(largestMagnitude(stage.bias)))
    return makeError("the sum of its dendrites and bias may exceed 64 bits",
                     where, "P4");
  return Status::success();
}

} // namespace

Status verifyWidths(const Program &program) {
  for (std::size_t s = 0; s < program.stages.size(); ++s)
    SYNFIRE_TRY(
        verifyCodeLimit(program, program.stages[s], describeStage(program, s)));
  for (std::size_t s = 0; s < program.stages.size(); ++s) {
    const Stage &stage = program.stages[s];
    std::string where = describeStage(program, s);
    if (!stage.bias.empty() && !isPerNeuron(stage.bias.size(), stage))
      return makeError(
          fmt::format("{} biases for {} neurons: none, 1 or one each is right",
                      stage.bias.size(), stage.width()),
          where, "P4");
    if (!std::isfinite(stage.codeScale) || !std::isfinite(stage.membraneScale))
      return makeError("code scale or membrane scale is not finite", where,
                       "P5");
    for (const Dendrite &dendrite : stage.dendrites) {
      SYNFIRE_TRY(verifyRequantisation(stage, dendrite, where));
      SYNFIRE_TRY(verifyAccumulatorWidth(program, dendrite, where));
      SYNFIRE_TRY(verifyStoredWidth(program, dendrite, where));
    }
    SYNFIRE_TRY(verifyMembrane(program, stage, where));
  }
  return Status::success();
}

} // namespace synfire

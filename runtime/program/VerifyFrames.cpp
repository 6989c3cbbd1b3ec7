//===- VerifyFrames.cpp - P5 and P10 to P13 of docs/spec/program.md -------===//
#include "runtime/program/VerifyParts.h"

#include <fmt/format.h>

namespace synfire {
namespace {

constexpr int mostFrames = 256;

/// "3 frames", "1 frame".
std::string framesOf(const Program &program) {
  return fmt::format("{} frame{}", program.frames,
                     program.frames == 1 ? "" : "s");
}

/// P11: streamed if, and only if, there are frames to stream in.
Status verifyUnit(const Program &program, int unit, const std::string &where) {
  const NeuronConfig &config = program.neurons[static_cast<std::size_t>(unit)];
  const bool streamed = config.input == InputMode::Streamed;
  if (streamed != (program.frames > 1))
    return makeError(fmt::format("neuron unit {} is {}, but the program has {}",
                                 unit, streamed ? "streamed" : "all-at-once",
                                 framesOf(program)),
                     where, "P11");
  if (config.steps % program.frames != 0)
    return makeError(fmt::format("neuron unit {} has {} steps, which is no "
                                 "multiple of {}",
                                 unit, config.steps, framesOf(program)),
                     where, "P11");
  return Status::success();
}

Status verifyDigital(const Stage &stage, const std::string &where) {
  if (stage.fire == FireKind::Number && !stage.digital)
    return makeError("sends numbers, but is not digital", where, "P13");
  if (stage.fire == FireKind::Neuron && stage.digital)
    return makeError("fires spikes of a neuron, but is digital", where, "P13");
  if (stage.fire == FireKind::Output && stage.digital)
    return makeError("is the output, which sends nothing, but is digital",
                     where, "P13");
  return Status::success();
}

/// P13: expectation compensation.
Status verifyCompensation(const Program &program, const Stage &stage,
                          const std::string &where) {
  if (stage.averagedInput < 0 || stage.averagedInput > 2)
    return makeError(fmt::format("averaged input is {}, but must be from 0 to "
                                 "2",
                                 stage.averagedInput),
                     where, "P13");
  if (stage.accumulatedOutput && !stage.digital)
    return makeError("accumulates its output, but is not digital", where,
                     "P13");
  if (program.frames == 1 &&
      (stage.averagedInput > 0 || stage.accumulatedOutput))
    return makeError(fmt::format("{}, but the program has 1 frame",
                                 stage.accumulatedOutput
                                     ? "accumulates its output"
                                     : "averages its input"),
                     where, "P13");
  return Status::success();
}

Status verifyDendrite(const Program &program, const Dendrite &dendrite,
                      const std::string &where) {
  if (dendrite.everyFrame && dendrite.kind != DendriteKind::Embed)
    return makeError(fmt::format("{} dendrite: enters at every frame, but only "
                                 "an embed dendrite does",
                                 toString(dendrite.kind)),
                     where, "P10");
  if (dendrite.everyFrame && program.frames == 1)
    return makeError("enters at every frame, but the program has 1 frame",
                     where, "P10");
  if (!hasStored(dendrite.kind))
    return Status::success();
  const bool concurrent = dendrite.form == ProductForm::Concurrent;
  if (program.frames > 1 && !concurrent)
    return makeError(fmt::format("{} dendrite: its form is stored, but in {} "
                                 "it must be concurrent",
                                 toString(dendrite.kind), framesOf(program)),
                     where, "P12");
  if (program.frames == 1 && concurrent &&
      dendrite.kind != DendriteKind::Product)
    return makeError(fmt::format("not supported: a concurrent form of {} in a "
                                 "program of 1 frame",
                                 toString(dendrite.kind)),
                     where, "P12");
  return Status::success();
}

} // namespace

Status verifyFrames(const Program &program) {
  if (program.frames < 1 || program.frames > mostFrames)
    return makeError(fmt::format("{} frames a token, but must be from 1 to {}",
                                 program.frames, mostFrames),
                     "program", "P10");
  for (std::size_t s = 0; s < program.stages.size(); ++s) {
    const Stage &stage = program.stages[s];
    const std::string where = describeStage(program, s);
    if (stage.fire == FireKind::Neuron)
      SYNFIRE_TRY(verifyUnit(program, stage.unit, where));
    SYNFIRE_TRY(verifyDigital(stage, where));
    SYNFIRE_TRY(verifyCompensation(program, stage, where));
    for (const Dendrite &dendrite : stage.dendrites)
      SYNFIRE_TRY(verifyDendrite(program, dendrite, where));
  }
  // Executors may prepare units that no stage fires.
  for (std::size_t unit = 0; unit < program.neurons.size(); ++unit)
    SYNFIRE_TRY(verifyUnit(program, static_cast<int>(unit), "units"));
  return Status::success();
}

} // namespace synfire

//===- VerifyTopology.cpp - P1 of docs/spec/program.md --------------------===//
#include "runtime/program/VerifyParts.h"

#include <fmt/format.h>

namespace synfire {
namespace {

// Also keeps the sums of demands over dendrites within 64 bits.
constexpr std::size_t mostDendrites = 16;

/// -1 is right where the kind has no such operand.
Status verifyOperand(const char *which, int operand, bool wanted,
                     std::size_t stage, const std::string &where) {
  if (!wanted && operand != -1)
    return makeError(
        fmt::format("{} {} given, but the kind has none", which, operand),
        where, "P1");
  if (wanted && (operand < 0 || static_cast<std::size_t>(operand) >= stage))
    return makeError(fmt::format("{} is stage {}, but must be from 0 to {}",
                                 which, operand,
                                 static_cast<std::int64_t>(stage) - 1),
                     where, "P1: stages are in topological order");
  return Status::success();
}

bool hasWeights(DendriteKind kind) {
  return kind == DendriteKind::Embed || kind == DendriteKind::Static ||
         kind == DendriteKind::Rotary;
}

Status verifyDendrite(const Program &program, const Dendrite &dendrite,
                      std::size_t stage, const std::string &where) {
  if (dendrite.kind > DendriteKind::Hadamard ||
      dendrite.form > ProductForm::Stored)
    return makeError(fmt::format("dendrite kind {} with form {} is unknown",
                                 int(dendrite.kind), int(dendrite.form)),
                     where, "P3");
  SYNFIRE_TRY(verifyOperand("driver", dendrite.driver,
                            dendrite.kind != DendriteKind::Embed, stage,
                            where));
  SYNFIRE_TRY(verifyOperand("stored operand", dendrite.stored,
                            hasStored(dendrite.kind), stage, where));
  if (dendrite.form == ProductForm::Concurrent && !hasStored(dendrite.kind))
    return makeError("concurrent form given, but the kind has no stored "
                     "operand",
                     where, "P3");
  if (!hasWeights(dendrite.kind) && dendrite.weights != -1)
    return makeError(fmt::format("weight block {} given, but the kind has none",
                                 dendrite.weights),
                     where, "P3");
  if (hasWeights(dendrite.kind) &&
      (dendrite.weights < 0 || static_cast<std::size_t>(dendrite.weights) >=
                                   program.weights.blocks.size()))
    return makeError(fmt::format("weight block {} does not exist: there are {}",
                                 dendrite.weights,
                                 program.weights.blocks.size()),
                     where, "P3");
  return Status::success();
}

Status verifyUnitIndex(const Program &program, const Stage &stage,
                       const std::string &where) {
  if (stage.fire == FireKind::Output || stage.fire == FireKind::Number) {
    if (stage.unit == -1)
      return Status::success();
    return makeError(
        fmt::format("unit {} given, but {} has none", stage.unit,
                    stage.fire == FireKind::Output ? "the output" : "a number"),
        where, "P5");
  }
  std::size_t units = stage.fire == FireKind::Neuron
                          ? program.neurons.size()
                          : program.lookupTables.size();
  if (stage.unit < 0 || static_cast<std::size_t>(stage.unit) >= units)
    return makeError(
        fmt::format(
            "unit {} does not exist: there are {} {}", stage.unit, units,
            stage.fire == FireKind::Neuron ? "neuron units" : "look-up tables"),
        where, "P5");
  return Status::success();
}

Status verifyStage(const Program &program, std::size_t index) {
  const Stage &stage = program.stages[index];
  std::string where = describeStage(program, index);
  if (stage.groups < 1 || stage.groupWidth < 1 || stage.width() > largestCount)
    return makeError(fmt::format("{} groups of {} neurons, but a stage has 1 "
                                 "to {} neurons",
                                 stage.groups, stage.groupWidth, largestCount),
                     where, "P1");
  if (stage.role > StageRole::LmHead || stage.fire > FireKind::Number)
    return makeError(fmt::format("role {} with fire kind {} is unknown",
                                 int(stage.role), int(stage.fire)),
                     where, "P1");
  bool last = index + 1 == program.stages.size();
  if ((stage.fire == FireKind::Output) != last)
    return makeError(last ? "the last stage does not fire as the output"
                          : "fires as the output, but is not the last stage",
                     where, "P1");
  SYNFIRE_TRY(verifyUnitIndex(program, stage, where));
  if (stage.dendrites.empty() || stage.dendrites.size() > mostDendrites)
    return makeError(fmt::format("{} dendrites, but must be from 1 to {}",
                                 stage.dendrites.size(), mostDendrites),
                     where, "P1");
  for (const Dendrite &dendrite : stage.dendrites)
    SYNFIRE_TRY(verifyDendrite(program, dendrite, index, where));
  return Status::success();
}

} // namespace

bool hasStored(DendriteKind kind) {
  return kind == DendriteKind::Product || kind == DendriteKind::Scores ||
         kind == DendriteKind::Mix;
}

std::string describeStage(const Program &program, std::size_t stage) {
  return fmt::format("stage {} ({})", program.stages[stage].name, stage);
}

Status verifyTopology(const Program &program) {
  if (program.stages.empty())
    return makeError("the program has no stages", {}, "P1");
  // Positions count from 0 in plain ints everywhere.
  constexpr int longestContext = 1 << 24;
  if (program.model.context < 1 || program.model.context > longestContext)
    return makeError(fmt::format("context is {}, but must be from 1 to {}",
                                 program.model.context, longestContext),
                     "model", "P1");
  if (program.model.vocabulary < 1)
    return makeError(fmt::format("vocabulary is {}, but must be at least 1",
                                 program.model.vocabulary),
                     "model", "P1");
  for (std::size_t s = 0; s < program.stages.size(); ++s)
    SYNFIRE_TRY(verifyStage(program, s));
  return Status::success();
}

} // namespace synfire

//===- VerifyPrefix.cpp - P14 of docs/spec/program.md ---------------------===//
#include "runtime/program/VerifyParts.h"

#include <fmt/format.h>

#include <cstdlib>

namespace synfire {
namespace {

Error prefixError(const Dendrite &dendrite, const std::string &what,
                  const std::string &where) {
  return makeError(
      fmt::format("{} dendrite: {}", toString(dendrite.kind), what), where,
      "P14");
}

/// Every constant is a code that the stored stage might have sent.
Status verifyCodes(const Program &program, const Dendrite &dendrite,
                   const std::string &where) {
  const WeightBlock &block =
      program.weights.blocks[static_cast<std::size_t>(dendrite.prefixCodes)];
  const std::int64_t limit =
      program.stages[static_cast<std::size_t>(dendrite.stored)].codeLimit;
  for (std::int64_t row = 0; row < block.rows; ++row)
    for (std::int64_t column = 0; column < block.columns; ++column) {
      const std::int64_t code =
          weightAt(program.weights, dendrite.prefixCodes, row, column);
      if (std::abs(code) > limit)
        return prefixError(
            dendrite,
            fmt::format("the code of neuron {} at position {} of the prefix is "
                        "{}, but the stored stage has codes up to {}",
                        column, row, code, limit),
            where);
    }
  return Status::success();
}

Status verifyDendrite(const Program &program, const Dendrite &dendrite,
                      const std::string &where) {
  const bool keepsKeys = dendrite.kind == DendriteKind::Scores ||
                         dendrite.kind == DendriteKind::Mix;
  if (!keepsKeys || program.prefix == 0) {
    if (dendrite.prefixCodes == -1)
      return Status::success();
    return prefixError(dendrite,
                       keepsKeys ? "has codes of a prefix, but the program has "
                                   "no prefix"
                                 : "has codes of a prefix, but keeps no keys",
                       where);
  }
  const auto &blocks = program.weights.blocks;
  if (dendrite.prefixCodes < 0 ||
      static_cast<std::size_t>(dendrite.prefixCodes) >= blocks.size())
    return prefixError(dendrite,
                       fmt::format("weight block {} of the prefix does not "
                                   "exist: there are {}",
                                   dendrite.prefixCodes, blocks.size()),
                       where);
  const WeightBlock &block =
      blocks[static_cast<std::size_t>(dendrite.prefixCodes)];
  const std::int64_t width =
      program.stages[static_cast<std::size_t>(dendrite.stored)].width();
  if (block.rows != program.prefix || block.columns != width)
    return prefixError(
        dendrite,
        fmt::format("the codes of the prefix are {} x {}, but {} positions of "
                    "{} neurons need {} x {}",
                    block.rows, block.columns, program.prefix, width,
                    program.prefix, width),
        where);
  return program.weights.hasData() ? verifyCodes(program, dendrite, where)
                                   : Status::success();
}

} // namespace

Status verifyPrefix(const Program &program) {
  if (program.prefix < 0 || program.prefix >= program.model.context)
    return makeError(fmt::format("a prefix of {} positions, but must be from 0 "
                                 "to {}: a token follows it",
                                 program.prefix, program.model.context - 1),
                     "program", "P14");
  for (std::size_t s = 0; s < program.stages.size(); ++s)
    for (const Dendrite &dendrite : program.stages[s].dendrites)
      SYNFIRE_TRY(verifyDendrite(program, dendrite, describeStage(program, s)));
  return Status::success();
}

} // namespace synfire

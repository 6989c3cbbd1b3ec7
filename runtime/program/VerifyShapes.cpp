//===- VerifyShapes.cpp - P2 and P3 of docs/spec/program.md ---------------===//
#include "runtime/program/VerifyParts.h"

#include <fmt/format.h>

namespace synfire {
namespace {

/// One dendrite with what its shape rules compare.
struct Site {
  const Program &program;
  const Stage &stage;
  const Dendrite &dendrite;
  std::string where;

  const Stage &driver() const {
    return program.stages[static_cast<std::size_t>(dendrite.driver)];
  }
  const Stage &stored() const {
    return program.stages[static_cast<std::size_t>(dendrite.stored)];
  }
  const WeightBlock &block() const {
    return program.weights.blocks[static_cast<std::size_t>(dendrite.weights)];
  }
};

Error shapeError(const Site &site, const std::string &what) {
  return makeError(
      fmt::format("{} dendrite: {}", toString(site.dendrite.kind), what),
      site.where, "P3");
}

Status expectEqual(const Site &site, const char *what, std::int64_t value,
                   const char *limitName, std::int64_t limit) {
  if (value == limit)
    return Status::success();
  return shapeError(site, fmt::format("{} is {}, but {} is {}", what, value,
                                      limitName, limit));
}

Status verifyHeads(const Site &site) {
  const Dendrite &d = site.dendrite;
  if (d.headWidth < 1)
    return shapeError(
        site,
        fmt::format("head width is {}, but must be at least 1", d.headWidth));
  if (d.queryPerKey < 1)
    return shapeError(
        site, fmt::format("query heads per key head is {}, but must be at "
                          "least 1",
                          d.queryPerKey));
  return Status::success();
}

/// Shared by Scores and Mix: `heads` query heads read grouped key heads.
Status verifyKeyHeads(const Site &site, int heads) {
  const Dendrite &d = site.dendrite;
  if (heads % d.queryPerKey != 0)
    return shapeError(site,
                      fmt::format("{} heads are no multiple of {} query heads "
                                  "per key head",
                                  heads, d.queryPerKey));
  if (site.stored().perKey)
    return shapeError(site, "the stored operand counts its columns by keys");
  return expectEqual(site, "the stored operand's width", site.stored().width(),
                     "key heads x head width",
                     std::int64_t(heads / d.queryPerKey) * d.headWidth);
}

Status verifyEmbed(const Site &site) {
  SYNFIRE_TRY(expectEqual(site, "the number of weight rows", site.block().rows,
                          "the vocabulary", site.program.model.vocabulary));
  return expectEqual(site, "the number of weight columns", site.block().columns,
                     "the stage's width", site.stage.width());
}

Status verifyStatic(const Site &site) {
  SYNFIRE_TRY(expectEqual(site, "the number of weight rows", site.block().rows,
                          "the driver's width", site.driver().width()));
  return expectEqual(site, "the number of weight columns", site.block().columns,
                     "the stage's width", site.stage.width());
}

Status verifyRotary(const Site &site) {
  const Dendrite &d = site.dendrite;
  SYNFIRE_TRY(verifyHeads(site));
  if (d.headWidth % 2 != 0)
    return shapeError(site, fmt::format("head width {} is odd", d.headWidth));
  if (site.stage.width() % d.headWidth != 0)
    return shapeError(site,
                      fmt::format("the stage's width {} is no multiple of the "
                                  "head width {}",
                                  site.stage.width(), d.headWidth));
  SYNFIRE_TRY(expectEqual(site, "the driver's width", site.driver().width(),
                          "the stage's width", site.stage.width()));
  SYNFIRE_TRY(expectEqual(site, "the number of weight rows", site.block().rows,
                          "the context", site.program.model.context));
  SYNFIRE_TRY(expectEqual(site, "the number of weight columns",
                          site.block().columns, "the head width", d.headWidth));
  return expectEqual(site, "the number of weight bits", site.block().bits,
                     "the width of a coefficient", 16);
}

Status verifyHadamard(const Site &site) {
  const std::int64_t width = site.stage.width();
  const int block = site.dendrite.headWidth;
  if (block < 1 || (block & (block - 1)) != 0)
    return shapeError(
        site, fmt::format("the block width {} is no power of two", block));
  if (width % block != 0)
    return shapeError(site, fmt::format("the stage's width {} is no multiple "
                                        "of the block width {}",
                                        width, block));
  if (site.stage.perKey || site.driver().perKey)
    return shapeError(site, "blocks do not count their columns by keys");
  return expectEqual(site, "the driver's width", site.driver().width(),
                     "the stage's width", width);
}

Status verifyProduct(const Site &site) {
  std::int64_t n = site.stage.width();
  std::int64_t x = site.driver().width(), y = site.stored().width();
  if (n % x != 0 || n % y != 0 || (x != n && y != n))
    return shapeError(site,
                      fmt::format("operands of width {} and {} do not give {} "
                                  "neurons: both must divide it and one must "
                                  "equal it",
                                  x, y, n));
  return Status::success();
}

Status verifyScores(const Site &site) {
  const Dendrite &d = site.dendrite;
  SYNFIRE_TRY(verifyHeads(site));
  if (!site.stage.perKey)
    return shapeError(site, "the stage does not count its columns by keys");
  SYNFIRE_TRY(expectEqual(site, "the driver's width", site.driver().width(),
                          "heads x head width",
                          std::int64_t(site.stage.groups) * d.headWidth));
  return verifyKeyHeads(site, site.stage.groups);
}

Status verifyMix(const Site &site) {
  const Dendrite &d = site.dendrite;
  SYNFIRE_TRY(verifyHeads(site));
  if (!site.driver().perKey)
    return shapeError(site, "the driver does not count its columns by keys");
  SYNFIRE_TRY(expectEqual(site, "the stage's width", site.stage.width(),
                          "heads x head width",
                          std::int64_t(site.driver().groups) * d.headWidth));
  return verifyKeyHeads(site, site.driver().groups);
}

Status verifyDendrite(const Site &site) {
  switch (site.dendrite.kind) {
  case DendriteKind::Embed:
    return verifyEmbed(site);
  case DendriteKind::Static:
    return verifyStatic(site);
  case DendriteKind::Identity:
    return expectEqual(site, "the driver's width", site.driver().width(),
                       "the stage's width", site.stage.width());
  case DendriteKind::Sum:
    return expectEqual(site, "the driver's number of groups",
                       site.driver().groups, "the stage's width",
                       site.stage.width());
  case DendriteKind::Rotary:
    return verifyRotary(site);
  case DendriteKind::Product:
    return verifyProduct(site);
  case DendriteKind::Scores:
    return verifyScores(site);
  case DendriteKind::Mix:
    return verifyMix(site);
  case DendriteKind::Hadamard:
    return verifyHadamard(site);
  }
  return shapeError(site, "unknown kind");
}

} // namespace

Status verifyShapes(const Program &program) {
  for (std::size_t s = 0; s < program.stages.size(); ++s) {
    const Stage &stage = program.stages[s];
    std::string where = describeStage(program, s);
    // P2: the columns of a perKey stage are the positions of the context.
    if (stage.perKey && stage.groupWidth != program.model.context)
      return makeError(
          fmt::format("counts its columns by keys, but has {} columns and the "
                      "context is {}",
                      stage.groupWidth, program.model.context),
          where, "P2");
    for (const Dendrite &dendrite : stage.dendrites)
      SYNFIRE_TRY(verifyDendrite(Site{program, stage, dendrite, where}));
  }
  const Stage &output = program.stages.back();
  if (output.width() > program.model.vocabulary)
    return makeError(fmt::format("{} logits, but the vocabulary is {}",
                                 output.width(), program.model.vocabulary),
                     describeStage(program, program.stages.size() - 1), "P3");
  return Status::success();
}

} // namespace synfire

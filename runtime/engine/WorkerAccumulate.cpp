//===- WorkerAccumulate.cpp - the dendrites of a batch --------------------===//
#include "runtime/engine/PanelProduct.h"
#include "runtime/engine/Worker.h"

#include <algorithm>

namespace synfire {
namespace {

constexpr auto code = Accumulators::Type::Code;
constexpr auto integer = Accumulators::Type::Integer;
constexpr auto floating = Accumulators::Type::Double;

} // namespace

Accumulators Worker::accumulate(const StagePlan &stage,
                                const DendritePlan &part) {
  const Dendrite &dendrite = *part.source;
  const auto width = static_cast<std::ptrdiff_t>(stage.width);
  const std::size_t rows = rowCount(stage), firstRow = operandRow(stage, 0);
  const auto step = static_cast<std::ptrdiff_t>(operandStep(stage));
  void *data = accumulators.as<std::byte>();
  switch (dendrite.kind) {
  case DendriteKind::Embed:
    embed(stage, part);
    return {integer, data, width};
  case DendriteKind::Static: {
    const StagePlan &driver =
        plan.stages[static_cast<std::size_t>(dendrite.driver)];
    part.weights->multiply(codes(driver, firstRow),
                           step * static_cast<std::ptrdiff_t>(driver.codeWidth),
                           static_cast<std::ptrdiff_t>(rows), data,
                           stage.accStride, scratch);
    return {part.weights->inDoubles() ? floating : integer, data,
            stage.accStride};
  }
  case DendriteKind::Identity:
    return {code, codes(dendrite.driver, firstRow), step * width};
  case DendriteKind::Sum:
    sum(stage, part);
    return {integer, data, width};
  case DendriteKind::Rotary: {
    const auto headWidth = static_cast<std::size_t>(dendrite.headWidth);
    for (std::size_t r = 0; r < rows; ++r) {
      const std::size_t row = operandRow(stage, r);
      rotate(codes(dendrite.driver, row), stage.width / headWidth, headWidth,
             part.rotary + position(row) * headWidth,
             accumulators.as<std::int64_t>() + r * stage.width);
    }
    return {integer, data, width};
  }
  case DendriteKind::Hadamard: {
    const auto block = static_cast<std::size_t>(dendrite.headWidth);
    for (std::size_t r = 0; r < rows; ++r)
      addBlocks(codes(dendrite.driver, operandRow(stage, r)), stage.width,
                block, accumulators.as<std::int64_t>() + r * stage.width);
    return {integer, data, width};
  }
  case DendriteKind::Product:
    product(stage, part);
    return {integer, data, width};
  case DendriteKind::Mix:
    if (part.inDoubles)
      mix<double>(stage, part);
    else
      mix<std::int64_t>(stage, part);
    return {part.inDoubles ? floating : integer, data, stage.accStride};
  case DendriteKind::Scores: // only in perKey stages
    break;
  }
  return {};
}

void Worker::embed(const StagePlan &stage, const DendritePlan &part) {
  tokenRow.resize(stage.width);
  auto *out = accumulators.as<std::int64_t>();
  for (std::size_t r = 0; r < rowCount(stage); ++r, out += stage.width) {
    const std::size_t row = operandRow(stage, r), frame = row % plan.frames;
    if (frame == 0 || stage.output())
      unpackWeights(plan.program->weights, part.source->weights,
                    batch.tokens[row / plan.frames], tokenRow.data());
    const auto entered =
        static_cast<std::int32_t>(part.source->everyFrame ? frame + 1 : 1);
    multiplyRepeated(&entered, stage.width, tokenRow.data(), stage.width, out);
  }
}

void Worker::sum(const StagePlan &stage, const DendritePlan &part) {
  const StagePlan &driver =
      plan.stages[static_cast<std::size_t>(part.source->driver)];
  auto *out = accumulators.as<std::int64_t>();
  for (std::size_t r = 0; r < rowCount(stage); ++r) {
    const std::size_t row = operandRow(stage, r);
    const std::size_t active =
        driver.perKey() ? activeKeys(row) : driver.groupWidth;
    for (std::size_t g = 0; g < stage.width; ++g)
      *out++ = sumCodes(codes(driver, row) + g * driver.groupStride, active);
  }
}

void Worker::product(const StagePlan &stage, const DendritePlan &part) {
  const StagePlan *x =
      &plan.stages[static_cast<std::size_t>(part.source->driver)];
  const StagePlan *y =
      &plan.stages[static_cast<std::size_t>(part.source->stored)];
  if (x->width > y->width)
    std::swap(x, y);
  auto *out = accumulators.as<std::int64_t>();
  // Where rows follow each other without a gap, so does the repetition.
  const bool oneRun = operandStep(stage) == 1;
  const std::size_t runs = oneRun ? 1 : rowCount(stage);
  const std::size_t length =
      oneRun ? rowCount(stage) * stage.width : stage.width;
  for (std::size_t r = 0; r < runs; ++r, out += length) {
    const std::size_t row = operandRow(stage, r);
    if (x->width == y->width)
      multiplyCodes(codes(*x, row), codes(*y, row), length, out);
    else
      multiplyRepeated(codes(*x, row), stage.width / x->width, codes(*y, row),
                       length, out);
  }
}

template <typename Scalar>
void Worker::mix(const StagePlan &stage, const DendritePlan &part) {
  const StagePlan &driver =
      plan.stages[static_cast<std::size_t>(part.source->driver)];
  const auto &values =
      shared.stored[static_cast<std::size_t>(part.stored)].values(Scalar());
  const auto headWidth = static_cast<std::size_t>(part.source->headWidth);
  const auto queryPerKey = static_cast<std::size_t>(part.source->queryPerKey);
  const std::size_t allRows = rowCount(stage);
  operand.reserve(panelRows * driver.groupStride * sizeof(Scalar));
  auto *x = operand.as<Scalar>();
  for (std::size_t h = 0; h < driver.groups; ++h)
    for (std::size_t r = 0; r < allRows; r += panelRows) {
      const std::size_t rows = std::min<std::size_t>(panelRows, allRows - r);
      const std::size_t keys = activeKeys(operandRow(stage, r + rows - 1));
      for (std::size_t i = 0; i < rows; ++i) {
        const std::size_t row = operandRow(stage, r + i);
        const std::size_t complete = activeKeys(row) - !isLastFrame(row);
        widen(codes(driver, row) + h * driver.groupStride, complete,
              x + i * keys);
        std::fill(x + i * keys + complete, x + (i + 1) * keys, Scalar(0));
      }
      PanelOperands<Scalar> operands;
      operands.x = x;
      operands.xStride = operands.depth = static_cast<std::ptrdiff_t>(keys);
      operands.rows = static_cast<std::ptrdiff_t>(rows);
      operands.panels =
          values.panels(static_cast<std::ptrdiff_t>(h / queryPerKey));
      operands.panelStride = values.panelStride();
      operands.panelCount = values.panelCount();
      operands.out = accumulators.as<Scalar>() +
                     static_cast<std::ptrdiff_t>(r) * stage.accStride +
                     static_cast<std::ptrdiff_t>(h * headWidth);
      operands.outStride = stage.accStride;
      multiplyPanels(operands);
      // The cache holds what the own key's value has come to in the last
      // frame; in the others both factors are still under way.
      for (std::size_t i = 0; i < rows; ++i) {
        const std::size_t row = operandRow(stage, r + i);
        if (!isLastFrame(row))
          addMultiple(
              codes(driver, row)[h * driver.groupStride + position(row)],
              codes(part.source->stored, row) + h / queryPerKey * headWidth,
              headWidth,
              operands.out + static_cast<std::ptrdiff_t>(i) * stage.accStride);
      }
    }
}

Accumulators Worker::accumulateKeys(const StagePlan &stage,
                                    const DendritePlan &part,
                                    const KeyBlock &block) {
  const void *data = accumulators.as<std::byte>();
  const auto stride = static_cast<std::ptrdiff_t>(block.stride);
  switch (part.source->kind) {
  case DendriteKind::Scores:
    if (part.inDoubles)
      scores<double>(part, block);
    else
      scores<std::int64_t>(part, block);
    return {part.inDoubles ? floating : integer, data, stride};
  case DendriteKind::Identity: {
    const StagePlan &driver =
        plan.stages[static_cast<std::size_t>(part.source->driver)];
    return {code,
            codes(driver, block.firstRow) + block.group * driver.groupStride,
            static_cast<std::ptrdiff_t>(driver.codeWidth)};
  }
  default: // Product, the only other kind of a perKey stage
    productKeys(stage, part, block);
    return {integer, data, stage.accStride};
  }
}

template <typename Scalar>
void Worker::scores(const DendritePlan &part, const KeyBlock &block) {
  const auto &keys =
      shared.stored[static_cast<std::size_t>(part.stored)].keys(Scalar());
  const auto headWidth = static_cast<std::size_t>(part.source->headWidth);
  const std::size_t keyHead =
      block.group / static_cast<std::size_t>(part.source->queryPerKey);
  operand.reserve(plan.keyRows * headWidth * sizeof(Scalar));
  auto *x = operand.as<Scalar>();
  for (std::size_t i = 0; i < block.rows; ++i)
    widen(codes(part.source->driver, block.firstRow + i) +
              block.group * headWidth,
          headWidth, x + i * headWidth);
  PanelOperands<Scalar> operands;
  operands.xStride = operands.depth = static_cast<std::ptrdiff_t>(headWidth);
  operands.panels = keys.panels(static_cast<std::ptrdiff_t>(keyHead));
  operands.panelStride = keys.panelStride();
  operands.outStride = static_cast<std::ptrdiff_t>(block.stride);
  operands.panelCount = operands.outStride / panelColumns;
  const auto rows = static_cast<std::ptrdiff_t>(block.rows);
  for (std::ptrdiff_t i = 0; i < rows; i += panelRows) {
    operands.x = x + i * operands.xStride;
    operands.rows = std::min(panelRows, rows - i);
    operands.out = accumulators.as<Scalar>() + i * operands.outStride;
    multiplyPanels(operands);
  }
  // Before the last frame the own key is not what the cache holds.
  for (std::size_t i = 0; i < block.rows; ++i) {
    const std::size_t row = block.firstRow + i;
    if (!isLastFrame(row))
      accumulators.as<Scalar>()[i * block.stride + position(row)] =
          static_cast<Scalar>(dotCodes(
              codes(part.source->driver, row) + block.group * headWidth,
              codes(part.source->stored, row) + keyHead * headWidth,
              headWidth));
  }
}

void Worker::productKeys(const StagePlan &stage, const DendritePlan &part,
                         const KeyBlock &block) {
  const StagePlan *x =
      &plan.stages[static_cast<std::size_t>(part.source->driver)];
  const StagePlan *y =
      &plan.stages[static_cast<std::size_t>(part.source->stored)];
  if (!y->perKey())
    std::swap(x, y);
  for (std::size_t i = 0; i < block.rows; ++i) {
    const std::size_t row = block.firstRow + i;
    std::int64_t *out = accumulators.as<std::int64_t>() +
                        static_cast<std::ptrdiff_t>(i) * stage.accStride;
    const std::int32_t *many = codes(*y, row) + block.group * y->groupStride;
    if (x->perKey())
      multiplyCodes(codes(*x, row) + block.group * x->groupStride, many,
                    activeKeys(row), out);
    else
      multiplyRepeated(codes(*x, row) + (x->width == 1 ? 0 : block.group),
                       activeKeys(row), many, activeKeys(row), out);
  }
}

} // namespace synfire

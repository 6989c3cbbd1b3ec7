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
  void *data = accumulators.as<std::byte>();
  switch (dendrite.kind) {
  case DendriteKind::Embed:
    embed(stage, part);
    return {code, data, width};
  case DendriteKind::Static: {
    const StagePlan &driver =
        plan.stages[static_cast<std::size_t>(dendrite.driver)];
    part.weights->multiply(codes(driver, 0),
                           static_cast<std::ptrdiff_t>(driver.codeWidth),
                           static_cast<std::ptrdiff_t>(batch.count), data,
                           stage.accStride, scratch);
    return {part.weights->inDoubles() ? floating : integer, data,
            stage.accStride};
  }
  case DendriteKind::Identity:
    return {code, codes(dendrite.driver, 0), width};
  case DendriteKind::Sum:
    sum(stage, part);
    return {integer, data, width};
  case DendriteKind::Rotary: {
    const auto headWidth = static_cast<std::size_t>(dendrite.headWidth);
    for (std::size_t r = 0; r < batch.count; ++r)
      rotate(codes(dendrite.driver, r), stage.width / headWidth, headWidth,
             part.rotary + (batch.firstPosition + r) * headWidth,
             accumulators.as<std::int64_t>() + r * stage.width);
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
  for (std::size_t r = 0; r < batch.count; ++r)
    unpackWeights(plan.program->weights, part.source->weights, batch.tokens[r],
                  accumulators.as<std::int32_t>() + r * stage.width);
}

void Worker::sum(const StagePlan &stage, const DendritePlan &part) {
  const StagePlan &driver =
      plan.stages[static_cast<std::size_t>(part.source->driver)];
  auto *out = accumulators.as<std::int64_t>();
  for (std::size_t r = 0; r < batch.count; ++r) {
    const std::size_t active =
        driver.perKey() ? activeKeys(r) : driver.groupWidth;
    for (std::size_t g = 0; g < stage.width; ++g)
      *out++ = sumCodes(codes(driver, r) + g * driver.groupStride, active);
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
  if (x->width == y->width)
    return multiplyCodes(codes(*x, 0), codes(*y, 0), batch.count * stage.width,
                         out);
  // Rows follow each other without a gap, so the repetition runs through.
  multiplyRepeated(codes(*x, 0), stage.width / x->width, codes(*y, 0),
                   batch.count * stage.width, out);
}

template <typename Scalar>
void Worker::mix(const StagePlan &stage, const DendritePlan &part) {
  const StagePlan &driver =
      plan.stages[static_cast<std::size_t>(part.source->driver)];
  const auto &values =
      shared.stored[static_cast<std::size_t>(part.stored)].values(Scalar());
  const auto headWidth = static_cast<std::size_t>(part.source->headWidth);
  const auto queryPerKey = static_cast<std::size_t>(part.source->queryPerKey);
  operand.reserve(panelRows * driver.groupStride * sizeof(Scalar));
  auto *x = operand.as<Scalar>();
  for (std::size_t h = 0; h < driver.groups; ++h)
    for (std::size_t r = 0; r < batch.count; r += panelRows) {
      const std::size_t rows =
          std::min<std::size_t>(panelRows, batch.count - r);
      const std::size_t keys = activeKeys(r + rows - 1);
      for (std::size_t i = 0; i < rows; ++i) {
        const std::size_t active = activeKeys(r + i);
        widen(codes(driver, r + i) + h * driver.groupStride, active,
              x + i * keys);
        std::fill(x + i * keys + active, x + (i + 1) * keys, Scalar(0));
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
  operand.reserve(keyBlockRows * headWidth * sizeof(Scalar));
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

//===- StaticWeights.cpp - one weight block, ready to multiply ------------===//
#include "runtime/engine/StaticWeights.h"

#include "runtime/engine/ByteProduct.h"
#include "runtime/engine/Elementwise.h"
#include "runtime/engine/PanelProduct.h"
#include "runtime/engine/WordProduct.h"
#include "runtime/support/Simd.h"

#include <algorithm>
#include <cstdlib>

namespace synfire {
namespace {

/// Signed sums of this width are exact as doubles, in any order.
constexpr int doubleBits = 54;
/// Panels that are brought into form together when the weights are not held.
constexpr std::ptrdiff_t panelsAtOnce = 16;

std::ptrdiff_t roundUp(std::ptrdiff_t value, std::ptrdiff_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

std::int32_t readLittleEndian(const std::uint8_t *bytes, int count) {
  std::uint32_t value = 0;
  for (int i = 0; i < count; ++i)
    value |= std::uint32_t(bytes[i]) << (8 * i);
  const int unused = 32 - 8 * count;
  return static_cast<std::int32_t>(value << unused) >> unused;
}

/// Memory of one weight.
std::size_t weightBytes(StaticProduct form) {
  return form == StaticProduct::Bytes   ? 1
         : form == StaticProduct::Words ? 2
                                        : 8;
}

} // namespace

void unpackWeights(const WeightStore &store, int block, std::int64_t row,
                   std::int32_t *out) {
  const WeightBlock &shape = store.blocks[static_cast<std::size_t>(block)];
  const std::uint8_t *bytes =
      store.data(block) + static_cast<std::uint64_t>(row) * shape.rowBytes();
  const auto columns = static_cast<std::size_t>(shape.columns);
  if (shape.bits == 4) {
    for (std::size_t c = 0; c < columns; ++c) {
      const std::uint32_t nibble = bytes[c / 2] >> (c % 2 * 4);
      out[c] = static_cast<std::int32_t>(nibble << 28) >> 28;
    }
    return;
  }
  if (shape.bits == 8) {
    for (std::size_t c = 0; c < columns; ++c)
      out[c] = static_cast<std::int8_t>(bytes[c]);
    return;
  }
  const int size = shape.bits / 8;
  for (std::size_t c = 0; c < columns; ++c)
    out[c] = readLittleEndian(bytes + c * static_cast<std::size_t>(size), size);
}

StaticProduct StaticWeights::choose(StaticProduct wanted,
                                    const WeightBlock &block,
                                    std::int64_t codeLimit,
                                    int accumulatorBits) {
  const bool bytes = hasVnni() && block.bits <= 8 &&
                     byteDigits(codeLimit) > 0 && block.rows < mostByteDepth;
  const bool words = hasVnni() && block.bits <= 16 && codeLimit <= mostWordCode;
  const bool doubles = accumulatorBits <= doubleBits;
  const bool fastest = wanted == StaticProduct::Fastest;
  if (bytes && (fastest || wanted == StaticProduct::Bytes))
    return StaticProduct::Bytes;
  if (words && (fastest || wanted == StaticProduct::Words))
    return StaticProduct::Words;
  if (doubles && (fastest || wanted == StaticProduct::Doubles))
    return StaticProduct::Doubles;
  return StaticProduct::Integers;
}

std::uint64_t StaticWeights::heldBytes(StaticProduct form,
                                       const WeightBlock &block) {
  return static_cast<std::uint64_t>(block.rows * block.columns) *
         weightBytes(form);
}

StaticWeights::StaticWeights(const WeightStore &weightStore, int index,
                             StaticProduct form, std::int64_t codeLimit,
                             bool hold)
    : store(weightStore), block(index), product(form) {
  const WeightBlock &shape = store.blocks[static_cast<std::size_t>(block)];
  inputs = shape.rows;
  outputs = shape.columns;
  depth = inputs;
  if (product == StaticProduct::Bytes)
    prepareBytes(codeLimit);
  if (product == StaticProduct::Words)
    prepareWords(codeLimit);
  if (hold) {
    const std::ptrdiff_t panels = paddedColumns() / columnsPerPanel();
    held.resize(static_cast<std::size_t>(panels) * panelBytes());
    std::vector<std::int32_t> row;
    pack(0, panels, held.as<std::uint8_t>(), row);
  }
}

void StaticWeights::prepareBytes(std::int64_t codeLimit) {
  depth = roundUp(inputs, byteGroup);
  digits = byteDigits(codeLimit);
  shiftedSums.assign(static_cast<std::size_t>(paddedColumns()), 0);
  std::vector<std::int32_t> row(static_cast<std::size_t>(outputs));
  for (std::ptrdiff_t k = 0; k < inputs; ++k) {
    unpackWeights(store, block, k, row.data());
    for (std::size_t j = 0; j < row.size(); ++j)
      shiftedSums[j] += row[j];
  }
  for (std::int64_t &sum : shiftedSums)
    sum *= std::int64_t(1) << (8 * digits - 1);
}

void StaticWeights::prepareWords(std::int64_t codeLimit) {
  depth = roundUp(inputs, wordGroup);
  const WordDigits words = wordDigits(codeLimit);
  digitShift = words.shift;
  segment = depth;
  while (segment > wordGroup && !fitsSegments(segment, words.limit))
    segment = roundUp((segment + 1) / 2, wordGroup);
}

bool StaticWeights::fitsSegments(std::ptrdiff_t length,
                                 std::int64_t digitLimit) const {
  std::vector<std::int32_t> row(static_cast<std::size_t>(outputs));
  std::vector<std::int64_t> sums;
  for (std::ptrdiff_t k = 0; k < inputs; ++k) {
    if (k % length == 0)
      sums.assign(row.size(), 0);
    unpackWeights(store, block, k, row.data());
    for (std::size_t j = 0; j < row.size(); ++j) {
      sums[j] += std::abs(std::int64_t(row[j])) * digitLimit;
      if (sums[j] > INT32_MAX)
        return false;
    }
  }
  return true;
}

std::ptrdiff_t StaticWeights::columnsPerPanel() const {
  switch (product) {
  case StaticProduct::Bytes:
    return bytePanelColumns;
  case StaticProduct::Words:
    return wordPanelColumns;
  default:
    return panelColumns;
  }
}

std::ptrdiff_t StaticWeights::paddedColumns() const {
  return roundUp(outputs, columnsPerPanel());
}

std::size_t StaticWeights::panelBytes() const {
  return static_cast<std::size_t>(columnsPerPanel() * depth) *
         weightBytes(product);
}

void StaticWeights::pack(std::ptrdiff_t firstColumn, std::ptrdiff_t panelCount,
                         std::uint8_t *panels,
                         std::vector<std::int32_t> &row) const {
  const std::ptrdiff_t width = columnsPerPanel();
  const std::ptrdiff_t columns =
      std::min(outputs - firstColumn, panelCount * width);
  row.resize(static_cast<std::size_t>(outputs));
  for (std::ptrdiff_t k = 0; k < inputs; ++k) {
    unpackWeights(store, block, k, row.data());
    for (std::ptrdiff_t c = 0; c < columns; ++c) {
      const std::int32_t weight =
          row[static_cast<std::size_t>(firstColumn + c)];
      std::uint8_t *panel =
          panels + static_cast<std::size_t>(c / width) * panelBytes();
      const std::ptrdiff_t lane = c % width;
      if (product == StaticProduct::Bytes)
        panel[k / byteGroup * byteGroup * width + lane * byteGroup +
              k % byteGroup] = static_cast<std::uint8_t>(weight);
      else if (product == StaticProduct::Words)
        reinterpret_cast<std::int16_t *>(
            panel)[k / wordGroup * wordGroup * width + lane * wordGroup +
                   k % wordGroup] = static_cast<std::int16_t>(weight);
      else if (product == StaticProduct::Doubles)
        reinterpret_cast<double *>(panel)[k * width + lane] = weight;
      else
        reinterpret_cast<std::int64_t *>(panel)[k * width + lane] = weight;
    }
  }
}

template <typename Work>
void StaticWeights::forPanels(StaticScratch &scratch, const Work &work) const {
  const std::ptrdiff_t panels = paddedColumns() / columnsPerPanel();
  if (!held.empty())
    return work(0, panels, held.as<std::byte>());
  for (std::ptrdiff_t first = 0; first < panels; first += panelsAtOnce) {
    const std::ptrdiff_t count = std::min(panelsAtOnce, panels - first);
    scratch.panels.resize(static_cast<std::size_t>(count) * panelBytes());
    auto *bytes = scratch.panels.as<std::uint8_t>();
    pack(first * columnsPerPanel(), count, bytes, scratch.row);
    work(first, count, bytes);
  }
}

void StaticWeights::multiply(const std::int32_t *codes,
                             std::ptrdiff_t codeStride, std::ptrdiff_t rows,
                             void *acc, std::ptrdiff_t accStride,
                             StaticScratch &scratch) const {
  if (product == StaticProduct::Bytes)
    multiplyByteDigits(codes, codeStride, rows,
                       static_cast<std::int64_t *>(acc), accStride, scratch);
  else if (product == StaticProduct::Words)
    multiplyWordDigits(codes, codeStride, rows,
                       static_cast<std::int64_t *>(acc), accStride, scratch);
  else if (product == StaticProduct::Doubles)
    multiplyScalars(codes, codeStride, rows, static_cast<double *>(acc),
                    accStride, scratch);
  else
    multiplyScalars(codes, codeStride, rows, static_cast<std::int64_t *>(acc),
                    accStride, scratch);
}

void StaticWeights::multiplyByteDigits(const std::int32_t *codes,
                                       std::ptrdiff_t codeStride,
                                       std::ptrdiff_t rows, std::int64_t *acc,
                                       std::ptrdiff_t accStride,
                                       StaticScratch &scratch) const {
  const std::ptrdiff_t rowBytes = depth * digits;
  scratch.operand.reserve(static_cast<std::size_t>(rows * rowBytes));
  auto *digitRows = scratch.operand.as<std::uint8_t>();
  // The digits from `inputs` to `depth` meet weights that are zero.
  for (std::ptrdiff_t r = 0; r < rows; ++r)
    splitCodes(codes + r * codeStride, inputs, digits, digitRows + r * rowBytes,
               depth);
  ByteOperands operands;
  operands.digits = digitRows;
  operands.depth = depth;
  operands.digitCount = digits;
  operands.rows = rows;
  operands.outStride = accStride;
  forPanels(scratch, [&](std::ptrdiff_t first, std::ptrdiff_t count,
                         const void *panels) {
    operands.panels = static_cast<const std::int8_t *>(panels);
    operands.panelCount = count;
    operands.shiftedSums = shiftedSums.data() + first * bytePanelColumns;
    operands.out = acc + first * bytePanelColumns;
    multiplyBytes(operands);
  });
}

void StaticWeights::multiplyWordDigits(const std::int32_t *codes,
                                       std::ptrdiff_t codeStride,
                                       std::ptrdiff_t rows, std::int64_t *acc,
                                       std::ptrdiff_t accStride,
                                       StaticScratch &scratch) const {
  const std::ptrdiff_t rowWords = 2 * depth;
  scratch.operand.reserve(static_cast<std::size_t>(rows * rowWords) *
                          sizeof(std::int16_t));
  auto *digitRows = scratch.operand.as<std::int16_t>();
  // The digits from `inputs` to `depth` meet weights that are zero.
  for (std::ptrdiff_t r = 0; r < rows; ++r)
    splitWords(codes + r * codeStride, inputs, digitShift,
               digitRows + r * rowWords, depth);
  WordOperands operands;
  operands.digits = digitRows;
  operands.depth = depth;
  operands.segment = segment;
  operands.shift = digitShift;
  operands.rows = rows;
  operands.outStride = accStride;
  forPanels(scratch, [&](std::ptrdiff_t first, std::ptrdiff_t count,
                         const void *panels) {
    operands.panels = static_cast<const std::int16_t *>(panels);
    operands.panelCount = count;
    operands.out = acc + first * wordPanelColumns;
    multiplyWords(operands);
  });
}

template <typename Scalar>
void StaticWeights::multiplyScalars(const std::int32_t *codes,
                                    std::ptrdiff_t codeStride,
                                    std::ptrdiff_t rows, Scalar *acc,
                                    std::ptrdiff_t accStride,
                                    StaticScratch &scratch) const {
  scratch.operand.reserve(static_cast<std::size_t>(rows * depth) *
                          sizeof(Scalar));
  auto *x = scratch.operand.as<Scalar>();
  for (std::ptrdiff_t r = 0; r < rows; ++r)
    widen(codes + r * codeStride, static_cast<std::size_t>(depth),
          x + r * depth);
  PanelOperands<Scalar> operands;
  operands.xStride = depth;
  operands.depth = depth;
  operands.panelStride = depth * panelColumns;
  operands.outStride = accStride;
  forPanels(scratch, [&](std::ptrdiff_t first, std::ptrdiff_t count,
                         const void *panels) {
    operands.panels = static_cast<const Scalar *>(panels);
    operands.panelCount = count;
    for (std::ptrdiff_t r = 0; r < rows; r += panelRows) {
      operands.x = x + r * depth;
      operands.rows = std::min(panelRows, rows - r);
      operands.out = acc + r * accStride + first * panelColumns;
      multiplyPanels(operands);
    }
  });
}

} // namespace synfire

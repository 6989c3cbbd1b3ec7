//===- StaticWeights.h - one weight block, ready to multiply ----*- C++ -*-===//
//
// Chooses the fastest proven form of a Static dendrite's product and holds the
// weights in that form, or, for models that would not fit, brings them into
// form panel by panel for every batch.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_ENGINE_STATICWEIGHTS_H
#define SYNFIRE_RUNTIME_ENGINE_STATICWEIGHTS_H

#include "runtime/engine/AlignedBuffer.h"
#include "runtime/engine/Engine.h"
#include "runtime/program/Program.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace synfire {

/// Row `row` of a block, sign-extended.
void unpackWeights(const WeightStore &store, int block, std::int64_t row,
                   std::int32_t *out);

/// Reusable memory of one thread.
struct StaticScratch {
  AlignedBuffer operand;         ///< codes in the form of the product
  AlignedBuffer panels;          ///< weights that are not held
  std::vector<std::int32_t> row; ///< one unpacked row
};

class StaticWeights {
public:
  /// The form that `wanted` leads to where the driver's codes stay within
  /// codeLimit and sums within accumulatorBits.
  static StaticProduct choose(StaticProduct wanted, const WeightBlock &block,
                              std::int64_t codeLimit, int accumulatorBits);
  /// Bytes that holding the block in a form takes.
  static std::uint64_t heldBytes(StaticProduct form, const WeightBlock &block);

  StaticWeights(const WeightStore &store, int block, StaticProduct form,
                std::int64_t codeLimit, bool hold);

  StaticProduct form() const { return product; }
  /// Whether multiply() writes doubles; otherwise 64-bit integers.
  bool inDoubles() const { return product == StaticProduct::Doubles; }
  /// Columns up to which multiply() writes.
  std::ptrdiff_t paddedColumns() const;

  /// acc[r][j] = sum over i of codes[r][i] * W[i][j] for each row r; acc holds
  /// doubles or 64-bit integers with paddedColumns() <= accStride.
  void multiply(const std::int32_t *codes, std::ptrdiff_t codeStride,
                std::ptrdiff_t rows, void *acc, std::ptrdiff_t accStride,
                StaticScratch &scratch) const;

private:
  std::ptrdiff_t columnsPerPanel() const;
  std::size_t panelBytes() const;
  /// How codes are cut, and what the product needs to know of the weights.
  void prepareBytes(std::int64_t codeLimit);
  void prepareWords(std::int64_t codeLimit);
  /// Whether sums over `segment` inputs times a digit fit 32 bits.
  bool fitsSegments(std::ptrdiff_t segment, std::int64_t digitLimit) const;
  void pack(std::ptrdiff_t firstColumn, std::ptrdiff_t panelCount,
            std::uint8_t *panels, std::vector<std::int32_t> &row) const;
  /// work(first panel, panels, memory) over all panels, held or made now.
  template <typename Work>
  void forPanels(StaticScratch &scratch, const Work &work) const;
  void multiplyByteDigits(const std::int32_t *codes, std::ptrdiff_t codeStride,
                          std::ptrdiff_t rows, std::int64_t *acc,
                          std::ptrdiff_t accStride,
                          StaticScratch &scratch) const;
  void multiplyWordDigits(const std::int32_t *codes, std::ptrdiff_t codeStride,
                          std::ptrdiff_t rows, std::int64_t *acc,
                          std::ptrdiff_t accStride,
                          StaticScratch &scratch) const;
  template <typename Scalar>
  void multiplyScalars(const std::int32_t *codes, std::ptrdiff_t codeStride,
                       std::ptrdiff_t rows, Scalar *acc,
                       std::ptrdiff_t accStride, StaticScratch &scratch) const;

  const WeightStore &store;
  int block;
  StaticProduct product;
  std::ptrdiff_t inputs, outputs, depth;
  AlignedBuffer held;
  int digits = 0;                        ///< Bytes
  std::vector<std::int64_t> shiftedSums; ///< Bytes
  int digitShift = 0;                    ///< Words
  std::ptrdiff_t segment = 0;            ///< Words
};

} // namespace synfire

#endif // SYNFIRE_RUNTIME_ENGINE_STATICWEIGHTS_H

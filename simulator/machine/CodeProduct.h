//===- CodeProduct.h - rows of synapse memory times codes -------*- C++ -*-===//
//
// What the events of a window add to the accumulators of a static dendrite
// depends on them through their codes alone (program.md, P2 and P3). So a row
// is read once, with the code of its neuron, and not once for each event.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_CODEPRODUCT_H
#define SYNFIRE_SIMULATOR_MACHINE_CODEPRODUCT_H

#include <cstddef>
#include <cstdint>
#include <vector>

namespace synfire {

/// Rows are kept in panels of as many columns as fit a cache line; the rows of
/// a panel follow each other without a gap, so that reading them is one stream.
constexpr std::size_t panelBytes = 64;

/// Neurons that have fired and their codes, as the product reads them.
class RowCodes {
public:
  void clear();
  /// Takes those of `codes` that are not zero; codes[i] is that of row
  /// firstRow + i, and at most 2^32 - 2 in either direction. Rows ascend from
  /// call to call for the best speed.
  void add(std::int32_t firstRow, const std::int64_t *codes, std::size_t count);
  /// After the last add(). `ofBytes`: for products with 8-bit weights.
  void close(bool ofBytes);

  bool empty() const { return plus.empty() && minus.empty(); }
  std::size_t size() const { return plus.size() + minus.size(); }
  /// All codes have one magnitude: then rows need no multiplication.
  bool sharesMagnitude() const { return smallest == largest; }
  std::int32_t magnitude() const { return largest; }
  /// Rows with positive and with negative codes, ascending.
  const std::vector<std::int32_t> &plusRows() const { return plus; }
  const std::vector<std::int32_t> &minusRows() const { return minus; }

  /// accumulators[j] += sum over rows of code x memory[row x stride + j], for
  /// `columns` <= panelBytes / size of a weight.
  void addProducts(const std::int8_t *memory, std::size_t stride,
                   std::size_t columns, std::int64_t *accumulators) const;
  void addProducts(const std::int16_t *memory, std::size_t stride,
                   std::size_t columns, std::int64_t *accumulators) const;
  void addProducts(const std::int32_t *memory, std::size_t stride,
                   std::size_t columns, std::int64_t *accumulators) const;

private:
  void keep(std::int32_t row, std::int32_t code);
  void splitDigits(const std::vector<std::int32_t> &codes,
                   std::vector<std::uint32_t> &digits) const;
  int digitCount() const;
  template <typename Weight>
  void addScaled(const Weight *memory, std::size_t stride, std::size_t columns,
                 std::int64_t *accumulators) const;

  std::vector<std::int32_t> plus, minus, plusCodes, minusCodes;
  std::int32_t smallest = 0, largest = 0; ///< magnitudes
  /// [four rows][digit]: of the magnitudes, a byte for each of the rows.
  std::vector<std::uint32_t> plusDigits, minusDigits;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_CODEPRODUCT_H

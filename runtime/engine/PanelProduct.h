//===- PanelProduct.h - exact products of rows with panels ------*- C++ -*-===//
//
// A panel holds eight columns of a matrix, row by row, so that the inner loop
// reads both operands in order. Doubles are exact where every partial sum stays
// within 2^53; 64-bit integers (which may wrap on the way) are exact whenever
// the result fits, and serve where that proof is missing.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_ENGINE_PANELPRODUCT_H
#define SYNFIRE_RUNTIME_ENGINE_PANELPRODUCT_H

#include <cstddef>
#include <cstdint>

namespace synfire {

constexpr std::ptrdiff_t panelColumns = 8;
/// Most rows that one call multiplies.
constexpr std::ptrdiff_t panelRows = 6;

/// out[r][8 * b + c] = sum over k < depth of x[r][k] * panel b [k][c], for
/// rows <= panelRows; panel b starts at panels + b * panelStride.
template <typename Scalar> struct PanelOperands {
  const Scalar *x = nullptr;
  std::ptrdiff_t xStride = 0;
  std::ptrdiff_t rows = 0;
  std::ptrdiff_t depth = 0;
  const Scalar *panels = nullptr;
  std::ptrdiff_t panelStride = 0;
  std::ptrdiff_t panelCount = 0;
  Scalar *out = nullptr;
  std::ptrdiff_t outStride = 0;
};
void multiplyPanels(const PanelOperands<double> &operands);
void multiplyPanels(const PanelOperands<std::int64_t> &operands);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_ENGINE_PANELPRODUCT_H

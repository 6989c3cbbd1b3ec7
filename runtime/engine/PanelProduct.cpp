//===- PanelProduct.cpp - exact products of rows with panels --------------===//
#include "runtime/engine/PanelProduct.h"

#include "runtime/support/Simd.h"

namespace synfire {
namespace {

// Half a panel: 32 bytes is the widest vector that every version has registers
// enough for (6 rows x 2 halves of sums, 2 of weights).
template <typename Scalar> struct Half {
  typedef Scalar Vector __attribute__((vector_size(32)));
};

template <int rows, typename Scalar>
__attribute__((always_inline)) inline void
multiplyTile(const Scalar *x, std::ptrdiff_t xStride, std::ptrdiff_t depth,
             const Scalar *panel, Scalar *out, std::ptrdiff_t outStride) {
  typename Half<Scalar>::Vector low[rows] = {}, high[rows] = {};
  for (std::ptrdiff_t k = 0; k < depth; ++k) {
    typename Half<Scalar>::Vector first, second;
    __builtin_memcpy(&first, panel + 8 * k, sizeof first);
    __builtin_memcpy(&second, panel + 8 * k + 4, sizeof second);
    for (int r = 0; r < rows; ++r) {
      const Scalar factor = x[r * xStride + k];
      low[r] += first * factor;
      high[r] += second * factor;
    }
  }
  for (int r = 0; r < rows; ++r) {
    __builtin_memcpy(out + r * outStride, &low[r], sizeof low[r]);
    __builtin_memcpy(out + r * outStride + 4, &high[r], sizeof high[r]);
  }
}

template <int rows, typename Scalar>
__attribute__((always_inline)) inline void
multiplyRows(const PanelOperands<Scalar> &o) {
  for (std::ptrdiff_t b = 0; b < o.panelCount; ++b)
    multiplyTile<rows>(o.x, o.xStride, o.depth, o.panels + b * o.panelStride,
                       o.out + b * panelColumns, o.outStride);
}

template <typename Scalar>
__attribute__((always_inline)) inline void
multiply(const PanelOperands<Scalar> &o) {
  switch (o.rows) {
  case 1:
    return multiplyRows<1>(o);
  case 2:
    return multiplyRows<2>(o);
  case 3:
    return multiplyRows<3>(o);
  case 4:
    return multiplyRows<4>(o);
  case 5:
    return multiplyRows<5>(o);
  case 6:
    return multiplyRows<6>(o);
  default:
    return;
  }
}

} // namespace

SYNFIRE_MULTIVERSION void multiplyPanels(const PanelOperands<double> &o) {
  multiply(o);
}

SYNFIRE_MULTIVERSION void multiplyPanels(const PanelOperands<std::int64_t> &o) {
  multiply(o);
}

} // namespace synfire

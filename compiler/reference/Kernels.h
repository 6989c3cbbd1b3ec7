//===- Kernels.h - float loops of the reference -----------------*- C++ -*-===//
//
// Rows are `width` floats, consecutive rows `stride` floats apart.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_REFERENCE_KERNELS_H
#define SYNFIRE_COMPILER_REFERENCE_KERNELS_H

#include <cstdint>

namespace synfire::reference {

struct ConstRows {
  const float *data = nullptr;
  std::int64_t stride = 0;
};
struct Rows {
  float *data = nullptr;
  std::int64_t stride = 0;
  operator ConstRows() const { return {data, stride}; }
};

/// y = x * rsqrt(mean(x^2) + eps) * gain.
void rmsNorm(ConstRows x, Rows y, std::int64_t rows, std::int64_t width,
             const float *gain, float eps);
/// Turns pairs (i, i + headWidth/2) of each head; cosine and sine hold
/// headWidth/2 entries per row.
void rotate(ConstRows x, Rows y, std::int64_t rows, std::int64_t heads,
            std::int64_t headWidth, const float *cosine, const float *sine);
void silu(ConstRows x, Rows y, std::int64_t rows, std::int64_t width);
void multiply(ConstRows a, ConstRows b, Rows y, std::int64_t rows,
              std::int64_t width);
void add(ConstRows a, ConstRows b, Rows y, std::int64_t rows,
         std::int64_t width);

float maximum(const float *x, std::int64_t count);
/// x = exp(x - shift); returns the sum. Relative error of one exp below 2e-7.
float exponentials(float *x, std::int64_t count, float shift);

} // namespace synfire::reference

#endif // SYNFIRE_COMPILER_REFERENCE_KERNELS_H

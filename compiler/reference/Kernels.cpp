//===- Kernels.cpp - float loops of the reference -------------------------===//
#include "compiler/reference/Kernels.h"

#include "runtime/support/Simd.h"

#include <cmath>
#include <cstring>

namespace synfire::reference {

namespace {

/// exp by 2^n * p(r), r in [-ln2/2, ln2/2]; the polynomial is the degree-6
/// minimax of Cephes' expf (Moshier). Inputs below -87 give the value at -87,
/// 1.6e-38, and those above 88 the value at 88, so that no step leaves the
/// normal range.
inline __attribute__((always_inline)) float fastExp(float x) {
  x = x < -87.0f ? -87.0f : x;
  x = x > 88.0f ? 88.0f : x;
  const float scaled = x * 1.44269504088896341f;
  const std::int32_t n =
      static_cast<std::int32_t>(scaled + (scaled < 0 ? -0.5f : 0.5f));
  const float whole = static_cast<float>(n);
  const float r = (x - whole * 0.693359375f) - whole * -2.12194440054690583e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const std::int32_t bits = (n + 127) << 23;
  float power;
  std::memcpy(&power, &bits, sizeof power);
  return p * power;
}

} // namespace

SYNFIRE_MULTIVERSION
void rmsNorm(ConstRows x, Rows y, std::int64_t rows, std::int64_t width,
             const float *gain, float eps) {
  for (std::int64_t row = 0; row < rows; ++row) {
    const float *in = x.data + row * x.stride;
    float *out = y.data + row * y.stride;
    float squares = 0;
#pragma omp simd reduction(+ : squares)
    for (std::int64_t i = 0; i < width; ++i)
      squares += in[i] * in[i];
    const float scale =
        1.0f / std::sqrt(squares / static_cast<float>(width) + eps);
#pragma omp simd
    for (std::int64_t i = 0; i < width; ++i)
      out[i] = in[i] * scale * gain[i];
  }
}

SYNFIRE_MULTIVERSION
void rotate(ConstRows x, Rows y, std::int64_t rows, std::int64_t heads,
            std::int64_t headWidth, const float *cosine, const float *sine) {
  const std::int64_t half = headWidth / 2;
  for (std::int64_t row = 0; row < rows; ++row) {
    const float *c = cosine + row * half;
    const float *s = sine + row * half;
    for (std::int64_t head = 0; head < heads; ++head) {
      const float *in = x.data + row * x.stride + head * headWidth;
      float *out = y.data + row * y.stride + head * headWidth;
#pragma omp simd
      for (std::int64_t i = 0; i < half; ++i) {
        const float low = in[i], high = in[i + half];
        out[i] = low * c[i] - high * s[i];
        out[i + half] = high * c[i] + low * s[i];
      }
    }
  }
}

SYNFIRE_MULTIVERSION
void silu(ConstRows x, Rows y, std::int64_t rows, std::int64_t width) {
  for (std::int64_t row = 0; row < rows; ++row) {
    const float *in = x.data + row * x.stride;
    float *out = y.data + row * y.stride;
#pragma omp simd
    for (std::int64_t i = 0; i < width; ++i)
      out[i] = in[i] / (1.0f + fastExp(-in[i]));
  }
}

SYNFIRE_MULTIVERSION
void multiply(ConstRows a, ConstRows b, Rows y, std::int64_t rows,
              std::int64_t width) {
  for (std::int64_t row = 0; row < rows; ++row) {
    const float *left = a.data + row * a.stride;
    const float *right = b.data + row * b.stride;
    float *out = y.data + row * y.stride;
#pragma omp simd
    for (std::int64_t i = 0; i < width; ++i)
      out[i] = left[i] * right[i];
  }
}

SYNFIRE_MULTIVERSION
void add(ConstRows a, ConstRows b, Rows y, std::int64_t rows,
         std::int64_t width) {
  for (std::int64_t row = 0; row < rows; ++row) {
    const float *left = a.data + row * a.stride;
    const float *right = b.data + row * b.stride;
    float *out = y.data + row * y.stride;
#pragma omp simd
    for (std::int64_t i = 0; i < width; ++i)
      out[i] = left[i] + right[i];
  }
}

SYNFIRE_MULTIVERSION
float maximum(const float *x, std::int64_t count) {
  // Maxima by lane: the compiler may not reorder a float maximum itself.
  constexpr std::int64_t lanes = 16;
  float largestOfLane[lanes];
  for (float &largest : largestOfLane)
    largest = x[0];
  std::int64_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (std::int64_t lane = 0; lane < lanes; ++lane)
      largestOfLane[lane] =
          x[i + lane] > largestOfLane[lane] ? x[i + lane] : largestOfLane[lane];
  float largest = x[0];
  for (; i < count; ++i)
    largest = x[i] > largest ? x[i] : largest;
  for (float other : largestOfLane)
    largest = other > largest ? other : largest;
  return largest;
}

SYNFIRE_MULTIVERSION
float exponentials(float *x, std::int64_t count, float shift) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (std::int64_t i = 0; i < count; ++i) {
    const float value = fastExp(x[i] - shift);
    x[i] = value;
    sum += value;
  }
  return sum;
}

} // namespace synfire::reference

//===- Hadamard.cpp - orthogonal blocks of Hadamard matrices --------------===//
#include "compiler/reference/Hadamard.h"

#include <cmath>
#include <cstddef>

namespace synfire {
namespace {

/// Fast Walsh-Hadamard transform of every block.
template <typename Real>
void rotate(Real *v, std::size_t count, std::size_t block) {
  for (std::size_t begin = 0; begin < count; begin += block)
    for (std::size_t half = 1; half < block; half *= 2)
      for (std::size_t i = begin; i < begin + block; i += 2 * half)
        for (std::size_t j = i; j < i + half; ++j) {
          const Real sum = v[j] + v[j + half];
          v[j + half] = v[j] - v[j + half];
          v[j] = sum;
        }
  const Real scale = 1 / std::sqrt(static_cast<Real>(block));
  for (std::size_t i = 0; i < count; ++i)
    v[i] *= scale;
}

} // namespace

void rotateBlocks(float *values, std::int64_t width, std::int64_t block) {
  rotate(values, static_cast<std::size_t>(width),
         static_cast<std::size_t>(block));
}

void rotateBlocks(double *values, std::int64_t width, std::int64_t block) {
  rotate(values, static_cast<std::size_t>(width),
         static_cast<std::size_t>(block));
}

} // namespace synfire

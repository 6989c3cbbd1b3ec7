//===- Hadamard.cpp - randomised orthogonal rotation ----------------------===//
#include "compiler/prepare/Hadamard.h"

#include "compiler/reference/Hadamard.h"

#include <random>

namespace synfire {

HadamardRotation::HadamardRotation(std::int64_t width, std::uint64_t seed) {
  while (width % (2 * block) == 0)
    block *= 2;
  std::mt19937_64 generator(seed);
  for (std::int64_t i = 0; i < width; ++i)
    signs.push_back((generator() >> 63) != 0 ? 1.0f : -1.0f);
}

void HadamardRotation::apply(float *values, std::ptrdiff_t stride) const {
  // In double precision, so that the function does not change by rounding.
  std::vector<double> v(signs.size());
  for (std::size_t i = 0; i < v.size(); ++i)
    v[i] = signs[i] * values[static_cast<std::ptrdiff_t>(i) * stride];
  rotateBlocks(v.data(), width(), block);
  for (std::size_t i = 0; i < v.size(); ++i)
    values[static_cast<std::ptrdiff_t>(i) * stride] = static_cast<float>(v[i]);
}

} // namespace synfire

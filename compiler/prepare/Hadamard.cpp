//===- Hadamard.cpp - randomised orthogonal rotation ----------------------===//
#include "compiler/prepare/Hadamard.h"

#include <cmath>
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
  const auto side = static_cast<std::size_t>(block);
  for (std::size_t begin = 0; begin < v.size(); begin += side)
    for (std::size_t half = 1; half < side; half *= 2)
      for (std::size_t i = begin; i < begin + side; i += 2 * half)
        for (std::size_t j = i; j < i + half; ++j) {
          const double sum = v[j] + v[j + half];
          v[j + half] = v[j] - v[j + half];
          v[j] = sum;
        }
  const double scale = 1 / std::sqrt(static_cast<double>(block));
  for (std::size_t i = 0; i < v.size(); ++i)
    values[static_cast<std::ptrdiff_t>(i) * stride] =
        static_cast<float>(v[i] * scale);
}

} // namespace synfire

//===- SystemSizes.cpp - systems of a chip, smallest first ----------------===//
#include "runtime/program/SystemSizes.h"

#include <algorithm>
#include <cstdlib>
#include <tuple>

namespace synfire {

SystemSizes::SystemSizes(const MeshShape &shape, std::int64_t leastChips)
    : mesh(shape), height(static_cast<std::size_t>(shape.maxChipsX)) {
  for (std::size_t i = 0; i < height.size(); ++i) {
    const auto x = static_cast<std::int64_t>(i) + 1;
    height[i] = std::max<std::int64_t>(1, (leastChips + x - 1) / x);
  }
}

std::optional<SystemSize> SystemSizes::next() {
  std::optional<std::tuple<std::int64_t, std::int64_t, std::int64_t>> best;
  for (std::size_t i = 0; i < height.size(); ++i) {
    const auto x = static_cast<std::int64_t>(i) + 1;
    const std::int64_t y = height[i];
    if (y > mesh.maxChipsY)
      continue;
    const auto candidate = std::make_tuple(
        x * y, std::abs(x * mesh.chipWidth - y * mesh.chipHeight), x);
    if (!best || candidate < *best)
      best = candidate;
  }
  if (!best)
    return std::nullopt;
  const std::int64_t x = std::get<2>(*best);
  const std::int64_t y = height[static_cast<std::size_t>(x) - 1]++;
  return SystemSize{static_cast<int>(x), static_cast<int>(y)};
}

} // namespace synfire

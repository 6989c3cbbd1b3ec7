//===- ExpectedMaximum.cpp - the largest of several random loads ----------===//
#include "compiler/mapping/ExpectedMaximum.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <tuple>

namespace synfire {
namespace {

/// Beyond so many deviations nothing is expected.
constexpr double reach = 4.5;
constexpr int intervals = 36;
/// Loads are alike that differ by less than this share of their deviation.
constexpr double alike = 0.05;

} // namespace

double expectedMaximum(double least, std::vector<RandomLoad> loads) {
  double low = least, high = least;
  for (const RandomLoad &load : loads) {
    low = std::max(low, load.mean - reach * load.deviation);
    high = std::max(high, load.mean + reach * load.deviation);
  }
  loads.erase(std::remove_if(loads.begin(), loads.end(),
                             [&](const RandomLoad &load) {
                               return load.mean + reach * load.deviation <= low;
                             }),
              loads.end());
  if (loads.empty())
    return low;
  std::sort(
      loads.begin(), loads.end(), [](const RandomLoad &a, const RandomLoad &b) {
        return std::tie(a.mean, a.deviation) < std::tie(b.mean, b.deviation);
      });
  // Loads that are alike count together: there are thousands in large systems.
  struct Alike {
    RandomLoad load;
    int count;
  };
  std::vector<Alike> kinds;
  for (const RandomLoad &load : loads) {
    const double near = alike * load.deviation;
    if (!kinds.empty() && load.mean - kinds.back().load.mean <= near &&
        std::abs(load.deviation - kinds.back().load.deviation) <= near)
      ++kinds.back().count;
    else
      kinds.push_back({load, 1});
  }
  if (loads.size() == 1 && low > least)
    return loads.front().mean;
  // The mean is low + the integral of P(maximum > x) over x > low.
  auto exceeds = [&](double x) {
    double below = 1;
    for (const Alike &kind : kinds) {
      const auto &[mean, deviation] = kind.load;
      const double one =
          deviation > 0
              ? 0.5 * std::erfc((mean - x) / (deviation * std::sqrt(2.0)))
              : (mean <= x ? 1.0 : 0.0);
      below *= kind.count == 1 ? one : std::pow(one, kind.count);
    }
    return 1 - below;
  };
  const double width = (high - low) / intervals;
  double sum = (exceeds(low) + exceeds(high)) / 2;
  for (int i = 1; i < intervals; ++i)
    sum += exceeds(low + i * width);
  return low + sum * width;
}

} // namespace synfire

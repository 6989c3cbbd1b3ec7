//===- ExpectedMaximum.cpp - the largest of several random loads ----------===//
#include "compiler/mapping/ExpectedMaximum.h"

#include <algorithm>
#include <array>
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

/// The distribution function of the standard normal law, to 1e-8: a search
/// evaluates it some hundred million times, which erfc() makes a third of.
class NormalDistribution {
public:
  NormalDistribution() {
    for (std::size_t i = 0; i < knots.size(); ++i) {
      const double z = double(i) / knotsOfUnit - end;
      knots[i] = {0.5 * std::erfc(-z / std::sqrt(2.0)),
                  std::exp(-z * z / 2) / std::sqrt(2 * pi) / knotsOfUnit};
    }
  }

  double below(double z) const {
    if (z <= -end)
      return 0;
    if (z >= end)
      return 1;
    const double at = (z + end) * knotsOfUnit;
    const auto i = static_cast<std::size_t>(at);
    const double t = at - double(i);
    // Cubic Hermite interpolation: value and slope at both ends.
    const auto &[from, slopeFrom] = knots[i];
    const auto &[to, slopeTo] = knots[i + 1];
    const double rise = to - from;
    return from + t * (slopeFrom + t * (3 * rise - 2 * slopeFrom - slopeTo +
                                        t * (slopeFrom + slopeTo - 2 * rise)));
  }

private:
  static constexpr double pi = 3.14159265358979323846;
  static constexpr int end = 8, knotsOfUnit = 32;
  struct Knot {
    double value, slope; ///< slope: from one knot to the next
  };
  std::array<Knot, 2 * end * knotsOfUnit + 1> knots;
};

double power(double base, int exponent) {
  double result = 1;
  for (; exponent > 0; exponent /= 2, base *= base)
    if (exponent % 2 == 1)
      result *= base;
  return result;
}

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
  static const NormalDistribution normal;
  const double width = (high - low) / intervals;
  std::array<double, intervals + 1> below;
  below.fill(1);
  for (const auto &[load, count] : kinds) {
    const auto &[mean, deviation] = load;
    for (int i = 0; i <= intervals; ++i) {
      const double x = low + i * width;
      const double one = deviation > 0 ? normal.below((x - mean) / deviation)
                                       : (mean <= x ? 1.0 : 0.0);
      below[static_cast<std::size_t>(i)] *= power(one, count);
    }
  }
  double sum = 0;
  for (int i = 0; i <= intervals; ++i)
    sum += (1 - below[static_cast<std::size_t>(i)]) *
           (i == 0 || i == intervals ? 0.5 : 1.0);
  return low + sum * width;
}

} // namespace synfire

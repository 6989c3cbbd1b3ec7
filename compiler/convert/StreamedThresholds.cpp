//===- StreamedThresholds.cpp - thresholds from statistics ----------------===//
#include "compiler/convert/StreamedThresholds.h"

#include <algorithm>
#include <cmath>

namespace synfire {
namespace {

/// Points that stand for the values of a bin, which is wider than a step of a
/// fine quantiser.
constexpr int pointsPerBin = 8;

struct Point {
  double magnitude;
  double count; ///< values that it stands for
};

/// Evenly spaced within the octave of each bin. Zeros lie in the first bin and
/// are delivered exactly, so they have no point.
std::vector<Point> pointsOf(const SiteStatistics &statistics) {
  const double width = magnitudeOfBin(1) / magnitudeOfBin(0);
  const double largest = statistics.absoluteMaximum();
  std::vector<Point> points;
  for (std::size_t bin = 0; bin < statistics.magnitude.size(); ++bin) {
    std::uint64_t count = statistics.magnitude[bin];
    if (bin == 0)
      count -= std::min(count, statistics.zeros);
    if (count == 0)
      continue;
    const double middle = magnitudeOfBin(static_cast<int>(bin));
    for (int i = 0; i < pointsPerBin; ++i)
      points.push_back(
          {std::min(middle * std::pow(width, (i + 0.5) / pointsPerBin - 0.5),
                    largest),
           static_cast<double>(count) / pointsPerBin});
  }
  return points;
}

double meanError(const std::vector<Point> &points,
                 const SiteStatistics &statistics, const QuantiserShape &shape,
                 double step) {
  const auto error = [&](double magnitude, int limit) {
    const double level = std::min<double>(
        std::floor(magnitude / step + shape.offset), std::max(limit, 0));
    const double missed = magnitude - level * step;
    return missed * missed;
  };
  const double negative = statistics.minimum >= 0 ? 0 : 0.5;
  double sum = 0;
  for (const auto &[magnitude, count] : points)
    sum += count * ((1 - negative) * error(magnitude, shape.highest) +
                    negative * error(magnitude, -shape.lowest));
  return sum / static_cast<double>(statistics.count);
}

} // namespace

double squaredError(const SiteStatistics &statistics,
                    const QuantiserShape &shape, double step) {
  if (statistics.count == 0)
    return 0;
  return meanError(pointsOf(statistics), statistics, shape, step);
}

double fitFullScale(const SiteStatistics &statistics,
                    const QuantiserShape &shape, double levels,
                    const ThresholdGrid &grid) {
  const double largest = statistics.absoluteMaximum();
  if (!(largest > 0))
    return 1;
  const std::vector<Point> points = pointsOf(statistics);
  double best = largest;
  double least = meanError(points, statistics, shape, largest / levels);
  for (int candidate = 1; candidate < grid.points; ++candidate) {
    const double scale =
        largest * (1 - (1 - grid.smallest) * candidate / (grid.points - 1));
    const double error = meanError(points, statistics, shape, scale / levels);
    if (error < least) {
      least = error;
      best = scale;
    }
  }
  return best;
}

double meanMagnitude(const SiteStatistics &statistics) {
  if (statistics.count == 0)
    return 0;
  const double largest = statistics.absoluteMaximum();
  double sum = 0;
  for (std::size_t bin = 1; bin < statistics.magnitude.size(); ++bin)
    if (statistics.magnitude[bin] != 0)
      sum += std::min(magnitudeOfBin(static_cast<int>(bin)), largest) *
             static_cast<double>(statistics.magnitude[bin]);
  return sum / static_cast<double>(statistics.count);
}

} // namespace synfire

//===- Statistics.h - what a site's activations look like -------*- C++ -*-===//
//
// Collected by the float reference on calibration text; thresholds, full scales
// and look-up ranges of the conversion are chosen from it.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_REFERENCE_STATISTICS_H
#define SYNFIRE_COMPILER_REFERENCE_STATISTICS_H

#include "runtime/support/Status.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace synfire {

/// Histogram of magnitudes: bin b holds |x| in [2^((b-512)/16),
/// 2^((b-511)/16)), b in [0, 1024); smaller and larger magnitudes go to the end
/// bins.
constexpr int magnitudeBins = 1024;

struct SiteStatistics {
  std::uint64_t count = 0; ///< values seen
  std::uint64_t zeros = 0;
  double minimum = 0, maximum = 0;
  double sum = 0, sumOfSquares = 0;
  std::vector<std::uint64_t> magnitude; ///< magnitudeBins entries
  std::vector<float> channelMaximum;    ///< largest |x| of each channel

  double absoluteMaximum() const {
    return maximum > -minimum ? maximum : -minimum;
  }
  void add(const float *values, std::int64_t tokens, std::int64_t channels);
  /// Adds values that all belong to one channel (attention scores of a head).
  void addToChannel(std::int64_t channel, const float *values,
                    std::int64_t count);
  /// Smallest magnitude below which a share `fraction` of all values lies
  /// (upper edge of its bin).
  double percentile(double fraction) const;
};

/// The middle magnitude (geometric) of a histogram bin.
double magnitudeOfBin(int bin);

/// By site name ("layers.0.attn.q").
using StatisticsMap = std::map<std::string, SiteStatistics>;

/// JSON text and back, for `synfire-opt` and for inspection.
std::string toJson(const StatisticsMap &statistics);
Result<StatisticsMap> statisticsFromJson(const std::string &json,
                                         const std::string &where);

} // namespace synfire

#endif // SYNFIRE_COMPILER_REFERENCE_STATISTICS_H

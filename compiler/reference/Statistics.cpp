//===- Statistics.cpp - what a site's activations look like ---------------===//
#include "compiler/reference/Statistics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace synfire {

namespace {

constexpr int binsPerOctave = 16;
constexpr int binOfOne = magnitudeBins / 2;

/// The mantissas (23 bits) at which the bins of an octave begin.
std::array<std::uint32_t, binsPerOctave> octaveEdges() {
  std::array<std::uint32_t, binsPerOctave> edges{};
  for (int i = 0; i < binsPerOctave; ++i)
    edges[static_cast<std::size_t>(i)] = static_cast<std::uint32_t>(std::ceil(
        (std::exp2(static_cast<double>(i) / binsPerOctave) - 1) * 8388608.0));
  return edges;
}

/// Exact in integers: an edge other than a power of two is irrational, so a
/// float lies on the side of it that its rounded-up mantissa says.
int binOf(float value) {
  static const std::array<std::uint32_t, binsPerOctave> edges = octaveEdges();
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  bits &= 0x7fffffffu;
  const int exponent = static_cast<int>(bits >> 23) - 127;
  const int first = exponent * binsPerOctave + binOfOne;
  if (first < 0)
    return 0;
  if (first >= magnitudeBins)
    return magnitudeBins - 1;
  const std::uint32_t mantissa = bits & 0x7fffffu;
  int within = 0;
  for (int half = binsPerOctave / 2; half > 0; half /= 2)
    if (mantissa >= edges[static_cast<std::size_t>(within + half)])
      within += half;
  return first + within;
}

/// Bounds, sums and histogram of a run of values.
void addValues(SiteStatistics &site, const float *values, std::int64_t count) {
  if (count <= 0)
    return;
  if (site.magnitude.empty())
    site.magnitude.assign(magnitudeBins, 0);
  if (site.count == 0)
    site.minimum = site.maximum = values[0];
  double low = site.minimum, high = site.maximum;
  double sum = 0, sumOfSquares = 0;
  std::uint64_t zeros = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const double value = values[i];
    low = std::min(low, value);
    high = std::max(high, value);
    sum += value;
    sumOfSquares += value * value;
    zeros += value == 0;
    ++site.magnitude[static_cast<std::size_t>(binOf(values[i]))];
  }
  site.minimum = low;
  site.maximum = high;
  site.sum += sum;
  site.sumOfSquares += sumOfSquares;
  site.zeros += zeros;
  site.count += static_cast<std::uint64_t>(count);
}

} // namespace

void SiteStatistics::add(const float *values, std::int64_t tokens,
                         std::int64_t channels) {
  if (static_cast<std::int64_t>(channelMaximum.size()) < channels)
    channelMaximum.resize(static_cast<std::size_t>(channels), 0);
  addValues(*this, values, tokens * channels);
  for (std::int64_t token = 0; token < tokens; ++token) {
    const float *row = values + token * channels;
    for (std::int64_t channel = 0; channel < channels; ++channel) {
      float &largest = channelMaximum[static_cast<std::size_t>(channel)];
      largest = std::max(largest, std::fabs(row[channel]));
    }
  }
}

void SiteStatistics::addToChannel(std::int64_t channel, const float *values,
                                  std::int64_t valueCount) {
  if (static_cast<std::int64_t>(channelMaximum.size()) <= channel)
    channelMaximum.resize(static_cast<std::size_t>(channel) + 1, 0);
  addValues(*this, values, valueCount);
  float &largest = channelMaximum[static_cast<std::size_t>(channel)];
  for (std::int64_t i = 0; i < valueCount; ++i)
    largest = std::max(largest, std::fabs(values[i]));
}

double SiteStatistics::percentile(double fraction) const {
  if (count == 0 || magnitude.empty())
    return 0;
  const double wanted = fraction * static_cast<double>(count);
  double seen = 0;
  int bin = 0;
  for (; bin + 1 < magnitudeBins; ++bin) {
    seen += static_cast<double>(magnitude[static_cast<std::size_t>(bin)]);
    if (seen >= wanted && seen > 0)
      break;
  }
  return std::exp2(static_cast<double>(bin + 1 - binOfOne) / binsPerOctave);
}

double magnitudeOfBin(int bin) {
  return std::exp2((bin + 0.5 - binOfOne) / binsPerOctave);
}

std::string toJson(const StatisticsMap &statistics) {
  nlohmann::json root = nlohmann::json::object();
  for (const auto &[name, site] : statistics) {
    nlohmann::json histogram = nlohmann::json::array();
    for (std::size_t bin = 0; bin < site.magnitude.size(); ++bin)
      if (site.magnitude[bin] != 0)
        histogram.push_back({bin, site.magnitude[bin]});
    root[name] = {{"count", site.count},
                  {"zeros", site.zeros},
                  {"minimum", site.minimum},
                  {"maximum", site.maximum},
                  {"sum", site.sum},
                  {"sum_of_squares", site.sumOfSquares},
                  {"magnitude", std::move(histogram)},
                  {"channel_maximum", site.channelMaximum}};
  }
  return root.dump();
}

namespace {

using nlohmann::json;

Result<SiteStatistics> siteFromJson(const json &object,
                                    const std::string &where) {
  SiteStatistics site;
  auto member = [&](const char *key) -> const json * {
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
  };
  auto unsignedMember = [&](const char *key, std::uint64_t &out) -> Status {
    const json *value = member(key);
    if (!value || !value->is_number_unsigned())
      return makeError(fmt::format("'{}' is not an unsigned integer", key),
                       where);
    out = value->get<std::uint64_t>();
    return Status::success();
  };
  auto realMember = [&](const char *key, double &out) -> Status {
    const json *value = member(key);
    if (!value || !value->is_number())
      return makeError(fmt::format("'{}' is not a number", key), where);
    out = value->get<double>();
    return Status::success();
  };
  SYNFIRE_TRY(unsignedMember("count", site.count));
  SYNFIRE_TRY(unsignedMember("zeros", site.zeros));
  SYNFIRE_TRY(realMember("minimum", site.minimum));
  SYNFIRE_TRY(realMember("maximum", site.maximum));
  SYNFIRE_TRY(realMember("sum", site.sum));
  SYNFIRE_TRY(realMember("sum_of_squares", site.sumOfSquares));

  const json *histogram = member("magnitude");
  if (!histogram || !histogram->is_array())
    return makeError("'magnitude' is not an array", where);
  site.magnitude.assign(magnitudeBins, 0);
  std::uint64_t total = 0;
  for (const json &pair : *histogram) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_number_unsigned() ||
        !pair[1].is_number_unsigned() ||
        pair[0].get<std::uint64_t>() >= magnitudeBins)
      return makeError(
          fmt::format("'magnitude' holds {} instead of [bin below {}, count]",
                      pair.dump(), magnitudeBins),
          where);
    site.magnitude[pair[0].get<std::size_t>()] = pair[1].get<std::uint64_t>();
  }
  for (std::uint64_t binCount : site.magnitude)
    total += binCount;
  if (total != site.count)
    return makeError(fmt::format("'magnitude' holds {} values, 'count' says {}",
                                 total, site.count),
                     where);

  const json *channels = member("channel_maximum");
  if (!channels || !channels->is_array())
    return makeError("'channel_maximum' is not an array", where);
  for (const json &channel : *channels) {
    if (!channel.is_number())
      return makeError("'channel_maximum' holds " + channel.dump() +
                           " instead of a number",
                       where);
    site.channelMaximum.push_back(channel.get<float>());
  }
  return site;
}

} // namespace

Result<StatisticsMap> statisticsFromJson(const std::string &text,
                                         const std::string &where) {
  const json root = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!root.is_object())
    return makeError("not a JSON object of sites", where,
                     "statistics are written by the calibration step");
  StatisticsMap statistics;
  for (const auto &[name, object] : root.items()) {
    const std::string site = where + ": " + name;
    if (!object.is_object())
      return makeError("not a JSON object", site);
    SYNFIRE_ASSIGN(statistics[name], siteFromJson(object, site));
  }
  return statistics;
}

} // namespace synfire

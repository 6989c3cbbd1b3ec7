//===- Samples.cpp - values of a site, drawn evenly -----------------------===//
#include "compiler/reference/Samples.h"

#include <algorithm>
#include <cmath>

namespace synfire {
namespace {

/// SplitMix64.
std::uint64_t next(std::uint64_t &state) {
  state += 0x9e3779b97f4a7c15u;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/// In (0, 1), never an end.
double uniform(std::uint64_t &state) {
  return (static_cast<double>(next(state) >> 12) + 0.5) / 4503599627370496.0;
}

/// Draws the next key that beats the largest inside, and how far away it is.
void drawSkip(SiteSamples &samples) {
  samples.largestKey *= std::exp(std::log(uniform(samples.state)) /
                                 static_cast<double>(samples.capacity));
  const double skip = std::floor(std::log(uniform(samples.state)) /
                                 std::log1p(-samples.largestKey));
  // Beyond any text, and within the integer.
  samples.skip = static_cast<std::uint64_t>(std::min(skip, 1e18));
}

} // namespace

void SiteSamples::add(const float *row, std::int64_t count) {
  if (count <= 0 || capacity == 0)
    return;
  auto left = static_cast<std::uint64_t>(count);
  seen += left;
  if (values.size() < capacity) {
    const std::uint64_t taken =
        std::min<std::uint64_t>(left, capacity - values.size());
    values.insert(values.end(), row, row + taken);
    row += taken;
    left -= taken;
    if (values.size() == capacity)
      drawSkip(*this);
  }
  while (left > skip) {
    row += skip;
    left -= skip;
    values[static_cast<std::size_t>(next(state) % capacity)] = *row;
    ++row;
    --left;
    drawSkip(*this);
  }
  skip -= left;
}

} // namespace synfire

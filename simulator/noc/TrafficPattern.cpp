//===- TrafficPattern.cpp - who sends to whom -----------------------------===//
#include "simulator/noc/TrafficPattern.h"

#include <cstdint>
#include <utility>

namespace synfire {
namespace {

constexpr std::pair<TrafficPattern, const char *> patternNames[] = {
    {TrafficPattern::Uniform, "uniform"},
    {TrafficPattern::Transpose, "transpose"},
    {TrafficPattern::BitComplement, "bit-complement"},
    {TrafficPattern::BitReverse, "bit-reverse"},
    {TrafficPattern::Shuffle, "shuffle"},
    {TrafficPattern::Tornado, "tornado"},
    {TrafficPattern::Neighbour, "neighbour"}};

/// log2(number), -1 if it is no power of two.
int exactLog2(int number) {
  int bits = 0;
  while (number > 1 && number % 2 == 0) {
    number /= 2;
    ++bits;
  }
  return number == 1 ? bits : -1;
}

/// Unsigned: what is shifted out of `bits` is dropped.
std::uint32_t permuteBits(TrafficPattern pattern, std::uint32_t number,
                          int bits) {
  const std::uint32_t all = (std::uint32_t(1) << bits) - 1;
  const int half = bits / 2;
  switch (pattern) {
  case TrafficPattern::Transpose:
    return (number >> half) | (number << half & all);
  case TrafficPattern::BitComplement:
    return ~number & all;
  case TrafficPattern::Shuffle:
    return bits == 0 ? 0 : (number << 1 & all) | number >> (bits - 1);
  default:
    break;
  }
  std::uint32_t reversed = 0;
  for (int bit = 0; bit < bits; ++bit)
    reversed |= (number >> bit & 1) << (bits - 1 - bit);
  return reversed;
}

} // namespace

Result<TrafficPattern> parseTrafficPattern(const std::string &name) {
  for (const auto &[pattern, known] : patternNames)
    if (name == known)
      return pattern;
  return makeError("not supported: traffic pattern '" + name + "'", "",
                   "known: " + trafficPatternNames());
}

const char *trafficPatternName(TrafficPattern pattern) {
  for (const auto &[known, name] : patternNames)
    if (known == pattern)
      return name;
  return "";
}

std::string trafficPatternNames() {
  std::string all;
  for (const auto &[pattern, name] : patternNames)
    all += (all.empty() ? "" : ", ") + std::string(name);
  return all;
}

Result<std::vector<int>> trafficDestinations(TrafficPattern pattern,
                                             const Mesh &mesh) {
  const int width = mesh.width(), height = mesh.height();
  const bool byCoordinates =
      pattern == TrafficPattern::Tornado ||
      pattern == TrafficPattern::Neighbour ||
      (pattern == TrafficPattern::Transpose && width == height);
  const int bits = exactLog2(mesh.routers());
  const bool allowed =
      byCoordinates ||
      (bits >= 0 && (pattern != TrafficPattern::Transpose || bits % 2 == 0));
  if (pattern == TrafficPattern::Uniform || !allowed)
    return makeError(std::string("not supported: traffic pattern '") +
                         trafficPatternName(pattern) + "' on " +
                         std::to_string(width) + "x" + std::to_string(height) +
                         " routers",
                     "", "it permutes the bits of a router number");
  std::vector<int> destinations;
  destinations.reserve(static_cast<std::size_t>(mesh.routers()));
  for (int router = 0; router < mesh.routers(); ++router) {
    const RouterCoordinate at = mesh.router(router);
    RouterCoordinate to = {at.y, at.x};
    if (pattern == TrafficPattern::Tornado)
      to = {(at.x + (width + 1) / 2 - 1) % width,
            (at.y + (height + 1) / 2 - 1) % height};
    else if (pattern == TrafficPattern::Neighbour)
      to = {(at.x + 1) % width, (at.y + 1) % height};
    destinations.push_back(
        byCoordinates
            ? mesh.routerNumber(to)
            : static_cast<int>(permuteBits(
                  pattern, static_cast<std::uint32_t>(router), bits)));
  }
  return destinations;
}

} // namespace synfire

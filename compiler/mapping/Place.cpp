//===- Place.cpp - abstract cores to cores of a mesh ----------------------===//
#include "compiler/mapping/Place.h"

#include "compiler/mapping/Unfit.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <random>
#include <tuple>

namespace synfire {
namespace {

constexpr std::string_view randomPrefix = "random:";

std::optional<std::uint64_t> randomSeed(const std::string &placement) {
  if (placement.compare(0, randomPrefix.size(), randomPrefix) != 0)
    return std::nullopt;
  std::uint64_t seed = 0;
  const char *end = placement.data() + placement.size();
  auto parsed =
      std::from_chars(placement.data() + randomPrefix.size(), end, seed);
  if (parsed.ec != std::errc() || parsed.ptr != end)
    return std::nullopt;
  return seed;
}

/// Fewest chips first, then the system of routers that is closest to a square.
Status chooseSystem(const ChipModel &chip, std::int64_t cores,
                    Mapping &mapping) {
  const MeshShape &mesh = chip.mesh;
  const std::int64_t perChip = chip.coresPerChip();
  const std::int64_t chips = (cores + perChip - 1) / perChip;
  std::optional<std::tuple<std::int64_t, std::int64_t, std::int64_t>> best;
  for (std::int64_t x = 1; x <= mesh.maxChipsX; ++x) {
    std::int64_t y = (chips + x - 1) / x;
    if (y > mesh.maxChipsY)
      continue;
    std::int64_t skew = std::abs(x * mesh.chipWidth - y * mesh.chipHeight);
    auto candidate = std::make_tuple(x * y, skew, x);
    if (!best || candidate < *best) {
      best = candidate;
      mapping.chipsX = static_cast<int>(x);
      mapping.chipsY = static_cast<int>(y);
    }
  }
  return best ? Status::success() : describeTooManyCores(chip, cores);
}

std::vector<int> rowMajorOrder(int count) {
  std::vector<int> order(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = static_cast<int>(i);
  return order;
}

/// Fisher-Yates by hand: std::shuffle differs between standard libraries.
void shuffle(std::vector<int> &order, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  for (std::size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[random() % i]);
}

/// Physical core of each abstract one.
std::vector<int> coreOrder(const Mapping &mapping,
                           const std::string &placement) {
  const MeshShape &mesh = mapping.chip.mesh;
  const int width = mesh.chipWidth * mapping.chipsX;
  const int height = mesh.chipHeight * mapping.chipsY;
  std::vector<int> order;
  if (placement == "hilbert") {
    for (int router : hilbertOrder(width, height))
      for (int slot = 0; slot < mesh.coresPerRouter; ++slot)
        order.push_back(router * mesh.coresPerRouter + slot);
    return order;
  }
  order = rowMajorOrder(width * height * mesh.coresPerRouter);
  if (auto seed = randomSeed(placement))
    shuffle(order, *seed);
  return order;
}

} // namespace

Status checkPlacement(const std::string &placement) {
  if (placement == "hilbert" || placement == "row-major" ||
      randomSeed(placement))
    return Status::success();
  return makeError(fmt::format("unknown placement '{}'", placement), "mapping",
                   "use hilbert, row-major or random:SEED");
}

Status place(MappingProblem &problem) {
  Mapping &mapping = problem.program.mapping;
  std::int64_t cores = 0;
  for (const Tile &tile : mapping.tiles)
    cores = std::max<std::int64_t>(cores, tile.core + 1);
  SYNFIRE_TRY(chooseSystem(mapping.chip, cores, mapping));
  mapping.placement = problem.options.placement;
  std::vector<int> order = coreOrder(mapping, mapping.placement);
  for (Tile &tile : mapping.tiles)
    tile.core = order[static_cast<std::size_t>(tile.core)];
  return Status::success();
}

} // namespace synfire

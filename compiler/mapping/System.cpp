//===- System.cpp - how many chips a mapping takes ------------------------===//
#include "compiler/mapping/System.h"

#include "compiler/mapping/Unfit.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <tuple>
#include <vector>

namespace synfire {

Result<Routing> chooseSystem(const ChipModel &chip, std::int64_t cores) {
  const MeshShape &mesh = chip.mesh;
  const std::int64_t perChip = chip.coresPerChip();
  const std::int64_t chips = (cores + perChip - 1) / perChip;
  // By width: the height to try next.
  std::vector<std::int64_t> height(static_cast<std::size_t>(mesh.maxChipsX) +
                                   1);
  for (std::int64_t x = 1; x <= mesh.maxChipsX; ++x)
    height[static_cast<std::size_t>(x)] =
        std::max<std::int64_t>(1, (chips + x - 1) / x);
  std::int64_t mostUsable = 0;
  for (;;) {
    std::optional<std::tuple<std::int64_t, std::int64_t, std::int64_t>> best;
    for (std::int64_t x = 1; x <= mesh.maxChipsX; ++x) {
      const std::int64_t y = height[static_cast<std::size_t>(x)];
      if (y > mesh.maxChipsY)
        continue;
      auto candidate = std::make_tuple(
          x * y, std::abs(x * mesh.chipWidth - y * mesh.chipHeight), x);
      if (!best || candidate < *best)
        best = candidate;
    }
    if (!best)
      return describeTooManyCores(chip, cores, mostUsable);
    const std::int64_t x = std::get<2>(*best);
    std::int64_t &y = height[static_cast<std::size_t>(x)];
    auto routing =
        Routing::create(chip, static_cast<int>(x), static_cast<int>(y));
    if (routing.ok() && routing->usableCores() >= cores)
      return routing;
    if (routing.ok())
      mostUsable = std::max<std::int64_t>(mostUsable, routing->usableCores());
    ++y;
  }
}

} // namespace synfire

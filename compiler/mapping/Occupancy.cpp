//===- Occupancy.cpp - which core is where while cores move ---------------===//
#include "compiler/mapping/Occupancy.h"

#include <algorithm>

namespace synfire {

Occupancy::Occupancy(const Routing &routing, int coresPerRouter,
                     const RouterRectangle &rectangle,
                     const std::vector<int> &routers)
    : mesh(routing.mesh()), region(rectangle),
      occupants(static_cast<std::size_t>(mesh.routers())),
      places(routers.size()) {
  for (int core : usableCores(routing, coresPerRouter, region))
    occupants[static_cast<std::size_t>(
                  mesh.routerNumber(mesh.routerOfCore(core)))]
        .push_back(-1);
  for (std::size_t core = 0; core < routers.size(); ++core) {
    auto &slots = occupants[static_cast<std::size_t>(routers[core])];
    const auto free = std::find(slots.begin(), slots.end(), -1);
    places[core] = static_cast<std::size_t>(free - slots.begin());
    *free = static_cast<int>(core);
  }
}

Occupancy::Move Occupancy::propose(int core, int from, RouterCoordinate aim,
                                   int range, std::mt19937_64 &random) const {
  auto around = [&](int middle, int begin, int length) {
    const int offset =
        static_cast<int>(random() %
                         (2 * static_cast<std::uint64_t>(range) + 1)) -
        range;
    return std::clamp(middle + offset, begin, begin + length - 1);
  };
  const int x = around(aim.x, region.x, region.width);
  const int y = around(aim.y, region.y, region.height);
  Move move;
  move.core = core;
  move.to = mesh.routerNumber({x, y});
  const auto &slots = occupants[static_cast<std::size_t>(move.to)];
  if (slots.empty())
    return {};
  move.place = random() % slots.size();
  move.other = slots[move.place];
  if (move.to == from)
    return {};
  return move;
}

void Occupancy::apply(const Move &move, int from) {
  const auto core = static_cast<std::size_t>(move.core);
  occupants[static_cast<std::size_t>(from)][places[core]] = move.other;
  if (move.other >= 0)
    places[static_cast<std::size_t>(move.other)] = places[core];
  occupants[static_cast<std::size_t>(move.to)][move.place] = move.core;
  places[core] = move.place;
}

} // namespace synfire

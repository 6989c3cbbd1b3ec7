//===- PlacementCost.cpp - hop-weighted traffic, move by move -------------===//
#include "compiler/mapping/PlacementCost.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace synfire {

PlacementCost::~PlacementCost() = default;

namespace {

/// Stretched coordinates of every column and row of a mesh.
struct Ruler {
  Ruler(const Mesh &mesh, const ChipModel &chip) : width(mesh.width()) {
    const HopMetric metric(chip);
    for (int i = 0; i < mesh.width(); ++i)
      x.push_back(metric.stretchedX(i));
    for (int i = 0; i < mesh.height(); ++i)
      y.push_back(metric.stretchedY(i));
  }
  double distance(int a, int b) const {
    return std::abs(x[column(a)] - x[column(b)]) +
           std::abs(y[row(a)] - y[row(b)]);
  }
  std::size_t column(int router) const {
    return static_cast<std::size_t>(router % width);
  }
  std::size_t row(int router) const {
    return static_cast<std::size_t>(router / width);
  }

  int width;
  std::vector<int> x, y;
};

class UnicastCost final : public PlacementCost {
public:
  UnicastCost(const std::vector<TrafficNet> &trafficNets, const Mesh &mesh,
              const ChipModel &chip, const RouterRectangle &rectangle,
              std::vector<int> routers)
      : PlacementCost(std::move(routers)), nets(trafficNets), ruler(mesh, chip),
        region(rectangle), neighbours(routerOf.size()), roles(routerOf.size()) {
    for (const TrafficNet &net : nets)
      if (net.sources.size() * net.readers.size() <= mostPairs)
        addPairs(net);
      else
        addLarge(net);
    for (std::vector<Neighbour> &list : neighbours)
      merge(list);
  }

  double change(int core, int to, int other) override {
    const int from = routerOf[static_cast<std::size_t>(core)];
    const double apart = ruler.distance(from, to);
    if (apart == 0)
      return 0;
    double sum = changeOfOne(core, from, to, other, apart);
    if (other < 0)
      return sum;
    sum += changeOfOne(other, to, from, core, apart);
    // Both sums took the other core of a pair as staying where it is.
    const auto &a = roles[static_cast<std::size_t>(core)];
    const auto &b = roles[static_cast<std::size_t>(other)];
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();)
      if (a[i].net != b[j].net) {
        ++(a[i].net < b[j].net ? i : j);
      } else {
        sum +=
            2 * apart *
            ((b[j].reads ? a[i].packets : 0) + (a[i].reads ? b[j].packets : 0));
        ++i;
        ++j;
      }
    return sum;
  }

  void apply(int core, int to, int other) override {
    const int from = routerOf[static_cast<std::size_t>(core)];
    move(core, from, to);
    if (other >= 0)
      move(other, to, from);
  }

  double total() const override {
    double sum = 0;
    Field field;
    field.x.resize(static_cast<std::size_t>(region.width));
    field.y.resize(static_cast<std::size_t>(region.height));
    for (const TrafficNet &net : nets) {
      std::fill(field.x.begin(), field.x.end(), 0);
      std::fill(field.y.begin(), field.y.end(), 0);
      for (int reader : net.readers)
        addTo(field, routerOf[static_cast<std::size_t>(reader)], 1);
      for (const TrafficNet::Source &source : net.sources)
        sum += source.packets *
               at(field, routerOf[static_cast<std::size_t>(source.core)]);
    }
    return sum;
  }

private:
  /// Up to so many pairs a net is kept as single edges.
  static constexpr std::size_t mostPairs = 16;

  struct Neighbour {
    int core;
    double packets;
  };
  /// A core in a large net.
  struct Role {
    int net;
    double packets; ///< sent to each reader; 0: it is no source
    bool reads;
  };
  /// Sums of distances from each column and row of the region.
  struct Field {
    std::vector<double> x, y;
  };
  struct LargeNet {
    Field toReaders;
    Field toSources; ///< weighted by packets
  };

  void addPairs(const TrafficNet &net) {
    for (const TrafficNet::Source &source : net.sources)
      for (int reader : net.readers)
        if (source.core != reader) {
          neighbours[static_cast<std::size_t>(source.core)].push_back(
              {reader, source.packets});
          neighbours[static_cast<std::size_t>(reader)].push_back(
              {source.core, source.packets});
        }
  }

  static void merge(std::vector<Neighbour> &list) {
    std::sort(list.begin(), list.end(),
              [](const Neighbour &a, const Neighbour &b) {
                return std::make_pair(a.core, a.packets) <
                       std::make_pair(b.core, b.packets);
              });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < list.size(); ++i)
      if (kept > 0 && list[kept - 1].core == list[i].core)
        list[kept - 1].packets += list[i].packets;
      else
        list[kept++] = list[i];
    list.resize(kept);
  }

  void addLarge(const TrafficNet &net) {
    const int number = static_cast<int>(large.size());
    LargeNet fields;
    for (Field *field : {&fields.toReaders, &fields.toSources}) {
      field->x.assign(static_cast<std::size_t>(region.width), 0);
      field->y.assign(static_cast<std::size_t>(region.height), 0);
    }
    auto roleOf = [&](int core) -> Role & {
      auto &list = roles[static_cast<std::size_t>(core)];
      if (list.empty() || list.back().net != number)
        list.push_back({number, 0, false});
      return list.back();
    };
    for (const TrafficNet::Source &source : net.sources) {
      roleOf(source.core).packets = source.packets;
      addTo(fields.toSources, routerOf[static_cast<std::size_t>(source.core)],
            source.packets);
    }
    for (int reader : net.readers) {
      roleOf(reader).reads = true;
      addTo(fields.toReaders, routerOf[static_cast<std::size_t>(reader)], 1);
    }
    large.push_back(std::move(fields));
  }

  void addTo(Field &field, int router, double weight) const {
    const int x = ruler.x[ruler.column(router)], y = ruler.y[ruler.row(router)];
    const int *columns = ruler.x.data() + region.x;
    const int *rows = ruler.y.data() + region.y;
    for (std::size_t i = 0; i < field.x.size(); ++i)
      field.x[i] += weight * std::abs(columns[i] - x);
    for (std::size_t i = 0; i < field.y.size(); ++i)
      field.y[i] += weight * std::abs(rows[i] - y);
  }

  double at(const Field &field, int router) const {
    return field.x[ruler.column(router) - static_cast<std::size_t>(region.x)] +
           field.y[ruler.row(router) - static_cast<std::size_t>(region.y)];
  }

  double changeOfOne(int core, int from, int to, int other,
                     double apart) const {
    double sum = 0;
    for (const Neighbour &next : neighbours[static_cast<std::size_t>(core)])
      if (next.core != other) {
        const int there = routerOf[static_cast<std::size_t>(next.core)];
        sum += next.packets *
               (ruler.distance(to, there) - ruler.distance(from, there));
      }
    for (const Role &role : roles[static_cast<std::size_t>(core)]) {
      const LargeNet &net = large[static_cast<std::size_t>(role.net)];
      if (role.packets > 0)
        sum += role.packets * (at(net.toReaders, to) - at(net.toReaders, from));
      if (role.reads) {
        sum += at(net.toSources, to) - at(net.toSources, from);
        // What it sends to itself travels with it.
        sum -= 2 * role.packets * apart;
      }
    }
    return sum;
  }

  void move(int core, int from, int to) {
    for (const Role &role : roles[static_cast<std::size_t>(core)]) {
      LargeNet &net = large[static_cast<std::size_t>(role.net)];
      if (role.packets > 0) {
        addTo(net.toSources, to, role.packets);
        addTo(net.toSources, from, -role.packets);
      }
      if (role.reads) {
        addTo(net.toReaders, to, 1);
        addTo(net.toReaders, from, -1);
      }
    }
    routerOf[static_cast<std::size_t>(core)] = to;
  }

  const std::vector<TrafficNet> &nets;
  const Ruler ruler;
  const RouterRectangle region;
  std::vector<std::vector<Neighbour>> neighbours; ///< by core
  std::vector<std::vector<Role>> roles;           ///< by core, ascending nets
  std::vector<LargeNet> large;
};

class TreeCost final : public PlacementCost {
public:
  TreeCost(const std::vector<TrafficNet> &trafficNets, const Mesh &mesh,
           const ChipModel &chip, std::vector<int> routers)
      : PlacementCost(std::move(routers)), nets(trafficNets), ruler(mesh, chip),
        netsOfCore(routerOf.size()), north(ruler.x.size()),
        south(ruler.x.size(), -1), sentOfRow(ruler.y.size()) {
    for (std::size_t n = 0; n < nets.size(); ++n) {
      for (const TrafficNet::Source &source : nets[n].sources)
        netsOfCore[static_cast<std::size_t>(source.core)].push_back(n);
      for (int reader : nets[n].readers) {
        auto &list = netsOfCore[static_cast<std::size_t>(reader)];
        if (list.empty() || list.back() != n)
          list.push_back(n);
      }
      costs.push_back(costOf(nets[n]));
    }
  }

  double change(int core, int to, int other) override {
    const int from = routerOf[static_cast<std::size_t>(core)];
    exchange(core, to, other, from);
    double sum = 0;
    forEachNet(core, other,
               [&](std::size_t n) { sum += costOf(nets[n]) - costs[n]; });
    exchange(core, from, other, to);
    return sum;
  }

  void apply(int core, int to, int other) override {
    exchange(core, to, other, routerOf[static_cast<std::size_t>(core)]);
    forEachNet(core, other, [&](std::size_t n) { costs[n] = costOf(nets[n]); });
  }

  double total() const override {
    double sum = 0;
    for (const TrafficNet &net : nets)
      sum += costOf(net);
    return sum;
  }

private:
  void exchange(int core, int to, int other, int from) {
    routerOf[static_cast<std::size_t>(core)] = to;
    if (other >= 0)
      routerOf[static_cast<std::size_t>(other)] = from;
  }

  /// visit(net), once for each net of either core.
  template <typename Visit>
  void forEachNet(int core, int other, Visit &&visit) const {
    static const std::vector<std::size_t> none;
    const auto &a = netsOfCore[static_cast<std::size_t>(core)];
    const auto &b =
        other < 0 ? none : netsOfCore[static_cast<std::size_t>(other)];
    std::size_t i = 0, j = 0;
    while (i < a.size() || j < b.size())
      if (j == b.size() || (i < a.size() && a[i] < b[j])) {
        visit(a[i++]);
      } else {
        if (i < a.size() && a[i] == b[j])
          ++i;
        visit(b[j++]);
      }
  }

  /// Along its row a packet spans its own column and those of all readers; in
  /// each reader's column its own row and those of the column's readers.
  double costOf(const TrafficNet &net) const {
    const std::vector<int> &x = ruler.x, &y = ruler.y;
    std::size_t west = x.size(), east = 0;
    columns.clear();
    for (int reader : net.readers) {
      const int router = routerOf[static_cast<std::size_t>(reader)];
      const std::size_t column = ruler.column(router), row = ruler.row(router);
      west = std::min(west, column);
      east = std::max(east, column);
      if (south[column] < 0) {
        columns.push_back(column);
        north[column] = static_cast<int>(row);
      }
      north[column] = std::min(north[column], static_cast<int>(row));
      south[column] = std::max(south[column], static_cast<int>(row));
    }
    double sum = 0;
    rows.clear();
    for (const TrafficNet::Source &source : net.sources) {
      const int router = routerOf[static_cast<std::size_t>(source.core)];
      const std::size_t column = ruler.column(router), row = ruler.row(router);
      sum += source.packets *
             (x[std::max(east, column)] - x[std::min(west, column)]);
      if (sentOfRow[row] == 0)
        rows.push_back(row);
      sentOfRow[row] += source.packets;
    }
    for (std::size_t column : columns) {
      const auto top = static_cast<std::size_t>(north[column]),
                 bottom = static_cast<std::size_t>(south[column]);
      for (std::size_t row : rows)
        sum +=
            sentOfRow[row] * (y[std::max(bottom, row)] - y[std::min(top, row)]);
      south[column] = -1;
    }
    for (std::size_t row : rows)
      sentOfRow[row] = 0;
    return sum;
  }

  const std::vector<TrafficNet> &nets;
  const Ruler ruler;
  std::vector<std::vector<std::size_t>> netsOfCore; ///< ascending
  std::vector<double> costs;                        ///< by net
  // Memory of costOf.
  mutable std::vector<int> north, south; ///< by column; south -1: no reader
  mutable std::vector<double> sentOfRow;
  mutable std::vector<std::size_t> columns, rows;
};

} // namespace

std::unique_ptr<PlacementCost>
makeUnicastCost(const std::vector<TrafficNet> &nets, const Mesh &mesh,
                const ChipModel &chip, const RouterRectangle &region,
                std::vector<int> routers) {
  return std::make_unique<UnicastCost>(nets, mesh, chip, region,
                                       std::move(routers));
}

std::unique_ptr<PlacementCost> makeTreeCost(const std::vector<TrafficNet> &nets,
                                            const Mesh &mesh,
                                            const ChipModel &chip,
                                            std::vector<int> routers) {
  return std::make_unique<TreeCost>(nets, mesh, chip, std::move(routers));
}

} // namespace synfire

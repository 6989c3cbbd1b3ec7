//===- Bisect.cpp - first placement by recursive bisection ----------------===//
#include "compiler/mapping/Bisect.h"

#include <metis.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <queue>
#include <utility>

namespace synfire {
namespace {

/// A net within one half: its sources and readers there.
struct SubNet {
  std::vector<TrafficNet::Source> sources;
  std::vector<int> readers;
  bool useful() const { return !sources.empty() && !readers.empty(); }
};

/// Some cores and the rectangle that will hold them.
struct Part {
  std::vector<int> cores;
  std::vector<SubNet> nets;
  RouterRectangle region;
};

/// METIS takes SIGTERM and SIGABRT for its own errors while it works and leaves
/// its code, memory allocation included, by longjmp. What arrives meanwhile
/// waits and then does what it would have done: nobody asks METIS to stop.
class SignalsWait {
public:
  SignalsWait() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGABRT);
    pthread_sigmask(SIG_BLOCK, &signals, &before);
  }
  ~SignalsWait() { pthread_sigmask(SIG_SETMASK, &before, nullptr); }
  SignalsWait(const SignalsWait &) = delete;
  SignalsWait &operator=(const SignalsWait &) = delete;

private:
  sigset_t before;
};

/// A graph as METIS takes it. A net of many pairs becomes a star around a
/// vertex of no weight, so that the graph stays linear in the nets' sizes.
class Graph {
public:
  Graph(const Part &part, std::vector<int> &vertexOf) {
    for (std::size_t i = 0; i < part.cores.size(); ++i)
      vertexOf[static_cast<std::size_t>(part.cores[i])] = static_cast<int>(i);
    weights.assign(part.cores.size(), 1);
    for (const SubNet &net : part.nets)
      addNet(net, vertexOf);
    finish();
  }

  /// Side of each core: 0 or 1, about `first` of them 0.
  Result<std::vector<idx_t>> cut(std::size_t cores, std::size_t first) {
    std::vector<idx_t> side(weights.size(), 0);
    if (targets.empty()) {
      // Nothing pulls: the cores stay in order.
      for (std::size_t i = 0; i < cores; ++i)
        side[i] = i >= first;
      return side;
    }
    idx_t vertices = static_cast<idx_t>(weights.size()), constraints = 1,
          parts = 2, edgeCut = 0;
    const real_t share =
        static_cast<real_t>(first) / static_cast<real_t>(cores);
    real_t shares[2] = {share, 1 - share};
    real_t imbalance = 1.001F;
    idx_t options[METIS_NOPTIONS];
    METIS_SetDefaultOptions(options);
    options[METIS_OPTION_SEED] = 1;
    options[METIS_OPTION_NUMBERING] = 0;
    int result = METIS_OK;
    {
      const SignalsWait wait;
      result = METIS_PartGraphRecursive(
          &vertices, &constraints, begins.data(), targets.data(),
          weights.data(), nullptr, edgeWeights.data(), &parts, shares,
          &imbalance, options, &edgeCut, side.data());
    }
    if (result != METIS_OK)
      return makeError("METIS failed with code " + std::to_string(result),
                       "placement");
    balance(side, cores, first);
    return side;
  }

  /// Weight of the vertex's edges to the other side less those to its own.
  double gain(const std::vector<idx_t> &side, std::size_t vertex) const {
    double difference = 0;
    for (idx_t e = begins[vertex]; e < begins[vertex + 1]; ++e) {
      const auto at = static_cast<std::size_t>(e);
      const bool same =
          side[static_cast<std::size_t>(targets[at])] == side[vertex];
      difference += same ? -double(edgeWeights[at]) : double(edgeWeights[at]);
    }
    return difference;
  }

private:
  struct Edge {
    int a, b;
    double weight;
  };

  void addNet(const SubNet &net, const std::vector<int> &vertexOf) {
    const std::size_t pairs = net.sources.size() * net.readers.size();
    const std::size_t pins = net.sources.size() + net.readers.size();
    auto vertex = [&](int core) {
      return vertexOf[static_cast<std::size_t>(core)];
    };
    if (pairs <= 2 * pins) {
      for (const TrafficNet::Source &source : net.sources)
        for (int reader : net.readers)
          if (source.core != reader)
            edges.push_back(
                {vertex(source.core), vertex(reader), source.packets});
      return;
    }
    const int centre = static_cast<int>(weights.size());
    weights.push_back(0);
    double all = 0;
    for (const TrafficNet::Source &source : net.sources) {
      edges.push_back(
          {vertex(source.core), centre,
           source.packets * static_cast<double>(net.readers.size())});
      all += source.packets;
    }
    for (int reader : net.readers)
      edges.push_back({vertex(reader), centre, all});
  }

  void finish() {
    double total = 0;
    const std::size_t count = edges.size();
    for (std::size_t i = 0; i < count; ++i) {
      edges.push_back({edges[i].b, edges[i].a, edges[i].weight});
      total += edges[i].weight;
    }
    std::sort(edges.begin(), edges.end(), [](const Edge &x, const Edge &y) {
      return std::make_pair(x.a, x.b) < std::make_pair(y.a, y.b);
    });
    // Sums of weights must fit METIS's integers.
    const double scale = total > 0 ? 5e8 / total : 0;
    begins.assign(weights.size() + 1, 0);
    for (std::size_t i = 0; i < edges.size();) {
      const Edge &edge = edges[i];
      double weight = 0;
      for (; i < edges.size() && edges[i].a == edge.a && edges[i].b == edge.b;
           ++i)
        weight += edges[i].weight;
      targets.push_back(edge.b);
      edgeWeights.push_back(1 +
                            static_cast<idx_t>(std::llround(weight * scale)));
      ++begins[static_cast<std::size_t>(edge.a) + 1];
    }
    for (std::size_t v = 1; v < begins.size(); ++v)
      begins[v] += begins[v - 1];
    edges.clear();
    edges.shrink_to_fit();
  }

  /// METIS meets the sizes nearly; capacities are exact. The vertices that
  /// lose least change sides.
  void balance(std::vector<idx_t> &side, std::size_t cores,
               std::size_t first) const {
    auto onFirst = static_cast<std::size_t>(
        std::count(side.begin(), side.begin() + std::ptrdiff_t(cores), 0));
    if (onFirst == first)
      return;
    const idx_t from = onFirst > first ? 0 : 1;
    std::size_t excess = onFirst > first ? onFirst - first : first - onFirst;
    using Entry = std::pair<double, std::size_t>;
    std::priority_queue<Entry> queue;
    for (std::size_t v = 0; v < cores; ++v)
      if (side[v] == from)
        queue.emplace(gain(side, v), v);
    while (excess > 0) {
      const auto [promised, vertex] = queue.top();
      queue.pop();
      if (side[vertex] != from)
        continue;
      // Neighbours may have moved since.
      const double now = gain(side, vertex);
      if (now < promised) {
        queue.emplace(now, vertex);
        continue;
      }
      side[vertex] = 1 - from;
      --excess;
    }
  }

  std::vector<Edge> edges;
  std::vector<idx_t> weights, begins, targets, edgeWeights;
};

class Bisection {
public:
  Bisection(int cores, const Routing &ways, const ChipModel &chipModel)
      : routing(ways), chip(chipModel),
        routerOf(static_cast<std::size_t>(cores), 0),
        vertexOf(static_cast<std::size_t>(cores), -1),
        centreX(static_cast<std::size_t>(cores), 0), centreY(centreX),
        pullX(centreX), pullY(centreX) {}

  Result<std::vector<int>> run(const std::vector<TrafficNet> &nets,
                               const RouterRectangle &region) {
    Part whole;
    whole.region = region;
    for (std::size_t c = 0; c < routerOf.size(); ++c)
      whole.cores.push_back(static_cast<int>(c));
    for (const TrafficNet &net : nets)
      whole.nets.push_back({net.sources, net.readers});
    std::vector<Part> parts;
    parts.push_back(std::move(whole));
    while (!parts.empty()) {
      updatePulls(nets);
      std::vector<Part> finer;
      for (Part &part : parts) {
        if (part.region.width == 1 && part.region.height == 1) {
          for (int core : part.cores)
            routerOf[static_cast<std::size_t>(core)] =
                routing.mesh().routerNumber({part.region.x, part.region.y});
          continue;
        }
        SYNFIRE_TRY(halve(part, finer));
        part = Part();
      }
      parts = std::move(finer);
    }
    return std::move(routerOf);
  }

private:
  std::int64_t capacity(const RouterRectangle &r) const {
    return static_cast<std::int64_t>(
        usableCores(routing, chip.mesh.coresPerRouter, r).size());
  }

  /// Where to cut [begin, begin + length): at the chip border nearest to the
  /// middle, or in the middle of one chip.
  static int cutAt(int begin, int length, int chipLength) {
    const int middle = begin + length / 2;
    const int before = middle / chipLength * chipLength;
    int best = middle;
    bool found = false;
    for (int border : {before, before + chipLength})
      if (border > begin && border < begin + length &&
          (!found || std::abs(border - middle) < std::abs(best - middle))) {
        best = border;
        found = true;
      }
    return best;
  }

  Status halve(const Part &part, std::vector<Part> &finer) {
    const RouterRectangle &r = part.region;
    const HopMetric metric(chip);
    const bool vertical =
        metric.stretchedX(r.x + r.width - 1) - metric.stretchedX(r.x) >=
        metric.stretchedY(r.y + r.height - 1) - metric.stretchedY(r.y);
    RouterRectangle a = r, b = r;
    if ((vertical && r.width > 1) || r.height == 1) {
      a.width = cutAt(r.x, r.width, chip.mesh.chipWidth) - r.x;
      b.x += a.width;
      b.width -= a.width;
    } else {
      a.height = cutAt(r.y, r.height, chip.mesh.chipHeight) - r.y;
      b.y += a.height;
      b.height -= a.height;
    }
    const std::int64_t holdA = capacity(a), holdB = capacity(b);
    const auto count = static_cast<std::int64_t>(part.cores.size());
    const std::int64_t first =
        std::clamp(count * holdA / std::max<std::int64_t>(1, holdA + holdB),
                   std::max<std::int64_t>(0, count - holdB), holdA);
    std::vector<idx_t> side(part.cores.size(), first == 0);
    if (first > 0 && first < count) {
      Graph graph(part, vertexOf);
      SYNFIRE_ASSIGN(
          side, graph.cut(part.cores.size(), static_cast<std::size_t>(first)));
      if (holdA == holdB && 2 * first == count &&
          !facesWell(part, side, b.x != a.x))
        for (idx_t &s : side)
          s = 1 - s;
    }
    split(part, side, a, b, finer);
    return Status::success();
  }

  /// Where what they talk to draws the cores: displacements to the centres of
  /// the rectangles of others, summed over packets.
  void updatePulls(const std::vector<TrafficNet> &nets) {
    std::fill(pullX.begin(), pullX.end(), 0);
    std::fill(pullY.begin(), pullY.end(), 0);
    for (const TrafficNet &net : nets) {
      double packets = 0, sentX = 0, sentY = 0, readX = 0, readY = 0;
      for (const TrafficNet::Source &source : net.sources) {
        const auto core = static_cast<std::size_t>(source.core);
        packets += source.packets;
        sentX += source.packets * centreX[core];
        sentY += source.packets * centreY[core];
      }
      for (int reader : net.readers) {
        readX += centreX[static_cast<std::size_t>(reader)];
        readY += centreY[static_cast<std::size_t>(reader)];
      }
      const auto readers = static_cast<double>(net.readers.size());
      for (const TrafficNet::Source &source : net.sources) {
        const auto core = static_cast<std::size_t>(source.core);
        pullX[core] += source.packets * (readX - readers * centreX[core]);
        pullY[core] += source.packets * (readY - readers * centreY[core]);
      }
      for (int reader : net.readers) {
        const auto core = static_cast<std::size_t>(reader);
        pullX[core] += sentX - packets * centreX[core];
        pullY[core] += sentY - packets * centreY[core];
      }
    }
  }

  /// Whether each half, of equal size, lies where it is drawn.
  bool facesWell(const Part &part, const std::vector<idx_t> &side,
                 bool eastWest) const {
    const std::vector<double> &pull = eastWest ? pullX : pullY;
    double secondOutwards = 0;
    for (std::size_t i = 0; i < part.cores.size(); ++i) {
      const double of = pull[static_cast<std::size_t>(part.cores[i])];
      secondOutwards += side[i] == 0 ? -of : of;
    }
    return secondOutwards >= 0;
  }

  void split(const Part &part, const std::vector<idx_t> &side,
             const RouterRectangle &a, const RouterRectangle &b,
             std::vector<Part> &finer) {
    Part halves[2];
    halves[0].region = a;
    halves[1].region = b;
    for (std::size_t i = 0; i < part.cores.size(); ++i) {
      vertexOf[static_cast<std::size_t>(part.cores[i])] =
          static_cast<int>(side[i]);
      halves[side[i]].cores.push_back(part.cores[i]);
    }
    for (const SubNet &net : part.nets) {
      SubNet of[2];
      for (const TrafficNet::Source &source : net.sources)
        of[vertexOf[static_cast<std::size_t>(source.core)]].sources.push_back(
            source);
      for (int reader : net.readers)
        of[vertexOf[static_cast<std::size_t>(reader)]].readers.push_back(
            reader);
      for (int half : {0, 1})
        if (of[half].useful())
          halves[half].nets.push_back(std::move(of[half]));
    }
    for (Part &half : halves) {
      for (int core : half.cores) {
        const RouterRectangle &r = half.region;
        centreX[static_cast<std::size_t>(core)] = r.x + r.width / 2.0;
        centreY[static_cast<std::size_t>(core)] = r.y + r.height / 2.0;
      }
      if (!half.cores.empty())
        finer.push_back(std::move(half));
    }
  }

  const Routing &routing;
  const ChipModel &chip;
  std::vector<int> routerOf;
  std::vector<int> vertexOf;
  std::vector<double> centreX, centreY; ///< of each core's rectangle
  std::vector<double> pullX, pullY;
};

} // namespace

Result<std::vector<int>> bisectPlacement(const std::vector<TrafficNet> &nets,
                                         int cores, const Routing &routing,
                                         const ChipModel &chip,
                                         const RouterRectangle &region) {
  return Bisection(cores, routing, chip).run(nets, region);
}

} // namespace synfire

//===- Listeners.cpp - which cores hear which tiles -----------------------===//
#include "compiler/mapping/Listeners.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace synfire {
namespace {

using Needs = std::vector<Need>; ///< of one core; ascending, distinct

NeuronBlock intersection(const NeuronBlock &a, const Tile &b) {
  return {std::max(a.groupBegin, b.groupBegin),
          std::min(a.groupEnd, b.groupEnd),
          std::max(a.columnBegin, b.columnBegin),
          std::min(a.columnEnd, b.columnEnd)};
}

/// The positions for which needsToken holds.
std::pair<int, int> positionsOf(const Tile &tile, const Dendrite &dendrite,
                                Operand operand, int context) {
  if (dendrite.kind != DendriteKind::Scores)
    return {0, context};
  return {tile.columnBegin,
          operand == Operand::Stored ? tile.columnEnd : context};
}

/// Neurons of the union of rectangles.
std::int64_t unionSize(const std::vector<NeuronBlock> &blocks) {
  if (blocks.size() == 1)
    return blocks.front().size();
  std::vector<int> rows;
  for (const NeuronBlock &block : blocks) {
    rows.push_back(block.groupBegin);
    rows.push_back(block.groupEnd);
  }
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  std::int64_t total = 0;
  std::vector<std::pair<int, int>> columns;
  for (std::size_t r = 0; r + 1 < rows.size(); ++r) {
    columns.clear();
    for (const NeuronBlock &block : blocks)
      if (block.groupBegin <= rows[r] && rows[r] < block.groupEnd)
        columns.emplace_back(block.columnBegin, block.columnEnd);
    std::sort(columns.begin(), columns.end());
    int end = 0;
    std::int64_t covered = 0;
    for (const auto &[from, to] : columns) {
      covered += std::max(0, to - std::max(from, end));
      end = std::max(end, to);
    }
    total += covered * (rows[r + 1] - rows[r]);
  }
  return total;
}

/// Mean number of active neurons of the block over positions 0..context-1, of
/// which those in [first, last) count; a perKey stage is active up to the
/// position's column.
double meanActive(const Stage &stage, const NeuronBlock &block, int first,
                  int last, int context) {
  const double groups = block.groupEnd - block.groupBegin;
  const double columns = block.columnEnd - block.columnBegin;
  if (!stage.perKey)
    return groups * columns * (last - first) / context;
  // Column c is active at positions c and later: sum over columns.
  const int from = std::max(block.columnBegin, first);
  const double whole = std::max(0, from - block.columnBegin);
  const int to = std::max(from, std::min(block.columnEnd, last));
  const double rising = to - from;
  double sum = whole * std::max(0, last - from) + rising * (last - from) -
               rising * (rising - 1) / 2;
  return groups * std::max(0.0, sum) / context;
}

class Grouping {
public:
  explicit Grouping(const Program &source)
      : program(source), context(std::max(1, source.model.context)),
        tilesOfStage(source.stages.size() + 1) {
    const std::vector<Tile> &tiles = program.mapping.tiles;
    for (const Tile &tile : tiles)
      ++tilesOfStage[static_cast<std::size_t>(tile.stage) + 1];
    for (std::size_t s = 1; s < tilesOfStage.size(); ++s)
      tilesOfStage[s] += tilesOfStage[s - 1];
  }

  std::vector<ListenerGroup> run() {
    collectNeeds();
    std::vector<ListenerGroup> groups;
    for (std::size_t s = 0; s < program.stages.size(); ++s)
      addGroups(static_cast<int>(s), groups);
    return groups;
  }

private:
  void collectNeeds() {
    needs.resize(program.stages.size());
    for (const Tile &tile : program.mapping.tiles)
      for (const Dendrite &dendrite :
           program.stages[static_cast<std::size_t>(tile.stage)].dendrites)
        for (Operand operand : {Operand::Driver, Operand::Stored}) {
          const NeuronBlock block =
              requiredInputs(program, tile, dendrite, operand);
          if (block.empty())
            continue;
          const auto [first, last] =
              positionsOf(tile, dendrite, operand, context);
          const int source =
              operand == Operand::Driver ? dendrite.driver : dendrite.stored;
          needs[static_cast<std::size_t>(source)].push_back(
              {tile.core, {block, first, last}});
        }
    for (auto &list : needs) {
      std::sort(list.begin(), list.end());
      list.erase(std::unique(list.begin(), list.end()), list.end());
    }
  }

  void addGroups(int stage, std::vector<ListenerGroup> &groups) const {
    const auto &list = needs[static_cast<std::size_t>(stage)];
    std::vector<std::pair<Needs, int>> cores;
    for (std::size_t i = 0; i < list.size();) {
      const int core = list[i].first;
      Needs wanted;
      for (; i < list.size() && list[i].first == core; ++i)
        wanted.push_back(list[i].second);
      cores.emplace_back(std::move(wanted), core);
    }
    std::sort(cores.begin(), cores.end());
    for (std::size_t i = 0; i < cores.size();) {
      ListenerGroup group;
      group.stage = stage;
      const std::size_t first = i;
      for (; i < cores.size() && cores[i].first == cores[first].first; ++i)
        group.cores.push_back(cores[i].second);
      addSources(stage, cores[first].first, group);
      group.needs = cores[first].first;
      if (!group.sources.empty())
        groups.push_back(std::move(group));
    }
  }

  void addSources(int stage, const Needs &wanted, ListenerGroup &group) const {
    const Stage &shape = program.stages[static_cast<std::size_t>(stage)];
    std::vector<NeuronBlock> blocks;
    for (std::size_t t = tilesOfStage[static_cast<std::size_t>(stage)];
         t < tilesOfStage[static_cast<std::size_t>(stage) + 1]; ++t) {
      const Tile &tile = program.mapping.tiles[t];
      if (!tile.hasNeurons())
        continue;
      blocks.clear();
      double active = 0;
      for (const Need &need : wanted) {
        const NeuronBlock common = intersection(need.block, tile);
        if (common.empty())
          continue;
        blocks.push_back(common);
        active += meanActive(shape, common, need.firstPosition,
                             need.lastPosition, context);
      }
      if (blocks.empty())
        continue;
      ListenerGroup::Source source;
      source.tile = static_cast<int>(t);
      source.neurons = unionSize(blocks);
      // Blocks that overlap are sent once.
      source.activeNeurons =
          std::min(active, meanActive(shape,
                                      {tile.groupBegin, tile.groupEnd,
                                       tile.columnBegin, tile.columnEnd},
                                      0, context, context) *
                               static_cast<double>(source.neurons) /
                               static_cast<double>(tile.neurons()));
      group.sources.push_back(source);
    }
  }

  const Program &program;
  const int context;
  std::vector<std::size_t> tilesOfStage; ///< first tile of each, and the end
  /// By source stage, (core, need).
  std::vector<std::vector<std::pair<int, Need>>> needs;
};

/// Cuts each tile where what its listeners need begins or ends, and collects
/// the pieces by the set of groups that hear them.
class Regrouping {
public:
  Regrouping(const Program &source, const std::vector<ListenerGroup> &heard)
      : program(source), context(std::max(1, source.model.context)),
        groups(heard), groupsOfTile(source.mapping.tiles.size()) {
    for (std::size_t g = 0; g < groups.size(); ++g)
      for (const ListenerGroup::Source &from : groups[g].sources)
        groupsOfTile[static_cast<std::size_t>(from.tile)].push_back(g);
  }

  std::vector<ListenerGroup> run() {
    for (std::size_t t = 0; t < groupsOfTile.size(); ++t)
      if (!groupsOfTile[t].empty())
        cut(static_cast<int>(t));
    std::vector<ListenerGroup> made;
    made.reserve(sourcesOfSet.size());
    for (auto &[set, sources] : sourcesOfSet) {
      ListenerGroup group;
      group.stage = groups[set.front()].stage;
      group.sources = std::move(sources);
      for (std::size_t g : set)
        group.cores.insert(group.cores.end(), groups[g].cores.begin(),
                           groups[g].cores.end());
      std::sort(group.cores.begin(), group.cores.end());
      made.push_back(std::move(group));
    }
    return made;
  }

private:
  using Set = std::vector<std::size_t>; ///< ascending groups

  static void sortOut(std::vector<int> &cuts) {
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  }

  void cut(int number) {
    const Tile &tile = program.mapping.tiles[static_cast<std::size_t>(number)];
    std::vector<std::pair<std::size_t, Need>> pieces;
    std::vector<int> rows, columns, positions;
    for (std::size_t g : groupsOfTile[static_cast<std::size_t>(number)])
      for (Need need : groups[g].needs) {
        need.block = intersection(need.block, tile);
        if (need.block.empty())
          continue;
        rows.insert(rows.end(), {need.block.groupBegin, need.block.groupEnd});
        columns.insert(columns.end(),
                       {need.block.columnBegin, need.block.columnEnd});
        positions.insert(positions.end(),
                         {need.firstPosition, need.lastPosition});
        pieces.emplace_back(g, need);
      }
    for (std::vector<int> *cuts : {&rows, &columns, &positions})
      sortOut(*cuts);
    const Stage &stage = program.stages[static_cast<std::size_t>(tile.stage)];
    Set set;
    for (std::size_t r = 0; r + 1 < rows.size(); ++r)
      for (std::size_t c = 0; c + 1 < columns.size(); ++c)
        for (std::size_t p = 0; p + 1 < positions.size(); ++p) {
          set.clear();
          for (const auto &[g, need] : pieces)
            if (need.block.contains(rows[r], columns[c]) &&
                need.firstPosition <= positions[p] &&
                positions[p] < need.lastPosition &&
                (set.empty() || set.back() != g))
              set.push_back(g);
          if (set.empty())
            continue;
          const NeuronBlock block = {rows[r], rows[r + 1], columns[c],
                                     columns[c + 1]};
          add(set, {number, block.size(),
                    meanActive(stage, block, positions[p], positions[p + 1],
                               context)});
        }
  }

  void add(const Set &set, const ListenerGroup::Source &piece) {
    std::vector<ListenerGroup::Source> &sources = sourcesOfSet[set];
    if (!sources.empty() && sources.back().tile == piece.tile) {
      sources.back().neurons += piece.neurons;
      sources.back().activeNeurons += piece.activeNeurons;
    } else {
      sources.push_back(piece);
    }
  }

  const Program &program;
  const int context;
  const std::vector<ListenerGroup> &groups;
  std::vector<Set> groupsOfTile;
  std::map<Set, std::vector<ListenerGroup::Source>> sourcesOfSet;
};

} // namespace

std::vector<ListenerGroup> listenerGroups(const Program &program) {
  return Grouping(program).run();
}

std::vector<ListenerGroup>
multicastGroups(const Program &program,
                const std::vector<ListenerGroup> &groups) {
  return Regrouping(program, groups).run();
}

} // namespace synfire

//===- TileUnit.cpp - one tile of a stage, executed -----------------------===//
#include "simulator/machine/TileUnit.h"

#include "runtime/program/Trains.h"

#include <limits>

namespace synfire {
namespace {

constexpr std::int64_t membraneLimit = std::numeric_limits<std::int32_t>::max();

std::int32_t saturate(std::int64_t value) {
  return static_cast<std::int32_t>(
      std::clamp(value, -membraneLimit, membraneLimit));
}

bool requantises(const Dendrite &dendrite) {
  return dendrite.shift != 0 ||
         std::any_of(dendrite.multiplier.begin(), dendrite.multiplier.end(),
                     [](int m) { return m != 1; });
}

/// How often the running maximum looks at a score in a frame: at every step of
/// a train that comes in one frame, else once.
int comparisonsAFrame(const Program &program, const Stage &stage) {
  int comparisons = 0;
  for (const Dendrite &dendrite : stage.dendrites)
    if (stage.subtractGroupMaximum && dendrite.kind == DendriteKind::Scores)
      comparisons +=
          program.frames > 1
              ? 1
              : frameSteps(
                    program,
                    program.stages[static_cast<std::size_t>(dendrite.driver)]);
  return comparisons;
}

/// Windows from the one in which the stage fires to the last one in which a
/// static dendrite reads what it fired; 0 if none does.
int framesHeard(const Program &program, int stage) {
  const std::vector<int> &level = program.mapping.schedule.fireLevel;
  int most = 0;
  for (std::size_t s = 0; s < program.stages.size(); ++s)
    for (const Dendrite &dendrite : program.stages[s].dendrites)
      if (dendrite.kind == DendriteKind::Static && dendrite.driver == stage)
        most =
            std::max(most, level[s] - level[static_cast<std::size_t>(stage)]);
  return most;
}

} // namespace

TileUnit::TileUnit(const Program &program, const Tile &tile,
                   const FiringUnit &unit, SynapseMemory &memory)
    : where(tile),
      population(program.stages[static_cast<std::size_t>(tile.stage)]),
      extent(tile, population), firing(unit),
      trains(population, extent, unit, framesHeard(program, tile.stage)),
      sums(static_cast<std::size_t>(extent.neurons())),
      membrane(sums.size() *
               static_cast<std::size_t>(unit.rehearses() ? unit.frames() : 1)),
      comparisons(
          static_cast<std::uint64_t>(comparisonsAFrame(program, population))) {
  for (const Dendrite &dendrite : population.dendrites)
    dendrites.push_back(tile.hasNeurons() ||
                                dendrite.kind == DendriteKind::Static
                            ? makeDendriteUnit(program, tile, dendrite, memory)
                            : nullptr);
  for (std::int32_t k = 0; k < extent.neurons(); ++k)
    numbers.push_back(extent.neuron(k));
}

Work TileUnit::enterToken(int token, TokenFrame at) {
  Work work;
  for (auto &unit : dendrites) {
    const Work part = unit->enterToken(token, at, counted);
    counted[Counter::AxonRead] += part.entries;
    counted[Counter::StateRead] += part.operations;
    counted[Counter::StateWrite] += part.operations;
    work += part;
  }
  return work;
}

Work TileUnit::accept(int dendrite, const Feed &feed) {
  const Work work =
      dendrites[static_cast<std::size_t>(dendrite)]->accept(feed, counted);
  counted[Counter::AxonRead] += work.entries;
  counted[Counter::StateRead] += work.operations;
  counted[Counter::StateWrite] += work.operations;
  return work;
}

void TileUnit::endStep() {
  for (auto &unit : dendrites)
    if (unit)
      unit->endStep();
}

std::uint64_t TileUnit::takeSums(TokenFrame at, TileUnit &part) {
  const bool ahead = firing.rehearses();
  const int frames = !ahead ? 1 : at.frame == 0 ? firing.frames() : 0;
  std::uint64_t taken = 0;
  for (int row = 0; row < frames; ++row)
    for (std::size_t d = 0; d < dendrites.size(); ++d)
      if (part.dendrites[d]) {
        dendrites[d]->takeSums({at.position, ahead ? row : at.frame},
                               *part.dendrites[d]);
        taken += static_cast<std::uint64_t>(extent.neurons());
      }
  return taken;
}

Setup TileUnit::prepare(int token, TokenFrame at) {
  Setup setup;
  now = at;
  active = {extent.groups(), extent.columns(),
            population.perKey ? std::clamp(at.position + 1 - extent.columnBegin,
                                           0, extent.columns())
                              : extent.columns()};
  if (at.frame == 0)
    activeTotal += active.count();
  const bool ahead = firing.rehearses();
  prepared = !ahead ? 1 : at.frame == 0 ? firing.frames() : 0;
  maxima.assign(static_cast<std::size_t>(prepared) *
                    static_cast<std::size_t>(extent.groups()),
                lowest());
  for (int row = 0; row < prepared; ++row) {
    const TokenFrame part = {at.position, ahead ? row : at.frame};
    setup.entering += enterToken(token, part);
    setup.multiplies += computeMembranes(part, row);
  }
  if (firing.kind() == FireKind::Lookup)
    setup.lookups = active.count();
  if (ahead && at.frame == 0) {
    setup.updates =
        active.count() * static_cast<std::uint64_t>(firing.rehearsalSteps());
    counted[Counter::NeuronUpdate] += setup.updates;
    counted[Counter::StateRead] += setup.updates;
    counted[Counter::StateWrite] += setup.updates;
  }
  return setup;
}

void TileUnit::integrate(DendriteUnit &unit, const Dendrite &dendrite,
                         TokenFrame at) {
  const std::int64_t *values = unit.collect(at);
  const std::int64_t rounding =
      dendrite.shift > 0 ? std::int64_t(1) << (dendrite.shift - 1) : 0;
  const bool perNeuron = dendrite.multiplier.size() > 1;
  active.forEach([&](std::size_t k) {
    const std::int64_t multiplier =
        perNeuron ? dendrite.multiplier[static_cast<std::size_t>(numbers[k])]
                  : dendrite.multiplier.front();
    sums[k] += (values[k] * multiplier + rounding) >> dendrite.shift;
  });
}

/// Returns the number of digital multiplies.
std::uint64_t TileUnit::computeMembranes(TokenFrame at, int row) {
  const bool unread =
      firing.kind() == FireKind::Output && at.frame + 1 < firing.frames();
  std::fill(sums.begin(), sums.end(), 0);
  std::uint64_t multiplications = 0;
  for (std::size_t d = 0; d < dendrites.size(); ++d) {
    if (unread)
      dendrites[d]->collect(at);
    else
      integrate(*dendrites[d], population.dendrites[d], at);
    dendrites[d]->clear(at);
    multiplications += requantises(population.dendrites[d]);
  }
  if (unread)
    return 0;
  const int power = population.averagedInput;
  multiplications += (power > 0) + population.accumulatedOutput;
  const auto &bias = population.bias;
  std::int32_t *to = membraneRow(row);
  std::int32_t *maximaOfRow =
      maxima.data() +
      static_cast<std::size_t>(row) * static_cast<std::size_t>(extent.groups());
  active.forEach([&](std::size_t k) {
    std::int64_t sum = sums[k];
    if (power > 0)
      sum = averagedSum(sum, firing.frames(), at.frame, power);
    if (!bias.empty())
      sum += bias.size() == 1 ? bias.front()
                              : bias[static_cast<std::size_t>(numbers[k])];
    to[k] = saturate(sum);
    std::int32_t &maximum =
        maximaOfRow[k / static_cast<std::size_t>(extent.columns())];
    maximum = std::max(maximum, to[k]);
  });
  const std::uint64_t multiplies = active.count() * multiplications;
  counted[Counter::Mac] += multiplies;
  counted[Counter::Compare] += active.count() * comparisons;
  return multiplies;
}

void TileUnit::startFrame(const std::int32_t *jointMaxima) {
  if (population.subtractGroupMaximum)
    for (int row = 0; row < prepared; ++row) {
      std::int32_t *values = membraneRow(row);
      const std::int32_t *joint = jointMaxima +
                                  std::ptrdiff_t(row) * population.groups +
                                  extent.groupBegin;
      active.forEach([&](std::size_t k) {
        values[k] =
            saturate(std::int64_t(values[k]) -
                     joint[k / static_cast<std::size_t>(extent.columns())]);
      });
    }
  if (firing.kind() == FireKind::Output && now.frame + 1 < firing.frames())
    return;
  trains.startFrame(now, active, membranes(), counted);
}

const std::int32_t *TileUnit::membranes() const {
  const int row = firing.rehearses() ? now.frame : 0;
  return membrane.data() + static_cast<std::size_t>(row) * sums.size();
}

} // namespace synfire

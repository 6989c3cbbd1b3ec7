//===- TileUnit.cpp - one tile of a stage, executed -----------------------===//
#include "simulator/machine/TileUnit.h"

#include "runtime/program/Digest.h"

#include <cstdlib>
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

/// Steps at which the running maximum looks at every score.
int comparedSteps(const Program &program, const Stage &stage) {
  int steps = 0;
  for (const Dendrite &dendrite : stage.dendrites)
    if (stage.subtractGroupMaximum && dendrite.kind == DendriteKind::Scores)
      steps +=
          FiringUnit(program,
                     program.stages[static_cast<std::size_t>(dendrite.driver)])
              .steps();
  return steps;
}

} // namespace

TileUnit::TileUnit(const Program &program, const Tile &tile,
                   const FiringUnit &unit)
    : where(tile),
      population(program.stages[static_cast<std::size_t>(tile.stage)]),
      extent(tile, population), firing(unit),
      sums(static_cast<std::size_t>(extent.neurons())), membrane(sums.size()),
      maxima(static_cast<std::size_t>(extent.groups())),
      compareSteps(
          static_cast<std::uint64_t>(comparedSteps(program, population))),
      stepSpikes(static_cast<std::size_t>(unit.steps())) {
  for (const Dendrite &dendrite : population.dendrites)
    dendrites.push_back(makeDendriteUnit(program, tile, dendrite));
  for (std::int32_t k = 0; k < extent.neurons(); ++k) {
    numbers.push_back(extent.neuron(k));
    keys.push_back(neuronKey(static_cast<std::uint64_t>(numbers.back())));
  }
  if (unit.kind() == FireKind::Neuron)
    states.resize(sums.size());
  else if (unit.kind() == FireKind::Lookup)
    codes.resize(sums.size());
  fired.begin.assign(static_cast<std::size_t>(unit.classCount()) + 1, 0);
}

/// visit(number in the tile) for the active neurons, ascending.
template <typename Visit> void TileUnit::forEachActive(Visit &&visit) const {
  for (std::int32_t g = 0; g < extent.groups(); ++g)
    for (std::int32_t c = 0; c < activeColumns; ++c)
      visit(static_cast<std::size_t>(g) * extent.columns() +
            static_cast<std::size_t>(c));
}

Work TileUnit::enterToken(int token, int position) {
  Work work;
  for (auto &unit : dendrites) {
    const Work part = unit->enterToken(token, position, counted);
    counted[Counter::AxonRead] += part.entries;
    counted[Counter::StateRead] += part.operations;
    counted[Counter::StateWrite] += part.operations;
    work.entries += part.entries;
    work.operations += part.operations;
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
    unit->endStep();
}

void TileUnit::integrate(const DendriteUnit &unit, const Dendrite &dendrite,
                         int position) {
  const std::int64_t *values = unit.accumulators(position);
  const std::int64_t rounding =
      dendrite.shift > 0 ? std::int64_t(1) << (dendrite.shift - 1) : 0;
  const bool perNeuron = dendrite.multiplier.size() > 1;
  forEachActive([&](std::size_t k) {
    const std::int64_t multiplier =
        perNeuron ? dendrite.multiplier[static_cast<std::size_t>(numbers[k])]
                  : dendrite.multiplier.front();
    sums[k] += (values[k] * multiplier + rounding) >> dendrite.shift;
  });
}

std::uint64_t TileUnit::computeMembranes(int position) {
  activeColumns =
      population.perKey
          ? std::clamp(position + 1 - extent.columnBegin, 0, extent.columns())
          : extent.columns();
  const auto active = static_cast<std::uint64_t>(activeNeurons());
  activeTotal += active;
  std::fill(sums.begin(), sums.end(), 0);
  std::uint64_t multiplies = 0;
  for (std::size_t d = 0; d < dendrites.size(); ++d) {
    integrate(*dendrites[d], population.dendrites[d], position);
    dendrites[d]->clear(position);
    if (requantises(population.dendrites[d]))
      multiplies += active;
  }
  const auto &bias = population.bias;
  std::fill(maxima.begin(), maxima.end(), lowest());
  forEachActive([&](std::size_t k) {
    std::int64_t sum = sums[k];
    if (!bias.empty())
      sum += bias.size() == 1 ? bias.front()
                              : bias[static_cast<std::size_t>(numbers[k])];
    membrane[k] = saturate(sum);
    std::int32_t &maximum =
        maxima[k / static_cast<std::size_t>(extent.columns())];
    maximum = std::max(maximum, membrane[k]);
  });
  counted[Counter::Mac] += multiplies;
  counted[Counter::Compare] += active * compareSteps;
  return multiplies;
}

void TileUnit::startTrain(const std::int32_t *jointMaxima) {
  digest = 0;
  forEachActive([&](std::size_t k) {
    if (population.subtractGroupMaximum) {
      const std::size_t group = k / static_cast<std::size_t>(extent.columns()) +
                                static_cast<std::size_t>(extent.groupBegin);
      membrane[k] = saturate(std::int64_t(membrane[k]) - jointMaxima[group]);
    }
    if (firing.kind() == FireKind::Neuron)
      begin(firing.neuron(), states[k], membrane[k]);
    else if (firing.kind() == FireKind::Lookup)
      codes[k] = lookup(firing.table(), membrane[k]);
    else
      digest += keys[k] * static_cast<std::uint64_t>(std::int64_t(membrane[k]));
  });
  if (firing.kind() == FireKind::Lookup)
    counted[Counter::LookupRead] += static_cast<std::uint64_t>(activeNeurons());
}

void TileUnit::fire(int step) {
  firedClass.clear();
  firedNeuron.clear();
  if (step >= firing.steps()) {
    fired.neurons.clear();
    std::fill(fired.begin.begin(), fired.begin.end(), 0);
    return;
  }
  fired.classes = firing.classesOf(step);
  if (firing.kind() == FireKind::Neuron)
    fireNeurons(step);
  else
    fireLookups(step);
  sortFired();
  const auto active = static_cast<std::uint64_t>(activeNeurons());
  const std::uint64_t spikes = fired.size();
  counted[Counter::NeuronUpdate] += active;
  counted[Counter::StateRead] += active;
  counted[Counter::StateWrite] += active;
  counted[Counter::Spike] += spikes;
  counted[Counter::SpikeBits] +=
      spikes * static_cast<unsigned>(firing.spikeBits());
  stepSpikes[static_cast<std::size_t>(step)] += spikes;
}

void TileUnit::fireNeurons(int step) {
  forEachActive([&](std::size_t k) {
    const Spike spike = synfire::step(firing.neuron(), states[k], step);
    if (spike.level == 0)
      return;
    firedClass.push_back(firing.classOf(spike));
    firedNeuron.push_back(static_cast<std::int32_t>(k));
  });
}

void TileUnit::fireLookups(int step) {
  const int bit = firing.steps() - 1 - step;
  forEachActive([&](std::size_t k) {
    if (((std::abs(codes[k]) >> bit) & 1) == 0)
      return;
    firedClass.push_back(codes[k] < 0);
    firedNeuron.push_back(static_cast<std::int32_t>(k));
  });
}

/// Counting sort by class; neurons of a class stay in ascending order.
void TileUnit::sortFired() {
  std::fill(fired.begin.begin(), fired.begin.end(), 0);
  for (std::int32_t c : firedClass)
    ++fired.begin[static_cast<std::size_t>(c) + 1];
  for (std::size_t c = 1; c < fired.begin.size(); ++c)
    fired.begin[c] += fired.begin[c - 1];
  fired.neurons.resize(firedNeuron.size());
  for (std::size_t i = 0; i < firedNeuron.size(); ++i) {
    const auto c = static_cast<std::size_t>(firedClass[i]);
    fired.neurons[static_cast<std::size_t>(fired.begin[c]++)] =
        numbers[static_cast<std::size_t>(firedNeuron[i])];
    digest += keys[static_cast<std::size_t>(firedNeuron[i])] *
              fired.classes[c].digestTerm;
  }
  // Placing has moved every start to its end.
  for (std::size_t c = fired.begin.size() - 1; c > 0; --c)
    fired.begin[c] = fired.begin[c - 1];
  fired.begin.front() = 0;
}

std::uint64_t TileUnit::membraneDigest() const {
  std::uint64_t sum = 0;
  forEachActive([&](std::size_t k) {
    sum += keys[k] * static_cast<std::uint64_t>(std::int64_t(membrane[k]));
  });
  return sum;
}

} // namespace synfire

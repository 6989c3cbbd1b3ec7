//===- TileTrains.cpp - the trains that one tile fires --------------------===//
#include "simulator/machine/TileTrains.h"

#include "runtime/program/Digest.h"
#include "runtime/program/Trains.h"

#include <algorithm>
#include <cstdlib>

namespace synfire {

TileTrains::TileTrains(const Stage &stage, const TileShape &shape,
                       const FiringUnit &firing, int framesKept)
    : unit(firing), accumulated(stage.accumulatedOutput),
      sums(shape, framesKept),
      stepSpikes(static_cast<std::size_t>(firing.trainSteps())) {
  for (std::int32_t k = 0; k < shape.neurons(); ++k) {
    numbers.push_back(shape.neuron(k));
    keys.push_back(neuronKey(static_cast<std::uint64_t>(numbers.back())));
  }
  if (unit.kind() == FireKind::Neuron) {
    states.resize(numbers.size());
    if (unit.frames() > 1) {
      before.resize(numbers.size());
      rise.resize(numbers.size());
    }
  } else if (unit.kind() != FireKind::Output) {
    codes.resize(numbers.size());
    parts.resize(numbers.size());
  }
  if (!unit.digital()) {
    firedClass.resize(numbers.size());
    firedNeuron.resize(numbers.size());
  }
  fired.digital = unit.digital();
  fired.sums = &sums;
  clearEvents();
}

void TileTrains::startFrame(TokenFrame at, const ActiveNeurons &neurons,
                            const std::int32_t *membranes, Counters &counters) {
  frame = at.frame;
  sums.begin(at);
  active = neurons;
  digest = 0;
  switch (unit.kind()) {
  case FireKind::Neuron:
    return startNeurons(membranes);
  case FireKind::Lookup:
    counters[Counter::LookupRead] += active.count();
    return startNumbers(membranes);
  case FireKind::Number:
    return startNumbers(membranes);
  case FireKind::Output:
    digest = digestOf(active, membranes);
  }
}

/// An AllAtOnce unit takes the membrane as it begins, a streamed one takes what
/// each frame adds to it.
void TileTrains::startNeurons(const std::int32_t *membranes) {
  if (frame == 0)
    active.forEach(
        [&](std::size_t k) { begin(unit.neuron(), states[k], membranes[k]); });
  if (unit.frames() == 1)
    return;
  if (frame == 0 && unit.rehearses())
    rehearseNeurons(membranes);
  active.forEach([&](std::size_t k) {
    rise[k] = std::int64_t(membranes[k]) - (frame == 0 ? 0 : before[k]);
    before[k] = membranes[k];
  });
}

void TileTrains::rehearseNeurons(const std::int32_t *membranes) {
  std::vector<std::int64_t> currents(
      static_cast<std::size_t>(unit.trainSteps()));
  active.forEach([&](std::size_t k) {
    std::int64_t last = 0;
    std::size_t at = 0;
    for (int f = 0; f < unit.frames(); ++f) {
      const std::int64_t now =
          membranes[static_cast<std::size_t>(f) * numbers.size() + k];
      for (int step = 0; step < unit.steps(); ++step)
        currents[at++] = shareOf(now - last, step, unit.steps());
      last = now;
    }
    rehearse(unit.neuron(), states[k], currents.data());
  });
}

std::int64_t TileTrains::codeOf(std::int32_t membrane) const {
  const std::int64_t code =
      unit.kind() == FireKind::Lookup
          ? lookup(unit.table(), membrane)
          : std::clamp<std::int64_t>(membrane, -unit.numberLimit(),
                                     unit.numberLimit());
  return accumulated ? code * (frame + 1) : code;
}

void TileTrains::startNumbers(const std::int32_t *membranes) {
  active.forEach([&](std::size_t k) {
    const std::int64_t code = codeOf(membranes[k]);
    parts[k] = code - (frame == 0 ? 0 : codes[k]);
    codes[k] = code;
  });
}

void TileTrains::fire(int step, Counters &counters) {
  if (step >= unit.steps())
    return clearEvents();
  if (unit.digital()) {
    fireNumbers();
  } else {
    firedCount = 0;
    fired.classes = unit.classesOf(frame, step);
    if (unit.kind() == FireKind::Lookup)
      fireBits(step);
    else if (unit.frames() == 1)
      fireNeurons(step, [](std::size_t) { return std::int64_t(0); });
    else
      fireNeurons(frame * unit.steps() + step, [&](std::size_t k) {
        return shareOf(rise[k], step, unit.steps());
      });
    sortFired();
  }
  count(step, counters);
}

template <typename Current>
void TileTrains::fireNeurons(int trainStep, Current current) {
  const NeuronConfig &config = unit.neuron();
  active.forEach([&](std::size_t k) {
    const Spike spike = step(config, states[k], trainStep, current(k));
    if (!spike.silent())
      keep(k, unit.classOf(spike));
  });
}

void TileTrains::fireBits(int step) {
  const int bit = unit.steps() - 1 - step;
  active.forEach([&](std::size_t k) {
    if (((std::abs(parts[k]) >> bit) & 1) != 0)
      keep(k, parts[k] < 0);
  });
}

void TileTrains::fireNumbers() {
  clearEvents();
  numberClasses.clear();
  std::uint64_t sum = 0;
  active.forEach([&](std::size_t k) {
    if (parts[k] == 0)
      return;
    const auto word = static_cast<std::uint64_t>(parts[k]);
    numberClasses.push_back({static_cast<std::int32_t>(parts[k]), word, false});
    fired.neurons.push_back(numbers[k]);
    fired.begin.push_back(static_cast<std::int32_t>(fired.neurons.size()));
    if (!sums.empty())
      sums.codes()[k] = parts[k];
    sum += keys[k] * word;
  });
  fired.classes = numberClasses.data();
  digest += sum;
}

void TileTrains::clearEvents() {
  fired.neurons.clear();
  fired.begin.assign(static_cast<std::size_t>(unit.classCount()) + 1, 0);
}

/// Counting sort by class; neurons of a class stay in ascending order.
void TileTrains::sortFired() {
  std::fill(fired.begin.begin(), fired.begin.end(), 0);
  for (std::size_t i = 0; i < firedCount; ++i)
    ++fired.begin[static_cast<std::size_t>(firedClass[i]) + 1];
  for (std::size_t c = 1; c < fired.begin.size(); ++c)
    fired.begin[c] += fired.begin[c - 1];
  fired.neurons.resize(firedCount);
  for (std::size_t i = 0; i < firedCount; ++i) {
    const auto c = static_cast<std::size_t>(firedClass[i]);
    fired.neurons[static_cast<std::size_t>(fired.begin[c]++)] =
        numbers[static_cast<std::size_t>(firedNeuron[i])];
    digest += keys[static_cast<std::size_t>(firedNeuron[i])] *
              fired.classes[c].digestTerm;
  }
  if (!sums.empty()) {
    std::int64_t *codesOfFrame = sums.codes();
    for (std::size_t i = 0; i < firedCount; ++i)
      codesOfFrame[firedNeuron[i]] += fired.classes[firedClass[i]].payload;
  }
  // Placing has moved every start to its end.
  for (std::size_t c = fired.begin.size() - 1; c > 0; --c)
    fired.begin[c] = fired.begin[c - 1];
  fired.begin.front() = 0;
}

void TileTrains::count(int step, Counters &counters) {
  const std::uint64_t updates = active.count(), events = fired.size();
  if (!unit.digital())
    counters[Counter::NeuronUpdate] += updates;
  counters[Counter::StateRead] += updates;
  counters[Counter::StateWrite] += updates;
  counters[unit.digital() ? Counter::Number : Counter::Spike] += events;
  counters[unit.digital() ? Counter::NumberBits : Counter::SpikeBits] +=
      events * static_cast<unsigned>(unit.eventBits());
  if (!unit.digital())
    stepSpikes[static_cast<std::size_t>(frame) * unit.steps() + step] += events;
}

std::uint64_t TileTrains::digestOf(const ActiveNeurons &neurons,
                                   const std::int32_t *values) const {
  std::uint64_t sum = 0;
  neurons.forEach([&](std::size_t k) {
    sum += keys[k] * static_cast<std::uint64_t>(std::int64_t(values[k]));
  });
  return sum;
}

} // namespace synfire

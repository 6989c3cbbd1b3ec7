//===- NaiveExecutor.h - program.md, event by event -------------*- C++ -*-===//
//
// The oracle of the executors: every event is a loop turn, every counter is
// incremented where its event happens, sums have 128 bits, frames come as
// differences. It knows the neuron unit through begin/rehearse/step/payload
// only and shares no code with the engine.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TESTS_UNIT_ENGINE_NAIVEEXECUTOR_H
#define SYNFIRE_TESTS_UNIT_ENGINE_NAIVEEXECUTOR_H

#include "tests/unit/engine/NaiveDendrites.h"

#include "runtime/neuron/LookupTable.h"
#include "runtime/neuron/Neuron.h"
#include "runtime/program/Digest.h"
#include "runtime/program/Program.h"
#include "runtime/program/Run.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace synfire::tests {

class NaiveExecutor {
public:
  /// What a stage did for one token, after its last frame. Of a perKey stage:
  /// columns <= position, group by group.
  struct StageRow {
    std::vector<std::int32_t> membranes;
    std::vector<std::int32_t> codes; ///< empty for the output
  };

  NaiveExecutor(const NaiveExecutor &) = delete;
  NaiveExecutor &operator=(const NaiveExecutor &) = delete;
  explicit NaiveExecutor(const Program &given) : program(given) {
    result.executor = "naive";
    result.stages.resize(program.stages.size());
    for (std::size_t s = 0; s < program.stages.size(); ++s)
      result.stages[s].spikesByStep.assign(index(trainLength(s)), 0);
  }

  void run(int token) {
    const int p = position();
    std::vector<StageRow> rows;
    history.trains.assign(program.stages.size(), {});
    history.codes.emplace_back(program.stages.size());
    for (std::size_t s = 0; s < program.stages.size(); ++s)
      rows.push_back(runStage(s, token, p));
    tokens.push_back(std::move(rows));
  }

  void run(const std::vector<int> &several) {
    for (int token : several)
      run(token);
  }

  /// Of the next token.
  int position() const {
    return program.prefix + static_cast<int>(tokens.size());
  }
  const StageRow &row(int at, int stage) const {
    return tokens[index(at - program.prefix)][index(stage)];
  }
  const std::vector<std::int32_t> &logits(int at) const {
    return tokens[index(at - program.prefix)].back().membranes;
  }

  /// Counters and digests of everything so far.
  Run counted() const {
    Run run = result;
    run.total = {};
    for (const StageRun &stage : run.stages)
      run.total += stage.counters;
    return run;
  }

private:
  using Event = NaiveEvent;
  using Train = NaiveTrain;
  using Wide = NaiveWide;
  using Sums = NaiveSums;

  template <typename T> static std::size_t index(T value) {
    return static_cast<std::size_t>(value);
  }
  bool streamed() const { return program.frames > 1; }

  /// Steps of the whole train.
  int trainLength(std::size_t s) const {
    const Stage &stage = program.stages[s];
    switch (stage.fire) {
    case FireKind::Neuron:
      return program.neurons[index(stage.unit)].steps;
    case FireKind::Lookup:
      if (!stage.digital)
        return program.frames *
               (program.lookupTables[index(stage.unit)].steps + streamed());
      break;
    case FireKind::Number:
      break;
    case FireKind::Output:
      return 0;
    }
    return program.frames;
  }

  std::vector<std::int64_t> activeNeurons(const Stage &stage, int p) const {
    std::vector<std::int64_t> active;
    for (int g = 0; g < stage.groups; ++g)
      for (int c = 0; c < stage.groupWidth; ++c)
        if (!stage.perKey || c <= p)
          active.push_back(std::int64_t(g) * stage.groupWidth + c);
    return active;
  }

  static std::int32_t saturate(Wide value) {
    const Wide limit = 0x7fffffff;
    return static_cast<std::int32_t>(value > limit    ? limit
                                     : value < -limit ? -limit
                                                      : value);
  }
  static Wide floorDivide(Wide value, Wide divisor) {
    Wide quotient = value / divisor;
    while (quotient * divisor > value)
      --quotient;
    return quotient;
  }

  using Membranes = std::vector<std::int32_t>;

  StageRow runStage(std::size_t s, int token, int p) {
    const Stage &stage = program.stages[s];
    Counters &counters = result.stages[s].counters;
    const std::vector<std::int64_t> active = activeNeurons(stage, p);
    result.stages[s].values += active.size();
    std::vector<Sums> accumulators(stage.dendrites.size(),
                                   Sums(index(stage.width()), 0));
    std::vector<Membranes> frames;
    for (int f = 0; f < program.frames; ++f) {
      for (std::size_t d = 0; d < stage.dendrites.size(); ++d)
        dendrites.accumulate({stage, stage.dendrites[d], counters, token, p, f},
                             accumulators[d]);
      // Logits are asked for once.
      if (stage.fire != FireKind::Output || f + 1 == program.frames)
        frames.push_back(requantise(stage, counters, active, accumulators, f));
    }
    StageRow row;
    for (std::int64_t i : active)
      row.membranes.push_back(frames.back()[index(i)]);
    fire(s, p, active, frames, row);
    return row;
  }

  Membranes requantise(const Stage &stage, Counters &counters,
                       const std::vector<std::int64_t> &active,
                       const std::vector<Sums> &accumulators, int frame) const {
    Membranes membranes(index(stage.width()), 0);
    for (std::int64_t i : active) {
      Wide sum = 0;
      for (std::size_t d = 0; d < stage.dendrites.size(); ++d) {
        const Dendrite &dendrite = stage.dendrites[d];
        const auto &m = dendrite.multiplier;
        const Wide half =
            dendrite.shift > 0 ? Wide(1) << (dendrite.shift - 1) : 0;
        sum += (accumulators[d][index(i)] * m[m.size() > 1 ? index(i) : 0] +
                half) >>
               dendrite.shift;
        if (dendrite.shift != 0 ||
            std::any_of(m.begin(), m.end(), [](auto v) { return v != 1; }))
          ++counters[Counter::Mac];
      }
      if (stage.averagedInput > 0) {
        const bool twice = stage.averagedInput == 2;
        const Wide whole = Wide(program.frames) * (twice ? program.frames : 1);
        const Wide part = Wide(frame + 1) * (twice ? frame + 1 : 1);
        sum = floorDivide(2 * sum * whole + part, 2 * part);
        ++counters[Counter::Mac];
      }
      if (!stage.bias.empty())
        sum += stage.bias[stage.bias.size() > 1 ? index(i) : 0];
      membranes[index(i)] = saturate(sum);
    }
    if (stage.subtractGroupMaximum)
      subtractMaximum(stage, counters, active, membranes);
    return membranes;
  }

  void subtractMaximum(const Stage &stage, Counters &counters,
                       const std::vector<std::int64_t> &active,
                       Membranes &membranes) const {
    for (int g = 0; g < stage.groups; ++g) {
      std::int64_t largest = INT64_MIN;
      for (std::int64_t i : active)
        if (i / stage.groupWidth == g)
          largest = std::max<std::int64_t>(largest, membranes[index(i)]);
      for (std::int64_t i : active)
        if (i / stage.groupWidth == g)
          membranes[index(i)] = saturate(Wide(membranes[index(i)]) - largest);
    }
    for (const Dendrite &dendrite : stage.dendrites)
      if (dendrite.kind == DendriteKind::Scores)
        counters[Counter::Compare] +=
            active.size() *
            (streamed() ? 1 : index(trainLength(index(dendrite.driver))));
  }

  void fire(std::size_t s, int p, const std::vector<std::int64_t> &active,
            const std::vector<Membranes> &frames, StageRow &row) {
    const Stage &stage = program.stages[s];
    StageRun &counted = result.stages[s];
    std::uint64_t rowSum = 0, membraneSum = 0;
    history.trains[s].assign(index(stage.width()), {});
    auto &fired = history.codes.back()[s];
    fired.assign(index(stage.width()), 0);
    for (std::int64_t i : active) {
      Membranes own;
      std::uint64_t membraneWord = 0;
      for (const Membranes &membranes : frames) {
        membraneWord +=
            frameKey(own.size()) *
            static_cast<std::uint64_t>(std::int64_t(membranes[index(i)]));
        own.push_back(membranes[index(i)]);
      }
      std::uint64_t word = membraneWord; // that of the logit
      Train &train = history.trains[s][index(i)];
      if (stage.fire == FireKind::Neuron)
        word = fireNeuron(s, own, train);
      else if (stage.fire != FireKind::Output)
        word = fireCodes(s, own, train);
      rowSum += neuronKey(index(i)) * word;
      membraneSum += neuronKey(index(i)) * membraneWord;
      for (const Event &event : train) {
        fired[index(i)] += event.payload;
        if (!event.number)
          ++counted.spikesByStep[index(event.step)];
      }
      if (stage.fire != FireKind::Output)
        row.codes.push_back(static_cast<std::int32_t>(fired[index(i)]));
    }
    result.digest += rowDigest(s, index(p), rowSum);
    result.membraneDigest += rowDigest(s, index(p), membraneSum);
  }

  void countSpike(Counters &counters, int banks, int levels, bool sign) {
    std::uint64_t bits = 0;
    while ((1 << bits) < banks * levels + 1)
      ++bits;
    ++counters[Counter::Spike];
    counters[Counter::SpikeBits] += bits + (sign ? 1 : 0);
  }
  void countUpdate(Counters &counters, bool digital = false) {
    if (!digital)
      ++counters[Counter::NeuronUpdate];
    ++counters[Counter::StateRead];
    ++counters[Counter::StateWrite];
  }

  /// What each step hears of the frames' differences, in equal shares.
  std::vector<std::int64_t> currentsOf(const Membranes &frames,
                                       int steps) const {
    std::vector<std::int64_t> currents;
    const int share = steps / program.frames;
    std::int64_t before = 0;
    for (std::int32_t membrane : frames) {
      const Wide difference = Wide(membrane) - before;
      for (int u = 0; u < share; ++u)
        currents.push_back(
            static_cast<std::int64_t>(floorDivide(difference * (u + 1), share) -
                                      floorDivide(difference * u, share)));
      before = membrane;
    }
    return currents;
  }

  std::uint64_t fireNeuron(std::size_t s, const Membranes &frames,
                           Train &train) {
    Counters &counters = result.stages[s].counters;
    const NeuronConfig &config = program.neurons[index(program.stages[s].unit)];
    const std::vector<std::int64_t> currents = currentsOf(frames, config.steps);
    NeuronState state;
    begin(config, state, streamed() ? 0 : frames.front());
    if (config.rehearsal != Rehearsal::Off)
      rehearse(config, state, currents.data());
    if (config.rehearsal == Rehearsal::ResidualMask ||
        config.rehearsal == Rehearsal::OptimalShift)
      for (int t = 0; t < config.rehearsalSteps; ++t)
        countUpdate(counters);
    std::uint64_t word = 0;
    for (int t = 0; t < config.steps; ++t) {
      countUpdate(counters);
      const Spike spike =
          step(config, state, t, streamed() ? currents[index(t)] : 0);
      if (spike.silent())
        continue;
      train.push_back({t * program.frames / config.steps, t,
                       payload(config, t, spike),
                       hidesMultiply(config, t, spike)});
      word += digestTerm(config, t, spike);
      countSpike(counters, static_cast<int>(config.banks.size()), config.levels,
                 config.sign != SignMode::None ||
                     config.negative != NegativeRule::Off);
    }
    return word;
  }

  /// Look-ups and numbers: what the code of a frame is more than the one
  /// before.
  std::uint64_t fireCodes(std::size_t s, const Membranes &frames,
                          Train &train) {
    const Stage &stage = program.stages[s];
    Counters &counters = result.stages[s].counters;
    std::uint64_t word = 0;
    std::int64_t before = 0;
    for (int f = 0; f < program.frames; ++f) {
      const std::int64_t limit = stage.accumulatedOutput
                                     ? stage.codeLimit / program.frames
                                     : stage.codeLimit;
      std::int64_t code =
          std::clamp<std::int64_t>(frames[index(f)], -limit, limit);
      if (stage.fire == FireKind::Lookup) {
        code =
            lookup(program.lookupTables[index(stage.unit)], frames[index(f)]);
        ++counters[Counter::LookupRead];
      }
      if (stage.accumulatedOutput) {
        code *= f + 1;
        ++counters[Counter::Mac];
      }
      const std::int64_t difference = code - before;
      before = code;
      word += frameKey(index(f)) * static_cast<std::uint64_t>(difference);
      if (stage.digital)
        sendNumber(stage, counters, f, difference, train);
      else
        sendBits(s, f, difference, train);
    }
    return word;
  }

  void sendNumber(const Stage &stage, Counters &counters, int frame,
                  std::int64_t value, Train &train) {
    countUpdate(counters, /*digital=*/true);
    if (value == 0)
      return;
    train.push_back({frame, frame, value, false, true});
    ++counters[Counter::Number];
    std::uint64_t bits = 1;
    while ((stage.codeLimit >> (bits - 1)) != 0)
      ++bits;
    counters[Counter::NumberBits] += bits;
  }

  void sendBits(std::size_t s, int frame, std::int64_t value, Train &train) {
    const int steps = trainLength(s) / program.frames;
    for (int t = 0; t < steps; ++t) {
      countUpdate(result.stages[s].counters);
      const std::int64_t bit = std::int64_t(1) << (steps - 1 - t);
      if ((std::abs(value) & bit) == 0)
        continue;
      train.push_back(
          {frame, frame * steps + t, value < 0 ? -bit : bit, false});
      countSpike(result.stages[s].counters, 1, 1, true);
    }
  }

  const Program &program;
  NaiveHistory history;
  NaiveDendrites dendrites{program, history};
  Run result;
  std::vector<std::vector<StageRow>> tokens; ///< [token][stage]
};

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_ENGINE_NAIVEEXECUTOR_H

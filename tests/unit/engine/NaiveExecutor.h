//===- NaiveExecutor.h - program.md, event by event -------------*- C++ -*-===//
//
// The oracle of the executors: every spike is a loop turn, every counter is
// incremented where its event happens, sums have 128 bits. It knows the neuron
// unit through begin/step/payload only and shares no code with the engine.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TESTS_UNIT_ENGINE_NAIVEEXECUTOR_H
#define SYNFIRE_TESTS_UNIT_ENGINE_NAIVEEXECUTOR_H

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
  /// What a stage did for one token. Of a perKey stage: columns <= position,
  /// group by group.
  struct StageRow {
    std::vector<std::int32_t> membranes;
    std::vector<std::int32_t> codes; ///< empty for the output
  };

  explicit NaiveExecutor(const Program &given) : program(given) {
    result.executor = "naive";
    result.stages.resize(program.stages.size());
    for (std::size_t s = 0; s < program.stages.size(); ++s)
      result.stages[s].spikesByStep.assign(index(unitSteps(s)), 0);
  }

  void run(int token) {
    const int p = position();
    std::vector<StageRow> rows;
    trains.assign(program.stages.size(), {});
    codes.emplace_back(program.stages.size());
    for (std::size_t s = 0; s < program.stages.size(); ++s)
      rows.push_back(runStage(s, token, p));
    tokens.push_back(std::move(rows));
  }

  void run(const std::vector<int> &several) {
    for (int token : several)
      run(token);
  }

  int position() const { return static_cast<int>(tokens.size()); }
  const StageRow &row(int token, int stage) const {
    return tokens[index(token)][index(stage)];
  }
  const std::vector<std::int32_t> &logits(int token) const {
    return tokens[index(token)].back().membranes;
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
  struct Event {
    int step = 0;
    std::int64_t payload = 0;
    bool hidden = false;
  };
  using Train = std::vector<Event>;
  using Wide = __int128;

  template <typename T> static std::size_t index(T value) {
    return static_cast<std::size_t>(value);
  }

  int unitSteps(std::size_t s) const {
    const Stage &stage = program.stages[s];
    if (stage.fire == FireKind::Neuron)
      return program.neurons[index(stage.unit)].steps;
    if (stage.fire == FireKind::Lookup)
      return program.lookupTables[index(stage.unit)].steps;
    return 0;
  }

  std::vector<std::int64_t> activeNeurons(const Stage &stage, int p) const {
    std::vector<std::int64_t> active;
    for (int g = 0; g < stage.groups; ++g)
      for (int c = 0; c < stage.groupWidth; ++c)
        if (!stage.perKey || c <= p)
          active.push_back(std::int64_t(g) * stage.groupWidth + c);
    return active;
  }

  /// One synaptic operation.
  void operate(Counters &counters, Counter kind, const Event &event) {
    ++counters[kind];
    ++counters[Counter::StateRead];
    ++counters[Counter::StateWrite];
    if (event.hidden)
      ++counters[Counter::HiddenMultiply];
  }
  void readWeight(Counters &counters, const Dendrite &dendrite) {
    ++counters[Counter::WeightRead];
    counters[Counter::WeightReadBits] += static_cast<std::uint64_t>(
        program.weights.blocks[index(dendrite.weights)].bits);
  }
  void readStored(Counters &counters, const Dendrite &dendrite) {
    ++counters[Counter::StoredRead];
    counters[Counter::StoredReadBits] +=
        static_cast<std::uint64_t>(dendrite.storedBits);
  }
  void writeStored(Counters &counters, const Dendrite &dendrite, int operand) {
    for (const Train &train : trains[index(operand)])
      for (std::size_t e = 0; e < train.size(); ++e) {
        ++counters[Counter::StoredWrite];
        counters[Counter::StoredWriteBits] +=
            static_cast<std::uint64_t>(dendrite.storedBits);
      }
  }

  std::vector<Wide> accumulate(const Stage &stage, const Dendrite &dendrite,
                               Counters &counters, int token, int p) {
    const std::int64_t width = stage.width();
    std::vector<Wide> acc(index(width), 0);
    const int headWidth = dendrite.headWidth;
    if (dendrite.kind == DendriteKind::Embed) {
      for (std::int64_t j = 0; j < width; ++j) {
        acc[index(j)] += weightAt(program.weights, dendrite.weights, token, j);
        operate(counters, Counter::SopLinear, Event{});
        readWeight(counters, dendrite);
      }
      return acc;
    }
    const Stage &driver = program.stages[index(dendrite.driver)];
    if (dendrite.kind == DendriteKind::Product) {
      multiply(stage, dendrite, counters, acc);
      return acc;
    }
    if (dendrite.stored >= 0)
      writeStored(counters, dendrite, dendrite.stored);
    const std::vector<Train> &x = trains[index(dendrite.driver)];
    for (std::int64_t i = 0; i < driver.width(); ++i)
      for (const Event &event : x[index(i)])
        switch (dendrite.kind) {
        case DendriteKind::Static:
          for (std::int64_t j = 0; j < width; ++j) {
            acc[index(j)] += Wide(event.payload) *
                             weightAt(program.weights, dendrite.weights, i, j);
            operate(counters, Counter::SopLinear, event);
            readWeight(counters, dendrite);
          }
          break;
        case DendriteKind::Identity:
          acc[index(i)] += event.payload;
          operate(counters, Counter::SopOther, event);
          break;
        case DendriteKind::Sum:
          acc[index(i / driver.groupWidth)] += event.payload;
          operate(counters, Counter::SopOther, event);
          break;
        case DendriteKind::Rotary: {
          const int half = headWidth / 2;
          const std::int64_t within = i % headWidth, first = i - within;
          const std::int64_t pair = within % half;
          const Wide cosine =
              weightAt(program.weights, dendrite.weights, p, pair);
          const Wide sine =
              weightAt(program.weights, dendrite.weights, p, half + pair);
          if (within < half) {
            acc[index(first + pair)] += event.payload * cosine;
            acc[index(first + pair + half)] += event.payload * sine;
          } else {
            acc[index(first + pair)] -= event.payload * sine;
            acc[index(first + pair + half)] += event.payload * cosine;
          }
          for (int target = 0; target < 2; ++target) {
            operate(counters, Counter::SopOther, event);
            readWeight(counters, dendrite);
          }
          break;
        }
        case DendriteKind::Scores: {
          const std::int64_t head = i / headWidth, d = i % headWidth;
          const std::int64_t keyNeuron =
              head / dendrite.queryPerKey * headWidth + d;
          for (int j = 0; j <= p; ++j) {
            acc[index(head * stage.groupWidth + j)] +=
                Wide(event.payload) *
                codes[index(j)][index(dendrite.stored)][index(keyNeuron)];
            operate(counters, Counter::SopAttention, event);
            readStored(counters, dendrite);
          }
          break;
        }
        case DendriteKind::Mix: {
          const std::int64_t head = i / driver.groupWidth;
          const std::int64_t key = i % driver.groupWidth;
          for (int d = 0; d < headWidth; ++d) {
            acc[index(head * headWidth + d)] +=
                Wide(event.payload) *
                codes[index(key)][index(dendrite.stored)]
                     [index(head / dendrite.queryPerKey * headWidth + d)];
            operate(counters, Counter::SopAttention, event);
            readStored(counters, dendrite);
          }
          break;
        }
        case DendriteKind::Embed:
        case DendriteKind::Product:
          break;
        }
    return acc;
  }

  /// Stored: X reads the whole Y. Concurrent: step by step, every spike meets
  /// what the other side has summed, X seeing Y's spikes of its own step.
  void multiply(const Stage &stage, const Dendrite &dendrite,
                Counters &counters, std::vector<Wide> &acc) {
    const std::int64_t n = stage.width();
    const std::int64_t repeatX =
        n / program.stages[index(dendrite.driver)].width();
    const std::int64_t repeatY =
        n / program.stages[index(dendrite.stored)].width();
    const bool concurrent = dendrite.form == ProductForm::Concurrent;
    writeStored(counters, dendrite, dendrite.stored);
    if (concurrent)
      writeStored(counters, dendrite, dendrite.driver);
    for (std::int64_t i = 0; i < n; ++i) {
      const Train &x = trains[index(dendrite.driver)][index(i / repeatX)];
      const Train &y = trains[index(dendrite.stored)][index(i / repeatY)];
      for (const Event &event : x) {
        Wide sum = 0;
        for (const Event &other : y)
          if (!concurrent || other.step <= event.step)
            sum += other.payload;
        acc[index(i)] += event.payload * sum;
        operate(counters, Counter::SopOther, event);
        readStored(counters, dendrite);
      }
      if (!concurrent)
        continue;
      for (const Event &event : y) {
        Wide sum = 0;
        for (const Event &other : x)
          if (other.step < event.step)
            sum += other.payload;
        acc[index(i)] += event.payload * sum;
        operate(counters, Counter::SopOther, event);
        readStored(counters, dendrite);
      }
    }
  }

  static std::int32_t saturate(Wide value) {
    const Wide limit = 0x7fffffff;
    return static_cast<std::int32_t>(value > limit    ? limit
                                     : value < -limit ? -limit
                                                      : value);
  }

  StageRow runStage(std::size_t s, int token, int p) {
    const Stage &stage = program.stages[s];
    Counters &counters = result.stages[s].counters;
    const std::vector<std::int64_t> active = activeNeurons(stage, p);
    result.stages[s].values += active.size();
    std::vector<Wide> sums(index(stage.width()), 0);
    for (const Dendrite &dendrite : stage.dendrites) {
      const std::vector<Wide> acc =
          accumulate(stage, dendrite, counters, token, p);
      const auto &m = dendrite.multiplier;
      const bool plain =
          dendrite.shift == 0 &&
          std::all_of(m.begin(), m.end(), [](auto v) { return v == 1; });
      for (std::int64_t i : active) {
        const Wide half =
            dendrite.shift > 0 ? Wide(1) << (dendrite.shift - 1) : 0;
        sums[index(i)] +=
            (acc[index(i)] * m[m.size() > 1 ? index(i) : 0] + half) >>
            dendrite.shift;
        if (!plain)
          ++counters[Counter::Mac];
      }
    }
    std::vector<std::int32_t> membranes(index(stage.width()), 0);
    for (std::int64_t i : active) {
      if (!stage.bias.empty())
        sums[index(i)] += stage.bias[stage.bias.size() > 1 ? index(i) : 0];
      membranes[index(i)] = saturate(sums[index(i)]);
    }
    if (stage.subtractGroupMaximum)
      subtractMaximum(stage, counters, active, membranes);

    StageRow row;
    for (std::int64_t i : active)
      row.membranes.push_back(membranes[index(i)]);
    fire(s, p, active, membranes, row);
    return row;
  }

  void subtractMaximum(const Stage &stage, Counters &counters,
                       const std::vector<std::int64_t> &active,
                       std::vector<std::int32_t> &membranes) const {
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
            active.size() * index(unitSteps(index(dendrite.driver)));
  }

  void fire(std::size_t s, int p, const std::vector<std::int64_t> &active,
            const std::vector<std::int32_t> &membranes, StageRow &row) {
    const Stage &stage = program.stages[s];
    StageRun &counted = result.stages[s];
    std::uint64_t rowSum = 0, membraneSum = 0;
    trains[s].assign(index(stage.width()), {});
    auto &fired = codes.back()[s];
    fired.assign(index(stage.width()), 0);
    for (std::int64_t i : active) {
      const std::int32_t membrane = membranes[index(i)];
      const auto signedWord =
          static_cast<std::uint64_t>(std::int64_t(membrane));
      std::uint64_t word = signedWord;
      if (stage.fire == FireKind::Neuron)
        word = fireNeuron(s, membrane, trains[s][index(i)]);
      else if (stage.fire == FireKind::Lookup)
        word = fireLookup(s, membrane, trains[s][index(i)]);
      rowSum += neuronKey(index(i)) * word;
      membraneSum += neuronKey(index(i)) * signedWord;
      for (const Event &event : trains[s][index(i)]) {
        fired[index(i)] += event.payload;
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
  void countUpdate(Counters &counters) {
    ++counters[Counter::NeuronUpdate];
    ++counters[Counter::StateRead];
    ++counters[Counter::StateWrite];
  }

  std::uint64_t fireNeuron(std::size_t s, std::int32_t membrane, Train &train) {
    Counters &counters = result.stages[s].counters;
    const NeuronConfig &config = program.neurons[index(program.stages[s].unit)];
    NeuronState state;
    begin(config, state, membrane);
    std::uint64_t word = 0;
    for (int t = 0; t < config.steps; ++t) {
      countUpdate(counters);
      const Spike spike = step(config, state, t);
      if (spike.sign == 0)
        continue;
      train.push_back(
          {t, payload(config, t, spike), hidesMultiply(config, t, spike)});
      word += digestTerm(config, t, spike);
      countSpike(counters, static_cast<int>(config.banks.size()), config.levels,
                 config.sign != SignMode::None);
    }
    return word;
  }

  std::uint64_t fireLookup(std::size_t s, std::int32_t membrane, Train &train) {
    Counters &counters = result.stages[s].counters;
    const LookupTable &table =
        program.lookupTables[index(program.stages[s].unit)];
    const std::int32_t entry = lookup(table, membrane);
    ++counters[Counter::LookupRead];
    for (int t = 0; t < table.steps; ++t) {
      countUpdate(counters);
      const std::int64_t value = std::int64_t(1) << (table.steps - 1 - t);
      if ((std::abs(std::int64_t(entry)) & value) == 0)
        continue;
      train.push_back({t, entry < 0 ? -value : value, false});
      countSpike(counters, 1, 1, true);
    }
    return static_cast<std::uint64_t>(std::int64_t(entry));
  }

  const Program &program;
  Run result;
  std::vector<std::vector<StageRow>> tokens; ///< [position][stage]
  std::vector<std::vector<Train>> trains;    ///< [stage][neuron], now
  std::vector<std::vector<std::vector<std::int64_t>>>
      codes; ///< [position][stage][neuron]
};

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_ENGINE_NAIVEEXECUTOR_H

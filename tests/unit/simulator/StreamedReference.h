//===- StreamedReference.h - program.md, P10 to P13, word by word -*- C++
//-*-===//
//
// Computes every frame of every stage from the cumulative codes of its operands
// anew, as the specification states it, and the counters by its formulas. It
// knows no events in flight, no increments, no slots and no tiles, which are
// what the machine is made of.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TESTS_UNIT_SIMULATOR_STREAMEDREFERENCE_H
#define SYNFIRE_TESTS_UNIT_SIMULATOR_STREAMEDREFERENCE_H

#include "runtime/program/Digest.h"
#include "runtime/program/Program.h"
#include "runtime/program/Run.h"
#include "runtime/program/Trains.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace synfire::tests {

class StreamedReference {
public:
  explicit StreamedReference(const Program &given)
      : program(given), frames(given.frames) {
    for (const Stage &stage : program.stages) {
      StageRun made;
      made.spikesByStep.resize(at(trainSteps(program, stage)));
      result.stages.push_back(made);
    }
  }

  /// Appends a token.
  void run(int token) {
    tokens.emplace_back();
    for (std::size_t s = 0; s < program.stages.size(); ++s) {
      tokens.back().push_back(runStage(s, token));
      countStage(s);
    }
  }
  int position() const {
    return program.prefix + static_cast<int>(tokens.size()) - 1;
  }

  using Values = std::vector<std::int64_t>; ///< by neuron of the stage
  struct Train {
    std::vector<Values> membranes, codes; ///< [frame], after each
    std::uint64_t events = 0, hidden = 0;
    std::uint64_t ownKeyEvents = 0; ///< at the token's own column
  };
  const Train &train(int p, int stage) const {
    return tokens[at(p - program.prefix)][at(stage)];
  }
  std::vector<std::int32_t> logits() const {
    const Values &last = tokens.back().back().membranes.back();
    return {last.begin(), last.end()};
  }
  /// The neurons that take part, ascending.
  std::vector<std::int64_t> active(int stage, int p) const {
    const Stage &shape = program.stages[at(stage)];
    std::vector<std::int64_t> neurons;
    for (std::int64_t i = 0; i < shape.width(); ++i)
      if (!shape.perKey || i % shape.groupWidth <= p)
        neurons.push_back(i);
    return neurons;
  }
  Run counted() const {
    Run run = result;
    for (const StageRun &stage : run.stages)
      run.total += stage.counters;
    return run;
  }

private:
  static std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }
  const Train &operand(int stage) const { return tokens.back()[at(stage)]; }

  /// Neuron i of the stored operand of key j as the token sees it after frame
  /// f.
  std::int64_t stored(const Dendrite &d, std::int64_t j, int f,
                      std::int64_t i) const {
    if (j < program.prefix)
      return weightAt(program.weights, d.prefixCodes, j, i);
    const auto &codes = tokens[at(j - program.prefix)][at(d.stored)].codes;
    return (j == position() ? codes[at(f)] : codes.back())[at(i)];
  }

  static bool oddCommonBits(std::int64_t a, std::int64_t b) {
    bool odd = false;
    for (std::int64_t both = a & b; both != 0; both /= 2)
      odd ^= both % 2 != 0;
    return odd;
  }

  std::int64_t accumulate(const Stage &stage, const Dendrite &d, std::int64_t i,
                          int token, int f) const {
    const int p = position(), hw = d.headWidth;
    auto weight = [&](std::int64_t row, std::int64_t column) {
      return std::int64_t(weightAt(program.weights, d.weights, row, column));
    };
    if (d.kind == DendriteKind::Embed)
      return weight(token, i) * (d.everyFrame ? f + 1 : 1);
    const Values &x = operand(d.driver).codes[at(f)];
    const Stage &driver = program.stages[at(d.driver)];
    std::int64_t sum = 0;
    switch (d.kind) {
    case DendriteKind::Embed:
      break;
    case DendriteKind::Static:
      for (std::int64_t k = 0; k < driver.width(); ++k)
        sum += weight(k, i) * x[at(k)];
      break;
    case DendriteKind::Identity:
      return x[at(i)];
    case DendriteKind::Sum:
      for (std::int64_t k : active(d.driver, p))
        if (k / driver.groupWidth == i)
          sum += x[at(k)];
      break;
    case DendriteKind::Rotary: {
      const std::int64_t within = i % hw, half = hw / 2, pair = within % half;
      const std::int64_t low = i - within + pair, high = low + half;
      const std::int64_t cosine = weight(p, pair),
                         sine = weight(p, half + pair);
      return within < half ? x[at(low)] * cosine - x[at(high)] * sine
                           : x[at(high)] * cosine + x[at(low)] * sine;
    }
    case DendriteKind::Product: {
      const Stage &partner = program.stages[at(d.stored)];
      return x[at(i / (stage.width() / driver.width()))] *
             operand(d.stored)
                 .codes[at(f)][at(i / (stage.width() / partner.width()))];
    }
    case DendriteKind::Scores: {
      const std::int64_t head = i / stage.groupWidth, j = i % stage.groupWidth;
      for (int k = 0; k < hw && j <= p; ++k)
        sum += x[at(head * hw + k)] *
               stored(d, j, f, head / d.queryPerKey * hw + k);
      break;
    }
    case DendriteKind::Mix: {
      const std::int64_t head = i / hw;
      for (std::int64_t j = 0; j <= p; ++j)
        sum += x[at(head * driver.groupWidth + j)] *
               stored(d, j, f, head / d.queryPerKey * hw + i % hw);
      break;
    }
    case DendriteKind::Hadamard:
      for (std::int64_t k = i - i % hw; k < i - i % hw + hw; ++k)
        sum += oddCommonBits(k % hw, i % hw) ? -x[at(k)] : x[at(k)];
      break;
    }
    return sum;
  }

  static std::int64_t limit(std::int64_t value, std::int64_t most) {
    return std::clamp(value, -most, most);
  }

  std::int64_t membrane(const Stage &stage, std::int64_t i, int token,
                        int f) const {
    std::int64_t sum = 0;
    for (const Dendrite &d : stage.dendrites) {
      const std::int64_t multiplier =
          d.multiplier[d.multiplier.size() > 1 ? at(i) : 0];
      const std::int64_t rounding =
          d.shift > 0 ? std::int64_t(1) << (d.shift - 1) : 0;
      sum += (accumulate(stage, d, i, token, f) * multiplier + rounding) >>
             d.shift;
    }
    if (stage.averagedInput > 0)
      sum = averagedSum(sum, frames, f, stage.averagedInput);
    if (!stage.bias.empty())
      sum += stage.bias[stage.bias.size() > 1 ? at(i) : 0];
    return limit(sum, 0x7fffffff);
  }

  Train runStage(std::size_t s, int token) {
    const Stage &stage = program.stages[s];
    const auto neurons = active(static_cast<int>(s), position());
    Train made;
    for (int f = 0; f < frames; ++f) {
      made.membranes.emplace_back(at(stage.width()), 0);
      Values &m = made.membranes.back();
      for (std::int64_t i : neurons)
        m[at(i)] = membrane(stage, i, token, f);
      if (stage.subtractGroupMaximum)
        subtractMaximum(stage, neurons, m);
    }
    made.codes.assign(at(frames), Values(at(stage.width()), 0));
    std::uint64_t word = 0, membraneWord = 0;
    for (std::int64_t i : neurons) {
      const std::uint64_t key = neuronKey(static_cast<std::uint64_t>(i));
      word += key * fire(s, i, made);
      for (int f = 0; f < frames; ++f)
        if (stage.fire != FireKind::Output)
          membraneWord += key * frameKey(at(f)) * unsignedOf(made, i, f);
        else if (f + 1 == frames)
          membraneWord += key * unsignedOf(made, i, f);
    }
    const auto p = static_cast<std::uint64_t>(position());
    result.digest += rowDigest(s, p, word);
    result.membraneDigest += rowDigest(s, p, membraneWord);
    return made;
  }

  static std::uint64_t unsignedOf(const Train &made, std::int64_t i, int f) {
    return static_cast<std::uint64_t>(made.membranes[at(f)][at(i)]);
  }

  static void subtractMaximum(const Stage &stage, const Values &neurons,
                              Values &m) {
    for (int g = 0; g < stage.groups; ++g) {
      std::int64_t largest = INT64_MIN;
      for (std::int64_t i : neurons)
        if (i / stage.groupWidth == g)
          largest = std::max(largest, m[at(i)]);
      for (std::int64_t i : neurons)
        if (i / stage.groupWidth == g)
          m[at(i)] = limit(m[at(i)] - largest, 0x7fffffff);
    }
  }

  /// Fills in the codes of neuron i; its digest word.
  std::uint64_t fire(std::size_t s, std::int64_t i, Train &made) {
    const Stage &stage = program.stages[s];
    if (stage.fire == FireKind::Output)
      return unsignedOf(made, i, frames - 1);
    if (stage.fire == FireKind::Neuron)
      return fireNeuron(s, i, made);
    std::uint64_t word = 0;
    std::int64_t before = 0;
    for (int f = 0; f < frames; ++f) {
      const std::int64_t m = made.membranes[at(f)][at(i)];
      std::int64_t code =
          stage.fire == FireKind::Number
              ? limit(m,
                      stage.codeLimit / (stage.accumulatedOutput ? frames : 1))
              : lookup(program.lookupTables[at(stage.unit)],
                       static_cast<std::int32_t>(m));
      if (stage.accumulatedOutput)
        code *= f + 1;
      made.codes[at(f)][at(i)] = code;
      word += frameKey(at(f)) * static_cast<std::uint64_t>(code - before);
      sendCode(s, i, f, code - before, made);
      before = code;
    }
    return word;
  }

  void sendCode(std::size_t s, std::int64_t i, int f, std::int64_t part,
                Train &made) {
    const Stage &stage = program.stages[s];
    const int steps = frameSteps(program, stage);
    if (stage.digital) {
      if (part != 0)
        countEvent(s, i, made, false, -1);
      return;
    }
    for (int t = 0; t < steps; ++t)
      if ((std::abs(part) >> (steps - 1 - t)) & 1)
        countEvent(s, i, made, false, f * steps + t);
  }

  std::uint64_t fireNeuron(std::size_t s, std::int64_t i, Train &made) {
    const NeuronConfig &config = program.neurons[at(program.stages[s].unit)];
    const int inFrame = config.steps / frames;
    std::vector<std::int64_t> currents;
    for (int f = 0; f < frames; ++f) {
      const std::int64_t rise = made.membranes[at(f)][at(i)] -
                                (f > 0 ? made.membranes[at(f - 1)][at(i)] : 0);
      for (int u = 0; u < inFrame; ++u)
        currents.push_back(shareOf(rise, u, inFrame));
    }
    NeuronState state;
    begin(config, state, made.membranes.front()[at(i)]);
    if (config.rehearsal != Rehearsal::Off)
      rehearse(config, state, currents.data());
    std::uint64_t word = 0;
    std::int64_t code = 0;
    for (int t = 0; t < config.steps; ++t) {
      const Spike spike = step(config, state, t, currents[at(t)]);
      if (!spike.silent()) {
        code += payload(config, t, spike);
        word += digestTerm(config, t, spike);
        countEvent(s, i, made, hidesMultiply(config, t, spike), t);
      }
      made.codes[at(t / inFrame)][at(i)] = code;
    }
    return word;
  }

  /// `trainStep` -1: a number.
  void countEvent(std::size_t s, std::int64_t i, Train &made, bool hides,
                  int trainStep) {
    const Stage &stage = program.stages[s];
    ++made.events;
    made.hidden += hides;
    made.ownKeyEvents += stage.perKey && i % stage.groupWidth == position();
    const bool number = trainStep < 0;
    Counters &counters = result.stages[s].counters;
    ++counters[number ? Counter::Number : Counter::Spike];
    counters[number ? Counter::NumberBits : Counter::SpikeBits] +=
        at(eventBits(program, stage));
    if (!number)
      ++result.stages[s].spikesByStep[at(trainStep)];
  }

  void countStage(std::size_t s) {
    const Stage &stage = program.stages[s];
    Counters &counters = result.stages[s].counters;
    const std::uint64_t neurons =
        active(static_cast<int>(s), position()).size();
    const std::uint64_t inFrames =
        neurons * at(stage.fire == FireKind::Output ? 1 : frames);
    result.stages[s].values += neurons;
    std::uint64_t state = neurons * at(trainSteps(program, stage));
    if (stage.fire == FireKind::Neuron) {
      const NeuronConfig &unit = program.neurons[at(stage.unit)];
      if (unit.rehearsal == Rehearsal::ResidualMask ||
          unit.rehearsal == Rehearsal::OptimalShift)
        state += neurons * at(unit.rehearsalSteps);
    }
    if (!stage.digital)
      counters[Counter::NeuronUpdate] += state;
    if (stage.fire == FireKind::Lookup)
      counters[Counter::LookupRead] += inFrames;
    for (const Dendrite &d : stage.dendrites) {
      state += countDendrite(stage, d, counters);
      const auto &m = d.multiplier;
      if (d.shift != 0 || std::any_of(m.begin(), m.end(),
                                      [](std::int32_t v) { return v != 1; }))
        counters[Counter::Mac] += inFrames;
      if (d.kind == DendriteKind::Scores && stage.subtractGroupMaximum)
        counters[Counter::Compare] +=
            frames > 1
                ? inFrames
                : neurons *
                      at(trainSteps(program, program.stages[at(d.driver)]));
    }
    counters[Counter::Mac] +=
        inFrames * ((stage.averagedInput > 0) + stage.accumulatedOutput);
    counters[Counter::StateRead] += state;
    counters[Counter::StateWrite] += state;
  }

  /// Returns the operations.
  std::uint64_t countDendrite(const Stage &stage, const Dendrite &d,
                              Counters &counters) {
    const std::uint64_t width = at(stage.width()), p = at(position());
    std::uint64_t all = 0;
    auto operations = [&](int from, std::uint64_t fanOut, Counter kind) {
      const Train &x = operand(from);
      const bool digital = program.stages[at(from)].digital;
      counters[digital ? Counter::DigitalMac : kind] += x.events * fanOut;
      counters[Counter::HiddenMultiply] += x.hidden * fanOut;
      all += x.events * fanOut;
    };
    auto fanOut = [&](int from) {
      return width / at(program.stages[at(from)].width());
    };
    std::uint64_t writes = d.stored >= 0 ? operand(d.stored).events : 0;
    const bool both = d.stored >= 0 && d.form == ProductForm::Concurrent;
    switch (d.kind) {
    case DendriteKind::Embed:
      all = width * at(d.everyFrame ? frames : 1);
      counters[Counter::SopLinear] += all;
      break;
    case DendriteKind::Static:
      operations(d.driver, width, Counter::SopLinear);
      break;
    case DendriteKind::Identity:
    case DendriteKind::Sum:
      operations(d.driver, 1, Counter::SopOther);
      break;
    case DendriteKind::Rotary:
      operations(d.driver, 2, Counter::SopOther);
      break;
    case DendriteKind::Hadamard:
      operations(d.driver, static_cast<std::uint64_t>(d.headWidth),
                 Counter::SopOther);
      break;
    case DendriteKind::Product:
      operations(d.driver, fanOut(d.driver), Counter::SopOther);
      if (both) {
        operations(d.stored, fanOut(d.stored), Counter::SopOther);
        writes += operand(d.driver).events;
      }
      break;
    case DendriteKind::Scores:
      operations(d.driver, p + 1, Counter::SopAttention);
      if (both) {
        operations(d.stored, at(d.queryPerKey), Counter::SopAttention);
        writes += operand(d.driver).events;
      }
      break;
    case DendriteKind::Mix:
      operations(d.driver, at(d.headWidth), Counter::SopAttention);
      if (both) {
        operations(d.stored, at(d.queryPerKey), Counter::SopAttention);
        writes += operand(d.driver).ownKeyEvents;
      }
      break;
    }
    if (d.weights >= 0) {
      counters[Counter::WeightRead] += all;
      counters[Counter::WeightReadBits] +=
          all * at(program.weights.blocks[at(d.weights)].bits);
    }
    if (d.stored >= 0) {
      counters[Counter::StoredRead] += all;
      counters[Counter::StoredReadBits] += all * at(d.storedBits);
      counters[Counter::StoredWrite] += writes;
      counters[Counter::StoredWriteBits] += writes * at(d.storedBits);
    }
    return all;
  }

  const Program &program;
  int frames;
  Run result;
  std::vector<std::vector<Train>> tokens; ///< [token][stage]
};

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_SIMULATOR_STREAMEDREFERENCE_H

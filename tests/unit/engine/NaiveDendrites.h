//===- NaiveDendrites.h - accumulators, event by event ----------*- C++ -*-===//
//
// The half of NaiveExecutor that sums. Accumulators only ever change by what an
// event delivers, and products of streams grow by the two-sided rule.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TESTS_UNIT_ENGINE_NAIVEDENDRITES_H
#define SYNFIRE_TESTS_UNIT_ENGINE_NAIVEDENDRITES_H

#include "runtime/program/Program.h"
#include "runtime/program/Run.h"

#include <cstdint>
#include <vector>

namespace synfire::tests {

/// One delivery. Events of a token happen in order of frame, then step; steps
/// count from the start of the train.
struct NaiveEvent {
  int frame = 0, step = 0;
  std::int64_t payload = 0;
  bool hidden = false;
  bool number = false; ///< of a digital stage
};
using NaiveTrain = std::vector<NaiveEvent>;
using NaiveWide = __int128;
using NaiveSums = std::vector<NaiveWide>;

/// What stages have delivered.
struct NaiveHistory {
  std::vector<std::vector<NaiveTrain>> trains; ///< [stage][neuron], now
  std::vector<std::vector<std::vector<std::int64_t>>>
      codes; ///< [token][stage][neuron], after the last frame
};

class NaiveDendrites {
public:
  /// What a dendrite sums and counts for one token and frame.
  struct Site {
    const Stage &stage;
    const Dendrite &dendrite;
    Counters &counters;
    int token, position, frame;
  };

  NaiveDendrites(const Program &given, const NaiveHistory &delivered)
      : program(given), history(delivered) {}

  /// Adds what the frame's events deliver.
  void accumulate(const Site &site, NaiveSums &acc) const {
    const Dendrite &dendrite = site.dendrite;
    if (dendrite.kind == DendriteKind::Embed) {
      if (site.frame == 0 || dendrite.everyFrame)
        for (std::int64_t j = 0; j < site.stage.width(); ++j) {
          acc[index(j)] +=
              weightAt(program.weights, dendrite.weights, site.token, j);
          operate(site.counters, Counter::SopLinear, Event{});
          readWeight(site.counters, dendrite);
        }
      return;
    }
    const Stage &driver = program.stages[index(dendrite.driver)];
    for (std::int64_t i = 0; i < driver.width(); ++i)
      for (const NaiveEvent &event :
           history.trains[index(dendrite.driver)][index(i)])
        if (event.frame == site.frame)
          hearDriver(site, driver, i, event, acc);
    if (dendrite.stored < 0)
      return;
    const Stage &stored = program.stages[index(dendrite.stored)];
    for (std::int64_t i = 0; i < stored.width(); ++i)
      for (const NaiveEvent &event :
           history.trains[index(dendrite.stored)][index(i)])
        if (event.frame == site.frame)
          hearStored(site, stored, i, event, acc);
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

  /// One synaptic operation.
  void operate(Counters &counters, Counter kind, const Event &event) const {
    ++counters[event.number ? Counter::DigitalMac : kind];
    ++counters[Counter::StateRead];
    ++counters[Counter::StateWrite];
    if (event.hidden)
      ++counters[Counter::HiddenMultiply];
  }
  void readWeight(Counters &counters, const Dendrite &dendrite) const {
    ++counters[Counter::WeightRead];
    counters[Counter::WeightReadBits] += static_cast<std::uint64_t>(
        program.weights.blocks[index(dendrite.weights)].bits);
  }
  void readStored(Counters &counters, const Dendrite &dendrite) const {
    ++counters[Counter::StoredRead];
    counters[Counter::StoredReadBits] +=
        static_cast<std::uint64_t>(dendrite.storedBits);
  }
  void writeStored(Counters &counters, const Dendrite &dendrite) const {
    ++counters[Counter::StoredWrite];
    counters[Counter::StoredWriteBits] +=
        static_cast<std::uint64_t>(dendrite.storedBits);
  }

  void hearDriver(const Site &site, const Stage &driver, std::int64_t i,
                  const Event &event, Sums &acc) const {
    const Dendrite &dendrite = site.dendrite;
    const int headWidth = dendrite.headWidth, p = site.position;
    switch (dendrite.kind) {
    case DendriteKind::Static:
      for (std::int64_t j = 0; j < site.stage.width(); ++j) {
        acc[index(j)] += Wide(event.payload) *
                         weightAt(program.weights, dendrite.weights, i, j);
        operate(site.counters, Counter::SopLinear, event);
        readWeight(site.counters, dendrite);
      }
      break;
    case DendriteKind::Identity:
      acc[index(i)] += event.payload;
      operate(site.counters, Counter::SopOther, event);
      break;
    case DendriteKind::Sum:
      acc[index(i / driver.groupWidth)] += event.payload;
      operate(site.counters, Counter::SopOther, event);
      break;
    case DendriteKind::Rotary: {
      const int half = headWidth / 2;
      const std::int64_t within = i % headWidth, first = i - within;
      const std::int64_t pair = within % half;
      const Wide cosine = weightAt(program.weights, dendrite.weights, p, pair);
      const Wide sine =
          weightAt(program.weights, dendrite.weights, p, half + pair);
      acc[index(first + pair)] +=
          event.payload * (within < half ? cosine : -sine);
      acc[index(first + pair + half)] +=
          event.payload * (within < half ? sine : cosine);
      for (int target = 0; target < 2; ++target) {
        operate(site.counters, Counter::SopOther, event);
        readWeight(site.counters, dendrite);
      }
      break;
    }
    case DendriteKind::Product: {
      if (dendrite.form == ProductForm::Concurrent)
        writeStored(site.counters, dendrite);
      const std::int64_t fanOut = site.stage.width() / driver.width();
      for (std::int64_t k = i * fanOut; k < (i + 1) * fanOut; ++k)
        meet(site, Counter::SopOther, event, partnerOf(site, k), true,
             acc[index(k)]);
      break;
    }
    case DendriteKind::Scores: {
      const std::int64_t head = i / headWidth, d = i % headWidth;
      const std::int64_t keyNeuron =
          head / dendrite.queryPerKey * headWidth + d;
      if (streamed())
        writeStored(site.counters, dendrite);
      for (int j = 0; j <= p; ++j)
        meetKey(site, event, j, keyNeuron,
                acc[index(head * site.stage.groupWidth + j)]);
      break;
    }
    case DendriteKind::Mix: {
      const std::int64_t head = i / driver.groupWidth;
      const auto key = static_cast<int>(i % driver.groupWidth);
      if (streamed() && key == p)
        writeStored(site.counters, dendrite);
      for (int d = 0; d < headWidth; ++d)
        meetKey(site, event, key, head / dendrite.queryPerKey * headWidth + d,
                acc[index(head * headWidth + d)]);
      break;
    }
    case DendriteKind::Hadamard: {
      const std::int64_t first = i - i % headWidth;
      for (std::int64_t j = 0; j < headWidth; ++j) {
        int common = 0;
        for (std::int64_t both = (i - first) & j; both != 0; both /= 2)
          common += static_cast<int>(both % 2);
        acc[index(first + j)] +=
            common % 2 == 0 ? event.payload : -event.payload;
        operate(site.counters, Counter::SopOther, event);
      }
      break;
    }
    case DendriteKind::Embed:
      break;
    }
  }

  /// The partner's side: in a Stored product it is only written.
  void hearStored(const Site &site, const Stage &stored, std::int64_t i,
                  const Event &event, Sums &acc) const {
    const Dendrite &dendrite = site.dendrite;
    const int headWidth = dendrite.headWidth, p = site.position;
    writeStored(site.counters, dendrite);
    const std::vector<Train> &x = history.trains[index(dendrite.driver)];
    if (dendrite.kind == DendriteKind::Product) {
      if (dendrite.form == ProductForm::Stored)
        return;
      const std::int64_t fanOut = site.stage.width() / stored.width();
      const std::int64_t shared =
          site.stage.width() / program.stages[index(dendrite.driver)].width();
      for (std::int64_t k = i * fanOut; k < (i + 1) * fanOut; ++k)
        meet(site, Counter::SopOther, event, x[index(k / shared)], false,
             acc[index(k)]);
      return;
    }
    if (!streamed())
      return;
    const std::int64_t keyHead = i / headWidth, d = i % headWidth;
    for (std::int64_t head = keyHead * dendrite.queryPerKey;
         head < (keyHead + 1) * dendrite.queryPerKey; ++head) {
      if (dendrite.kind == DendriteKind::Scores)
        meet(site, Counter::SopAttention, event, x[index(head * headWidth + d)],
             false, acc[index(head * site.stage.groupWidth + p)]);
      else
        meet(site, Counter::SopAttention, event,
             x[index(head * program.stages[index(dendrite.driver)].groupWidth +
                     p)],
             false, acc[index(head * headWidth + d)]);
    }
  }

  const Train &partnerOf(const Site &site, std::int64_t k) const {
    const auto stored = index(site.dendrite.stored);
    return history.trains[stored][index(
        k / (site.stage.width() / program.stages[stored].width()))];
  }

  /// An event times what the other side has summed: all of it where that was
  /// complete before, else its events so far, of the same step only if
  /// `seesSameStep`. Any order of two trains' steps will do, as long as both
  /// sides go by the same.
  void meet(const Site &site, Counter kind, const Event &event,
            const Train &other, bool seesSameStep, Wide &acc) const {
    const bool complete =
        site.dendrite.form == ProductForm::Stored && !streamed();
    Wide sum = 0;
    for (const Event &earlier : other)
      if (complete || earlier.frame < event.frame ||
          (earlier.frame == event.frame &&
           (earlier.step < event.step ||
            (seesSameStep && earlier.step == event.step))))
        sum += earlier.payload;
    acc += event.payload * sum;
    operate(site.counters, kind, event);
    readStored(site.counters, site.dendrite);
  }

  /// An event of a Scores or Mix driver times neuron `neuron` of the partner at
  /// key `key`.
  void meetKey(const Site &site, const Event &event, int key,
               std::int64_t neuron, Wide &acc) const {
    const auto stored = index(site.dendrite.stored);
    if (streamed() && key == site.position)
      return meet(site, Counter::SopAttention, event,
                  history.trains[stored][index(neuron)], true, acc);
    const std::int64_t code =
        key < program.prefix
            ? weightAt(program.weights, site.dendrite.prefixCodes, key, neuron)
            : history.codes[index(key - program.prefix)][stored][index(neuron)];
    acc += Wide(event.payload) * code;
    operate(site.counters, Counter::SopAttention, event);
    readStored(site.counters, site.dendrite);
  }

  const Program &program;
  const NaiveHistory &history;
};

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_ENGINE_NAIVEDENDRITES_H

//===- SpikeTrain.h - the events of one step, by class ----------*- C++ -*-===//
//
// All spikes of a step that agree in bank, level and sign deliver the same
// payload. Events are therefore kept as lists of neurons by such a class, and a
// receiver works class by class instead of spike by spike. Numbers of the
// digital unit hardly ever agree: each is a class of its own.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_SPIKETRAIN_H
#define SYNFIRE_SIMULATOR_MACHINE_SPIKETRAIN_H

#include "runtime/program/Connectivity.h"
#include "runtime/program/Program.h"
#include "simulator/machine/FrameCodes.h"
#include "simulator/machine/TokenFrame.h"

#include <cstdint>
#include <vector>

namespace synfire {

/// What every event of a class has in common.
struct SpikeClass {
  std::int32_t payload = 0;
  std::uint64_t digestTerm = 0;
  bool hidesMultiply = false;
};

/// The unit of a stage as its tiles run it. The classes of spikes come in
/// pairs, 2k with positive and 2k + 1 with negative sign, so that one pair
/// shares a magnitude.
class FiringUnit {
public:
  FiringUnit(const Program &program, const Stage &stage);

  FireKind kind() const { return fire; }
  const NeuronConfig &neuron() const { return *config; }
  const LookupTable &table() const { return *rows; }
  bool digital() const { return sendsNumbers; }
  /// What a number's membrane is limited to, in either direction.
  std::int64_t numberLimit() const { return largestNumber; }
  bool rehearses() const { return hearsAhead; }
  int rehearsalSteps() const { return rehearsed; }
  int frames() const { return frameCount; }
  /// Of one frame.
  int steps() const { return stepCount; }
  int trainSteps() const { return frameCount * stepCount; }
  /// Of spikes; 0 for numbers.
  int classCount() const { return classes; }
  /// Native width of one event (program.md, SpikeBits and NumberBits).
  int eventBits() const { return bits; }
  const SpikeClass *classesOf(int frame, int step) const {
    const int row = fire == FireKind::Neuron ? frame * stepCount + step : step;
    return byStep.data() +
           static_cast<std::size_t>(row) * static_cast<std::size_t>(classes);
  }
  int classOf(Spike spike) const {
    return 2 * (spike.bank * ranks + spike.level - lowestLevel) +
           (spike.sign < 0);
  }

private:
  void listNeuronClasses();
  void listBitClasses();

  FireKind fire;
  const NeuronConfig *config = nullptr;
  const LookupTable *rows = nullptr;
  bool sendsNumbers, hearsAhead;
  int rehearsed;
  std::int64_t largestNumber;
  int frameCount, stepCount, classes = 0, bits;
  /// Levels of a bank that have an event; the lowest is 0 where silence
  /// delivers something.
  int ranks = 0, lowestLevel = 1;
  std::vector<SpikeClass> byStep; ///< [step][class]
};

/// The events that one tile fires in one step: neurons of the stage, class c in
/// [begin[c], begin[c + 1]).
struct StepEvents {
  bool digital = false; ///< numbers, not spikes
  const SpikeClass *classes = nullptr;
  std::vector<std::int32_t> neurons;
  std::vector<std::int32_t> begin;
  /// The sums of what the tile fires.
  const FrameCodes *sums = nullptr;

  std::size_t size() const { return neurons.size(); }
  std::size_t classCount() const { return begin.size() - 1; }
};

/// One tile's events of a step as one operand of one dendrite hears them.
struct Feed {
  Operand operand = Operand::Driver;
  const StepEvents *events = nullptr;
  int sourceGroupWidth = 1;
  NeuronBlock block;  ///< only its neurons are heard
  bool whole = false; ///< the block holds every neuron of the source tile
  TokenFrame at;
  /// Binary packets that carry one event; 1 where packets are graded.
  int packetsPerEvent = 1;

  bool hears(std::int32_t neuron) const {
    return whole ||
           block.contains(neuron / sourceGroupWidth, neuron % sourceGroupWidth);
  }
};

/// Calls visit(class, neuron) for every event that the feed lets through.
template <typename Visit> void forEachEvent(const Feed &feed, Visit &&visit) {
  const StepEvents &events = *feed.events;
  for (std::size_t c = 0; c < events.classCount(); ++c)
    for (std::int32_t e = events.begin[c]; e < events.begin[c + 1]; ++e) {
      const std::int32_t neuron = events.neurons[static_cast<std::size_t>(e)];
      if (feed.hears(neuron))
        visit(events.classes[c], neuron);
    }
}

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_SPIKETRAIN_H

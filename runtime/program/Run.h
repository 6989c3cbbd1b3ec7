//===- Run.h - what an execution counted ------------------------*- C++ -*-===//
//
// Integer event counters by stage, by core and in total, spike rates, digest,
// output tokens and, from the machine, cycles. Prices are not here: report/
// multiplies these counts by an energy table.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_PROGRAM_RUN_H
#define SYNFIRE_RUNTIME_PROGRAM_RUN_H

#include "runtime/program/Connectivity.h"
#include "runtime/program/Program.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace synfire {

/// Every counter, with its unit "events" unless stated. The order is part of
/// the file format: a change needs a new Run::version.
enum class Counter : std::uint8_t {
  SopLinear,      ///< additions by spikes: Static, Embed
  SopAttention,   ///< Scores, Mix
  SopOther,       ///< Identity, Sum, Rotary, Product, Hadamard
  HiddenMultiply, ///< SOPs whose payload is no power of two (CONVERSION 2.1)
  Mac, ///< digital multiplies: requantisation of a dendrite (multiplier != 1 or
       ///< shift != 0)
  Compare,        ///< digital: running-maximum comparisons
  LookupRead,     ///< rows read by the look-up unit
  NeuronUpdate,   ///< active neuron x step of its window (thresholds tested)
  Spike,          ///< spikes fired
  SpikeBits,      ///< bits: sum over spikes of their native width
  WeightRead,     ///< words: static weights and rotary coefficients fetched
  WeightReadBits, ///< bits of those words
  StoredRead,     ///< words: dynamic rows read (Product, Scores, Mix)
  StoredReadBits,
  StoredWrite, ///< words: dynamic rows written (read-modify-write by a spike)
  StoredWriteBits,
  StateRead,  ///< accumulator and membrane words read
  StateWrite, ///< likewise written
  Number,     ///< values that digital stages send
  NumberBits, ///< bits of those values
  DigitalMac, ///< multiply-accumulates that those values drive
  // Below: counters that speak of placement; zero in an engine's Run.
  AxonRead,    ///< input axon table entries read: spikes, and sums of split
               ///< inputs, arriving at cores
  SpikeSent,   ///< packets: (spike, destination core), or one for a set of
               ///< cores where the chip copies packets on their way
  HopEastWest, ///< packets of spikes and of PartialSum x hops
  HopNorthSouth,
  ChipCrossing,    ///< the same packets x chip borders
  MaximumExchange, ///< graded messages that join the maxima of split groups
  PartialSum,      ///< packets that carry sums of split inputs
  SpikeDelivered,  ///< (SpikeSent, core that it reaches): more where packets
                   ///< are copied on their way
  Count
};
constexpr int counterCount = static_cast<int>(Counter::Count);
/// First counter that depends on the placement.
constexpr Counter firstMappedCounter = Counter::AxonRead;

/// Name as JSON uses it ("sop_linear"), unit and one sentence.
struct CounterInfo {
  const char *name;
  const char *unit;
  const char *description;
};
const CounterInfo &info(Counter counter);

struct Counters {
  std::array<std::uint64_t, counterCount> values{};
  std::uint64_t &operator[](Counter c) {
    return values[static_cast<std::size_t>(c)];
  }
  std::uint64_t operator[](Counter c) const {
    return values[static_cast<std::size_t>(c)];
  }
  Counters &operator+=(const Counters &other) {
    for (int i = 0; i < counterCount; ++i)
      values[static_cast<std::size_t>(i)] +=
          other.values[static_cast<std::size_t>(i)];
    return *this;
  }
  bool operator==(const Counters &other) const {
    return values == other.values;
  }
};

/// One stage's share of a run.
struct StageRun {
  Counters counters;
  std::uint64_t values = 0; ///< active neurons x tokens
  /// The stage has a Scores dendrite: every value stands for a (head, query,
  /// key), however the method codes what it fires.
  bool scoresKeys = false;
  std::vector<std::uint64_t> spikesByStep; ///< steps of the stage's unit
};

/// What a core spends cycles on: Setup is its digital unit before the first
/// step (look-ups, multiplies, rehearsals). The first three are its output
/// side, the others its input side.
enum class CoreStage : std::uint8_t {
  Setup,
  NeuronUpdate,
  AxonWalk,
  AxonLookup,
  SynapseMemory,
  Accumulation,
  Count
};
/// "setup", "neuron_update", ...
const char *toString(CoreStage stage);

/// What bounds a step: a stage of a core, waiting for the maxima of split
/// groups, a link, the barrier, or the sums of split inputs.
enum class StepCause : std::uint8_t {
  Setup,
  NeuronUpdate,
  AxonWalk,
  AxonLookup,
  SynapseMemory,
  Accumulation,
  Maxima,
  Link,
  Barrier,
  Sums,
  Count
};
/// As the stages, "maxima", "link", "barrier", "sums".
const char *toString(StepCause cause);
constexpr StepCause causeOf(CoreStage stage) {
  return static_cast<StepCause>(stage);
}

/// Cycles by which something made a step of a core longer than its work.
enum class CoreStall : std::uint8_t {
  Packets,      ///< nothing to look up, and more to come
  Memory,       ///< the synapse memory ends later than the look-up
  Accumulation, ///< the lanes end later than the synapse memory
  Send,         ///< the output axon walk ends later than the updates
  Maxima,       ///< membranes wait for maxima that other cores join
  Sums,         ///< and for sums of split inputs that other cores send
  Count
};
/// "packets", "memory", ...
const char *toString(CoreStall stall);

/// A table with an entry for each value of an enumeration that ends with Count.
template <typename Key, typename Value> struct TableOf {
  std::array<Value, static_cast<std::size_t>(Key::Count)> values{};
  Value &operator[](Key key) { return values[static_cast<std::size_t>(key)]; }
  const Value &operator[](Key key) const {
    return values[static_cast<std::size_t>(key)];
  }
  bool operator==(const TableOf &other) const { return values == other.values; }
};

/// Machine only; docs/spec/machine.md defines every cycle.
struct CoreRun {
  int core = 0;
  Counters counters;
  std::uint64_t busyCycles = 0; ///< of the busier side of each step
  TableOf<CoreStage, std::uint64_t> stageCycles; ///< busy
  TableOf<CoreStall, std::uint64_t> stallCycles;
  std::uint64_t packetsSent = 0, packetsReceived = 0; ///< of spikes
  std::uint64_t peakInputQueue = 0; ///< packets that waited here at once
  std::vector<int> stages;          ///< that have a tile here, ascending
  TileDemand demand; ///< of its tiles, to hold against CoreCapacity
};
struct LinkRun {
  int fromRouter = 0, toRouter = 0; ///< row-major router numbers of the system
  std::uint64_t spikes = 0;         ///< packets: of spikes and of PartialSum
  std::uint64_t busyCycles = 0;
  /// Busy share of the step in which it is highest; 0 where links never fill
  /// (`ideal`).
  double peakUtilisation = 0;
};
/// What an execution took and what bounded its steps.
struct TimingRun {
  std::string noc; ///< "ideal", "burst", "packet"
  std::uint64_t cycles = 0;
  double clockHz = 0;
  std::uint64_t steps = 0;
  std::uint64_t prefillCycles = 0; ///< until the last prompt token's logits
  std::vector<std::uint64_t> tokenCycles; ///< latency of each decoded token
  /// Causes, joined: stages of cores and Sums; Link and Maxima; Barrier.
  std::uint64_t computeBoundSteps = 0, linkBoundSteps = 0,
                barrierBoundSteps = 0;
  std::uint64_t barrierCycles = 0;
  /// Sum of the steps' lower bounds; / cycles: how near the run is to it.
  std::uint64_t boundCycles = 0;
  TableOf<StepCause, std::uint64_t> causeSteps, causeCycles;
  int busiestCore = -1;
  /// Per executed step; `stepPlaces` names the core of the cause, or the link
  /// as 4 x router + direction (east, west, south, north), or is -1.
  std::vector<std::uint64_t> stepCycles, stepBounds;
  std::vector<StepCause> stepCauses;
  std::vector<std::int32_t> stepPlaces;
};

struct Run {
  int version = 5;
  std::string executor; ///< "engine", "machine"
  ModelInfo model;      ///< tokenizerJson left empty
  ConversionInfo conversion;
  ChipModel chip;
  int usedCores = 0, usedChips = 0;
  std::vector<std::string> stageNames;
  std::vector<int> stageLayers;
  std::vector<StageRole> stageRoles;
  std::vector<StageRun> stages;
  Counters total;
  std::vector<CoreRun> cores; ///< machine only
  std::vector<LinkRun> links; ///< machine only
  TimingRun timing;           ///< machine only
  /// The mapper's, from the Program; none in an engine's run.
  CostPrediction prediction;
  /// Over all spike trains and logits; see Digest.h. Equal digests: equal
  /// runs.
  std::uint64_t digest = 0;
  /// Over all membranes (hence all accumulators); 0 if it was not asked for.
  std::uint64_t membraneDigest = 0;
  std::vector<int> promptTokens;
  std::vector<int> outputTokens;
  std::string text;
};

/// Sum of all stages' counters equals total; of all cores' too when present.
Status verify(const Run &run);
Status saveRun(const Run &run, const std::string &path);
Result<Run> loadRun(const std::string &path);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_PROGRAM_RUN_H

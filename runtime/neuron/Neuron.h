//===- Neuron.h - the one programmable neuron unit --------------*- C++ -*-===//
//
// Every neuron model of synfire is a configuration of this unit: firing tables,
// a comparison, a sign mode, a cap, a saturating tracer, gated banks. Engine
// and machine both call it; a new coding scheme is a new NeuronConfig, not new
// code. The definition follows docs/spec/neuron.md; all state is integer.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_NEURON_NEURON_H
#define SYNFIRE_RUNTIME_NEURON_NEURON_H

#include "runtime/support/Status.h"

#include <cstdint>
#include <vector>

namespace synfire {

/// A threshold t is reached when v >= t (GreaterEqual, the default everywhere)
/// or when v > t (Greater, the compatibility option).
enum class Comparison : std::uint8_t { GreaterEqual, Greater };

/// None: run on X itself. Magnitude: run on |X| and attach sgn(X) to each
/// spike. Bipolar: also test -v against the table and emit negative levels
/// (Streamed only).
enum class SignMode : std::uint8_t { None, Magnitude, Bipolar };

/// AllAtOnce (Mode A): the complete input is in the membrane before step 1.
/// Streamed (Mode S): the input current of each step is added at that step.
enum class InputMode : std::uint8_t { AllAtOnce, Streamed };

/// What a negative spike needs. Off: no negative spikes but by Bipolar.
/// BelowZero (ST-BIF): v < 0 and tracer > tracerMinimum. FromTracer (STA): -v
/// is tested against the table as in Bipolar, but the level fired is at most
/// tracer - tracerMinimum, and the tracer counts levels, not spikes.
enum class NegativeRule : std::uint8_t { Off, BelowZero, FromTracer };

/// A first, silent pass over the recorded input of the whole train, after which
/// the neuron starts again (Streamed only; neuron.md, N19).
enum class Rehearsal : std::uint8_t {
  Off,
  ResidualMask, ///< SRP: mute unless the rehearsal ends above a margin
  OptimalShift, ///< COS: offset moved by one spike's worth where it missed one
  Average       ///< every step gets an equal share of the whole input
};

/// Most steps of a train.
constexpr int mostSteps = 256;

/// Thresholds, decrements and payloads in membrane units (threshold, decrement)
/// and code units (payload), indexed [step * levels + (level - 1)]; thresholds
/// ascend with the level.
struct FiringTable {
  std::vector<std::int64_t> threshold;
  std::vector<std::int64_t> decrement;
  std::vector<std::int32_t> payload;
  /// Delivered at a step at which no level is reached (an event of level 0 if
  /// not zero). IS delivers s - alpha, so silence of its counter is -alpha.
  std::int32_t rest = 0;
};

/// A table that is used iff X (or |X| for SignMode::Magnitude) lies in
/// [low, high); all other banks of the population stay silent.
struct NeuronBank {
  std::int64_t low;
  std::int64_t high;
  FiringTable table;
};

/// One population's program for the unit.
struct NeuronConfig {
  int steps = 1;  ///< T, 1..mostSteps
  int levels = 1; ///< L, 1..255
  Comparison comparison = Comparison::GreaterEqual;
  SignMode sign = SignMode::None;
  InputMode input = InputMode::AllAtOnce;
  int cap = 0;             ///< most spikes a train may hold; 0 = no limit
  std::int64_t offset = 0; ///< v0, added to the membrane before step 1
  /// Streamed: added to the membrane at every step (alpha[t] * theta).
  std::vector<std::int64_t> bias; ///< empty or `steps` entries
  NegativeRule negative = NegativeRule::Off;
  bool tracerOn = false; ///< positive spikes need tracer < tracerMaximum
  std::int32_t tracerMinimum = 0;
  std::int32_t tracerMaximum = 0;
  Rehearsal rehearsal = Rehearsal::Off;
  int rehearsalSteps = 0; ///< of the recorded input, 1..steps
  /// ResidualMask: what the membrane must exceed at the end. OptimalShift: by
  /// how much a shift goes beyond the decision that it reverses.
  std::int64_t rehearsalMargin = 0;
  /// AllAtOnce: |X| is clamped to this before gating (OAT's clamp); 0 = none.
  std::int64_t clamp = 0;
  /// Bits of the membrane below one code unit; metadata for whoever sets
  /// scales.
  int guardBits = 0;
  std::vector<NeuronBank> banks; ///< at least one; disjoint, ascending
};

/// Shape, range and ordering constraints of docs/spec/neuron.md.
Status verify(const NeuronConfig &config);

/// One event of a train.
struct Spike {
  std::int8_t sign = 0;   ///< -1, 0 (silent) or 1
  std::uint8_t level = 0; ///< 1..L; 0: the rest payload
  std::uint8_t bank = 0;

  bool silent() const { return sign == 0; }
};

struct NeuronState {
  std::int64_t membrane = 0;
  std::int32_t sent = 0;
  std::int32_t tracer = 0;
  std::int8_t sign = 1;
  std::int16_t bank = -1; ///< -1: no bank is open, the neuron stays silent
  bool muted = false;     ///< by ResidualMask: v moves, nothing is sent
  /// Average: the input of the whole train.
  std::int64_t total = 0;
};

/// Latches sign, clamp, gate and offset. `input` is the whole X in AllAtOnce
/// mode and is ignored in Streamed mode (the membrane starts at `offset`).
void begin(const NeuronConfig &config, NeuronState &state, std::int64_t input);

/// The silent pass of a config with a rehearsal, after begin() and before step
/// 0. `currents` are those of all steps.
void rehearse(const NeuronConfig &config, NeuronState &state,
              const std::int64_t *currents);

/// One step, `step` counted from 0; `current` is used in Streamed mode only.
Spike step(const NeuronConfig &config, NeuronState &state, int step,
           std::int64_t current = 0);

/// The integer that a spike delivers: sign * payload[step][level] of its bank.
std::int64_t payload(const NeuronConfig &config, int step, Spike spike);

/// A spike's contribution to the digest word of its neuron: its payload plus a
/// term for the bank and, with several levels, one for (step, level), so that
/// two different trains of equal value differ. The word of a train is the sum
/// (mod 2^64) over its spikes, so spikes may be added in any order.
std::uint64_t digestTerm(const NeuronConfig &config, int step, Spike spike);

/// True if the payload of this spike is not a power of two times the smallest
/// payload of the config's tables: the receiver then hides a multiplication
/// behind its addition, and the energy report charges it.
bool hidesMultiply(const NeuronConfig &config, int step, Spike spike);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_NEURON_NEURON_H

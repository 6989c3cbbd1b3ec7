//===- EnergyModel.h - named price lists over counters ----------*- C++ -*-===//
//
// Execution counts, the report prices: a price list is a set of terms (counter,
// pJ per event), so the joules of a stage, a layer or a whole run are the same
// sum over their counters. Every term names its source and every list what it
// leaves out.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_REPORT_ENERGYMODEL_H
#define SYNFIRE_RUNTIME_REPORT_ENERGYMODEL_H

#include "runtime/program/Run.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace synfire {

/// Prices that depend on widths and bank sizes.
struct PriceContext {
  int weightBits = 8;
  int payloadBits = 1;     ///< of a graded spike whose payload is no power of 2
  int stateBits = 32;      ///< accumulators and membranes
  int lookupBits = 17;     ///< one row of a look-up unit
  double synapseBytes = 0; ///< bank that holds weights and stored words
  double lookupBytes = 0;
  bool mapped = false;   ///< the run counts hops and axon reads
  bool converted = true; ///< from a transformer: look-ups, attention, tokens
  ChipEnergy chip;
  std::string chipName;
};
PriceContext priceContext(const Run &run);

struct PriceTerm {
  std::string what;
  std::optional<Counter> counter; ///< none: the neurons that may fire
  double picoJoules = 0;          ///< per event
  std::string source;
};

struct PriceList {
  std::string name;  ///< "P1", as JSON uses it
  std::string title; ///< one line for people
  std::vector<PriceTerm> terms;
  std::vector<std::string> notes; ///< what it leaves out
};

/// P1 (compute), P2 (MGPC), P3 (SpikedAttention), P4 (everything, float
/// prices), integer45 (everything, integer prices) and, where the chip has
/// published figures, "chip".
std::vector<PriceList> priceLists(const PriceContext &context);

/// Joules of one term, and of all, for these counts. `neurons` are the active
/// neurons, summed over tokens, of the stages that can fire.
double joules(const PriceTerm &term, const Counters &counters,
              std::uint64_t neurons);
double joules(const PriceList &list, const Counters &counters,
              std::uint64_t neurons);

/// Neurons of a stage that count as firing ones: all but the logits.
std::uint64_t firingNeurons(const StageRun &stage);
std::uint64_t firingNeurons(const Run &run);

/// Static power of the used chips over the run's time; empty without timing or
/// without a published figure.
std::optional<double> staticJoules(const Run &run);
/// Its share of static and dynamic energy together, 0..1.
std::optional<double> staticShare(const PriceList &list, const Run &run);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_REPORT_ENERGYMODEL_H

//===- EnergyModel.cpp - named price lists over counters ------------------===//
#include "runtime/report/EnergyModel.h"

#include "runtime/report/EnergyPrices.h"
#include "runtime/report/RunSummary.h"

#include <algorithm>
#include <fmt/format.h>

namespace synfire {

namespace {

using namespace prices;

/// Sums over 14,336 inputs (LLaMA-3-8B) with 8-bit weights take 32 bits at
/// T = 10 and 38 at T = 16.
constexpr int narrowStateBits = 32, wideStateBits = 40;
constexpr int stepsOfNarrowState = 10;

/// An entry of the axon table: destination and row address.
constexpr int axonEntryBits = 32;

/// The bank that membranes, accumulators and spike queues live in.
constexpr double smallBankBytes = 8 * 1024;

int bitsOf(int largest) {
  int bits = 0;
  for (; largest > 0; largest /= 2)
    ++bits;
  return bits;
}

class ListBuilder {
public:
  ListBuilder(std::string name, std::string title) {
    list.name = std::move(name);
    list.title = std::move(title);
  }
  ListBuilder &charge(std::string what, std::optional<Counter> counter,
                      double picoJoules, std::string source) {
    list.terms.push_back(
        {std::move(what), counter, picoJoules, std::move(source)});
    return *this;
  }
  ListBuilder &charge(std::string what, std::optional<Counter> counter,
                      const EnergyConstant &constant) {
    return charge(std::move(what), counter, constant.picoJoules,
                  constant.source);
  }
  ListBuilder &additions(double picoJoules, const std::string &source) {
    charge("linear additions", Counter::SopLinear, picoJoules, source);
    charge("attention additions", Counter::SopAttention, picoJoules, source);
    return charge("other additions", Counter::SopOther, picoJoules, source);
  }
  ListBuilder &digitalMacs() {
    return charge("digital multiply-accumulates", Counter::DigitalMac,
                  floatMac);
  }
  ListBuilder &note(std::string text) {
    list.notes.push_back(std::move(text));
    return *this;
  }
  ListBuilder &noteIf(bool holds, std::string text) {
    return holds ? note(std::move(text)) : *this;
  }
  PriceList take() { return std::move(list); }

private:
  PriceList list;
};

PriceList computeOnly() {
  return ListBuilder("P1", "compute only, papers' fp32 prices")
      .additions(floatAdd.picoJoules, floatAdd.source)
      .charge("multiply-accumulates", Counter::Mac, floatMac)
      .digitalMacs()
      .note("no memory, no look-up reads, no thresholds, no network")
      .take();
}

PriceList mgpc(const PriceContext &context) {
  return ListBuilder("P2", "MGPC Eq. 59: P1 plus weight reads and spike writes")
      .additions(floatAdd.picoJoules, floatAdd.source)
      .charge("multiply-accumulates", Counter::Mac, floatMac)
      .digitalMacs()
      .charge("weight and spike reads", Counter::SopLinear,
              memoryWord.picoJoules * 33 / 32,
              "MGPC Eq. 59: one 32-bit weight and one 1-bit spike per linear "
              "addition")
      .charge("spike writes", Counter::Spike, memoryWord.picoJoules / 32,
              "MGPC Eq. 59: 1 bit")
      .charge("neurons", std::nullopt, spikedNeuron)
      .note(context.converted
                ? "one weight fetch per spike, no reuse across tokens; "
                  "attention operands are not charged"
                : "one weight fetch per spike")
      .take();
}

PriceList spikedAttention(const PriceContext &context) {
  return ListBuilder("P3", "SpikedAttention's cost code")
      .additions(floatAdd.picoJoules + memoryWord.picoJoules * 33 / 32,
                 "SpikedAttention: N*r*0.9 + N*r*5*33/32")
      .charge("neuron steps", Counter::NeuronUpdate, neuronStep)
      .charge("spike writes", Counter::NeuronUpdate, memoryWord.picoJoules / 32,
              "SpikedAttention: N_out*p*5/32")
      .digitalMacs()
      .noteIf(context.converted,
              "neither requantisation nor look-up reads are charged")
      .take();
}

/// What the lists that charge everything differ in.
struct ComputePrices {
  double add, compare, mac, hiddenMultiply;
  std::string addSource, macSource, multiplySource;
};

void chargeEverything(ListBuilder &builder, const PriceContext &context,
                      const ComputePrices &compute) {
  const double synapseBit = sramPicoJoulesPerBit(context.synapseBytes);
  const double lookupBit = sramPicoJoulesPerBit(context.lookupBytes);
  const double smallBit = sramPicoJoulesPerBit(smallBankBytes);
  const std::string synapseSource =
      fmt::format("45 nm SRAM of {:.0f} KB, per bit",
                  std::max(context.synapseBytes, smallBankBytes) / 1024);
  const std::string smallSource = "45 nm SRAM of 8 KB, per bit";
  builder.additions(compute.add, compute.addSource)
      .charge("hidden multiplies", Counter::HiddenMultiply,
              compute.hiddenMultiply, compute.multiplySource)
      .charge("requantisation", Counter::Mac, compute.mac, compute.macSource)
      .charge("digital multiply-accumulates", Counter::DigitalMac, compute.mac,
              compute.macSource)
      .charge("running maximum", Counter::Compare, compute.compare,
              "as an addition")
      .charge("maximum of split groups", Counter::MaximumExchange,
              compute.compare, "as an addition")
      .charge("sums of split inputs", Counter::PartialSum, compute.add,
              "as an addition")
      .charge("thresholds", Counter::NeuronUpdate, compute.compare,
              "as an addition")
      .charge("resets", Counter::Spike, compute.add, "as an addition")
      .charge("weight reads", Counter::WeightReadBits, synapseBit,
              synapseSource)
      .charge("stored reads", Counter::StoredReadBits, synapseBit,
              synapseSource)
      .charge("stored writes", Counter::StoredWriteBits, synapseBit,
              synapseSource)
      .charge("state reads", Counter::StateRead, context.stateBits * smallBit,
              fmt::format("{} bits, {}", context.stateBits, smallSource))
      .charge("state writes", Counter::StateWrite, context.stateBits * smallBit,
              fmt::format("{} bits, {}", context.stateBits, smallSource))
      .charge("look-up reads", Counter::LookupRead,
              context.lookupBits * lookupBit,
              fmt::format("{} bits, 45 nm SRAM of {:.0f} KB, per bit",
                          context.lookupBits,
                          std::max(context.lookupBytes, smallBankBytes) / 1024))
      .charge("spike writes", Counter::SpikeBits, smallBit, smallSource)
      .charge("spike reads", Counter::SpikeBits, smallBit, smallSource)
      .charge("number writes", Counter::NumberBits, smallBit, smallSource)
      .charge("number reads", Counter::NumberBits, smallBit, smallSource)
      .charge("axon tables", Counter::AxonRead, axonEntryBits * smallBit,
              fmt::format("{} bits, {}", axonEntryBits, smallSource));
  const bool hopPrices =
      context.chip.hopEastWest > 0 || context.chip.hopNorthSouth > 0;
  if (hopPrices) {
    builder
        .charge("hops east-west", Counter::HopEastWest,
                context.chip.hopEastWest, "hw-model of the chip")
        .charge("hops north-south", Counter::HopNorthSouth,
                context.chip.hopNorthSouth, "hw-model of the chip");
  }
  if (!context.mapped)
    builder.note("the engine does not place neurons: no hops, no axon tables; "
                 "simulate to have them");
  else if (!hopPrices)
    builder.note("the chip has no published energy per hop: hops are not "
                 "charged");
  if (context.mapped)
    builder.note("links between chips have no published energy: crossings are "
                 "charged as hops only");
}

PriceList everything(const PriceContext &context) {
  ListBuilder builder("P4",
                      "everything, native widths, fp32 arithmetic prices");
  chargeEverything(builder, context,
                   {floatAdd.picoJoules, floatAdd.picoJoules,
                    floatMac.picoJoules, floatMultiply.picoJoules,
                    floatAdd.source, floatMac.source, floatMultiply.source});
  return builder.take();
}

PriceList integer45(const PriceContext &context) {
  const double add = integerAddPicoJoules(context.stateBits);
  const double multiply32 = integerMultiply32.picoJoules;
  ListBuilder builder("integer45",
                      "everything, native widths, 45 nm integer prices");
  chargeEverything(
      builder, context,
      {add, add, multiply32 + add,
       integerMultiplyPicoJoules(context.weightBits, context.payloadBits),
       fmt::format("{}, {} bits", integerAdd32.source, context.stateBits),
       fmt::format("{}, 32 x 32 bits plus an addition",
                   integerMultiply32.source),
       fmt::format("{}, interpolated to {} x {} bits", integerMultiply8.source,
                   context.weightBits, context.payloadBits)});
  return builder.take();
}

PriceList chipList(const PriceContext &context) {
  const ChipEnergy &chip = context.chip;
  const std::string source = "hw-model " + context.chipName;
  ListBuilder builder("chip", context.chipName + ", its published figures");
  builder.additions(chip.synapticOperation, source)
      .charge("neuron updates", Counter::NeuronUpdate,
              chip.neuronUpdateInactive, source + ", inactive")
      .charge("updates of neurons that fire", Counter::Spike,
              chip.neuronUpdate - chip.neuronUpdateInactive,
              source + ", active less inactive")
      .charge("spikes fired", Counter::Spike, chip.spikeFired, source)
      .charge("messages received", Counter::SpikeDelivered,
              chip.messageReceived, source)
      .charge("sums of split inputs", Counter::PartialSum,
              chip.messageReceived + chip.spikeWithinRouter +
                  chip.synapticOperation,
              source + ", a message and an addition")
      .charge("spikes within a router",
              context.mapped ? Counter::SpikeSent : Counter::Spike,
              chip.spikeWithinRouter, source)
      .charge("hops east-west", Counter::HopEastWest, chip.hopEastWest, source)
      .charge("hops north-south", Counter::HopNorthSouth, chip.hopNorthSouth,
              source)
      .noteIf(
          context.converted,
          "requantisation, look-up reads and stored words have no published "
          "figure and are not charged; neither are updates of neurons "
          "outside their window");
  if (!context.mapped)
    builder.note("the engine does not place neurons: no hops, no messages");
  return builder.take();
}

} // namespace

PriceContext priceContext(const Run &run) {
  PriceContext context;
  const int steps = std::max(run.conversion.steps, run.conversion.wideSteps);
  context.weightBits = run.conversion.weightBits;
  context.payloadBits = std::max(1, bitsOf(2 * run.conversion.levels - 1));
  // Fitted banks carry arbitrary payloads of as many bits as they have steps.
  if (run.conversion.hg == "fs")
    context.payloadBits = std::max(context.payloadBits, run.conversion.steps);
  context.stateBits =
      steps <= stepsOfNarrowState ? narrowStateBits : wideStateBits;
  context.lookupBits = steps + 1;
  context.synapseBytes = static_cast<double>(run.chip.core.synapseBytes);
  context.lookupBytes = static_cast<double>(run.chip.core.lookupBytes);
  context.mapped = run.executor == "machine";
  context.converted = !isPlainNetwork(run);
  context.chip = run.chip.energy;
  context.chipName = run.chip.name;
  return context;
}

std::vector<PriceList> priceLists(const PriceContext &context) {
  std::vector<PriceList> lists = {computeOnly(), mgpc(context),
                                  spikedAttention(context), everything(context),
                                  integer45(context)};
  if (context.chip.published)
    lists.push_back(chipList(context));
  return lists;
}

double joules(const PriceTerm &term, const Counters &counters,
              std::uint64_t neurons) {
  const std::uint64_t events = term.counter ? counters[*term.counter] : neurons;
  return static_cast<double>(events) * term.picoJoules * 1e-12;
}

double joules(const PriceList &list, const Counters &counters,
              std::uint64_t neurons) {
  double sum = 0;
  for (const PriceTerm &term : list.terms)
    sum += joules(term, counters, neurons);
  return sum;
}

std::uint64_t firingNeurons(const StageRun &stage) {
  return stage.counters[Counter::NeuronUpdate] == 0 ? 0 : stage.values;
}

std::uint64_t firingNeurons(const Run &run) {
  std::uint64_t sum = 0;
  for (const StageRun &stage : run.stages)
    sum += firingNeurons(stage);
  return sum;
}

std::optional<double> staticShare(const PriceList &list, const Run &run) {
  const std::optional<double> idle = staticJoules(run);
  if (!idle)
    return std::nullopt;
  return *idle / (*idle + joules(list, run.total, firingNeurons(run)));
}

std::optional<double> staticJoules(const Run &run) {
  if (run.executor != "machine" || run.timing.cycles == 0 ||
      run.timing.clockHz <= 0 || run.chip.energy.staticWattsPerChip <= 0)
    return std::nullopt;
  return run.chip.energy.staticWattsPerChip * run.usedChips *
         static_cast<double>(run.timing.cycles) / run.timing.clockHz;
}

} // namespace synfire

#include "runtime/report/EnergyModel.h"

#include "SmallRun.h"
#include "runtime/report/AnnBaseline.h"
#include "runtime/report/EnergyPrices.h"

#include <gtest/gtest.h>

using namespace synfire;
using test::smallRun;

namespace {

PriceList listNamed(const PriceContext &context, const std::string &name) {
  for (PriceList &list : priceLists(context))
    if (list.name == name)
      return list;
  ADD_FAILURE() << "no list " << name;
  return {};
}

double termJoules(const PriceList &list, const std::string &what,
                  const Counters &counters, std::uint64_t neurons = 0) {
  for (const PriceTerm &term : list.terms)
    if (term.what == what)
      return joules(term, counters, neurons);
  ADD_FAILURE() << "no term " << what;
  return -1;
}

constexpr double pico = 1e-12;

// CONVERSION.md G31: a 4 -> 3 layer; 10 spikes drive 30 additions and each of
// the 3 outputs is written once.
TEST(EnergyModel, TheTinyLayerCostsWhatItsGoldenVectorSays) {
  Counters counters;
  counters[Counter::SopLinear] = 30;
  counters[Counter::Spike] = 3;
  const PriceList compute = listNamed({}, "P1"), mgpc = listNamed({}, "P2");
  EXPECT_NEAR(joules(compute, counters, 0), 27 * pico, 1e-18);
  EXPECT_NEAR(termJoules(mgpc, "weight and spike reads", counters),
              154.6875 * pico, 1e-18);
  EXPECT_NEAR(termJoules(mgpc, "spike writes", counters), 0.46875 * pico,
              1e-18);

  AnnWork ann;
  ann.linear = 12;
  ann.outputs = 3;
  EXPECT_NEAR(*annJoules("P1", ann, {}, {}), 55.2 * pico, 1e-18);
  EXPECT_NEAR(annTrafficJoules(ann, {}), (120 + 15) * pico, 1e-18);
}

TEST(EnergyModel, MgpcChargesLinearReadsAndNeurons) {
  Counters counters;
  counters[Counter::SopLinear] = 100;
  counters[Counter::SopAttention] = 10;
  counters[Counter::SopOther] = 1;
  counters[Counter::Mac] = 7;
  counters[Counter::Spike] = 64;
  EXPECT_NEAR(
      joules(listNamed({}, "P2"), counters, 5),
      (111 * 0.9 + 7 * 4.6 + 100 * 5 * 33.0 / 32 + 64 * 5.0 / 32 + 5 * 16.4) *
          pico,
      1e-18);
}

TEST(EnergyModel, SpikedAttentionChargesNeuronSteps) {
  Counters counters;
  counters[Counter::SopLinear] = 60;
  counters[Counter::SopAttention] = 40;
  counters[Counter::NeuronUpdate] = 9;
  EXPECT_NEAR(joules(listNamed({}, "P3"), counters, 1000),
              (100 * (0.9 + 5 * 33.0 / 32) + 9 * (16.4 + 5.0 / 32)) * pico,
              1e-18);
}

TEST(EnergyModel, EverythingChargesNativeWidths) {
  PriceContext context;
  context.synapseBytes = 32 * 1024;
  context.lookupBytes = 8 * 1024;
  context.stateBits = 40;
  context.lookupBits = 17;
  const PriceList list = listNamed(context, "P4");
  Counters counters;
  counters[Counter::WeightReadBits] = 64;
  EXPECT_NEAR(joules(list, counters, 0), 20 * pico, 1e-18);
  counters = {};
  counters[Counter::HiddenMultiply] = 2;
  EXPECT_NEAR(joules(list, counters, 0), 7.4 * pico, 1e-18);
  counters = {};
  counters[Counter::StateRead] = 1;
  EXPECT_NEAR(joules(list, counters, 0), 40 * 10.0 / 64 * pico, 1e-18);
  counters = {};
  counters[Counter::LookupRead] = 1;
  EXPECT_NEAR(joules(list, counters, 0), 17 * 10.0 / 64 * pico, 1e-18);
  // Bits that are sent are written once and read once, in either unit.
  counters = {};
  counters[Counter::SpikeBits] = 64;
  EXPECT_NEAR(joules(list, counters, 0), 2 * 10 * pico, 1e-18);
  counters = {};
  counters[Counter::NumberBits] = 64;
  EXPECT_NEAR(joules(list, counters, 0), 2 * 10 * pico, 1e-18);
}

TEST(EnergyModel, WhatNumbersDriveIsAMultiplyInEveryList) {
  Counters counters;
  counters[Counter::Number] = 3;
  counters[Counter::DigitalMac] = 300;
  for (const char *name : {"P1", "P2", "P3", "P4"})
    EXPECT_NEAR(joules(listNamed({}, name), counters, 0), 300 * 4.6 * pico,
                1e-18)
        << name;
}

TEST(EnergyModel, HopsCostWhatTheChipSaysOrAreNamedAsMissing) {
  PriceContext context;
  context.mapped = true;
  Counters counters;
  counters[Counter::HopEastWest] = 10;
  counters[Counter::HopNorthSouth] = 1;
  auto notes = [&] {
    std::string all;
    for (const std::string &note : listNamed(context, "P4").notes)
      all += note + "\n";
    return all;
  };
  EXPECT_EQ(joules(listNamed(context, "P4"), counters, 0), 0);
  EXPECT_NE(notes().find("no published energy per hop"), std::string::npos);
  context.chip.hopEastWest = 3;
  context.chip.hopNorthSouth = 4;
  EXPECT_NEAR(joules(listNamed(context, "P4"), counters, 0), 34 * pico, 1e-18);
  EXPECT_EQ(notes().find("no published energy per hop"), std::string::npos);
  context.mapped = false;
  EXPECT_NE(notes().find("the engine does not place neurons"),
            std::string::npos);
}

TEST(EnergyModel, TheChipsOwnFiguresOnlyWherePublished) {
  synfire::Run run = smallRun();
  const PriceList list = listNamed(priceContext(run), "chip");
  // 168 updates, of which 60 fire; 10 messages reach 13 cores.
  EXPECT_NEAR(
      joules(list, run.total, firingNeurons(run)),
      (712 * 20 + 108 * 50 + 60 * (80 + 6) + 10 * 2 + 13 * 9 + 7 * 3 + 5 * 4) *
          pico,
      1e-18);
  run.chip.energy.published = false;
  for (const PriceList &other : priceLists(priceContext(run)))
    EXPECT_NE(other.name, "chip");
}

TEST(EnergyModel, StaticPowerNeedsATimeAndAFigure) {
  synfire::Run run = smallRun();
  ASSERT_TRUE(staticJoules(run).has_value());
  EXPECT_NEAR(*staticJoules(run), 0.5 * 2 * 2e-3, 1e-15);
  const PriceList list = listNamed(priceContext(run), "chip");
  const double dynamic = joules(list, run.total, firingNeurons(run));
  EXPECT_NEAR(*staticShare(list, run), 2e-3 / (2e-3 + dynamic), 1e-12);
  run.chip.energy.staticWattsPerChip = 0;
  EXPECT_FALSE(staticJoules(run).has_value());
  EXPECT_FALSE(staticShare(list, run).has_value());
  EXPECT_FALSE(staticJoules(smallRun(false)).has_value());
}

TEST(EnergyModel, StagesAddUpToTheRun) {
  const synfire::Run run = smallRun();
  for (const PriceList &list : priceLists(priceContext(run))) {
    double sum = 0;
    for (const StageRun &stage : run.stages)
      sum += joules(list, stage.counters, firingNeurons(stage));
    EXPECT_NEAR(sum, joules(list, run.total, firingNeurons(run)), 1e-20)
        << list.name;
  }
  EXPECT_EQ(firingNeurons(run), 36u) << "the logits do not fire";
}

TEST(EnergyModel, EveryTermNamesItsSource) {
  PriceContext context = priceContext(smallRun());
  for (const PriceList &list : priceLists(context)) {
    EXPECT_FALSE(list.title.empty());
    for (const PriceTerm &term : list.terms)
      EXPECT_FALSE(term.source.empty()) << list.name << " " << term.what;
  }
}

TEST(EnergyPrices, InterpolationMeetsThePublishedPoints) {
  EXPECT_NEAR(integerAddPicoJoules(8), 0.03, 1e-12);
  EXPECT_NEAR(integerAddPicoJoules(16), 0.05, 1e-12);
  EXPECT_NEAR(integerAddPicoJoules(24), 0.075, 1e-12);
  EXPECT_NEAR(integerAddPicoJoules(32), 0.1, 1e-12);
  EXPECT_NEAR(integerAddPicoJoules(64), 0.2, 1e-12);
  EXPECT_NEAR(integerMultiplyPicoJoules(8, 8), 0.2, 1e-12);
  EXPECT_NEAR(integerMultiplyPicoJoules(32, 32), 3.1, 1e-12);
  EXPECT_NEAR(integerMultiplyPicoJoules(4, 16), 0.2, 1e-12);
  EXPECT_NEAR(sramPicoJoulesPerBit(1024) * 64, 10, 1e-9);
  EXPECT_NEAR(sramPicoJoulesPerBit(8 * 1024) * 64, 10, 1e-9);
  EXPECT_NEAR(sramPicoJoulesPerBit(32 * 1024) * 64, 20, 1e-9);
  EXPECT_NEAR(sramPicoJoulesPerBit(1024 * 1024) * 64, 100, 1e-9);
  const double core = sramPicoJoulesPerBit(128 * 1024) * 64;
  EXPECT_GT(core, 20);
  EXPECT_LT(core, 50);
}

} // namespace

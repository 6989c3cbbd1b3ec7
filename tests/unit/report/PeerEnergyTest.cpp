//===- PeerEnergyTest.cpp - SANA-FE's joules from counts ------------------===//
//
// The simulator SANA-FE (commit 8951ab0) gives the energy of the first step of
// three networks. Counts derived from their description, priced with
// hw-models/loihi1-sanafe, must give the same.
//
//===----------------------------------------------------------------------===//
#include "hw-models/ChipModel.h"
#include "runtime/report/EnergyModel.h"

#include <gtest/gtest.h>

#include <cstdlib>

using namespace synfire;

namespace {

constexpr int tileColumns = 8, tileRows = 4, coresPerTile = 4;

enum class TileOrder { DownColumns, AlongRows };

/// Counts a message between two cores in the order of the peer's tiles.
class Messages {
public:
  explicit Messages(TileOrder tileOrder) : order(tileOrder) {}

  void send(int from, int to, std::uint64_t messages) {
    const Place a = place(from), b = place(to);
    counters[Counter::SpikeSent] += messages;
    counters[Counter::SpikeDelivered] += messages;
    counters[Counter::HopEastWest] +=
        messages * static_cast<std::uint64_t>(std::abs(a.x - b.x));
    counters[Counter::HopNorthSouth] +=
        messages * static_cast<std::uint64_t>(std::abs(a.y - b.y));
  }

  Counters counters;

private:
  struct Place {
    int x, y;
  };
  Place place(int core) const {
    const int tile = core / coresPerTile;
    return order == TileOrder::DownColumns
               ? Place{tile / tileRows, tile % tileRows}
               : Place{tile % tileColumns, tile / tileColumns};
  }

  TileOrder order;
};

/// Five dense layers of 1024 neurons, 128 a core; every k-th fires.
Counters dense5(int k, TileOrder order = TileOrder::DownColumns) {
  constexpr int layers = 5, neurons = 1024, coresPerLayer = 8;
  Messages messages(order);
  const auto firingPerCore =
      static_cast<std::uint64_t>(neurons / coresPerLayer / k);
  for (int layer = 0; layer + 1 < layers; ++layer)
    for (int from = 0; from < coresPerLayer; ++from)
      for (int to = 0; to < coresPerLayer; ++to)
        messages.send(layer * coresPerLayer + from,
                      (layer + 1) * coresPerLayer + to, firingPerCore);
  Counters &counters = messages.counters;
  const auto firing = static_cast<std::uint64_t>(neurons / k);
  counters[Counter::SopLinear] = (layers - 1) * firing * neurons;
  counters[Counter::NeuronUpdate] = std::uint64_t(layers) * neurons;
  counters[Counter::Spike] = layers * firing;
  return counters;
}

/// 128 cores of 256 neurons; every eighth sends eight messages.
Counters msg256() {
  constexpr int cores = 128, neurons = 256, perNeuron = 8, synapses = 8;
  Messages messages(TileOrder::DownColumns);
  Counters &counters = messages.counters;
  for (int core = 0; core < cores; ++core)
    for (int n = 0; n < neurons; n += 8) {
      ++counters[Counter::Spike];
      for (int m = 0; m < perNeuron; ++m) {
        messages.send(core, (core + 1 + 16 * m + n % 16) % cores, 1);
        counters[Counter::SopLinear] += synapses;
      }
    }
  counters[Counter::NeuronUpdate] = std::uint64_t(cores) * neurons;
  return counters;
}

double joulesOf(const Counters &counters) {
  auto chip = loadChipModel("loihi1-sanafe");
  EXPECT_TRUE(chip.ok());
  PriceContext context;
  context.mapped = true;
  context.chip = chip->energy;
  context.chipName = chip->name;
  for (const PriceList &list : priceLists(context))
    if (list.name == "chip")
      return joules(list, counters, 0);
  ADD_FAILURE() << "no list of the chip's figures";
  return 0;
}

TEST(PeerEnergy, CountsAreThoseThatThePeerReports) {
  const Counters dense = dense5(8), messages = msg256();
  EXPECT_EQ(dense[Counter::SopLinear], 524288u);
  EXPECT_EQ(dense[Counter::SpikeSent], 4096u);
  EXPECT_EQ(dense[Counter::HopEastWest], 2048u);
  EXPECT_EQ(dense[Counter::HopNorthSouth], 8192u);
  EXPECT_EQ(messages[Counter::SopLinear], 262144u);
  EXPECT_EQ(messages[Counter::SpikeSent], 32768u);
  EXPECT_EQ(messages[Counter::HopEastWest], 86016u);
  EXPECT_EQ(messages[Counter::HopNorthSouth], 36864u);
}

TEST(PeerEnergy, JoulesOfAStepAreSanafes) {
  const auto expectJoules = [](const Counters &counters, double expected) {
    EXPECT_NEAR(joulesOf(counters) / expected, 1, 1e-6);
  };
  expectJoules(dense5(8), 1.942775e-5);
  expectJoules(dense5(1), 1.535870e-4);
  expectJoules(msg256(), 1.540628e-5);
}

/// Its tiles go down the columns: in rows the hops cost something else.
TEST(PeerEnergy, TheOrderOfTilesIsVisible) {
  EXPECT_GT(joulesOf(dense5(8, TileOrder::AlongRows)) / 1.942775e-5 - 1, 1e-5);
}

} // namespace

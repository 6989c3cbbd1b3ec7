//===- NetworkDriver.h - bursts over one network model ----------*- C++ -*-===//
#ifndef SYNFIRE_TESTS_UNIT_SIMULATOR_NETWORKDRIVER_H
#define SYNFIRE_TESTS_UNIT_SIMULATOR_NETWORKDRIVER_H

#include "simulator/noc/Network.h"

#include "tests/unit/program/TinyProgram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace synfire::tests {

/// A chip whose routers are those of the reference curves.
inline ChipModel routersF(int flits = 1) {
  ChipModel chip = generousChip();
  chip.noc.router = {4, 8, 0, 1, 1, false, 1, 1, 1, 1};
  chip.noc.flitsPerPacket = flits;
  return chip;
}

struct Sent {
  int source, destination;
  std::uint64_t packets, first, last;
  std::uint32_t pace = 0;
  std::uint64_t firstArrival = 0, lastArrival = 0;
};

struct Net {
  explicit Net(const std::string &name, int chipsX = 1,
               const ChipModel &model = generousChip())
      : chip(model), routing(*Routing::create(chip, chipsX, 1)),
        network(std::move(*makeNetwork(name, chip, routing))) {}

  std::vector<BurstDestination> deliverTraffic(StepTraffic traffic) {
    network->deliver(traffic);
    return traffic.destinations;
  }

  std::vector<Sent> deliver(std::vector<Sent> bursts) {
    StepTraffic traffic;
    for (const Sent &burst : bursts) {
      traffic.bursts.push_back(
          {burst.source,
           static_cast<std::uint32_t>(traffic.destinations.size()), 1,
           burst.packets, burst.first, burst.last});
      traffic.destinations.push_back({burst.destination, 0, 0, burst.pace});
    }
    network->deliver(traffic);
    for (std::size_t i = 0; i < bursts.size(); ++i) {
      bursts[i].firstArrival = traffic.destinations[i].firstArrival;
      bursts[i].lastArrival = traffic.destinations[i].lastArrival;
    }
    return bursts;
  }

  /// One packet to several cores; their arrivals.
  std::vector<std::uint64_t> multicast(int source,
                                       const std::vector<int> &cores,
                                       std::uint64_t departure) {
    StepTraffic traffic;
    traffic.bursts.push_back({source, 0,
                              static_cast<std::uint32_t>(cores.size()), 1,
                              departure, departure});
    for (int core : cores)
      traffic.destinations.push_back({core, 0, 0});
    network->deliver(traffic);
    std::vector<std::uint64_t> arrivals;
    for (const BurstDestination &to : traffic.destinations) {
      EXPECT_EQ(to.firstArrival, to.lastArrival);
      arrivals.push_back(to.lastArrival);
    }
    return arrivals;
  }

  ChipModel chip;
  Routing routing;
  std::unique_ptr<Network> network;
};

/// Up to `most` packets each; a core takes up to `slowest` cycles for one.
inline std::vector<Sent> randomBursts(std::mt19937 &random, int cores,
                                      int number, unsigned span,
                                      unsigned most = 16,
                                      unsigned slowest = 0) {
  std::vector<Sent> bursts;
  for (int i = 0; i < number; ++i) {
    const std::uint64_t first = random() % span, packets = 1 + random() % most;
    bursts.push_back({static_cast<int>(random() % unsigned(cores)),
                      static_cast<int>(random() % unsigned(cores)), packets,
                      first, first + (packets - 1) * (1 + random() % 8)});
    if (slowest > 0)
      bursts.back().pace = static_cast<std::uint32_t>(random() % (slowest + 1));
  }
  return bursts;
}

inline double endOf(const std::vector<Sent> &all) {
  std::uint64_t last = 0;
  for (const Sent &sent : all)
    last = std::max(last, sent.lastArrival);
  return static_cast<double>(last);
}

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_SIMULATOR_NETWORKDRIVER_H

//===- SmallMachine.h - networks of a test on a chip ------------*- C++ -*-===//
#ifndef SYNFIRE_TESTS_UNIT_SPIKING_SMALLMACHINE_H
#define SYNFIRE_TESTS_UNIT_SPIKING_SMALLMACHINE_H

#include "simulator/spiking/SpikingMachine.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace synfire::tests {

inline SpikingNetwork parse(const std::string &text) {
  auto network = parseSpikingNetwork(text, "net", ".");
  if (!network.ok()) {
    ADD_FAILURE() << network.error().message();
    return {};
  }
  return *network;
}

inline ChipModel loihi() {
  auto chip = loadChipModel("loihi1");
  if (!chip.ok()) {
    ADD_FAILURE() << chip.error().message();
    return {};
  }
  return *chip;
}

inline std::unique_ptr<SpikingMachine>
make(const SpikingNetwork &network, const SpikingOptions &options = {}) {
  auto machine = SpikingMachine::create(network, loihi(), options);
  if (!machine.ok()) {
    ADD_FAILURE() << machine.error().message();
    return nullptr;
  }
  return std::move(*machine);
}

/// Four cores of router 0 send to a core of router 1.
inline const char *const loaded = R"(
  name: "loaded"
  population { name: "a" neurons: 400 forced {} }
  population { name: "b" neurons: 10
    leaky_integrate_and_fire { threshold: 1000000 } }
  connection { from: "a" to: "b" dense { weight: "1" } }
  connection { from: "b" to: "b" generated { target: "0" weight: "1" } }
  placement { population: "a" core: 0 neurons_per_core: 100 }
  placement { population: "b" core: 4 }
)";

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_SPIKING_SMALLMACHINE_H

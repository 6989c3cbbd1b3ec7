//===- SpikingNetworkFuzzer.cpp - any network text is run or refused ------===//
//
// Small limits keep a run short; what is accepted executes two steps and has to
// reconcile.
//
//===----------------------------------------------------------------------===//
#include "simulator/spiking/SpikingMachine.h"

#include <cstddef>
#include <cstdint>

using namespace synfire;

namespace {

const ChipModel &chip() {
  static const ChipModel loaded = [] {
    auto model = loadChipModel("loihi1");
    if (!model.ok())
      __builtin_trap(); // without a chip nothing would be reached
    return *model;
  }();
  return loaded;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data,
                                      std::size_t size) {
  if (size > 4096)
    return 0;
  SpikingLimits limits;
  limits.neurons = 256;
  limits.synapses = 4096;
  auto network = parseSpikingNetwork(
      std::string(reinterpret_cast<const char *>(data), size), "fuzz",
      "/nowhere", limits);
  if (!network.ok())
    return 0;
  auto machine = SpikingMachine::create(std::move(*network), chip(), {});
  if (!machine.ok())
    return 0;
  for (int i = 0; i < 2; ++i) {
    const SpikingStep &step = (*machine)->step();
    if (step.boundCycles > step.cycles)
      __builtin_trap();
  }
  if (!verify((*machine)->run()).ok())
    __builtin_trap();
  return 0;
}

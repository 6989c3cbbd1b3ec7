//===- Methods.cpp - every conversion method by its name ------------------===//
#include "compiler/convert/Methods.h"

#include "compiler/convert/LasMethod.h"
#include "compiler/convert/OneShotMethods.h"
#include "compiler/convert/StreamedMethods.h"

namespace synfire {
namespace {

std::vector<Method> makeMethods() {
  constexpr bool streamed = true, oneShot = false, fine = true, coarse = false,
                 binary = true, other = false;
  return {
      {"las",
       "LAS: outlier-aware multi-threshold phase code; everything spikes",
       oneShot, 16, fine, binary, planLas},
      {"phase",
       "rounding base-2 phase code, no tuned parameters; everything "
       "spikes",
       oneShot, 16, fine, binary, planLas},
      {"dual-is", "Dual-IS: integer-spiking neurons, block-wise calibrated",
       streamed, 2, coarse, other, planDualIs},
      {"mgpc", "MGPC: phase code with trained bases by grains of time", oneShot,
       8, coarse, binary, planMgpc},
      {"rounding", "rounding phase code at MGPC's sites, the rest digital",
       oneShot, 8, coarse, binary, planRounding},
      {"las-lite", "truncating phase code at MGPC's sites (its LAS-lite)",
       oneShot, 8, coarse, binary, planLasLite},
      {"two-spike", "base-2 phase code of at most two spikes", oneShot, 8,
       coarse, binary, planTwoSpike},
      {"spiked-attention",
       "SpikedAttention: one spike a value, winner-takes-"
       "all softmax",
       oneShot, 16, coarse, other, planSpikedAttention},
      {"ttfs", "time to first spike, linear", oneShot, 128, coarse, other,
       planTtfs},
      {"spikellm", "SpikeLLM: counts, with more bits for salient channels",
       oneShot, 2, coarse, other, planSpikeLlm},
      {"if", "rate code: integrate-and-fire at every product", streamed, 32,
       coarse, other, planIf},
      {"qcfs", "QCFS: integrate-and-fire at the MLP activation", streamed, 32,
       coarse, other, planQcfs},
      {"srp", "SRP: QCFS with a mask from a rehearsal", streamed, 32, coarse,
       other, planSrp},
      {"cos", "COS: QCFS with offsets shifted after a rehearsal", streamed, 16,
       coarse, other, planCos},
      {"fas", "FAS: its neuron at the MLP activation", streamed, 16, coarse,
       other, planFas},
      {"spikezip", "SpikeZIP-TF: ST-BIF neurons run to equilibrium", streamed,
       64, coarse, other, planSpikeZip},
      {"ecmt", "ECMT: two-sided doubling thresholds, expectations compensated",
       streamed, 8, coarse, other, planEcmt},
      {"sta", "STA: burst neurons with memory", streamed, 32, coarse, other,
       planSta},
  };
}

} // namespace

const std::vector<Method> &methods() {
  static const std::vector<Method> all = makeMethods();
  return all;
}

const Method *findMethod(const std::string &name) {
  for (const Method &method : methods())
    if (method.name == name)
      return &method;
  return nullptr;
}

std::string methodNames() {
  std::string names;
  for (const Method &method : methods())
    names += (names.empty() ? "" : ", ") + method.name;
  return names;
}

} // namespace synfire

//===- ModelConfigFuzzer.cpp - any bytes as config.json -------------------===//
#include "compiler/import/LlamaTensors.h"
#include "compiler/import/ModelConfig.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>

using namespace synfire;

/// What the header promises of a config that was accepted.
static bool isConsistent(const ModelConfig &config) {
  return config.heads % config.keyValueHeads == 0 && config.headDim > 0 &&
         config.headDim % 2 == 0 && config.rmsNormEps > 0 &&
         config.ropeTheta > 0 && config.bosToken >= -1;
}

/// Whether the bytes of all weights in float32 fit 64 bits.
static bool fits(const ModelConfig &config) {
  ModelConfig oneLayer = config;
  oneLayer.layers = 1;
  constexpr double limit =
      static_cast<double>(std::numeric_limits<std::int64_t>::max());
  double elements = 0;
  for (const ExpectedTensor &tensor : llamaTensors(oneLayer)) {
    double product = 1;
    for (std::int64_t extent : tensor.shape)
      product *= static_cast<double>(extent);
    elements += product * static_cast<double>(config.layers);
  }
  return elements * sizeof(float) < limit;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data,
                                      std::size_t size) {
  auto config = parseModelConfig({reinterpret_cast<const char *>(data), size},
                                 "config.json");
  if (config && (!isConsistent(*config) || !fits(*config)))
    std::abort();
  if (!config && config.error().message().empty())
    std::abort();
  return 0;
}

//===- Estimate.cpp - counts and energy from shapes alone -----------------===//
#include "runtime/report/Estimate.h"

#include "runtime/report/EnergyPrices.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace synfire {

namespace {

const AnnPrecision fp32;

double computeJoules(const AnnWork &work, const AnnPrecision &precision) {
  return *annJoules("P1", work, precision, {});
}

} // namespace

Result<Estimate> estimate(const ModelShape &shape,
                          const EstimateOptions &options) {
  SYNFIRE_TRY(verify(shape));
  constexpr std::uint64_t longest = 1 << 20;
  if (options.sequence < 1 || options.sequence > longest)
    return makeError(fmt::format("sequence length {} is not in 1..{}",
                                 options.sequence, longest));
  if (options.steps < 1 || options.steps > mostSteps)
    return makeError(
        fmt::format("steps {} is not in 1..{}", options.steps, mostSteps));
  if (options.weightBits < 1 || options.weightBits > 32)
    return makeError(
        fmt::format("weight bits {} is not in 1..32", options.weightBits));
  if (!std::isfinite(options.spikesPerValue) || options.spikesPerValue < 0)
    return makeError(
        fmt::format("spikes per value {} is negative", options.spikesPerValue));

  // The counts are sums of few products; their logarithm tells whether the
  // largest of them fits 64 bits.
  const double logLargest =
      std::log2(static_cast<double>(shape.layers)) +
      std::log2(static_cast<double>(options.sequence)) +
      std::log2(8.0 * std::max(shape.hidden, shape.queryWidth())) +
      std::log2(static_cast<double>(std::max(
          {shape.intermediate, shape.hidden, shape.queryWidth(),
           shape.vocabulary, static_cast<std::int64_t>(options.sequence)})));
  if (logLargest > 62)
    return makeError("the number of operations does not fit 64 bits",
                     shape.name);

  Estimate result;
  result.shape = shape;
  result.options = options;
  result.ann = annWork(shape, SequenceWork::full(options.sequence));
  result.causal = annWork(shape, SequenceWork::causal(options.sequence));
  result.decode = annWork(shape, SequenceWork::decode(options.sequence));
  ConversionInfo conversion;
  conversion.method = options.method;
  conversion.steps = options.steps;
  conversion.weightBits = options.weightBits;
  result.quantised = equalInformation(conversion);

  if (options.spikesPerValue == 0)
    result.options.spikesPerValue = options.steps / 3.0;
  const double r = result.options.spikesPerValue;
  SnnWork &snn = result.snn;
  snn.linear = r * static_cast<double>(result.ann.linear);
  snn.lmHead = r * static_cast<double>(result.ann.lmHead);
  snn.attention = r * static_cast<double>(result.ann.attention());
  snn.other = r * static_cast<double>(result.ann.elementwiseOperands);
  snn.neurons = static_cast<double>(result.ann.outputs);
  snn.macs = snn.neurons;
  snn.spikes = r * snn.neurons;
  return result;
}

double Estimate::annComputeJoules() const { return computeJoules(ann, fp32); }
double Estimate::annTrafficJoules() const {
  return synfire::annTrafficJoules(ann, fp32);
}
double Estimate::quantisedComputeJoules() const {
  return computeJoules(ann, quantised);
}
double Estimate::quantisedTrafficJoules() const {
  return synfire::annTrafficJoules(ann, quantised);
}
double Estimate::snnComputeJoules() const {
  return (snn.additions() * prices::floatAdd.picoJoules +
          snn.macs * prices::floatMac.picoJoules) *
         1e-12;
}
double Estimate::snnTrafficJoules() const {
  const double word = prices::memoryWord.picoJoules;
  return ((snn.linear + snn.lmHead) * word * 33 / 32 + snn.spikes * word / 32 +
          snn.neurons * prices::spikedNeuron.picoJoules) *
         1e-12;
}

} // namespace synfire

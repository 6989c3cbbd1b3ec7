#include "compiler/emit/WeightQuantizer.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace synfire {
namespace {

std::int32_t quantize(double value, double scale, std::int32_t limit) {
  double rounded = std::nearbyint(value / scale);
  return static_cast<std::int32_t>(
      std::clamp(rounded, -double(limit), double(limit)));
}

double squaredError(const std::vector<double> &channel, double scale,
                    std::int32_t limit) {
  double error = 0;
  for (double value : channel) {
    double difference = value - scale * quantize(value, scale, limit);
    error += difference * difference;
  }
  return error;
}

/// Clipping points as shares of the channel's maximum.
constexpr int clipGridPoints = 40;
constexpr double clipGridStep = 0.0125;

double chooseScale(const std::vector<double> &channel, int bits,
                   std::int32_t limit) {
  double maximum = 0;
  for (double value : channel)
    maximum = std::max(maximum, std::abs(value));
  if (maximum == 0)
    return 1.0 / limit;
  double best = maximum / limit;
  if (bits > 4)
    return best;
  double bestError = squaredError(channel, best, limit);
  for (int point = 1; point < clipGridPoints; ++point) {
    double scale = maximum * (1 - point * clipGridStep) / limit;
    double error = squaredError(channel, scale, limit);
    if (error < bestError) {
      bestError = error;
      best = scale;
    }
  }
  return best;
}

} // namespace

QuantizedMatrix quantizeWeights(const std::vector<float> &matrix,
                                std::int64_t outputs, std::int64_t inputs,
                                const std::vector<float> &gain, int bits) {
  QuantizedMatrix result;
  result.inputs = inputs;
  result.outputs = outputs;
  result.bits = bits;
  result.values.resize(static_cast<std::size_t>(inputs * outputs));
  result.scale.resize(static_cast<std::size_t>(outputs));
  const std::int32_t limit = (std::int32_t(1) << (bits - 1)) - 1;
  std::vector<double> channel(static_cast<std::size_t>(inputs));
  for (std::int64_t out = 0; out < outputs; ++out) {
    const float *row = matrix.data() + out * inputs;
    for (std::int64_t in = 0; in < inputs; ++in)
      channel[in] = double(row[in]) * (gain.empty() ? 1.0 : double(gain[in]));
    double scale = chooseScale(channel, bits, limit);
    result.scale[out] = scale;
    std::int64_t absoluteSum = 0;
    for (std::int64_t in = 0; in < inputs; ++in) {
      std::int32_t value = quantize(channel[in], scale, limit);
      result.values[in * outputs + out] = value;
      absoluteSum += std::abs(value);
    }
    result.largestAbsoluteSum =
        std::max(result.largestAbsoluteSum, absoluteSum);
  }
  return result;
}

std::vector<std::uint8_t> packWeights(const QuantizedMatrix &matrix) {
  const std::size_t rowBytes =
      (static_cast<std::size_t>(matrix.outputs) * matrix.bits + 7) / 8;
  std::vector<std::uint8_t> bytes(rowBytes * matrix.inputs, 0);
  for (std::int64_t in = 0; in < matrix.inputs; ++in) {
    std::uint8_t *row = bytes.data() + in * rowBytes;
    for (std::int64_t out = 0; out < matrix.outputs; ++out) {
      auto value =
          static_cast<std::uint32_t>(matrix.values[in * matrix.outputs + out]);
      if (matrix.bits == 4)
        row[out / 2] |=
            static_cast<std::uint8_t>((value & 0xf) << (out % 2 ? 4 : 0));
      else
        for (int byte = 0; byte < matrix.bits / 8; ++byte)
          row[out * (matrix.bits / 8) + byte] =
              static_cast<std::uint8_t>(value >> (8 * byte));
    }
  }
  return bytes;
}

} // namespace synfire

//===- GrainSearch.cpp - which steps share their bases --------------------===//
#include "compiler/convert/GrainSearch.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace synfire {
namespace {

constexpr int fewestSteps = 2;
constexpr std::size_t fewestValues = 1024;
/// Weight of the candidates' own errors beside that of the mixture.
constexpr double ownErrors = 10;

void appendSplits(int steps, int grains, std::vector<int> &begun,
                  std::vector<std::vector<int>> &splits) {
  const int grain = begun.empty() ? 0 : begun.back() + 1;
  if (grains == 1) {
    if (steps < fewestSteps)
      return;
    splits.push_back(begun);
    splits.back().insert(splits.back().end(), static_cast<std::size_t>(steps),
                         grain);
    return;
  }
  const std::size_t length = begun.size();
  for (int block = fewestSteps; block <= steps - fewestSteps * (grains - 1);
       ++block) {
    begun.insert(begun.end(), static_cast<std::size_t>(block), grain);
    appendSplits(steps - block, grains - 1, begun, splits);
    begun.resize(length);
  }
}

/// The candidates under training and what they say about the inputs.
class Mixture {
public:
  Mixture(const std::vector<std::vector<int>> &splits, double offset,
          std::vector<float> values, const GrainSearchOptions &given)
      : options(given), inputs(std::move(values)), mixed(inputs.size()),
        byOutput(inputs.size()) {
    // The initial weights differ a little, as the authors draw them.
    std::mt19937_64 generator(options.seed);
    const auto uniform = [&] {
      return (static_cast<double>(generator() >> 12) + 0.5) /
             4503599627370496.0;
    };
    for (const std::vector<int> &split : splits) {
      neurons.emplace_back(binaryTable(split, offset), options.freedom);
      outputs.emplace_back(inputs.size());
      const double normal = std::sqrt(-2 * std::log(uniform())) *
                            std::cos(6.283185307179586 * uniform());
      logits.push_back(0.1 + 0.02 * std::clamp(0.05 + 0.05 * normal, 0.0, 0.1));
    }
    mean.assign(logits.size(), 0);
    square = mean;
    rate = adamRate(options.rate,
                    splits.empty() ? 0 : static_cast<int>(splits[0].size()));
  }

  /// Encodes everything and remembers the best choice so far.
  void forward() {
    const double largest = *std::max_element(logits.begin(), logits.end());
    shares.clear();
    double sum = 0;
    for (const double logit : logits)
      shares.push_back(std::exp(logit - largest));
    for (const double share : shares)
      sum += share;
    std::fill(mixed.begin(), mixed.end(), 0.0f);
    ownError.clear();
    double loss = 0;
    for (std::size_t c = 0; c < neurons.size(); ++c) {
      shares[c] /= sum;
      std::vector<float> &output = outputs[c];
      encodeMagnitudes(toStepTable(neurons[c].table()), inputs.data(),
                       inputs.size(), output.data());
      const auto share = static_cast<float>(shares[c]);
      for (std::size_t i = 0; i < mixed.size(); ++i)
        mixed[i] += share * output[i];
      ownError.push_back(
          meanSquaredError(output.data(), inputs.data(), inputs.size()));
      loss += ownErrors * shares[c] * ownError[c];
    }
    loss += meanSquaredError(mixed.data(), inputs.data(), inputs.size());
    if (loss < bestLoss) {
      bestLoss = loss;
      const auto chosen = static_cast<std::size_t>(
          std::max_element(shares.begin(), shares.end()) - shares.begin());
      best = neurons[chosen].table();
    }
  }

  /// One step of Adam on the neurons.
  void step(GradientParts parts) {
    forward();
    for (std::size_t c = 0; c < neurons.size(); ++c) {
      const auto ofMixture = static_cast<float>(shares[c]);
      const auto own = static_cast<float>(ownErrors * shares[c]);
      const std::vector<float> &output = outputs[c];
      for (std::size_t i = 0; i < inputs.size(); ++i)
        byOutput[i] =
            ofMixture * (mixed[i] - inputs[i]) + own * (output[i] - inputs[i]);
      const StepGradient gradient = gradientOfMagnitudes(
          toStepTable(neurons[c].table()), inputs.data(), byOutput.data(),
          inputs.size(), static_cast<float>(options.sharpness), parts);
      if (parts.dynamics)
        neurons[c].stepDynamics(gradient, rate);
      if (parts.payload)
        neurons[c].stepPayloads(gradient, rate);
    }
  }

  /// One step of Adam on the mixture's weights.
  void stepWeights() {
    forward();
    std::vector<double> byShare;
    double average = 0;
    for (std::size_t c = 0; c < neurons.size(); ++c) {
      double sum = 0;
      for (std::size_t i = 0; i < inputs.size(); ++i)
        sum += static_cast<double>((mixed[i] - inputs[i]) * outputs[c][i]);
      byShare.push_back(2 * sum / static_cast<double>(inputs.size()) +
                        ownErrors * ownError[c]);
      average += shares[c] * byShare[c];
    }
    ++steps;
    for (std::size_t c = 0; c < neurons.size(); ++c) {
      const double gradient = shares[c] * (byShare[c] - average);
      mean[c] = 0.9 * mean[c] + 0.1 * gradient;
      square[c] = 0.999 * square[c] + 0.001 * gradient * gradient;
      logits[c] -=
          options.mixtureRate * mean[c] / (1 - std::pow(0.9, steps)) /
          (std::sqrt(square[c] / (1 - std::pow(0.999, steps))) + 1e-12);
    }
  }

  const MgpcTable &bestTable() const { return best; }

private:
  const GrainSearchOptions &options;
  std::vector<float> inputs, mixed, byOutput;
  std::vector<MgpcOptimiser> neurons;
  std::vector<std::vector<float>> outputs;
  std::vector<double> logits, shares, ownError, mean, square;
  int steps = 0;
  double rate = 0, bestLoss = HUGE_VAL;
  MgpcTable best;
};

} // namespace

std::vector<std::vector<int>> grainSplits(int steps, int grains) {
  std::vector<std::vector<int>> splits;
  std::vector<int> begun;
  if (grains >= 1)
    appendSplits(steps, grains, begun, splits);
  return splits;
}

std::vector<int> equalSplit(int steps, int grains) {
  std::vector<int> grain;
  grain.reserve(static_cast<std::size_t>(steps));
  for (int t = 0; t < steps; ++t)
    grain.push_back(t * grains / steps);
  return grain;
}

GrainSearchResult searchGrains(int steps, int grains, double offset,
                               const std::vector<float> &inputs,
                               const GrainSearchOptions &options) {
  const std::vector<std::vector<int>> splits = grainSplits(steps, grains);
  if (splits.size() < 2 || inputs.empty())
    return {binaryTable(equalSplit(steps, grains), offset), 1};
  const std::size_t wanted = std::max(
      fewestValues,
      options.passWork / (splits.size() * static_cast<std::size_t>(steps)));
  const std::size_t stride = std::max<std::size_t>(1, inputs.size() / wanted);
  std::vector<float> values;
  for (std::size_t i = 0; i < inputs.size(); i += stride)
    values.push_back(inputs[i]);

  Mixture mixture(splits, offset, std::move(values), options);
  for (int round = 0; round < options.rounds; ++round) {
    if (options.training == TableTraining::Joint) {
      for (int i = 0; i < 2 * options.roundSteps; ++i)
        mixture.step({true, true});
    } else {
      for (int i = 0; i < options.roundSteps; ++i)
        mixture.step({true, false});
      for (int i = 0; i < options.roundSteps; ++i)
        mixture.step({false, true});
    }
    mixture.stepWeights();
  }
  mixture.forward();
  return {mixture.bestTable(), static_cast<int>(splits.size())};
}

} // namespace synfire

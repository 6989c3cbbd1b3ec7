//===- MgpcModel.cpp - what an MGPC neuron learns -------------------------===//
#include "compiler/convert/MgpcModel.h"

#include <algorithm>
#include <cmath>

namespace synfire {
namespace {

/// Beyond these a base leaves gaps or hardly falls from step to step.
constexpr double smallestBase = 1.05, largestBase = 3.5;

std::size_t grainOf(const std::vector<int> &grain, std::size_t step) {
  return static_cast<std::size_t>(grain[step]);
}

std::vector<float> falling(const std::vector<int> &grain,
                           const std::vector<double> &base) {
  std::vector<float> values;
  values.reserve(grain.size());
  for (std::size_t t = 0; t < grain.size(); ++t)
    values.push_back(static_cast<float>(
        std::pow(base[grainOf(grain, t)], -static_cast<double>(t + 1))));
  return values;
}

void move(std::vector<double> &bases, const double *by) {
  for (double &base : bases)
    base = std::clamp(base - *by++, smallestBase, largestBase);
}

} // namespace

MgpcTable binaryTable(std::vector<int> grain, double offset) {
  MgpcTable table;
  const std::size_t grains =
      grain.empty() ? 0 : static_cast<std::size_t>(grain.back()) + 1;
  table.thresholdBase.assign(grains, 2);
  table.decrementBase = table.payloadBase = table.thresholdBase;
  table.offset = std::ldexp(offset, -static_cast<int>(grain.size()));
  table.grain = std::move(grain);
  return table;
}

StepTable toStepTable(const MgpcTable &table) {
  return {falling(table.grain, table.thresholdBase),
          falling(table.grain, table.decrementBase),
          falling(table.grain, table.payloadBase),
          static_cast<float>(table.offset)};
}

std::vector<double> baseGradient(const std::vector<int> &grain,
                                 const std::vector<double> &base,
                                 const std::vector<double> &valueGradient) {
  std::vector<double> gradient(base.size(), 0);
  for (std::size_t t = 0; t < grain.size(); ++t) {
    const std::size_t g = grainOf(grain, t);
    const auto exponent = static_cast<double>(t + 1);
    gradient[g] -=
        exponent * std::pow(base[g], -exponent - 1) * valueGradient[t];
  }
  return gradient;
}

double adamRate(double rate, int steps) { return std::ldexp(rate, -steps); }

MgpcOptimiser::MgpcOptimiser(const MgpcTable &start, MgpcFreedom given)
    : current(start), freedom(given) {}

std::vector<double>
MgpcOptimiser::Adam::moves(const std::vector<double> &gradient, double rate) {
  constexpr double meanDecay = 0.9, squareDecay = 0.999, epsilon = 1e-12;
  mean.resize(gradient.size(), 0);
  square.resize(gradient.size(), 0);
  ++steps;
  std::vector<double> moves;
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    mean[i] = meanDecay * mean[i] + (1 - meanDecay) * gradient[i];
    square[i] =
        squareDecay * square[i] + (1 - squareDecay) * gradient[i] * gradient[i];
    moves.push_back(
        rate * mean[i] / (1 - std::pow(meanDecay, steps)) /
        (std::sqrt(square[i] / (1 - std::pow(squareDecay, steps))) + epsilon));
  }
  return moves;
}

void MgpcOptimiser::stepDynamics(const StepGradient &gradient, double rate) {
  std::vector<double> all =
      baseGradient(current.grain, current.thresholdBase, gradient.threshold);
  const std::vector<double> decrement =
      baseGradient(current.grain, current.decrementBase, gradient.decrement);
  const std::size_t grains = all.size();
  if (freedom.tied)
    for (std::size_t g = 0; g < grains; ++g)
      all[g] += decrement[g];
  else
    all.insert(all.end(), decrement.begin(), decrement.end());
  if (freedom.offset)
    all.push_back(gradient.offset);
  const std::vector<double> moves = dynamics.moves(all, rate);
  move(current.thresholdBase, moves.data());
  if (freedom.tied)
    current.decrementBase = current.thresholdBase;
  else
    move(current.decrementBase, moves.data() + grains);
  if (freedom.offset)
    current.offset =
        std::clamp(current.offset - moves.back(), 0.0,
                   std::ldexp(1.0, -static_cast<int>(current.grain.size())));
}

void MgpcOptimiser::stepPayloads(const StepGradient &gradient, double rate) {
  move(current.payloadBase,
       payloads
           .moves(baseGradient(current.grain, current.payloadBase,
                               gradient.payload),
                  rate)
           .data());
}

} // namespace synfire

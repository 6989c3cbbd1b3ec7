//===- PlainReference.h - a spiking network, neuron by neuron ---*- C++ -*-===//
//
// docs/spec/spiking.md in the plainest form: 64-bit numbers, one list of
// synapses, no cores. Shares with the simulator the formulas and nothing else.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TESTS_UNIT_SPIKING_PLAINREFERENCE_H
#define SYNFIRE_TESTS_UNIT_SPIKING_PLAINREFERENCE_H

#include "runtime/program/Digest.h"
#include "simulator/spiking/SpikingNetwork.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace synfire::tests {

class PlainReference {
public:
  struct Synapse {
    int toPopulation = 0;
    std::int64_t to = 0, weight = 0;
  };

  explicit PlainReference(const SpikingNetwork &source) : network(source) {
    for (const Population &population : network.populations) {
      const auto size = static_cast<std::size_t>(population.neurons);
      synapses.emplace_back(size);
      input.emplace_back(size);
      membrane.emplace_back(size, population.leaky.initialMembrane);
      waiting.emplace_back(size);
      fired.emplace_back(size);
    }
    for (const Connection &connection : network.connections)
      connect(connection);
  }

  void step() {
    for (std::size_t p = 0; p < network.populations.size(); ++p)
      for (std::size_t n = 0; n < input[p].size(); ++n)
        fired[p][n] = fires(p, n);
    operations = 0;
    for (std::size_t p = 0; p < input.size(); ++p)
      std::fill(input[p].begin(), input[p].end(), 0);
    for (std::size_t p = 0; p < synapses.size(); ++p)
      for (std::size_t n = 0; n < synapses[p].size(); ++n)
        if (fired[p][n])
          for (const Synapse &synapse : synapses[p][n]) {
            input[static_cast<std::size_t>(synapse.toPopulation)]
                 [static_cast<std::size_t>(synapse.to)] += synapse.weight;
            ++operations;
          }
    for (std::size_t p = 0; p < input.size(); ++p) {
      std::uint64_t spikeSum = 0, inputSum = 0;
      for (std::size_t n = 0; n < input[p].size(); ++n) {
        spikeSum += fired[p][n] ? neuronKey(n) : 0;
        inputSum += neuronKey(n) * static_cast<std::uint64_t>(input[p][n]);
      }
      spikeDigest += rowDigest(p, now, spikeSum);
      inputDigest += rowDigest(p, now, inputSum);
    }
    ++now;
  }

  std::vector<std::vector<std::vector<Synapse>>> synapses; ///< of each neuron
  std::vector<std::vector<std::int64_t>> input, membrane;
  std::vector<std::vector<bool>> fired;
  std::uint64_t operations = 0, spikeDigest = 0, inputDigest = 0;

private:
  void connect(const Connection &connection) {
    const auto from = static_cast<std::size_t>(connection.from);
    const auto targets = static_cast<std::int64_t>(
        input[static_cast<std::size_t>(connection.to)].size());
    auto add = [&](std::int64_t i, std::int64_t j, std::int64_t weight) {
      synapses[from][static_cast<std::size_t>(i)].push_back(
          {connection.to, j, weight});
    };
    for (const ListedSynapse &synapse : connection.listed)
      add(synapse.from, synapse.to, synapse.weight);
    const auto sources = static_cast<std::int64_t>(synapses[from].size());
    for (std::int64_t i = 0; i < sources; ++i) {
      if (connection.kind == ConnectionKind::Generated)
        generate(connection, {i}, 0, add);
      for (std::int64_t j = 0; connection.dense() && j < targets; ++j) {
        const std::int64_t variables[] = {i, j};
        std::int64_t weight = 0;
        if (connection.kind == ConnectionKind::Matrix)
          weight = connection.matrix[static_cast<std::size_t>(i * targets + j)];
        else
          connection.weight.evaluate(variables, weight);
        add(i, j, weight);
      }
    }
  }

  template <typename Add>
  static void generate(const Connection &connection,
                       std::vector<std::int64_t> variables, std::size_t loop,
                       const Add &add) {
    if (loop == connection.loops.size()) {
      std::int64_t target = 0, weight = 0;
      connection.target.evaluate(variables.data(), target);
      variables.push_back(target);
      connection.weight.evaluate(variables.data(), weight);
      add(variables[0], target, weight);
      return;
    }
    variables.push_back(0);
    for (; variables.back() < connection.loops[loop].count; ++variables.back())
      generate(connection, variables, loop + 1, add);
  }

  bool fires(std::size_t p, std::size_t n) {
    const Population &population = network.populations[p];
    const auto step = static_cast<std::int64_t>(now);
    const auto neuron = static_cast<std::int64_t>(n);
    if (population.rule == FiringRule::Forced)
      return neuron % population.forced.stride == population.forced.offset &&
             step % population.forced.period == population.forced.phase;
    if (population.rule == FiringRule::Scheduled)
      return std::any_of(population.scheduled.begin(),
                         population.scheduled.end(),
                         [&](const ScheduledSpike &spike) {
                           return spike.step == step && spike.neuron == neuron;
                         });
    if (population.rule == FiringRule::Random) {
      const std::uint64_t key = mixBits(population.random.seed ^ mixBits(now));
      const std::uint64_t drawn = mixBits(key + n) >> 32;
      return static_cast<std::int64_t>(drawn * 1000000 >> 32) <
             population.random.perMillion;
    }
    return leakyFires(population.leaky, p, n);
  }

  bool leakyFires(const LeakyIntegrateAndFire &rule, std::size_t p,
                  std::size_t n) {
    if (waiting[p][n] > 0) {
      --waiting[p][n];
      return false;
    }
    std::int64_t &value = membrane[p][n];
    value = std::clamp<std::int64_t>(value - value * rule.decay / 4096 +
                                         rule.bias + input[p][n],
                                     INT32_MIN, INT32_MAX);
    if (value < rule.threshold)
      return false;
    value =
        rule.subtractThreshold ? value - rule.threshold : rule.resetMembrane;
    waiting[p][n] = rule.refractorySteps;
    return true;
  }

  const SpikingNetwork &network;
  std::vector<std::vector<std::int64_t>> waiting;
  std::uint64_t now = 0;
};

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_SPIKING_PLAINREFERENCE_H

//===- SynapseSource.cpp - the synapses of a connection -------------------===//
#include "simulator/spiking/SynapseSource.h"

#include <algorithm>
#include <fmt/format.h>

namespace synfire {

SynapseSource::SynapseSource(const SpikingNetwork &source, int weightBits)
    : network(source), leastWeight(-(1 << (std::min(weightBits, 8) - 1))),
      mostWeight(-leastWeight - 1) {}

Error SynapseSource::wrong(int number, const std::string &what) const {
  const Connection &connection =
      network.connections[static_cast<std::size_t>(number)];
  auto nameOf = [&](int population) {
    return network.populations[static_cast<std::size_t>(population)].name;
  };
  return makeError(what,
                   fmt::format("connection[{}] from '{}' to '{}'", number,
                               nameOf(connection.from), nameOf(connection.to)));
}

Status SynapseSource::checkWeight(int number, std::int64_t weight,
                                  std::int64_t i, std::int64_t j) const {
  if (weight < leastWeight || weight > mostWeight)
    return wrong(number, fmt::format("the weight is {} for i = {}, j = {}, but "
                                     "must be from {} to {}",
                                     weight, i, j, leastWeight, mostWeight));
  return Status::success();
}

Status SynapseSource::weightOf(int number, const std::int64_t *values,
                               std::int64_t i, std::int64_t j,
                               std::int8_t &weight) const {
  const IntegerFormula &formula =
      network.connections[static_cast<std::size_t>(number)].weight;
  std::int64_t value = 0;
  const IntegerFormula::Fault fault = formula.evaluate(values, value);
  if (fault != IntegerFormula::Fault::None)
    return wrong(number, fmt::format("weight \"{}\" {} for i = {}, j = {}",
                                     formula.text(), describe(fault), i, j));
  SYNFIRE_TRY(checkWeight(number, value, i, j));
  weight = static_cast<std::int8_t>(value);
  return Status::success();
}

Status SynapseSource::denseRow(int number, std::int32_t i, std::int32_t first,
                               std::int32_t count, std::int8_t *weights) const {
  const Connection &connection =
      network.connections[static_cast<std::size_t>(number)];
  if (connection.kind == ConnectionKind::Matrix) {
    const auto targets = static_cast<std::size_t>(
        network.populations[static_cast<std::size_t>(connection.to)].neurons);
    const std::int8_t *row = connection.matrix.data() +
                             static_cast<std::size_t>(i) * targets + first;
    for (std::int32_t j = 0; j < count; ++j)
      SYNFIRE_TRY(checkWeight(number, row[j], i, first + j));
    std::copy(row, row + count, weights);
    return Status::success();
  }
  for (std::int32_t j = 0; j < count; ++j) {
    const std::int64_t values[2] = {i, first + j};
    SYNFIRE_TRY(weightOf(number, values, i, first + j, weights[j]));
  }
  return Status::success();
}

Status SynapseSource::sparseSynapses(int number, std::int32_t i,
                                     std::vector<SparseSynapse> &synapses) {
  const Connection &connection =
      network.connections[static_cast<std::size_t>(number)];
  if (connection.kind == ConnectionKind::Listed) {
    auto at =
        std::lower_bound(connection.listed.begin(), connection.listed.end(), i,
                         [](const ListedSynapse &synapse, std::int32_t from) {
                           return synapse.from < from;
                         });
    for (; at != connection.listed.end() && at->from == i; ++at) {
      SYNFIRE_TRY(checkWeight(number, at->weight, i, at->to));
      synapses.push_back({at->to, at->weight});
    }
    return Status::success();
  }
  const std::int32_t targets =
      network.populations[static_cast<std::size_t>(connection.to)].neurons;
  const std::size_t loops = connection.loops.size();
  variables.assign(loops + 2, 0);
  variables[0] = i;
  while (true) {
    std::int64_t target = 0;
    const IntegerFormula::Fault fault =
        connection.target.evaluate(variables.data(), target);
    if (fault != IntegerFormula::Fault::None)
      return wrong(number,
                   fmt::format("target \"{}\" {} for i = {}",
                               connection.target.text(), describe(fault), i));
    if (target < 0 || target >= targets)
      return wrong(number,
                   fmt::format("target \"{}\" is {} for i = {}, but must be "
                               "from 0 to {}",
                               connection.target.text(), target, i,
                               targets - 1));
    variables[loops + 1] = target;
    SparseSynapse synapse;
    synapse.target = static_cast<std::int32_t>(target);
    SYNFIRE_TRY(weightOf(number, variables.data(), i, target, synapse.weight));
    synapses.push_back(synapse);
    // The last loop is the innermost one.
    std::size_t loop = loops;
    while (loop > 0 && ++variables[loop] == connection.loops[loop - 1].count)
      variables[loop--] = 0;
    if (loop == 0)
      return Status::success();
  }
}

} // namespace synfire

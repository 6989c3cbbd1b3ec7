//===- SpikingNetworkText.cpp - textproto to checked plain values ---------===//
#include "simulator/spiking/SpikingNetwork.h"

#include "runtime/support/Files.h"
#include "runtime/support/TextMessage.h"

#include "spiking_network.pb.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <limits>
#include <unordered_map>

namespace synfire {
namespace {

constexpr std::int64_t largestInteger =
    std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t smallestInteger =
    std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t largestStep = std::int64_t(1) << 40;
constexpr std::int64_t mostCores = std::int64_t(1) << 28; // of any chip model

class Reader {
public:
  Reader(const pb::SpikingNetwork &source, const std::string &place,
         const std::string &beside, const SpikingLimits &bounds)
      : message(source), where(place), folder(beside), limits(bounds) {}

  Result<SpikingNetwork> read() {
    network.name = message.name();
    network.description = message.description();
    if (network.name.empty())
      return missing("name");
    if (message.population_size() == 0)
      return missing("population");
    for (int i = 0; i < message.population_size(); ++i)
      SYNFIRE_TRY(readPopulation(message.population(i),
                                 fmt::format("population[{}]", i)));
    for (int i = 0; i < message.connection_size(); ++i)
      SYNFIRE_TRY(readConnection(message.connection(i),
                                 fmt::format("connection[{}]", i)));
    network.coreOrder = message.core_order() == pb::ROUTER_COLUMNS
                            ? CoreOrder::RouterColumns
                            : CoreOrder::RouterRows;
    for (int i = 0; i < message.placement_size(); ++i)
      SYNFIRE_TRY(
          readPlacement(message.placement(i), fmt::format("placement[{}]", i)));
    return std::move(network);
  }

private:
  Error wrong(const std::string &what) const { return makeError(what, where); }
  Error missing(const std::string &field) const {
    return wrong(fmt::format("field {} is missing", field));
  }
  Status within(const std::string &field, std::int64_t value,
                std::int64_t least, std::int64_t most) const {
    if (value < least || value > most)
      return wrong(fmt::format("{} is {}, but must be from {} to {}", field,
                               value, least, most));
    return Status::success();
  }
  /// A field without default.
  Status given(bool present, const std::string &field, std::int64_t value,
               std::int64_t least, std::int64_t most) const {
    if (!present)
      return missing(field);
    return within(field, value, least, most);
  }

  Status findPopulation(const std::string &name, const std::string &field,
                        int &number) const {
    if (name.empty())
      return missing(field);
    const auto found = populationNumbers.find(name);
    if (found == populationNumbers.end())
      return wrong(fmt::format("{}: there is no population '{}'", field, name));
    number = found->second;
    return Status::success();
  }
  const Population &population(int number) const {
    return network.populations[static_cast<std::size_t>(number)];
  }

  Status readPopulation(const pb::Population &from, const std::string &field) {
    Population population;
    population.name = from.name();
    if (population.name.empty())
      return missing(field + ".name");
    const int number = static_cast<int>(network.populations.size());
    if (!populationNumbers.emplace(population.name, number).second)
      return wrong(fmt::format("{}.name '{}' is taken by another population",
                               field, population.name));
    population.neurons = from.neurons();
    SYNFIRE_TRY(given(from.has_neurons(), field + ".neurons", from.neurons(), 1,
                      std::min(limits.neurons, largestInteger)));
    neurons += population.neurons;
    if (neurons > limits.neurons)
      return wrong(fmt::format("{}: more than {} neurons in all", field,
                               limits.neurons));
    SYNFIRE_TRY(readRule(from, field, population));
    network.populations.push_back(std::move(population));
    return Status::success();
  }

  Status readRule(const pb::Population &from, const std::string &field,
                  Population &population) const {
    switch (from.firing_case()) {
    case pb::Population::kLeakyIntegrateAndFire:
      population.rule = FiringRule::LeakyIntegrateAndFire;
      return readLeaky(from.leaky_integrate_and_fire(),
                       field + ".leaky_integrate_and_fire", population.leaky);
    case pb::Population::kForced:
      population.rule = FiringRule::Forced;
      return readForced(from.forced(), field + ".forced", population.forced);
    case pb::Population::kRandom:
      population.rule = FiringRule::Random;
      population.random = {from.random().per_million(), from.random().seed()};
      return given(from.random().has_per_million(),
                   field + ".random.per_million", from.random().per_million(),
                   0, 1000000);
    case pb::Population::kScheduled:
      population.rule = FiringRule::Scheduled;
      return readSchedule(from.scheduled(), field + ".scheduled", population);
    case pb::Population::FIRING_NOT_SET:
      break;
    }
    return makeError(fmt::format("field {} says nothing about firing", field),
                     where,
                     "give leaky_integrate_and_fire, forced, random or "
                     "scheduled");
  }

  Status readLeaky(const pb::LeakyIntegrateAndFire &from,
                   const std::string &field,
                   LeakyIntegrateAndFire &leaky) const {
    leaky.threshold = from.threshold();
    leaky.decay = from.decay();
    leaky.bias = from.bias();
    leaky.subtractThreshold = from.reset() == pb::SUBTRACT_THRESHOLD;
    leaky.resetMembrane = from.reset_membrane();
    leaky.refractorySteps = from.refractory_steps();
    leaky.initialMembrane = from.initial_membrane();
    SYNFIRE_TRY(given(
        from.has_threshold(), field + ".threshold", leaky.threshold,
        leaky.subtractThreshold ? 1 : smallestInteger + 1, largestInteger));
    SYNFIRE_TRY(within(field + ".decay", leaky.decay, 0, decayUnit));
    SYNFIRE_TRY(
        within(field + ".refractory_steps", leaky.refractorySteps, 0, 255));
    if (leaky.subtractThreshold && from.has_reset_membrane())
      return wrong(fmt::format("{}.reset_membrane is given, but {}.reset is "
                               "SUBTRACT_THRESHOLD",
                               field, field));
    if (!leaky.subtractThreshold)
      SYNFIRE_TRY(within(field + ".reset_membrane", leaky.resetMembrane,
                         smallestInteger, leaky.threshold - std::int64_t(1)));
    return Status::success();
  }

  Status readForced(const pb::ForcedFiring &from, const std::string &field,
                    ForcedFiring &forced) const {
    if (from.has_stride())
      forced.stride = from.stride();
    if (from.has_period())
      forced.period = from.period();
    forced.offset = from.offset();
    forced.phase = from.phase();
    SYNFIRE_TRY(within(field + ".stride", forced.stride, 1, largestInteger));
    SYNFIRE_TRY(within(field + ".offset", forced.offset, 0, forced.stride - 1));
    SYNFIRE_TRY(within(field + ".period", forced.period, 1, largestInteger));
    return within(field + ".phase", forced.phase, 0, forced.period - 1);
  }

  Status readSchedule(const pb::ScheduledFiring &from, const std::string &field,
                      Population &population) const {
    std::vector<ScheduledSpike> &spikes = population.scheduled;
    spikes.reserve(static_cast<std::size_t>(from.spike_size()));
    for (int i = 0; i < from.spike_size(); ++i) {
      const pb::ScheduledSpike &spike = from.spike(i);
      const std::string name = fmt::format("{}.spike[{}]", field, i);
      SYNFIRE_TRY(given(spike.has_step(), name + ".step", spike.step(), 0,
                        largestStep));
      SYNFIRE_TRY(given(spike.has_neuron(), name + ".neuron", spike.neuron(), 0,
                        population.neurons - 1));
      spikes.push_back({spike.step(), spike.neuron()});
    }
    auto before = [](const ScheduledSpike &a, const ScheduledSpike &b) {
      return a.step != b.step ? a.step < b.step : a.neuron < b.neuron;
    };
    std::sort(spikes.begin(), spikes.end(), before);
    for (std::size_t i = 1; i < spikes.size(); ++i)
      if (!before(spikes[i - 1], spikes[i]))
        return wrong(fmt::format("{}: neuron {} fires twice in step {}", field,
                                 spikes[i].neuron, spikes[i].step));
    return Status::success();
  }

  Status countSynapses(std::int64_t added, const std::string &field) {
    if (added > limits.synapses - synapses)
      return wrong(fmt::format("{}: more than {} synapses in all", field,
                               limits.synapses));
    synapses += added;
    return Status::success();
  }

  Status readConnection(const pb::Connection &from, const std::string &field) {
    Connection connection;
    SYNFIRE_TRY(findPopulation(from.from(), field + ".from", connection.from));
    SYNFIRE_TRY(findPopulation(from.to(), field + ".to", connection.to));
    switch (from.synapses_case()) {
    case pb::Connection::kDense:
      SYNFIRE_TRY(readDense(from.dense(), field + ".dense", connection));
      break;
    case pb::Connection::kGenerated:
      SYNFIRE_TRY(
          readGenerated(from.generated(), field + ".generated", connection));
      break;
    case pb::Connection::kListed:
      SYNFIRE_TRY(readListed(from.listed(), field + ".listed", connection));
      break;
    case pb::Connection::SYNAPSES_NOT_SET:
      return makeError(fmt::format("field {} has no synapses", field), where,
                       "give dense, generated or listed");
    }
    network.connections.push_back(std::move(connection));
    return Status::success();
  }

  Status compile(bool present, const std::string &text,
                 const std::vector<std::string> &names,
                 const std::string &field, IntegerFormula &formula) const {
    if (!present)
      return missing(field);
    SYNFIRE_ASSIGN(formula,
                   IntegerFormula::compile(text, names, where + ": " + field));
    return Status::success();
  }

  Status readDense(const pb::Dense &from, const std::string &field,
                   Connection &connection) {
    const std::int64_t sources = population(connection.from).neurons;
    const std::int64_t targets = population(connection.to).neurons;
    SYNFIRE_TRY(countSynapses(sources * targets, field));
    if (from.has_weight() == from.has_matrix_file())
      return wrong(
          fmt::format("{} needs one of weight and matrix_file", field));
    if (from.has_weight()) {
      connection.kind = ConnectionKind::Formula;
      return compile(true, from.weight(), {"i", "j"}, field + ".weight",
                     connection.weight);
    }
    connection.kind = ConnectionKind::Matrix;
    const std::string path =
        (std::filesystem::path(folder) / from.matrix_file()).string();
    SYNFIRE_ASSIGN(const std::shared_ptr<const MappedFile> file,
                   MappedFile::open(path));
    if (file->size() != static_cast<std::size_t>(sources * targets))
      return makeError(fmt::format("{} bytes, but {}.matrix_file needs {} x {}",
                                   file->size(), field, sources, targets),
                       path);
    const auto *bytes = reinterpret_cast<const std::int8_t *>(file->data());
    connection.matrix.assign(bytes, bytes + file->size());
    connection.matrixFile = path;
    return Status::success();
  }

  Status readGenerated(const pb::Generated &from, const std::string &field,
                       Connection &connection) {
    connection.kind = ConnectionKind::Generated;
    std::vector<std::string> names = {"i"};
    std::int64_t combinations = population(connection.from).neurons;
    for (int i = 0; i < from.loop_size(); ++i) {
      const pb::Loop &loop = from.loop(i);
      const std::string name = fmt::format("{}.loop[{}]", field, i);
      if (loop.name().empty())
        return missing(name + ".name");
      if (!IntegerFormula::canName(loop.name()))
        return makeError(fmt::format("{}.name '{}' can not name a value of a "
                                     "formula",
                                     name, loop.name()),
                         where,
                         "letters, digits and _, not a digit first; not mod, "
                         "min, max or hash");
      if (loop.name() == "j" ||
          std::find(names.begin(), names.end(), loop.name()) != names.end())
        return wrong(fmt::format("{}.name '{}' is taken", name, loop.name()));
      SYNFIRE_TRY(given(loop.has_count(), name + ".count", loop.count(), 1,
                        std::min(limits.synapses, largestInteger)));
      if (combinations > limits.synapses / loop.count())
        return wrong(fmt::format("{}: more than {} synapses in all", field,
                                 limits.synapses));
      combinations *= loop.count();
      names.push_back(loop.name());
      connection.loops.push_back({loop.name(), loop.count()});
    }
    SYNFIRE_TRY(countSynapses(combinations, field));
    SYNFIRE_TRY(compile(from.has_target(), from.target(), names,
                        field + ".target", connection.target));
    names.emplace_back("j");
    return compile(from.has_weight(), from.weight(), names, field + ".weight",
                   connection.weight);
  }

  Status readListed(const pb::Listed &from, const std::string &field,
                    Connection &connection) {
    connection.kind = ConnectionKind::Listed;
    SYNFIRE_TRY(countSynapses(from.synapse_size(), field));
    std::vector<ListedSynapse> &list = connection.listed;
    list.reserve(static_cast<std::size_t>(from.synapse_size()));
    for (int i = 0; i < from.synapse_size(); ++i) {
      const pb::Synapse &synapse = from.synapse(i);
      const std::string name = fmt::format("{}.synapse[{}]", field, i);
      SYNFIRE_TRY(given(synapse.has_from(), name + ".from", synapse.from(), 0,
                        population(connection.from).neurons - 1));
      SYNFIRE_TRY(given(synapse.has_to(), name + ".to", synapse.to(), 0,
                        population(connection.to).neurons - 1));
      SYNFIRE_TRY(given(synapse.has_weight(), name + ".weight",
                        synapse.weight(), -128, 127));
      list.push_back({synapse.from(), synapse.to(),
                      static_cast<std::int8_t>(synapse.weight())});
    }
    std::sort(list.begin(), list.end(),
              [](const ListedSynapse &a, const ListedSynapse &b) {
                return a.from != b.from ? a.from < b.from
                       : a.to != b.to   ? a.to < b.to
                                        : a.weight < b.weight;
              });
    return Status::success();
  }

  Status readPlacement(const pb::Placement &from, const std::string &field) {
    PlacementRange range;
    SYNFIRE_TRY(findPopulation(from.population(), field + ".population",
                               range.population));
    const std::int32_t size = population(range.population).neurons;
    range.first = from.first_neuron();
    SYNFIRE_TRY(within(field + ".first_neuron", range.first, 0, size - 1));
    range.neurons = from.has_neurons() ? from.neurons() : size - range.first;
    SYNFIRE_TRY(
        within(field + ".neurons", range.neurons, 1, size - range.first));
    if (from.has_core()) {
      range.core = from.core();
      SYNFIRE_TRY(within(field + ".core", range.core, 0, mostCores));
    }
    if (from.has_neurons_per_core()) {
      range.perCore = from.neurons_per_core();
      SYNFIRE_TRY(within(field + ".neurons_per_core", range.perCore, 1,
                         largestInteger));
    }
    network.placements.push_back(range);
    return Status::success();
  }

  const pb::SpikingNetwork &message;
  const std::string &where, &folder;
  const SpikingLimits &limits;
  SpikingNetwork network;
  std::unordered_map<std::string, int> populationNumbers;
  std::int64_t neurons = 0, synapses = 0;
};

} // namespace

Result<SpikingNetwork> parseSpikingNetwork(const std::string &text,
                                           const std::string &where,
                                           const std::string &folder,
                                           const SpikingLimits &limits) {
  pb::SpikingNetwork message;
  SYNFIRE_TRY(parseTextMessage(text, where, "spiking network",
                               "spiking_network.proto", message));
  return Reader(message, where, folder, limits).read();
}

Result<SpikingNetwork> loadSpikingNetwork(const std::string &path) {
  SYNFIRE_ASSIGN(const std::string text, readFile(path));
  return parseSpikingNetwork(
      text, path, std::filesystem::path(path).parent_path().string());
}

} // namespace synfire

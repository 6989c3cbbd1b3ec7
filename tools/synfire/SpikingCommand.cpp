#include "tools/synfire/CommandFiles.h"
#include "tools/synfire/Commands.h"
#include "tools/synfire/ExecutionOptions.h"

#include "runtime/report/Bottleneck.h"
#include "runtime/report/EnergyModel.h"
#include "runtime/report/NumberText.h"
#include "runtime/report/Share.h"
#include "runtime/report/TextTable.h"
#include "simulator/spiking/SpikingMachine.h"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace synfire {
namespace {

using Json = nlohmann::ordered_json;

struct SpikingFlags {
  std::string network, chip = "loihi1-sanafe", record;
  SpikingOptions options;
  int steps = 10;
  bool json = false;
};

struct Finished {
  std::vector<SpikingStep> steps;
  Run run;
  std::uint64_t denseSynapses = 0, sparseSynapses = 0;
  Mesh mesh; ///< of the system
};

double seconds(const Run &run, std::uint64_t cycles) {
  return static_cast<double>(cycles) / run.timing.clockHz;
}
std::uint64_t hopsOf(const Counters &counters) {
  return counters[Counter::HopEastWest] + counters[Counter::HopNorthSouth];
}
double meanHops(const Counters &counters) {
  return shareOf(hopsOf(counters), counters[Counter::SpikeSent]);
}
/// Neurons of every step, as the lists of papers charge them.
std::uint64_t neuronsOf(const Counters &counters) {
  return counters[Counter::NeuronUpdate];
}

Json countsJson(const Counters &counters, const std::vector<PriceList> &lists) {
  Json out = Json::object();
  out["sop"] = counters[Counter::SopLinear];
  out["messages"] = counters[Counter::SpikeSent];
  out["hops"] = hopsOf(counters);
  out["mean_hops"] = meanHops(counters);
  for (int i = 0; i < counterCount; ++i)
    if (const auto counter = static_cast<Counter>(i); counters[counter] > 0)
      out["counters"][info(counter).name] = counters[counter];
  for (const PriceList &list : lists)
    out["energy_joules"][list.name] =
        joules(list, counters, neuronsOf(counters));
  return out;
}

Json timeJson(const Finished &finished, const SpikingStep &step) {
  Json out = {{"cycles", step.cycles},
              {"seconds", seconds(finished.run, step.cycles)},
              {"barrier_cycles", step.barrierCycles},
              {"bound_cycles", step.boundCycles},
              {"cause", toString(step.cause)},
              {"cause_core", step.causeCore}};
  if (step.causeLink >= 0)
    out["cause_link"] = {
        {"from_router", linkSource(step.causeLink)},
        {"to_router", linkTarget(finished.mesh, step.causeLink)}};
  return out;
}

std::string json(const Finished &finished) {
  const Run &run = finished.run;
  const std::vector<PriceList> lists = priceLists(priceContext(run));
  const bool timed = run.timing.steps > 0;
  Json out = Json::object();
  out["network"] = run.model.name;
  out["chip"] = run.chip.name;
  out["cores"] = run.usedCores;
  out["chips"] = run.usedChips;
  out["synapses"] = {{"dense", finished.denseSynapses},
                     {"sparse", finished.sparseSynapses}};
  out["noc"] = run.timing.noc;
  out["digest"] = fmt::format("{:016x}", run.digest);
  out["accumulator_digest"] = fmt::format("{:016x}", run.membraneDigest);
  out["total"] = countsJson(run.total, lists);
  if (timed) {
    out["total"]["cycles"] = run.timing.cycles;
    out["total"]["seconds"] = seconds(run, run.timing.cycles);
    if (const auto idle = staticJoules(run))
      out["total"]["static_joules"] = *idle;
    out["clock_hz"] = run.timing.clockHz;
    out["busiest_core"] = run.timing.busiestCore;
  }
  out["steps"] = Json::array();
  for (const SpikingStep &step : finished.steps) {
    Json one = countsJson(step.counters, lists);
    one["most_hops"] = step.mostHops;
    if (timed)
      one.update(timeJson(finished, step));
    out["steps"].push_back(std::move(one));
  }
  out["populations"] = Json::object();
  for (std::size_t p = 0; p < run.stages.size(); ++p)
    out["populations"][run.stageNames[p]] =
        countsJson(run.stages[p].counters, {});
  return out.dump(2, ' ', false, Json::error_handler_t::replace);
}

const char *plural(std::uint64_t count) { return count == 1 ? "" : "s"; }

std::string causeText(const Finished &finished, const SpikingStep &step) {
  if (step.causeCore >= 0)
    return fmt::format("{} of core {}", toString(step.cause), step.causeCore);
  if (step.causeLink >= 0)
    return fmt::format("link of router {} to {}", linkSource(step.causeLink),
                       linkTarget(finished.mesh, step.causeLink));
  return toString(step.cause);
}

std::string totalText(const Run &run, std::size_t steps,
                      const PriceList &prices) {
  const Counters &c = run.total;
  std::string out = fmt::format(
      "\n{} step{}: {} spikes, {} SOP, {} messages, {} hops, {} by the list "
      "{}",
      steps, plural(steps), shortCount(c[Counter::Spike]),
      shortCount(c[Counter::SopLinear]), shortCount(c[Counter::SpikeSent]),
      shortCount(hopsOf(c)), shortNumber(joules(prices, c, neuronsOf(c)), "J"),
      prices.name);
  if (run.timing.cycles > 0)
    out +=
        fmt::format(", {}", shortNumber(seconds(run, run.timing.cycles), "s"));
  if (const auto idle = staticJoules(run))
    out += fmt::format(", {} of static energy", shortNumber(*idle, "J"));
  return out + "\n" + bottleneckText(run);
}

std::string text(const Finished &finished) {
  const Run &run = finished.run;
  const bool timed = run.timing.steps > 0;
  const std::vector<PriceList> lists = priceLists(priceContext(run));
  const PriceList &own = lists.back(); // the chip's, where it has figures
  std::string out = fmt::format(
      "{} on {}: {} synapses, {} core{}, {} chip{}, noc {}\n"
      "digest of spikes {:016x}, of accumulators {:016x}\n\n",
      run.model.name, run.chip.name,
      finished.denseSynapses + finished.sparseSynapses, run.usedCores,
      plural(static_cast<std::uint64_t>(run.usedCores)), run.usedChips,
      plural(static_cast<std::uint64_t>(run.usedChips)), run.timing.noc,
      run.digest, run.membraneDigest);
  std::vector<std::string> titles = {"step",      "spikes", "SOP",   "messages",
                                     "mean hops", "most",   own.name};
  if (timed)
    titles.insert(titles.end(), {"time", "lower bound", "bound by"});
  TextTable table(std::move(titles));
  for (std::size_t i = 0; i < finished.steps.size(); ++i) {
    const SpikingStep &step = finished.steps[i];
    const Counters &c = step.counters;
    std::vector<std::string> cells = {
        std::to_string(i),
        std::to_string(c[Counter::Spike]),
        std::to_string(c[Counter::SopLinear]),
        std::to_string(c[Counter::SpikeSent]),
        fmt::format("{:.3f}", meanHops(c)),
        std::to_string(step.mostHops),
        shortNumber(joules(own, c, neuronsOf(c)), "J")};
    if (timed)
      cells.insert(cells.end(),
                   {shortNumber(seconds(run, step.cycles), "s"),
                    shortNumber(seconds(run, step.boundCycles), "s"),
                    causeText(finished, step)});
    table.row(std::move(cells));
  }
  return out + table.text() + totalText(run, finished.steps.size(), own);
}

Status runSpiking(const SpikingFlags &flags) {
  CommandFiles files;
  files.read("the network", flags.network);
  files.readHardware(flags.chip);
  files.write("--run", flags.record);
  SYNFIRE_TRY(files.check());
  SYNFIRE_ASSIGN(const ChipModel chip, loadChipModel(flags.chip));
  SYNFIRE_ASSIGN(SpikingNetwork network, loadSpikingNetwork(flags.network));
  for (const Connection &connection : network.connections)
    files.read("a matrix of the network", connection.matrixFile);
  SYNFIRE_TRY(files.check());
  SYNFIRE_ASSIGN(
      const std::unique_ptr<SpikingMachine> machine,
      SpikingMachine::create(std::move(network), chip, flags.options));
  const NeuronPlacement &placement = machine->placement();
  Finished finished{
      {}, {}, 0, 0, Mesh(chip.mesh, placement.chipsX, placement.chipsY)};
  finished.denseSynapses = machine->wiring().denseSynapses();
  finished.sparseSynapses = machine->wiring().sparseSynapses;
  finished.steps.reserve(static_cast<std::size_t>(flags.steps));
  for (int i = 0; i < flags.steps; ++i)
    finished.steps.push_back(machine->step());
  finished.run = machine->run();
  if (!flags.record.empty())
    SYNFIRE_TRY(saveRun(finished.run, flags.record));
  fmt::print("{}{}", flags.json ? json(finished) : text(finished),
             flags.json ? "\n" : "");
  return {};
}

} // namespace

void addSpikingCommand(CLI::App &app, Action &action) {
  auto flags = std::make_shared<SpikingFlags>();
  CLI::App *command = app.add_subcommand(
      "spiking", "execute a plain spiking network (no transformer) on a chip: "
                 "counts, time and energy of every step");
  command->add_option("network", flags->network, "network (*.textproto)")
      ->required();
  command->add_option("--hw", flags->chip, "chip model: name or file")
      ->capture_default_str();
  command->add_option("--steps", flags->steps, "steps to execute")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  addNocOption(*command, flags->options.noc, true);
  addExecutionOptions(*command, flags->options.threads, flags->record,
                      flags->json);
  command->callback(
      [flags, &action] { action = [flags] { return runSpiking(*flags); }; });
}

} // namespace synfire

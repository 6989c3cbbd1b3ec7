#include "tools/synfire/Commands.h"

#include "simulator/noc/Traffic.h"

#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

namespace synfire {
namespace {

struct NocFlags {
  std::string chip, mesh, pattern = "uniform";
  std::vector<double> loads;
  std::optional<int> virtualChannels, bufferFlits, routing, vcAllocation,
      switchAllocation, switchTraversal, link, credit, packetFlits;
  bool speculative = false, saturation = false, json = false;
  TrafficOptions traffic;
};

struct Measured {
  TrafficResult result;
  double seconds = 0;
};

/// Routers F of the reference curves (docs/spec/noc.md), 8x8.
ChipModel referenceChip() {
  ChipModel chip;
  chip.name = "reference";
  chip.mesh = {8, 8, 1, 1, 1};
  chip.noc.periodCycles = 1;
  chip.noc.router = {4, 8, 0, 1, 1, false, 1, 1, 1, 1};
  chip.noc.flitsPerPacket = 1;
  chip.noc.chipLinkCyclesPerFlit = 1;
  return chip;
}

Result<std::pair<int, int>> parseMesh(const std::string &text) {
  int width = 0, height = 0, read = 0;
  if (std::sscanf(text.c_str(), "%dx%d%n", &width, &height, &read) == 2 &&
      static_cast<std::size_t>(read) == text.size() && width >= 1 &&
      height >= 1 && width <= 256 && height <= 256)
    return std::make_pair(width, height);
  return makeError("--mesh '" + text + "'", "",
                   "it is WIDTHxHEIGHT in routers, 256 at most each");
}

Result<ChipModel> chipOf(const NocFlags &flags) {
  ChipModel chip = referenceChip();
  if (!flags.chip.empty()) {
    SYNFIRE_ASSIGN(chip, loadChipModel(flags.chip));
  }
  if (!flags.mesh.empty()) {
    SYNFIRE_ASSIGN(auto size, parseMesh(flags.mesh));
    chip.mesh.chipWidth = size.first;
    chip.mesh.chipHeight = size.second;
  }
  RouterTiming &router = chip.noc.router;
  const auto set = [](int &value, const std::optional<int> &given) {
    value = given.value_or(value);
  };
  set(router.virtualChannels, flags.virtualChannels);
  set(router.bufferFlits, flags.bufferFlits);
  set(router.routingCycles, flags.routing);
  set(router.vcAllocationCycles, flags.vcAllocation);
  set(router.switchAllocationCycles, flags.switchAllocation);
  set(router.switchTraversalCycles, flags.switchTraversal);
  set(router.linkCyclesEastWest, flags.link);
  set(router.linkCyclesNorthSouth, flags.link);
  set(router.creditCycles, flags.credit);
  set(chip.noc.flitsPerPacket, flags.packetFlits);
  router.speculativeSwitchAllocation |= flags.speculative;
  return chip;
}

nlohmann::ordered_json toJson(const Measured &measured) {
  const TrafficResult &result = measured.result;
  nlohmann::ordered_json json;
  json["load"] = result.offered;
  json["stable"] = result.stable;
  if (result.stable) {
    json["accepted_flits_per_core_and_cycle"] = result.accepted;
    json["mean_latency_cycles"] = result.meanLatency;
    json["least_latency_cycles"] = result.leastLatency;
    json["greatest_latency_cycles"] = result.greatestLatency;
    json["mean_hops"] = result.meanHops;
    json["packets"] = result.packets;
  }
  json["cycles"] = result.cycles;
  json["cycles_per_second"] =
      static_cast<double>(result.cycles) / measured.seconds;
  json["router_traversals_per_second"] =
      static_cast<double>(result.routerTraversals) / measured.seconds;
  return json;
}

std::string toLine(const Measured &measured) {
  const TrafficResult &result = measured.result;
  const double rate = static_cast<double>(result.cycles) / measured.seconds;
  if (!result.stable)
    return fmt::format("{:>8.4f}  unstable: latency grows without bound"
                       "{:>24}{:>12.0f}\n",
                       result.offered, result.cycles, rate);
  return fmt::format("{:>8.4f}{:>10.4f}{:>10.2f}{:>7}{:>8}{:>8.3f}{:>12}"
                     "{:>12.0f}\n",
                     result.offered, result.accepted, result.meanLatency,
                     result.leastLatency, result.greatestLatency,
                     result.meanHops, result.cycles, rate);
}

Status runNoc(const NocFlags &flags) {
  SYNFIRE_ASSIGN(ChipModel chip, chipOf(flags));
  SYNFIRE_ASSIGN(Routing routing, Routing::create(chip, 1, 1));
  if (routing.usableCores() == 0)
    return makeError("no core of the chip works", "chip " + chip.name,
                     "see its faults");
  TrafficOptions options = flags.traffic;
  SYNFIRE_ASSIGN(options.pattern, parseTrafficPattern(flags.pattern));
  std::vector<double> loads = flags.loads;
  if (loads.empty() && !flags.saturation)
    loads.push_back(options.load);

  std::vector<Measured> curve;
  for (double load : loads) {
    options.load = load;
    const auto start = std::chrono::steady_clock::now();
    Measured measured;
    SYNFIRE_ASSIGN(measured.result, runTraffic(chip.noc, routing, options));
    measured.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
            .count();
    curve.push_back(measured);
  }
  std::optional<double> saturation;
  if (flags.saturation) {
    SYNFIRE_ASSIGN(saturation, saturationLoad(chip.noc, routing, options));
  }

  if (flags.json) {
    nlohmann::ordered_json json;
    json["chip"] = chip.name;
    json["mesh"] = {{"width", chip.mesh.chipWidth},
                    {"height", chip.mesh.chipHeight},
                    {"cores_per_router", chip.mesh.coresPerRouter}};
    json["pattern"] = flags.pattern;
    json["curve"] = nlohmann::ordered_json::array();
    for (const Measured &measured : curve)
      json["curve"].push_back(toJson(measured));
    if (saturation)
      json["saturation_load"] = *saturation;
    fmt::print("{}\n", json.dump(2));
    return {};
  }
  if (!curve.empty())
    fmt::print("{:>8}{:>10}{:>10}{:>7}{:>8}{:>8}{:>12}{:>12}\n", "load",
               "accepted", "latency", "least", "most", "hops", "cycles",
               "cycles/s");
  for (const Measured &measured : curve)
    fmt::print("{}", toLine(measured));
  if (saturation && *saturation == 0)
    fmt::print("saturation: no load is stable\n");
  else if (saturation)
    fmt::print("saturation: stable up to a load of {:.4f}\n", *saturation);
  return {};
}

} // namespace

void addNocCommand(CLI::App &app, Action &action) {
  auto flags = std::make_shared<NocFlags>();
  CLI::App *command = app.add_subcommand(
      "noc", "latency and throughput of a chip's routers under synthetic "
             "traffic (8x8 routers of 4 virtual channels unless told)");
  command->add_option("--hw", flags->chip,
                      "take mesh and routers from a chip: a built-in name or a "
                      ".textproto");
  command->add_option("--mesh", flags->mesh, "routers, WIDTHxHEIGHT");
  command
      ->add_option("--pattern", flags->pattern,
                   "one of " + trafficPatternNames())
      ->capture_default_str();
  command->add_option("--load", flags->loads,
                      "flits a core and cycle; several give a curve (0.1)");
  command->add_flag("--saturation", flags->saturation,
                    "search the greatest stable load");
  const auto number = [&](const char *name, std::optional<int> &value,
                          const char *help, int least, int most) {
    command->add_option(name, value, help)->check(CLI::Range(least, most));
  };
  number("--virtual-channels", flags->virtualChannels, "of an input port", 1,
         64);
  number("--buffer-flits", flags->bufferFlits, "of each virtual channel", 1,
         1 << 16);
  number("--routing-cycles", flags->routing, "of a head flit", 0, 1024);
  number("--vc-allocation-cycles", flags->vcAllocation, "of a head flit", 0,
         1024);
  number("--switch-allocation-cycles", flags->switchAllocation, "of every flit",
         0, 1024);
  number("--switch-traversal-cycles", flags->switchTraversal, "of every flit",
         0, 1024);
  number("--link-cycles", flags->link, "of every link", 0, 1024);
  number("--credit-cycles", flags->credit, "from a credit's arrival to its use",
         0, 1024);
  number("--packet-flits", flags->packetFlits, "flits of a packet", 1, 1024);
  command->add_flag("--speculative", flags->speculative,
                    "ask for the switch and a virtual channel at once");
  command->add_option("--seed", flags->traffic.seed, "of the traffic")
      ->capture_default_str();
  command
      ->add_option("--sample-cycles", flags->traffic.samplePeriod,
                   "of one sample; three warm up, three to seven count")
      ->check(CLI::Range(1, 1 << 24))
      ->capture_default_str();
  command->add_flag("--json", flags->json, "one JSON object");
  command->callback(
      [flags, &action] { action = [flags] { return runNoc(*flags); }; });
}

} // namespace synfire

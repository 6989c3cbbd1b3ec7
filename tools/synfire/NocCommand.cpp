#include "tools/synfire/Commands.h"
#include "tools/synfire/ExecutionOptions.h"
#include "tools/synfire/OptionChecks.h"

#include "simulator/noc/Traffic.h"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

namespace synfire {
namespace {

struct NocFlags {
  std::string chip, mesh, chips = "1x1", pattern = "uniform";
  std::vector<double> loads;
  std::vector<std::string> hotspots;
  double hotspotShare = 0.1;
  std::optional<int> virtualChannels, bufferFlits, routing, vcAllocation,
      switchAllocation, switchTraversal, link, linkEastWest, linkNorthSouth,
      credit, packetFlits, chipHop, chipLink;
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

constexpr int longestSide = 256; ///< routers of a chip, chips of a system
constexpr int mostRouters = 1 << 16;

/// Two whole numbers and nothing else, `between` them.
std::optional<std::pair<int, int>> parsePair(const std::string &text,
                                             char between) {
  std::pair<int, int> pair;
  const char *end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, pair.first);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != between)
    return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, pair.second);
  if (second.ec != std::errc() || second.ptr != end)
    return std::nullopt;
  return pair;
}

/// "8x4"; `what` says of what.
Result<std::pair<int, int>> parseSize(const std::string &option,
                                      const std::string &text,
                                      const std::string &what) {
  const auto size = parsePair(text, 'x');
  if (size && size->first >= 1 && size->second >= 1 &&
      size->first <= longestSide && size->second <= longestSide)
    return *size;
  return makeError(option + " '" + text + "'", "",
                   fmt::format("it is WIDTHxHEIGHT in {}, {} at most each",
                               what, longestSide));
}

Result<std::vector<int>> parseHotspots(const std::vector<std::string> &texts,
                                       const Mesh &mesh) {
  std::vector<int> routers;
  routers.reserve(texts.size());
  for (const std::string &text : texts) {
    const auto at = parsePair(text, ',');
    if (!at || at->first < 0 || at->second < 0 || at->first >= mesh.width() ||
        at->second >= mesh.height())
      return makeError("--hotspot '" + text + "'", "",
                       fmt::format("it is X,Y of a router, 0,0 to {},{}",
                                   mesh.width() - 1, mesh.height() - 1));
    routers.push_back(mesh.routerNumber({at->first, at->second}));
  }
  return routers;
}

Result<ChipModel> chipOf(const NocFlags &flags) {
  ChipModel chip = referenceChip();
  if (!flags.chip.empty()) {
    SYNFIRE_ASSIGN(chip, loadChipModel(flags.chip));
  }
  if (!flags.mesh.empty()) {
    SYNFIRE_ASSIGN(auto size, parseSize("--mesh", flags.mesh, "routers"));
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
  set(router.linkCyclesEastWest, flags.linkEastWest);
  set(router.linkCyclesNorthSouth, flags.linkNorthSouth);
  set(router.creditCycles, flags.credit);
  set(chip.noc.flitsPerPacket, flags.packetFlits);
  set(chip.noc.chipHopCycles, flags.chipHop);
  set(chip.noc.chipLinkCyclesPerFlit, flags.chipLink);
  router.speculativeSwitchAllocation |= flags.speculative;
  return chip;
}

Result<Routing> routingOf(const NocFlags &flags, const ChipModel &chip) {
  SYNFIRE_ASSIGN(auto chips, parseSize("--chips", flags.chips, "chips"));
  const auto [x, y] = chips;
  // A mesh of one's own is no system that the model describes.
  if (!flags.chip.empty() && flags.mesh.empty() &&
      (x > chip.mesh.maxChipsX || y > chip.mesh.maxChipsY))
    return makeError("--chips " + flags.chips, "chip " + chip.name,
                     fmt::format("its systems have {}x{} chips at most",
                                 chip.mesh.maxChipsX, chip.mesh.maxChipsY));
  const Mesh mesh(chip.mesh, x, y);
  if (mesh.width() > mostRouters / mesh.height())
    return makeError(
        fmt::format("not supported: {}x{} routers", mesh.width(),
                    mesh.height()),
        "",
        fmt::format("{} in all at most: give fewer --chips or a smaller "
                    "--mesh",
                    mostRouters));
  return Routing::create(chip, x, y);
}

std::string linkName(const Mesh &mesh, int link) {
  const RouterCoordinate from = mesh.router(linkSource(link)),
                         to = mesh.router(linkTarget(mesh, link));
  return fmt::format("({},{})->({},{})", from.x, from.y, to.x, to.y);
}

nlohmann::ordered_json toJson(const Measured &measured, const Mesh &mesh) {
  const TrafficResult &result = measured.result;
  nlohmann::ordered_json json;
  json["load"] = result.offered;
  json["stable"] = result.stable;
  if (result.stable) {
    json["accepted_flits_per_core_and_cycle"] = result.accepted;
    json["mean_latency_cycles"] = result.meanLatency;
    json["least_latency_cycles"] = result.leastLatency;
    json["p50_latency_cycles"] = result.latency50;
    json["p95_latency_cycles"] = result.latency95;
    json["p99_latency_cycles"] = result.latency99;
    json["greatest_latency_cycles"] = result.greatestLatency;
    json["mean_hops"] = result.meanHops;
    json["packets"] = result.packets;
    if (result.busiestLink >= 0) {
      json["busiest_link"] = linkName(mesh, result.busiestLink);
      json["busiest_link_utilisation"] = result.busiestLinkUtilisation;
    }
  } else {
    json["mean_latency_with_ages_cycles"] = result.meanLatency;
  }
  json["cycles"] = result.cycles;
  json["cycles_per_second"] =
      static_cast<double>(result.cycles) / measured.seconds;
  json["router_traversals_per_second"] =
      static_cast<double>(result.routerTraversals) / measured.seconds;
  return json;
}

std::string toLine(const Measured &measured, const Mesh &mesh,
                   double latencyLimit) {
  const TrafficResult &result = measured.result;
  const double rate = static_cast<double>(result.cycles) / measured.seconds;
  if (!result.stable)
    return fmt::format("{:>8.4f}  unstable: after {} cycles the mean latency, "
                       "{:.6g} cycles, was above the limit of {:.6g}\n",
                       result.offered, result.cycles, result.meanLatency,
                       latencyLimit);
  const std::string busiest =
      result.busiestLink < 0
          ? ""
          : fmt::format("  {:.3f} {}", result.busiestLinkUtilisation,
                        linkName(mesh, result.busiestLink));
  return fmt::format("{:>8.4f}{:>10.4f}{:>10.2f}{:>7}{:>7}{:>7}{:>7}{:>8}"
                     "{:>8.3f}{:>11}{:>11.0f}{}\n",
                     result.offered, result.accepted, result.meanLatency,
                     result.leastLatency, result.latency50, result.latency95,
                     result.latency99, result.greatestLatency, result.meanHops,
                     result.cycles, rate, busiest);
}

/// Who sends, and what unstable means.
std::string toText(const TrafficSetup &setup, const Routing &routing,
                   const ChipModel &chip) {
  const Mesh &mesh = routing.mesh();
  std::string text = fmt::format("{}: {}x{} routers, {} of {} cores send\n",
                                 chip.name, mesh.width(), mesh.height(),
                                 setup.sendingCores, mesh.cores());
  if (setup.unusableCores > 0)
    text += fmt::format("  {} do not work: {} cut off by faults, the others "
                        "dead or of a disabled chip\n",
                        setup.unusableCores, routing.cutOffCores());
  if (setup.coresWithoutDestination > 0)
    text += fmt::format("  {} work, but the core to which the pattern sends "
                        "does not\n",
                        setup.coresWithoutDestination);
  return text + fmt::format("on the idle mesh a packet takes {:.2f} cycles, {} "
                            "at most; unstable above {:.6g}\n",
                            setup.zeroLoadLatency,
                            setup.greatestZeroLoadLatency, setup.latencyLimit);
}

nlohmann::ordered_json toJson(const TrafficSetup &setup, const NocFlags &flags,
                              const Routing &routing, const ChipModel &chip) {
  const Mesh &mesh = routing.mesh();
  nlohmann::ordered_json json;
  json["chip"] = chip.name;
  json["mesh"] = {{"width", mesh.width()},
                  {"height", mesh.height()},
                  {"cores_per_router", chip.mesh.coresPerRouter},
                  {"chip_width", chip.mesh.chipWidth},
                  {"chip_height", chip.mesh.chipHeight}};
  json["pattern"] = flags.pattern;
  if (!flags.hotspots.empty()) {
    json["hotspots"] = flags.hotspots;
    json["hotspot_share"] = flags.hotspotShare;
  }
  json["cores"] = mesh.cores();
  json["sending_cores"] = setup.sendingCores;
  json["unusable_cores"] = setup.unusableCores;
  json["cores_without_destination"] = setup.coresWithoutDestination;
  json["zero_load_latency_cycles"] = setup.zeroLoadLatency;
  json["greatest_zero_load_latency_cycles"] = setup.greatestZeroLoadLatency;
  json["latency_limit_cycles"] = setup.latencyLimit;
  return json;
}

Status runNoc(const NocFlags &flags) {
  SYNFIRE_ASSIGN(ChipModel chip, chipOf(flags));
  SYNFIRE_ASSIGN(Routing routing, routingOf(flags, chip));
  const Mesh &mesh = routing.mesh();
  TrafficOptions options = flags.traffic;
  SYNFIRE_ASSIGN(options.pattern, parseTrafficPattern(flags.pattern));
  SYNFIRE_ASSIGN(options.hotspots, parseHotspots(flags.hotspots, mesh));
  options.hotspotShare = options.hotspots.empty() ? 0 : flags.hotspotShare;
  std::vector<double> loads = flags.loads;
  if (loads.empty() && !flags.saturation)
    loads.push_back(options.load);
  for (double load : loads)
    SYNFIRE_TRY(checkTrafficLoad(load));
  SYNFIRE_ASSIGN(const TrafficSetup setup,
                 trafficSetup(chip.noc, routing, options));

  nlohmann::ordered_json json;
  if (flags.json) {
    json = toJson(setup, flags, routing, chip);
    json["curve"] = nlohmann::ordered_json::array();
  } else {
    fmt::print("{}", toText(setup, routing, chip));
    if (!loads.empty())
      fmt::print("{:>8}{:>10}{:>10}{:>7}{:>7}{:>7}{:>7}{:>8}{:>8}{:>11}{:>11}"
                 "  {}\n",
                 "load", "accepted", "latency", "least", "p50", "p95", "p99",
                 "most", "hops", "cycles", "cycles/s", "busiest link");
    SYNFIRE_TRY(flushOutput());
  }
  for (double load : loads) {
    options.load = load;
    const auto start = std::chrono::steady_clock::now();
    Measured measured;
    SYNFIRE_ASSIGN(measured.result, runTraffic(chip.noc, routing, options));
    measured.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
            .count();
    if (flags.json) {
      json["curve"].push_back(toJson(measured, mesh));
      continue;
    }
    fmt::print("{}", toLine(measured, mesh, setup.latencyLimit));
    SYNFIRE_TRY(flushOutput()); // the next may take minutes
  }
  std::optional<double> saturation;
  if (flags.saturation) {
    SYNFIRE_ASSIGN(saturation, saturationLoad(chip.noc, routing, options));
  }
  if (flags.json) {
    if (saturation)
      json["saturation_load"] = *saturation;
    fmt::print("{}\n", json.dump(2));
  } else if (saturation && *saturation == 0) {
    fmt::print("saturation: no load keeps the mean latency below the limit of "
               "{:.6g} cycles\n",
               setup.latencyLimit);
  } else if (saturation) {
    fmt::print("saturation: stable up to a load of {:.4f}\n", *saturation);
  }
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
  command->add_option("--mesh", flags->mesh, "routers of a chip, WIDTHxHEIGHT");
  command
      ->add_option("--chips", flags->chips,
                   "WIDTHxHEIGHT; links between chips are those of --hw")
      ->capture_default_str();
  command
      ->add_option("--pattern", flags->pattern,
                   "one of " + trafficPatternNames())
      ->capture_default_str();
  CLI::Option *hotspots = command->add_option(
      "--hotspot", flags->hotspots,
      "X,Y of routers whose cores get a share of all packets");
  command
      ->add_option("--hotspot-share", flags->hotspotShare,
                   "of the packets; the others follow the pattern")
      ->check(positiveShare())
      ->needs(hotspots)
      ->capture_default_str();
  command->add_option(
      "--load", flags->loads,
      "flits a sending core and cycle; several give a curve (0.1)");
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
  number("--link-cycles-east-west", flags->linkEastWest, "of these links alone",
         0, 1024);
  number("--link-cycles-north-south", flags->linkNorthSouth, "likewise", 0,
         1024);
  number("--chip-hop-cycles", flags->chipHop,
         "of a link between chips, beside --link-cycles", 0, 1 << 15);
  number("--chip-link-cycles-per-flit", flags->chipLink,
         "in which such a link takes one flit", 1, 1 << 15);
  number("--credit-cycles", flags->credit, "from a credit's arrival to its use",
         0, 1024);
  number("--packet-flits", flags->packetFlits, "flits of a packet", 1, 1024);
  command->add_flag("--speculative", flags->speculative,
                    "ask for the switch and a virtual channel at once");
  addSeedOption(*command, flags->traffic.seed, "of the traffic");
  command
      ->add_option("--sample-cycles", flags->traffic.samplePeriod,
                   "of one sample; three warm up, three to seven count")
      ->check(CLI::Range(1, 1 << 24))
      ->capture_default_str();
  command
      ->add_option("--latency-limit", flags->traffic.latencyLimit,
                   "cycles; a load is unstable once the mean latency exceeds "
                   "them (500, or twice the greatest on the idle mesh)")
      ->check(aboveZero());
  command->add_flag("--json", flags->json, "one JSON object");
  command->callback(
      [flags, &action] { action = [flags] { return runNoc(*flags); }; });
}

} // namespace synfire

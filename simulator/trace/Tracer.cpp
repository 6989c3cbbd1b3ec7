//===- Tracer.cpp - from a running machine to trace files -----------------===//
#include "simulator/trace/Tracer.h"

#include <algorithm>
#include <charconv>

namespace synfire {
namespace {

constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

Result<std::uint64_t> parseWindow(const std::string &text, std::uint64_t none,
                                  const std::string &whole) {
  if (text.empty())
    return none;
  std::uint64_t value = 0;
  const char *end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest != end)
    return makeError("'" + text + "' is no window number", "windows " + whole,
                     "give A:B, for windows A to B - 1");
  return value;
}

} // namespace

Result<TraceWindows> parseTraceWindows(const std::string &text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos)
    return makeError("no colon in '" + text + "'", "windows " + text,
                     "give A:B, for windows A to B - 1");
  TraceWindows windows;
  SYNFIRE_ASSIGN(windows.begin,
                 parseWindow(text.substr(0, colon), windows.begin, text));
  SYNFIRE_ASSIGN(windows.end,
                 parseWindow(text.substr(colon + 1), windows.end, text));
  if (windows.begin >= windows.end)
    return makeError("no window is from " + std::to_string(windows.begin) +
                         " on and before " + std::to_string(windows.end),
                     "windows " + text);
  return windows;
}

Result<std::unique_ptr<Tracer>> Tracer::create(const Program &program,
                                               const TraceWindows &windows) {
  SYNFIRE_ASSIGN(Routing ways,
                 Routing::create(program.mapping.chip, program.mapping.chipsX,
                                 program.mapping.chipsY));
  return std::unique_ptr<Tracer>(new Tracer(ways, windows));
}

Tracer::Tracer(const Routing &ways, const TraceWindows &wanted)
    : routing(ways), chosen(wanted),
      firstDeparture(static_cast<std::size_t>(linkCount(routing.mesh())),
                     never) {}

void Tracer::onWindow(const std::vector<WindowToken> &tokens) {
  record.window = begun++;
  record.stepOfWindow = -1;
  record.tokens = tokens;
}

void Tracer::onBurst(const BurstTimeline &burst) {
  if (selected())
    record.bursts.push_back(burst);
}

void Tracer::onCore(const CoreTimeline &core) {
  if (selected())
    record.cores.push_back(core);
}

void Tracer::onLink(const LinkTimeline &link) {
  if (!selected())
    return;
  LinkPiece piece;
  piece.number = link.number;
  piece.fromRouter = link.fromRouter;
  piece.toRouter = link.toRouter;
  piece.packets = link.packets;
  piece.busyCycles = link.busyCycles;
  record.links.push_back(piece);
}

void Tracer::placeLinks() {
  const Mesh &mesh = routing.mesh();
  for (const BurstTimeline &burst : record.bursts)
    routing.forEachLink(
        mesh.routerNumber(mesh.routerOfCore(burst.sourceCore)),
        mesh.routerNumber(mesh.routerOfCore(burst.destinationCore)),
        [&](const MeshLink &link) {
          std::uint64_t &first =
              firstDeparture[static_cast<std::size_t>(link.number)];
          if (first == never)
            crossed.push_back(static_cast<std::size_t>(link.number));
          first = std::min(first, burst.departures.begin);
        });
  const CycleInterval &step = record.step.cycles;
  for (LinkPiece &piece : record.links) {
    const std::uint64_t first =
        firstDeparture[static_cast<std::size_t>(piece.number)];
    const std::uint64_t begin = first == never ? step.begin : first;
    piece.cycles = {begin, std::min(begin + piece.busyCycles, step.end)};
  }
  for (std::size_t link : crossed)
    firstDeparture[link] = never;
  crossed.clear();
}

void Tracer::onStep(const StepTimeline &step) {
  ++record.stepOfWindow;
  if (selected() && failure.ok()) {
    record.step = step;
    placeLinks();
    for (auto &sink : sinks)
      if (failure.ok())
        failure = sink->write(record);
  }
  record.bursts.clear();
  record.cores.clear();
  record.links.clear();
}

Status Tracer::finish() {
  SYNFIRE_TRY(failure);
  if (begun <= chosen.begin)
    return makeError("the trace is empty: it begins with window " +
                         std::to_string(chosen.begin) + ", and the run had " +
                         std::to_string(begun),
                     "trace", "windows count from 0");
  for (auto &sink : sinks)
    SYNFIRE_TRY(sink->finish());
  return Status::success();
}

} // namespace synfire

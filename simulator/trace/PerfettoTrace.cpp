//===- PerfettoTrace.cpp - a run as slices on tracks ----------------------===//
#include "simulator/trace/PerfettoTrace.h"

#include "runtime/program/Mesh.h"
#include "runtime/program/Routing.h"
#include "simulator/trace/CycleClock.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace synfire {
namespace {

/// Processes of the trace group tracks, its threads are tracks. Numbers of both
/// are unique in the file, for viewers take them to be the system's.
enum : std::int64_t {
  machineProcess = 1,
  linksProcess = 2,
  firstCoreProcess = 1000
};
enum : std::int64_t {
  windowTrack = 1,
  stepTrack = 2,
  barrierTrack = 3,
  firstLinkTrack = 1000,
  firstCoreTrack = std::int64_t(1) << 32
};
enum CoreTrack : std::int64_t { Update, Send, Receive, Count };
constexpr const char *coreTrackNames[] = {"update", "send", "receive"};

struct Track {
  std::int64_t process, thread;
};

std::string quote(const std::string &text) {
  return nlohmann::json(text).dump(-1, ' ', false,
                                   nlohmann::json::error_handler_t::replace);
}

/// "3", or "3 to 7" for what ascends or descends without regard to gaps.
std::string rangeText(int a, int b) {
  return a == b ? fmt::format("{}", a) : fmt::format("{} to {}", a, b);
}

class PerfettoTrace final : public StepSink {
public:
  PerfettoTrace(const Program &compiled, std::unique_ptr<AtomicFile> target)
      : program(compiled), file(std::move(target)),
        clock(program.mapping.chip.timing.clockHz, 1e9),
        mesh(program.mapping.chip.mesh, program.mapping.chipsX,
             program.mapping.chipsY) {
    for (const Tile &tile : program.mapping.tiles)
      stagesOfCore[tile.core].insert(tile.stage);
    text = "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n";
    nameProcess(machineProcess, "machine");
    nameTrack({machineProcess, windowTrack}, "windows");
    nameTrack({machineProcess, stepTrack}, "steps");
    nameTrack({machineProcess, barrierTrack}, "barrier");
  }

  Status write(const StepRecord &record) override {
    if (record.stepOfWindow == 0) {
      endWindow();
      beginWindow(record);
    }
    writeStep(record);
    for (const CoreTimeline &core : record.cores)
      writeCore(core);
    for (const LinkPiece &link : record.links)
      writeLink(link);
    countPackets(record);
    lastEnd = record.step.cycles.end;
    return flush(pieceBytes);
  }

  Status finish() override {
    endWindow();
    counter(lastEnd, "synaptic operations", 0);
    // Every event but the last has a comma behind it.
    text.erase(text.find_last_not_of(",\n") + 1);
    fmt::format_to(std::back_inserter(text),
                   "\n],\"otherData\":{{\"model\":{},\"chip\":{},\"clock_hz\":"
                   "{}}}}}\n",
                   quote(program.model.name), quote(program.mapping.chip.name),
                   program.mapping.chip.timing.clockHz);
    SYNFIRE_TRY(flush(0));
    return file->commit();
  }

private:
  static constexpr std::size_t pieceBytes = std::size_t(1) << 20;

  Status flush(std::size_t least) {
    if (text.size() <= least)
      return Status::success();
    // The comma of the last event waits for finish().
    const std::size_t keep = least > 0 ? 2 : 0;
    SYNFIRE_TRY(file->append(text.data(), text.size() - keep));
    text.erase(0, text.size() - keep);
    return Status::success();
  }

  /// Microseconds, the format's unit, to the nanosecond.
  static std::string microseconds(std::uint64_t nanoseconds) {
    return fmt::format("{}.{:03}", nanoseconds / 1000, nanoseconds % 1000);
  }

  void nameProcess(std::int64_t process, const std::string &name) {
    fmt::format_to(std::back_inserter(text),
                   "{{\"ph\":\"M\",\"name\":\"process_name\",\"pid\":{0},"
                   "\"args\":{{\"name\":{1}}}}},\n"
                   "{{\"ph\":\"M\",\"name\":\"process_sort_index\",\"pid\":{0},"
                   "\"args\":{{\"sort_index\":{0}}}}},\n",
                   process, quote(name));
  }
  void nameTrack(const Track &track, const std::string &name) {
    fmt::format_to(std::back_inserter(text),
                   "{{\"ph\":\"M\",\"name\":\"thread_name\",\"pid\":{0},"
                   "\"tid\":{1},\"args\":{{\"name\":{2}}}}},\n"
                   "{{\"ph\":\"M\",\"name\":\"thread_sort_index\",\"pid\":{0},"
                   "\"tid\":{1},\"args\":{{\"sort_index\":{1}}}}},\n",
                   track.process, track.thread, quote(name));
  }

  /// `arguments`: the members of a JSON object.
  void slice(const Track &track, const CycleInterval &cycles,
             const std::string &name, const std::string &arguments) {
    const std::uint64_t begin = clock.timeOf(cycles.begin),
                        end = clock.timeOf(cycles.end);
    fmt::format_to(std::back_inserter(text),
                   "{{\"ph\":\"X\",\"name\":{},\"pid\":{},\"tid\":{},\"ts\":{},"
                   "\"dur\":{},\"args\":{{{}}}}},\n",
                   quote(name), track.process, track.thread,
                   microseconds(begin), microseconds(end - begin), arguments);
  }
  void counter(std::uint64_t cycle, const char *name, std::uint64_t value) {
    fmt::format_to(std::back_inserter(text),
                   "{{\"ph\":\"C\",\"name\":\"{}\",\"pid\":{},\"ts\":{},"
                   "\"args\":{{\"value\":{}}}}},\n",
                   name, std::int64_t(machineProcess),
                   microseconds(clock.timeOf(cycle)), value);
  }

  void beginWindow(const StepRecord &record) {
    windowBegin = record.step.cycles.begin;
    windowName = fmt::format("window {}", record.window);
    windowTokens = "\"in_flight\":[";
    levels.clear();
    if (!record.tokens.empty()) {
      const WindowToken &first = record.tokens.front(),
                        &last = record.tokens.back();
      windowName += fmt::format(": token {}, level {}",
                                rangeText(first.at.position, last.at.position),
                                rangeText(first.level, last.level));
    }
    for (const WindowToken &token : record.tokens) {
      levels.insert(token.level);
      fmt::format_to(std::back_inserter(windowTokens),
                     "{}{{\"position\":{},\"token\":{},\"frame\":{},"
                     "\"level\":{}}}",
                     windowTokens.back() == '[' ? "" : ",", token.at.position,
                     token.token, token.at.frame, token.level);
    }
    windowTokens += ']';
    firing.clear();
    hearing.clear();
  }

  void endWindow() {
    if (windowName.empty())
      return;
    slice({machineProcess, windowTrack}, {windowBegin, lastEnd}, windowName,
          windowTokens);
    windowName.clear();
  }

  void writeStep(const StepRecord &record) {
    const StepTimeline &step = record.step;
    const std::uint64_t cycles = step.cycles.end - step.cycles.begin;
    std::string place;
    // Packets between cores of one router take no link.
    if (step.place >= 0)
      place = step.cause == StepCause::Link
                  ? fmt::format(",\"from_router\":{},\"to_router\":{}",
                                linkSource(step.place),
                                linkTarget(mesh, step.place))
                  : fmt::format(",\"core\":{}", step.place);
    slice({machineProcess, stepTrack}, step.cycles,
          fmt::format("step {}", record.stepOfWindow),
          fmt::format("\"number\":{},\"cycles\":{},\"cause\":{}{},"
                      "\"bound_cycles\":{},\"barrier_cycles\":{},"
                      "\"synaptic_operations\":{}",
                      step.number, cycles, quote(toString(step.cause)), place,
                      step.boundCycles, step.barrierCycles, step.operations));
    if (step.barrierCycles > 0)
      slice({machineProcess, barrierTrack},
            {step.cycles.end - step.barrierCycles, step.cycles.end}, "barrier",
            "");
    counter(step.cycles.begin, "synaptic operations", step.operations);
  }

  /// Packets of bursts whose first packet has left and whose last is not there
  /// yet.
  void countPackets(const StepRecord &record) {
    changes.clear();
    for (const BurstTimeline &burst : record.bursts) {
      const auto packets = static_cast<std::int64_t>(burst.packets);
      changes.emplace_back(burst.departures.begin, packets);
      changes.emplace_back(std::max(burst.departures.begin, burst.arrivals.end),
                           -packets);
    }
    std::sort(changes.begin(), changes.end());
    std::int64_t inFlight = 0;
    for (std::size_t i = 0; i < changes.size(); ++i) {
      inFlight += changes[i].second;
      if (i + 1 == changes.size() ||
          clock.timeOf(changes[i + 1].first) != clock.timeOf(changes[i].first))
        counter(changes[i].first, "packets in flight",
                static_cast<std::uint64_t>(inFlight));
    }
  }

  std::string namesOf(const std::set<int> &stages) const {
    std::string names;
    for (int stage : stages) {
      names += names.empty() ? "" : ", ";
      names += program.stages[static_cast<std::size_t>(stage)].name;
    }
    return names;
  }

  bool fires(int stage) const {
    return levels.count(program.mapping.schedule
                            .fireLevel[static_cast<std::size_t>(stage)]) > 0;
  }
  bool hears(int stage) const {
    for (const Dendrite &dendrite :
         program.stages[static_cast<std::size_t>(stage)].dendrites)
      for (int operand : {dendrite.driver, dendrite.stored})
        if (operand >= 0 && fires(operand))
          return true;
    return false;
  }

  /// Names of the core's stages that take part in this window.
  template <typename Takes>
  const std::string &partNames(std::map<int, std::string> &known, int core,
                               Takes &&takes) {
    auto [place, isNew] = known.emplace(core, std::string());
    if (isNew) {
      std::set<int> part;
      for (int stage : stagesOfCore[core])
        if (takes(stage))
          part.insert(stage);
      place->second = namesOf(part);
    }
    return place->second;
  }

  void writeCore(const CoreTimeline &core) {
    const std::int64_t process = firstCoreProcess + core.core;
    if (namedCores.insert(core.core).second) {
      const RouterCoordinate at = mesh.routerOfCore(core.core);
      nameProcess(process,
                  fmt::format("core {} at router ({}, {}): {}", core.core, at.x,
                              at.y, namesOf(stagesOfCore[core.core])));
      for (std::int64_t track = 0; track < Count; ++track)
        nameTrack(coreTrack(core.core, track), coreTrackNames[track]);
    }
    auto draw = [&](CoreTrack track, const CycleInterval &cycles,
                    const std::string &names) {
      if (cycles.end > cycles.begin)
        slice(coreTrack(core.core, track), cycles,
              names.empty() ? coreTrackNames[track] : names, "");
    };
    const std::string &sources =
        partNames(firing, core.core, [&](int stage) { return fires(stage); });
    draw(Update, core.update, sources);
    draw(Send, core.send, sources);
    draw(Receive, core.receive, partNames(hearing, core.core, [&](int stage) {
           return hears(stage);
         }));
  }
  static Track coreTrack(int core, std::int64_t track) {
    return {firstCoreProcess + core, firstCoreTrack + core * Count + track};
  }

  void writeLink(const LinkPiece &link) {
    const Track track = {linksProcess, firstLinkTrack + link.number};
    if (namedLinks.empty())
      nameProcess(linksProcess, "links");
    if (namedLinks.insert(link.number).second) {
      const RouterCoordinate from = mesh.router(link.fromRouter),
                             to = mesh.router(link.toRouter);
      nameTrack(track, fmt::format("({}, {}) to ({}, {})", from.x, from.y, to.x,
                                   to.y));
    }
    slice(track, link.cycles, "busy",
          fmt::format("\"packets\":{},\"busy_cycles\":{}", link.packets,
                      link.busyCycles));
  }

  const Program &program;
  std::unique_ptr<AtomicFile> file;
  CycleClock clock;
  Mesh mesh;
  std::map<int, std::set<int>> stagesOfCore;
  std::string text; ///< not yet in the file
  std::set<int> namedCores, namedLinks, levels;
  std::map<int, std::string> firing, hearing; ///< by core, in this window
  std::string windowName, windowTokens;
  std::uint64_t windowBegin = 0, lastEnd = 0; ///< cycles
  std::vector<std::pair<std::uint64_t, std::int64_t>> changes;
};

} // namespace

Result<std::unique_ptr<StepSink>> makePerfettoTrace(const Program &program,
                                                    const std::string &path) {
  SYNFIRE_ASSIGN(auto file, AtomicFile::create(path));
  return std::unique_ptr<StepSink>(new PerfettoTrace(program, std::move(file)));
}

} // namespace synfire

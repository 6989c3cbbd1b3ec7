//===- Tracer.h - from a running machine to trace files ---------*- C++ -*-===//
//
// Collects what a machine shows of one step and hands it to the files that are
// being written (docs/spec/trace.md).
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_TRACE_TRACER_H
#define SYNFIRE_SIMULATOR_TRACE_TRACER_H

#include "runtime/program/Routing.h"
#include "simulator/trace/StepRecord.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace synfire {

/// Windows [begin, end) of a run are traced.
struct TraceWindows {
  std::uint64_t begin = 0;
  std::uint64_t end = std::numeric_limits<std::uint64_t>::max();
};
/// "A:B": from window A on, up to window B and not with it; either may be left
/// out.
Result<TraceWindows> parseTraceWindows(const std::string &text);

class Tracer final : public TimelineObserver {
public:
  /// `program` outlives the tracer.
  static Result<std::unique_ptr<Tracer>> create(const Program &program,
                                                const TraceWindows &windows);

  void add(std::unique_ptr<StepSink> sink) { sinks.push_back(std::move(sink)); }

  void onWindow(const std::vector<WindowToken> &tokens) override;
  void onBurst(const BurstTimeline &burst) override;
  void onCore(const CoreTimeline &core) override;
  void onLink(const LinkTimeline &link) override;
  void onStep(const StepTimeline &step) override;

  /// Completes the files; the first error of any of them, or that no window of
  /// the run was chosen.
  Status finish();

private:
  Tracer(const Routing &ways, const TraceWindows &wanted);
  bool selected() const {
    return record.window >= chosen.begin && record.window < chosen.end;
  }
  void placeLinks();

  Routing routing;
  TraceWindows chosen;
  std::vector<std::unique_ptr<StepSink>> sinks;
  Status failure = Status::success();
  StepRecord record;
  std::uint64_t begun = 0;                   ///< windows
  std::vector<std::uint64_t> firstDeparture; ///< by link, of the step at hand
  std::vector<std::size_t> crossed;          ///< links with an entry there
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_TRACE_TRACER_H

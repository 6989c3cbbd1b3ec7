//===- PerfettoTrace.h - a run as slices on tracks --------------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_TRACE_PERFETTOTRACE_H
#define SYNFIRE_SIMULATOR_TRACE_PERFETTOTRACE_H

#include "simulator/trace/StepRecord.h"

#include <memory>
#include <string>

namespace synfire {

/// A file in the Trace Event Format (JSON), which ui.perfetto.dev and
/// chrome://tracing open. docs/spec/trace.md lists tracks, names and arguments.
/// `program` outlives the sink.
Result<std::unique_ptr<StepSink>> makePerfettoTrace(const Program &program,
                                                    const std::string &path);

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_TRACE_PERFETTOTRACE_H

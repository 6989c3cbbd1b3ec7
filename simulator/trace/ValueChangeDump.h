//===- ValueChangeDump.h - a run as signals ---------------------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_TRACE_VALUECHANGEDUMP_H
#define SYNFIRE_SIMULATOR_TRACE_VALUECHANGEDUMP_H

#include "simulator/trace/StepRecord.h"

#include <memory>
#include <string>

namespace synfire {

/// A value change dump (IEEE Std 1364, 18.2), which GTKWave opens: a wire that
/// is 1 while a core or link is busy, and the numbers of step and window.
/// docs/spec/trace.md. `program` outlives the sink.
Result<std::unique_ptr<StepSink>> makeValueChangeDump(const Program &program,
                                                      const std::string &path);

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_TRACE_VALUECHANGEDUMP_H

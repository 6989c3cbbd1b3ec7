//===- Schedule.h - when each stage fires -----------------------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_MAPPING_SCHEDULE_H
#define SYNFIRE_COMPILER_MAPPING_SCHEDULE_H

#include "runtime/program/Program.h"
#include "runtime/support/Status.h"

namespace synfire {

/// The shortest schedule of P9: every stage fires as early as its operands
/// allow, and a stored operand one level before the driver that reads it; with
/// several frames, the operands of a product at the level of the later one, and
/// a stage that rehearses when all frames have come. An error names a stage
/// whose stored operand can never come first, or whose operands can never fire
/// together.
Result<Schedule> makeSchedule(const Program &program);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_SCHEDULE_H

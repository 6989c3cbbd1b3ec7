//===- SmallRun.h - a run with round numbers --------------------*- C++ -*-===//
#ifndef SYNFIRE_TESTS_UNIT_REPORT_SMALLRUN_H
#define SYNFIRE_TESTS_UNIT_REPORT_SMALLRUN_H

#include "runtime/program/Run.h"

namespace synfire::test {

/// Three tokens through a model of one layer: an embedding, a score stage, a
/// projection and the logits. From the machine unless asked otherwise.
Run smallRun(bool machine = true);

} // namespace synfire::test

#endif // SYNFIRE_TESTS_UNIT_REPORT_SMALLRUN_H

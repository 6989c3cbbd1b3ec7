//===- Report.h - what a run did and cost -----------------------*- C++ -*-===//
//
// A report is made from a Run alone, so a saved run can be priced again later.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_REPORT_REPORT_H
#define SYNFIRE_RUNTIME_REPORT_REPORT_H

#include "runtime/program/Run.h"

#include <string>

namespace synfire {

/// Tables for a terminal.
std::string reportText(const Run &run);

/// One JSON object: digest, text, tokens, counters, energy_joules,
/// ann_energy_joules, spike_driven_share, sites, …; from the machine also
/// cycles, seconds_on_chip, hops, bound_by.
std::string reportJson(const Run &run);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_REPORT_REPORT_H

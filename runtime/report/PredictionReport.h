//===- PredictionReport.h - expected beside counted -------------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_REPORT_PREDICTIONREPORT_H
#define SYNFIRE_RUNTIME_REPORT_PREDICTIONREPORT_H

#include "runtime/program/Run.h"

#include <vector>

namespace synfire {

/// What the mapper expected of a token beside what the machine counted.
struct PredictionRow {
  const char *name; ///< as JSON has it
  double predicted, simulated;
};

/// None without a prediction; cycles only where a token was fed back.
std::vector<PredictionRow> predictionRows(const Run &run);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_REPORT_PREDICTIONREPORT_H

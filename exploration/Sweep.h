//===- Sweep.h - models x methods x parameters, side by side ----*- C++ -*-===//
#ifndef SYNFIRE_EXPLORATION_SWEEP_H
#define SYNFIRE_EXPLORATION_SWEEP_H

#include "exploration/Measurement.h"

#include <functional>
#include <string>
#include <vector>

namespace synfire {

/// One row. A configuration that cannot be compiled for this model is a row
/// with an error: a table does not lose its other rows.
struct SweepRow {
  std::string model;
  std::string configuration; ///< "mgpc:grains=3"
  int steps = 0;
  double referencePerplexity = 0;
  Measurement measured;
  double planSeconds = 0;     ///< the method: training and calibration of units
  double trainingSeconds = 0; ///< of it, spent on neurons' parameters
  double compileSeconds = 0;  ///< from the plan to a plainly mapped Program
  std::vector<std::string> notes;
  bool onParetoFront = false; ///< of perplexity and joules, within its model
  std::string error;          ///< empty: measured
};

struct SweepOptions {
  CompileOptions compile; ///< method and steps come from the configurations
  std::string paretoPrices = "P4"; ///< price list of the Pareto front
  std::function<void(std::size_t done, std::size_t total)> progress;
};

/// Configurations as parseConfiguration takes them ("las", "dual-is:alpha=
/// released"), each at each T of `steps` (empty: the method's own).
Result<std::vector<SweepRow>>
sweep(const StudyModel &model, const std::vector<std::string> &configurations,
      const std::vector<int> &steps, const SweepOptions &options);

/// Sets onParetoFront of the rows of each model.
void markParetoFront(std::vector<SweepRow> &rows, const std::string &prices);

/// For a terminal; notes and errors follow the table.
std::string sweepText(const std::vector<SweepRow> &rows,
                      const std::string &prices);
/// An object with an array "rows".
std::string sweepJson(const std::vector<SweepRow> &rows);
/// One line a row, for spreadsheets and plots.
std::string sweepCsv(const std::vector<SweepRow> &rows);

} // namespace synfire

#endif // SYNFIRE_EXPLORATION_SWEEP_H

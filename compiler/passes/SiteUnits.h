//===- SiteUnits.h - the unit of every site ---------------------*- C++ -*-===//
//
// What the plan, the options and the statistics say about a site, as unit
// attributes of the snn dialect.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_PASSES_SITEUNITS_H
#define SYNFIRE_COMPILER_PASSES_SITEUNITS_H

#include "compiler/convert/ConversionOptions.h"
#include "compiler/convert/SiteCoding.h"
#include "compiler/reference/Statistics.h"
#include "dialects/snn/Snn.h"

#include <set>
#include <string>

namespace synfire {

/// A unit and what else of it belongs to the population.
struct PopulationUnit {
  snn::UnitAttrInterface unit;
  mlir::DenseF64ArrayAttr channelScale; ///< null: none
};

/// What a nonlinear function must cover, in real numbers.
struct FunctionRange {
  double result; ///< largest magnitude of the result
  double input;  ///< largest magnitude of the input
};

class SiteUnits {
public:
  SiteUnits(mlir::MLIRContext *context, const ConversionOptions &options,
            const NetworkPlan &plan, const StatisticsMap &statistics);

  const ConversionOptions &options() const { return conversion; }
  const NetworkForm &form() const { return plan.form; }
  /// Full scale over the largest value seen.
  double margin() const;
  /// In a compensated network a function sees estimates of whole values.
  bool compensated() const { return form().compensated && form().frames > 1; }

  /// What calibration saw; an error at `op` if it saw nothing.
  mlir::FailureOr<const SiteStatistics *> statistics(mlir::Operation *op,
                                                     const std::string &site);
  /// What the method chose for the site; null: nothing.
  const SiteUnit *coding(const std::string &site);
  /// The unit of a value: its coding, or what the form says of other values.
  /// `wide` values get the finer of the two phase codes.
  mlir::FailureOr<PopulationUnit> value(mlir::Operation *op,
                                        const std::string &site, bool wide);
  /// The unit of a coding of the site; an error at `op` if the site or the
  /// network cannot have it.
  mlir::FailureOr<PopulationUnit>
  coded(mlir::Operation *op, const std::string &site, const SiteUnit &coding);
  /// The unit of a nonlinear function.
  snn::HgAttr function(snn::Function function, const FunctionRange &range);
  /// Bits of the code that function() gives.
  int functionBits(snn::Function function) const;
  /// The unit of softmax weights where the method has none: `values` are mixed
  /// over `positions` keys.
  snn::NumberAttr weights(std::int64_t positions, snn::FireOp values);
  /// The unit that repeats a train one or more windows later.
  PopulationUnit repeated(snn::FireOp fire);

  /// Every coding has found its site.
  mlir::LogicalResult checkCodings(mlir::Operation *model) const;

private:
  mlir::FailureOr<snn::UnitAttrInterface>
  uncoded(mlir::Operation *op, const std::string &site, bool wide);
  mlir::LogicalResult checkSigns(mlir::Operation *op, const std::string &site,
                                 const TableUnit &unit) const;
  snn::PhaseAttr phase(const SiteStatistics &seen, bool wide) const;
  /// Bits that the largest number of frames adds to a code.
  int frameBits() const;

  mlir::MLIRContext *context;
  const ConversionOptions &conversion;
  const NetworkPlan &plan;
  const StatisticsMap &map;
  std::set<std::string> found; ///< codings asked for
};

} // namespace synfire

#endif // SYNFIRE_COMPILER_PASSES_SITEUNITS_H

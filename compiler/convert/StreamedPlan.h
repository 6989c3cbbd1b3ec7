//===- StreamedPlan.h - what plans of streamed methods share ----*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_CONVERT_STREAMEDPLAN_H
#define SYNFIRE_COMPILER_CONVERT_STREAMEDPLAN_H

#include "compiler/convert/Methods.h"

#include <functional>
#include <string>
#include <vector>

namespace synfire {

/// One site to be coded. Attention weights may not have been recorded; their
/// statistics are then empty.
struct CodedSite {
  std::string name;
  SiteKind kind = SiteKind::Other;
  const SiteStatistics *statistics = nullptr;

  /// A share of one: no value is negative or above 1.
  bool isShare() const { return kind == SiteKind::Weights; }
};

/// A plan of options.steps frames with `unitOf` at every site of `kinds`.
/// Fails if calibration has seen none of them.
Result<NetworkPlan>
planStreamed(const ConversionOptions &options, const CalibrationData &data,
             const std::vector<SiteKind> &kinds,
             const std::function<Result<TableUnit>(const CodedSite &)> &unitOf);

/// Expectation compensation, with what a reader must know of it.
void compensate(NetworkPlan &plan);

/// For sites whose values have both signs where the authors' have one.
extern const char *const twoSidedNote;

} // namespace synfire

#endif // SYNFIRE_COMPILER_CONVERT_STREAMEDPLAN_H

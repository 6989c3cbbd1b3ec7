//===- Blame.h - which site costs the most perplexity -----------*- C++ -*-===//
#ifndef SYNFIRE_EXPLORATION_BLAME_H
#define SYNFIRE_EXPLORATION_BLAME_H

#include "exploration/StudyModel.h"

#include <functional>
#include <string>
#include <vector>

namespace synfire {

/// What coding one site alone does: all other values are whole numbers of the
/// digital unit.
struct SiteBlame {
  std::string site;
  double nats = 0; ///< more than with no site coded
};

struct BlameReport {
  double floatNats = 0;         ///< of the float model
  double digitalNats = 0;       ///< weights quantised, no site coded
  double codedNats = 0;         ///< all sites coded
  std::vector<SiteBlame> sites; ///< the most expensive first
  /// Sum over the sites; beside codedNats - digitalNats it tells how far the
  /// losses add up.
  double sumOfSites() const;
};

/// Blame over the codings of `plan`.
Result<BlameReport>
blameSites(const StudyModel &model, const CompileOptions &options,
           const NetworkPlan &plan,
           const std::function<void(std::size_t, std::size_t)> &progress);

std::string blameText(const BlameReport &report, std::size_t mostSites);

} // namespace synfire

#endif // SYNFIRE_EXPLORATION_BLAME_H

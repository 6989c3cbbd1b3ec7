//===- TtfsMethod.cpp - time to first spike (CONVERSION 6.2) --------------===//
#include "compiler/convert/OneShotMethods.h"
#include "compiler/convert/OneShotPlan.h"
#include "compiler/convert/PhaseCodes.h"

namespace synfire {

Result<NetworkPlan> planTtfs(const ConversionOptions &options,
                             const CalibrationData &data,
                             const BlockCalibration &) {
  SYNFIRE_ASSIGN(NetworkPlan plan,
                 planOneShot(options, data, [&](const OneShotSite &site) {
                   return makeTtfsUnit(options.steps, site.fullScale,
                                       /*rounding=*/true);
                 }));
  plan.notes.push_back("the linear code with rounding, as MGPC's authors "
                       "compare with it; TTFSFormer's kernels for functions "
                       "are the digital unit's work here");
  return plan;
}

} // namespace synfire

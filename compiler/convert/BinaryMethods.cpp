//===- BinaryMethods.cpp - base-2 codes at MGPC's populations -------------===//
//
// CONVERSION 5.5 and 5.6: the same code three times, by offset and cap.
//
//===----------------------------------------------------------------------===//
#include "compiler/convert/OneShotMethods.h"
#include "compiler/convert/OneShotPlan.h"

namespace synfire {

Result<NetworkPlan> planLasLite(const ConversionOptions &options,
                                const CalibrationData &data,
                                const BlockCalibration &) {
  SYNFIRE_ASSIGN(NetworkPlan plan,
                 planBinary(options, data, /*offset=*/0, options.cap));
  plan.notes.push_back("LAS as MGPC's authors compare with it: its base-2 code "
                       "alone, without outlier bank, levels and offset");
  return plan;
}

Result<NetworkPlan> planRounding(const ConversionOptions &options,
                                 const CalibrationData &data,
                                 const BlockCalibration &) {
  return planBinary(options, data, /*offset=*/0.5, options.cap);
}

Result<NetworkPlan> planTwoSpike(const ConversionOptions &options,
                                 const CalibrationData &data,
                                 const BlockCalibration &) {
  SYNFIRE_ASSIGN(NetworkPlan plan,
                 planBinary(options, data, /*offset=*/0, /*cap=*/2));
  plan.notes.push_back("SpikedAttention as MGPC's authors compare with it");
  return plan;
}

} // namespace synfire

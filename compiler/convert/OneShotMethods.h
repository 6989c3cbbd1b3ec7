//===- OneShotMethods.h - conversions to one-shot codes ---------*- C++ -*-===//
//
// MGPC and what its authors compare it with (CONVERSION sections 5 and 6.1 to
// 6.3): the populations of MGPC carry a code whose whole input is there before
// its first step, everything else is digital. Every function is a Method::plan.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_CONVERT_ONESHOTMETHODS_H
#define SYNFIRE_COMPILER_CONVERT_ONESHOTMETHODS_H

#include "compiler/convert/Methods.h"

namespace synfire {

/// MGPC: a table trained on each population's samples.
Result<NetworkPlan> planMgpc(const ConversionOptions &options,
                             const CalibrationData &data,
                             const BlockCalibration &calibrate);

/// Base 2 with half a last threshold of offset: what MGPC has to beat.
Result<NetworkPlan> planRounding(const ConversionOptions &options,
                                 const CalibrationData &data,
                                 const BlockCalibration &calibrate);

/// Base 2 without offset, MGPC's stand-in for LAS.
Result<NetworkPlan> planLasLite(const ConversionOptions &options,
                                const CalibrationData &data,
                                const BlockCalibration &calibrate);

/// Base 2 and two spikes at most, MGPC's stand-in for SpikedAttention.
Result<NetworkPlan> planTwoSpike(const ConversionOptions &options,
                                 const CalibrationData &data,
                                 const BlockCalibration &calibrate);

/// SpikedAttention: a single spike, and winner-takes-all exponentials.
Result<NetworkPlan> planSpikedAttention(const ConversionOptions &options,
                                        const CalibrationData &data,
                                        const BlockCalibration &calibrate);

/// Time to first spike, linear, rounding.
Result<NetworkPlan> planTtfs(const ConversionOptions &options,
                             const CalibrationData &data,
                             const BlockCalibration &calibrate);

/// SpikeLLM: counts, with extra bits for salient channels.
Result<NetworkPlan> planSpikeLlm(const ConversionOptions &options,
                                 const CalibrationData &data,
                                 const BlockCalibration &calibrate);

} // namespace synfire

#endif // SYNFIRE_COMPILER_CONVERT_ONESHOTMETHODS_H

//===- StreamedMethods.h - conversions to streamed codes --------*- C++ -*-===//
//
// Dual-IS (CONVERSION section 4) and the rate-coded baselines (section 6),
// without the retraining of the network that their authors do. Every function
// is a Method::plan.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_CONVERT_STREAMEDMETHODS_H
#define SYNFIRE_COMPILER_CONVERT_STREAMEDMETHODS_H

#include "compiler/convert/Methods.h"

#include <vector>

namespace synfire {

/// Dual-IS: an IS neuron at its authors' seven populations of a layer and at
/// the final norm; `calibrate` runs where options.calibrateBlocks says so.
Result<NetworkPlan> planDualIs(const ConversionOptions &options,
                               const CalibrationData &data,
                               const BlockCalibration &calibrate);
const std::vector<SiteKind> &dualIsSites();

/// Plain rate-coded IF neurons at the operands of every product.
Result<NetworkPlan> planIf(const ConversionOptions &options,
                           const CalibrationData &data,
                           const BlockCalibration &calibrate);
const std::vector<SiteKind> &ifSites();

/// QCFS, SRP, COS and FAS code what enters down_proj alone, as their authors do
/// on language models.
Result<NetworkPlan> planQcfs(const ConversionOptions &options,
                             const CalibrationData &data,
                             const BlockCalibration &calibrate);
Result<NetworkPlan> planSrp(const ConversionOptions &options,
                            const CalibrationData &data,
                            const BlockCalibration &calibrate);
Result<NetworkPlan> planCos(const ConversionOptions &options,
                            const CalibrationData &data,
                            const BlockCalibration &calibrate);
Result<NetworkPlan> planFas(const ConversionOptions &options,
                            const CalibrationData &data,
                            const BlockCalibration &calibrate);
const std::vector<SiteKind> &activationSites();

/// SpikeZIP-TF: ST-BIF neurons, the input at the first frame alone.
Result<NetworkPlan> planSpikeZip(const ConversionOptions &options,
                                 const CalibrationData &data,
                                 const BlockCalibration &calibrate);
const std::vector<SiteKind> &spikeZipSites();

/// ECMT: two-sided neurons of doubling thresholds, expectations compensated.
Result<NetworkPlan> planEcmt(const ConversionOptions &options,
                             const CalibrationData &data,
                             const BlockCalibration &calibrate);
const std::vector<SiteKind> &ecmtSites();

/// STA: burst neurons at the identity encoders, expectations compensated.
Result<NetworkPlan> planSta(const ConversionOptions &options,
                            const CalibrationData &data,
                            const BlockCalibration &calibrate);
const std::vector<SiteKind> &staSites();

} // namespace synfire

#endif // SYNFIRE_COMPILER_CONVERT_STREAMEDMETHODS_H

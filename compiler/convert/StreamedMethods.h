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
MethodPlan planDualIs;
const std::vector<SiteKind> &dualIsSites();

/// Plain rate-coded IF neurons at the operands of every product.
MethodPlan planIf;
const std::vector<SiteKind> &ifSites();

/// QCFS, SRP, COS and FAS code what enters down_proj alone, as their authors do
/// on language models.
MethodPlan planQcfs;
MethodPlan planSrp;
MethodPlan planCos;
MethodPlan planFas;
const std::vector<SiteKind> &activationSites();

/// SpikeZIP-TF: ST-BIF neurons, the input at the first frame alone.
MethodPlan planSpikeZip;
const std::vector<SiteKind> &spikeZipSites();

/// ECMT: two-sided neurons of doubling thresholds, expectations compensated.
MethodPlan planEcmt;
const std::vector<SiteKind> &ecmtSites();

/// STA: burst neurons at the identity encoders, expectations compensated.
MethodPlan planSta;
const std::vector<SiteKind> &staSites();

} // namespace synfire

#endif // SYNFIRE_COMPILER_CONVERT_STREAMEDMETHODS_H

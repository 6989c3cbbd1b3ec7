//===- ConvertAnnToSnn.h - trained layers to spiking populations -*- C++
//-*-===//
#ifndef SYNFIRE_COMPILER_PASSES_CONVERTANNTOSNN_H
#define SYNFIRE_COMPILER_PASSES_CONVERTANNTOSNN_H

#include "compiler/convert/ConversionOptions.h"
#include "compiler/convert/SiteCoding.h"
#include "compiler/reference/Statistics.h"
#include "dialects/ann/Ann.h"
#include "dialects/snn/Snn.h"

namespace synfire {

/// Writes an `snn.network` after the model and erases the model. The plan says
/// what the network looks like and how its sites are coded, the options and the
/// statistics give the units of all others. Fails with a diagnostic on the op
/// whose site has no statistics or a coding that does not fit it.
mlir::LogicalResult convertAnnToSnn(ann::ModelOp model,
                                    const ConversionOptions &options,
                                    const NetworkPlan &plan,
                                    const StatisticsMap &statistics);

} // namespace synfire

#endif // SYNFIRE_COMPILER_PASSES_CONVERTANNTOSNN_H

//===- ConvertAnnToSnn.h - trained layers to spiking populations -*- C++
//-*-===//
#ifndef SYNFIRE_COMPILER_PASSES_CONVERTANNTOSNN_H
#define SYNFIRE_COMPILER_PASSES_CONVERTANNTOSNN_H

#include "compiler/convert/ConversionOptions.h"
#include "compiler/reference/Statistics.h"
#include "dialects/ann/Ann.h"
#include "dialects/snn/Snn.h"

namespace synfire {

/// Writes an `snn.network` after the model and erases the model. Thresholds and
/// full scales come from the statistics; fails with a diagnostic on the op
/// whose site has none.
mlir::LogicalResult convertAnnToSnn(ann::ModelOp model,
                                    const ConversionOptions &options,
                                    const StatisticsMap &statistics);

} // namespace synfire

#endif // SYNFIRE_COMPILER_PASSES_CONVERTANNTOSNN_H

//===- ConversionOptions.h - how a network becomes spikes -------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_CONVERT_CONVERSIONOPTIONS_H
#define SYNFIRE_COMPILER_CONVERT_CONVERSIONOPTIONS_H

#include "runtime/support/Status.h"

#include <string>

namespace synfire {

/// Defaults are the LAS method of CONVERSION.md section 3 at the paper's T
/// = 16.
struct ConversionOptions {
  std::string method = "las"; ///< "las", or "phase": the rounding phase code
  int steps = 16;             ///< T of the coded sites, 2..20
  /// T of the residual stream, squares, mixes and projections before RoPE.
  int wideSteps = 20;
  int levels = 1;           ///< H, 1..15 (las only)
  int weightBits = 8;       ///< 4, 8 or 16
  bool lookup = true;       ///< HG by the look-up unit; false: gated FS banks
  bool concurrent = false;  ///< elementwise products two-sided in one window
  bool outlierAware = true; ///< OAT's second bank (las only)
  int lookupEntries = 8192; ///< most rows of one look-up table
  /// Full scale over the largest value in calibration; 0: calibratedMargin, or
  /// ownTextMargin where the model's own text was the calibration.
  double margin = 0;
  int context = 0; ///< positions; 0: the model's own, at most 1024
};

/// Headroom for values beyond those of a calibration text.
constexpr double calibratedMargin = 1.25;
/// Text that the model writes itself reaches less far than text that it reads:
/// on llama-wiki-1.3M a margin of 1.25 clips enough to move perplexity by 0.5
/// %.
constexpr double ownTextMargin = 2;

/// Ranges and combinations; errors name the option.
Status verify(const ConversionOptions &options);

} // namespace synfire

#endif // SYNFIRE_COMPILER_CONVERT_CONVERSIONOPTIONS_H

//===- ConversionOptions.h - how a network becomes spikes -------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_CONVERT_CONVERSIONOPTIONS_H
#define SYNFIRE_COMPILER_CONVERT_CONVERSIONOPTIONS_H

#include "runtime/support/Status.h"

#include <cstdint>
#include <string>

namespace synfire {

/// How a threshold table is fitted (MGPC).
enum class TableTraining : std::uint8_t {
  None,        ///< base 2 throughout
  Alternating, ///< (h, theta) by surrogate gradients, then d by true ones
  Joint        ///< all parameters in one step
};

/// The constant that an IS neuron's counter carries (CONVERSION 4.1).
enum class IsOffset : std::uint8_t {
  Remark,  ///< alpha = 2^(n-1) / T: zero is a code
  Released ///< alpha = (L T + 1) / (2 T), the authors' code: half a unit off
};

/// Most tokens of a prefix: four are the most that a published model needs.
constexpr int mostPrefixTokens = 64;
/// A number of prefix tokens that stands for: as many as there are outliers.
constexpr int automaticPrefix = -1;

/// Defaults are the LAS method of CONVERSION.md section 3 at the paper's T
/// = 16. A field says which methods read it; the others ignore it.
struct ConversionOptions {
  std::string method = "las"; ///< a name of methods()
  /// T. One-shot codes: steps of a train; streamed codes: frames, too. 1..256,
  /// with tighter limits by method.
  int steps = 16;
  /// T of the residual stream, squares, mixes and projections before RoPE
  /// where these spike.
  int wideSteps = 20;
  int levels = 1;           ///< H, 1..15 (las)
  int weightBits = 8;       ///< 4, 8 or 16
  bool lookup = true;       ///< HG by the look-up unit; false: gated FS banks
  bool concurrent = false;  ///< elementwise products two-sided in one window
  bool outlierAware = true; ///< OAT's second bank (las)
  int lookupEntries = 8192; ///< most rows of one look-up table
  /// Functions and sites that the method's authors leave in floating point:
  /// "hg" makes them spike, "digital" gives them to the digital unit; empty:
  /// as the authors do.
  std::string nonlinear;
  /// Full scale over the largest value in calibration, at least 1. 0: what the
  /// method needs (Method::fineCode: calibratedMargin, otherwise 1; times
  /// ownTextMargin / calibratedMargin where the model's own text was the
  /// calibration).
  double margin = 0;
  int context = 0; ///< positions; 0: the model's own, at most 1024
  /// Tokens whose keys and values stand in front of every sequence as constants
  /// (reference/Prefix.h), 0..64; -1: as many as the model has outlier tokens.
  int prefixTokens = 0;
  /// Hadamard rotations that run: of down_proj's input, and of queries and keys
  /// after RoPE.
  bool onlineHadamard = false;

  /// n: bits of the static activation quantiser (dual-is, spikellm), 2..8.
  int activationBits = 6;
  IsOffset isOffset = IsOffset::Remark; ///< dual-is
  bool calibrateBlocks = true; ///< dual-is: block-wise thresholds and v0
  bool average = false;        ///< dual-is: the avg ablation
  bool unfold = false; ///< dual-is: L IF sub-steps of single spikes a step

  int grains = 2; ///< G (mgpc), 1..4 with at least 2 steps each
  TableTraining training = TableTraining::Alternating; ///< mgpc
  bool tied = false;        ///< mgpc: h and theta share their base
  bool trainOffset = true;  ///< mgpc: v0 is trained, otherwise 0
  bool searchGrains = true; ///< mgpc: search the split of T into grains
  int cap = 0;            ///< most spikes of a train (phase codes); 0: no limit
  double base = 2;        ///< B (spiked-attention), 1 < B <= 2
  int extraBits = 1;      ///< addbit (spikellm), 1..4
  double saliency = 0.05; ///< spikellm: share of channels with extra bits
  int quantiserLevels = 32; ///< spikezip: N, even
  std::uint64_t seed = 1;   ///< of every random draw
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

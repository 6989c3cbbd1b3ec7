//===- Prefix.h - tokens whose keys and values are constants ----*- C++ -*-===//
//
// PrefixQuant (arXiv 2410.05265; CONVERSION 4.2): some tokens, attention sinks
// above all, have values far beyond those of all others. Where such tokens
// stand in front of every sequence, no later token becomes one, and nobody has
// to code them: their keys and values are computed once.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_REFERENCE_PREFIX_H
#define SYNFIRE_COMPILER_REFERENCE_PREFIX_H

#include "compiler/import/Checkpoint.h"
#include "compiler/reference/FloatModel.h"
#include "compiler/reference/Plan.h"
#include "runtime/support/Status.h"

#include <map>
#include <string>
#include <vector>

namespace synfire {

/// A token is an outlier in a layer if the largest magnitude of its down_proj
/// input exceeds the median over the tokens of its window by this factor
/// (PrefixQuant's threshold).
constexpr double outlierRatio = 64;
/// What a run over windows says about outlier tokens.
struct PrefixChoice {
  /// In their order: those of the text, the most frequent outlier first, and
  /// last the model's first token (CONVERSION 4.2 leaves the order open; so do
  /// the authors' code and the list of prefixes that they publish).
  std::vector<int> tokens;
  /// Outlier tokens of a window, in the layer that has most, over the windows.
  double outliers = 0;
  /// Largest ratio of a token's maximum to the median; the first position of a
  /// window, which is a sink whatever stands there, apart.
  double largestRatio = 0, firstRatio = 0;
};

/// Chooses `wanted` tokens, or, if it is negative, as many as there are
/// outliers: then none if there are none. Beyond the outliers of the
/// text, tokens follow by the ratio that they reach. `firstToken` negative: the
/// model has none. Runs `model` over the windows.
Result<PrefixChoice> choosePrefix(FloatModel &model,
                                  const std::vector<std::vector<int>> &windows,
                                  int wanted, int firstToken);

/// The largest ratio of any token of the windows behind a prefix.
Result<double> largestRatioBehind(FloatModel &model,
                                  const std::vector<int> &prefix,
                                  const std::vector<std::vector<int>> &windows);

/// Keys (after RoPE) and values of a prefix at positions 0, 1, ...
struct PrefixValues {
  std::vector<int> tokens;
  /// By the site that yields the keys or values of an attention:
  /// [token][width].
  std::map<std::string, std::vector<float>> rows;

  int positions() const { return static_cast<int>(tokens.size()); }
};

/// Computes them in float. Fails on a token that the vocabulary does not have
/// and on a prefix that leaves no position of the plan's context.
Result<PrefixValues> prefixValues(const ReferencePlan &plan,
                                  const Checkpoint &checkpoint,
                                  const std::vector<int> &tokens, int threads);

} // namespace synfire

#endif // SYNFIRE_COMPILER_REFERENCE_PREFIX_H

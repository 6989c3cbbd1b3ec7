//===- GrainSearch.h - which steps share their bases ------------*- C++ -*-===//
//
// MGPC's granularity search (CONVERSION 5.2): one neuron for every way to cut
// the steps into grains, trained together under a mixture whose weights learn
// which cut is best.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_CONVERT_GRAINSEARCH_H
#define SYNFIRE_COMPILER_CONVERT_GRAINSEARCH_H

#include "compiler/convert/ConversionOptions.h"
#include "compiler/convert/MgpcModel.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace synfire {

/// All grain maps of `grains` consecutive blocks of at least two steps, the
/// longest first block last; none if the steps are too few.
std::vector<std::vector<int>> grainSplits(int steps, int grains);
/// Blocks as equal as they go.
std::vector<int> equalSplit(int steps, int grains);

struct GrainSearchOptions {
  TableTraining training = TableTraining::Alternating;
  MgpcFreedom freedom;
  int rounds = 20;
  int roundSteps =
      50; ///< on thresholds and decrements, and as many on payloads
  double rate = 0.064; ///< adamRate(): 1e-3 at T = 6
  double mixtureRate = 1e-2;
  double sharpness = 10; ///< of the surrogate, in 1 / tau
  /// Values times steps times candidates that a pass may look at.
  std::size_t passWork = 200000;
  std::uint64_t seed = 1;
};

struct GrainSearchResult {
  MgpcTable table; ///< of the best cut, as the search left it
  int candidates = 1;
};

/// `inputs`: magnitudes in units of the full scale.
GrainSearchResult searchGrains(int steps, int grains, double offset,
                               const std::vector<float> &inputs,
                               const GrainSearchOptions &options);

} // namespace synfire

#endif // SYNFIRE_COMPILER_CONVERT_GRAINSEARCH_H

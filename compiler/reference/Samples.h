//===- Samples.h - values of a site, drawn evenly ---------------*- C++ -*-===//
//
// Where a histogram is not enough (training a neuron's tables), a fixed-size
// uniform sample of a site's values, collected beside its statistics.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_REFERENCE_SAMPLES_H
#define SYNFIRE_COMPILER_REFERENCE_SAMPLES_H

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace synfire {

/// A reservoir (Li's algorithm L, which passes over what it will not take) with
/// a fixed seed: the same values in the same order give the same sample,
/// however they are cut into rows.
struct SiteSamples {
  std::size_t capacity = 100000;
  std::uint64_t seen = 0;
  std::vector<float> values;
  std::uint64_t state = 1; ///< of the generator
  /// Once the reservoir is full: values to pass over before the next that
  /// enters, and the largest of `capacity` uniform keys of those inside.
  std::uint64_t skip = 0;
  double largestKey = 1;

  void add(const float *row, std::int64_t count);
};

/// By site name.
using SampleMap = std::map<std::string, SiteSamples>;

} // namespace synfire

#endif // SYNFIRE_COMPILER_REFERENCE_SAMPLES_H

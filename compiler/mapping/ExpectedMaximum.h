//===- ExpectedMaximum.h - the largest of several random loads --*- C++ -*-===//
//
// A step takes as long as its busiest core. Where many cores are about equally
// busy, the one with the most spikes of the step is busier than any is on
// average.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_MAPPING_EXPECTEDMAXIMUM_H
#define SYNFIRE_COMPILER_MAPPING_EXPECTEDMAXIMUM_H

#include <vector>

namespace synfire {

/// Normally distributed; independent of the others.
struct RandomLoad {
  double mean = 0, deviation = 0;
};

/// The mean of the largest of `loads` and the constant `least`, to some
/// thousandths of the largest deviation.
double expectedMaximum(double least, std::vector<RandomLoad> loads);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_EXPECTEDMAXIMUM_H

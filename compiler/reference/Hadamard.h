//===- Hadamard.h - orthogonal blocks of Hadamard matrices ------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_REFERENCE_HADAMARD_H
#define SYNFIRE_COMPILER_REFERENCE_HADAMARD_H

#include <cstdint>

namespace synfire {

/// Multiplies every block of `block` values by the Sylvester-Hadamard matrix
/// over sqrt(block), which is symmetric and its own inverse. `block` is a power
/// of two that divides `width`.
void rotateBlocks(float *values, std::int64_t width, std::int64_t block);
void rotateBlocks(double *values, std::int64_t width, std::int64_t block);

} // namespace synfire

#endif // SYNFIRE_COMPILER_REFERENCE_HADAMARD_H

//===- Hadamard.h - randomised orthogonal rotation --------------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_PREPARE_HADAMARD_H
#define SYNFIRE_COMPILER_PREPARE_HADAMARD_H

#include <cstddef>
#include <cstdint>
#include <vector>

namespace synfire {

/// The orthogonal matrix R = diag(signs) * H / sqrt(b), with H block-diagonal
/// of Sylvester-Hadamard matrices whose side b is the largest power of two that
/// divides the width. Spreads an outlier channel over b channels (QuaRot, arXiv
/// 2404.00456, uses the same construction).
class HadamardRotation {
public:
  HadamardRotation(std::int64_t width, std::uint64_t seed);

  std::int64_t width() const { return static_cast<std::int64_t>(signs.size()); }
  std::int64_t blockWidth() const { return block; }

  /// v := v R, for the `width` values at `stride` from each other. Since R^T c
  /// of a column is (c^T R)^T, it serves rows and columns of a matrix alike.
  void apply(float *values, std::ptrdiff_t stride = 1) const;

private:
  std::vector<float> signs;
  std::int64_t block = 1;
};

} // namespace synfire

#endif // SYNFIRE_COMPILER_PREPARE_HADAMARD_H

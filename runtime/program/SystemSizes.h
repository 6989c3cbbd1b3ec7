//===- SystemSizes.h - systems of a chip, smallest first --------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_PROGRAM_SYSTEMSIZES_H
#define SYNFIRE_RUNTIME_PROGRAM_SYSTEMSIZES_H

#include "hw-models/ChipModel.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace synfire {

/// Chips side by side.
struct SystemSize {
  int chipsX = 1, chipsY = 1;
};

/// The systems that a mesh may form, in the order in which one is chosen: the
/// fewest chips, then the one whose routers are closest to a square, then the
/// narrower one.
class SystemSizes {
public:
  /// None of fewer chips than `leastChips`.
  SystemSizes(const MeshShape &shape, std::int64_t leastChips);

  /// Nothing after the last.
  std::optional<SystemSize> next();

private:
  MeshShape mesh;
  std::vector<std::int64_t> height; ///< to try next, by width - 1
};

} // namespace synfire

#endif // SYNFIRE_RUNTIME_PROGRAM_SYSTEMSIZES_H

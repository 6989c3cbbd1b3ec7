//===- TrafficPattern.h - who sends to whom ---------------------*- C++ -*-===//
//
// The synthetic patterns of interconnection networks (Dally and Towles,
// "Principles and Practices of Interconnection Networks", 2004, section 3.2),
// with BookSim2's definitions where a mesh is square. All but `uniform` fix one
// destination router for each source router; the cores of a router send to
// those with the same slot. Router numbers are row-major, x counts columns.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_NOC_TRAFFICPATTERN_H
#define SYNFIRE_SIMULATOR_NOC_TRAFFICPATTERN_H

#include "runtime/program/Mesh.h"
#include "runtime/support/Status.h"

#include <string>
#include <vector>

namespace synfire {

enum class TrafficPattern {
  /// Every core alike, the sender included.
  Uniform,
  /// (x, y) to (y, x). Where the mesh is not square, the halves of the router
  /// number's bits change places, which takes 4^n routers.
  Transpose,
  BitComplement, ///< every bit of the number inverted; 2^n routers
  BitReverse,    ///< the bits in reverse; 2^n routers
  Shuffle,       ///< the bits rotated left by one; 2^n routers
  /// x to (x + ceil(width / 2) - 1) mod width, and y likewise.
  Tornado,
  Neighbour, ///< x to (x + 1) mod width, and y likewise
};

/// "uniform", "transpose", "bit-complement", "bit-reverse", "shuffle",
/// "tornado" or "neighbour".
Result<TrafficPattern> parseTrafficPattern(const std::string &name);
const char *trafficPatternName(TrafficPattern pattern);
/// Comma-separated, for help texts.
std::string trafficPatternNames();

/// The destination router of each router. An error for patterns that the mesh
/// does not allow, and for `uniform`, which has none.
Result<std::vector<int>> trafficDestinations(TrafficPattern pattern,
                                             const Mesh &mesh);

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_TRAFFICPATTERN_H

//===- SynapseMemory.h - where the static rows of a machine lie -*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_SYNAPSEMEMORY_H
#define SYNFIRE_SIMULATOR_MACHINE_SYNAPSEMEMORY_H

#include <cstddef>
#include <memory>
#include <vector>

namespace synfire {

/// The rows of all tiles in a few large pieces, which the system may then map
/// by huge pages: memory is read in streams, and with small pages the address
/// translation is what bounds them (docs/performance.md).
class SynapseMemory {
public:
  /// Not initialised, on a cache line, valid as long as this object.
  std::byte *allocate(std::size_t bytes);

private:
  struct Release {
    std::size_t alignment = 0;
    void operator()(std::byte *piece) const;
  };
  std::vector<std::unique_ptr<std::byte, Release>> pieces;
  std::byte *free = nullptr;
  std::size_t left = 0, total = 0; ///< bytes: of the last piece, of all
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_SYNAPSEMEMORY_H

//===- SynapseMemory.cpp - where the static rows of a machine lie ---------===//
#include "simulator/machine/SynapseMemory.h"

#include <algorithm>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace synfire {
namespace {

constexpr std::size_t lineBytes = 64, hugePage = std::size_t(2) << 20;
constexpr std::size_t smallestPiece = std::size_t(64) << 10,
                      largestPiece = std::size_t(256) << 20;

std::size_t roundUp(std::size_t value, std::size_t to) {
  return (value + to - 1) / to * to;
}

} // namespace

void SynapseMemory::Release::operator()(std::byte *piece) const {
  ::operator delete(piece, std::align_val_t(alignment));
}

std::byte *SynapseMemory::allocate(std::size_t bytes) {
  bytes = roundUp(bytes, lineBytes);
  if (bytes > left) {
    // Pieces grow with what there is already; what is never touched takes no
    // memory.
    std::size_t size =
        std::max(bytes, std::clamp(total, smallestPiece, largestPiece));
    const bool huge = size >= hugePage;
    size = roundUp(size, huge ? hugePage : lineBytes);
    const std::size_t alignment = huge ? hugePage : lineBytes;
    pieces.emplace_back(static_cast<std::byte *>(
                            ::operator new(size, std::align_val_t(alignment))),
                        Release{alignment});
    free = pieces.back().get();
    left = size;
    total += size;
#if defined(__linux__)
    // A hint: where it is refused, small pages do the same, more slowly.
    if (huge)
      ::madvise(free, size, MADV_HUGEPAGE);
#endif
  }
  std::byte *given = free;
  free += bytes;
  left -= bytes;
  return given;
}

} // namespace synfire

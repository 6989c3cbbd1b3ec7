//===- HeaderRings.h - packets on their way to a buffer ---------*- C++ -*-===//
//
// A link keeps the order of the flits of a virtual channel, and a channel
// carries one packet after the other, whole. So flits need no memory: buffers
// count them, and what a packet's head carries is written into a ring of the
// buffer's VC when the head is sent.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_NOC_HEADERRINGS_H
#define SYNFIRE_SIMULATOR_NOC_HEADERRINGS_H

#include <cstdint>
#include <vector>

namespace synfire {

/// What the head flit of a packet carries.
struct Header {
  std::uint32_t packet = 0; ///< with `tree`, if it is one
  /// Node of a tree; else destination router, routing state, slot of the core
  /// at that router.
  std::uint32_t place = 0;

  static constexpr std::uint32_t tree = std::uint32_t(1) << 31;
  static constexpr std::uint32_t slotBits = 6, stateBits = 8,
                                 routerBits = 32 - slotBits - stateBits;
  static constexpr std::uint32_t placeOf(std::uint32_t router,
                                         std::uint32_t slot) {
    return router << (slotBits + stateBits) | slot;
  }
  bool isTree() const { return (packet & tree) != 0; }
  std::uint32_t number() const { return packet & ~tree; }
  std::uint32_t router() const { return place >> (slotBits + stateBits); }
  std::uint32_t slot() const { return place & ((1U << slotBits) - 1); }
  std::uint8_t state() const {
    return static_cast<std::uint8_t>(place >> slotBits);
  }
  void setState(std::uint8_t state) {
    place = (place & ~(((1U << stateBits) - 1) << slotBits)) |
            std::uint32_t(state) << slotBits;
  }
};

/// All rings in one array. A ring is known by its positions: the reader and the
/// writer have one each.
class HeaderRings {
public:
  /// A ring of 2^bits places, which begins at a multiple of its size; its first
  /// position.
  std::uint32_t add(std::uint32_t bits) {
    const std::uint32_t mask = maskOf(bits);
    const auto first = static_cast<std::uint32_t>(places.size() + mask) & ~mask;
    places.resize(first + mask + 1);
    return first;
  }
  /// For at least `headers` places.
  static std::uint8_t bitsOf(std::uint32_t headers) {
    std::uint8_t bits = 0;
    while (std::uint32_t(1) << bits < headers)
      ++bits;
    return bits;
  }
  static std::uint32_t maskOf(std::uint32_t bits) {
    return (std::uint32_t(1) << bits) - 1;
  }

  static std::uint32_t next(std::uint32_t position, std::uint32_t mask) {
    return (position & ~mask) | ((position + 1) & mask);
  }

  Header &operator[](std::uint32_t position) { return places[position]; }

private:
  std::vector<Header> places;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_HEADERRINGS_H

//===- ShareOf.h - parts of large counts ------------------------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_NOC_SHAREOF_H
#define SYNFIRE_SIMULATOR_NOC_SHAREOF_H

#include <cstdint>

namespace synfire {

/// amount x part / whole, rounded down. Of steps of many millions of cycles the
/// product does not fit 64 bits, whose division is the faster one.
inline std::uint64_t shareOf(std::uint64_t amount, std::uint64_t part,
                             std::uint64_t whole) {
  __extension__ using Product = unsigned __int128;
  if ((amount | part) <= UINT32_MAX)
    return amount * part / whole;
  return static_cast<std::uint64_t>(Product(amount) * part / whole);
}

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_SHAREOF_H

//===- DivideUp.h - quotients rounded up ------------------------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_SUPPORT_DIVIDEUP_H
#define SYNFIRE_RUNTIME_SUPPORT_DIVIDEUP_H

#include <cstdint>
#include <type_traits>

namespace synfire {

/// value / parts, rounded up; `value` is not negative and `parts` at least 1.
template <typename Integer> Integer divideUp(Integer value, Integer parts) {
  const Integer above = value + parts - 1;
  // Most counts are small, and a division of 32 bits is several times faster.
  if constexpr (std::is_same_v<Integer, std::uint64_t>)
    if ((above | parts) >> 32 == 0)
      return static_cast<std::uint32_t>(above) /
             static_cast<std::uint32_t>(parts);
  return above / parts;
}

} // namespace synfire

#endif // SYNFIRE_RUNTIME_SUPPORT_DIVIDEUP_H

//===- TwoSided.h - products whose operands stream together -----*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_TWOSIDED_H
#define SYNFIRE_SIMULATOR_MACHINE_TWOSIDED_H

#include <cstdint>
#include <vector>

namespace synfire {

/// Stored words are as wide as a code; a train may pass the limit on its way
/// there, so the sum wraps.
inline void addWrapping(std::int32_t &word, std::int32_t payload) {
  word = static_cast<std::int32_t>(static_cast<std::uint32_t>(word) +
                                   static_cast<std::uint32_t>(payload));
}

/// The driver's events of a step in the concurrent form, which wait until the
/// stored operand's events of that step have been written.
struct WaitingEvent {
  std::int32_t neuron, payload;
};

/// Running sums of a driver whose token streams at the moment; they begin anew
/// with the next token.
class DriverSums {
public:
  void resize(std::size_t count) { words.resize(count); }
  void follow(int position) {
    if (position == streaming)
      return;
    streaming = position;
    words.assign(words.size(), 0);
  }
  std::int64_t &operator[](std::int64_t index) {
    return words[static_cast<std::size_t>(index)];
  }

private:
  std::vector<std::int64_t> words;
  int streaming = -1; ///< position whose sums these are
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_TWOSIDED_H

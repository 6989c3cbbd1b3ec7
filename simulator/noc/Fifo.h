//===- Fifo.h - first in, first out -----------------------------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_NOC_FIFO_H
#define SYNFIRE_SIMULATOR_NOC_FIFO_H

#include <cstdint>
#include <vector>

namespace synfire {

/// A ring that grows: a queue that stays short stays in the same few lines of
/// the caches.
template <typename Value> class Fifo {
public:
  bool empty() const { return first == last; }
  std::uint32_t size() const { return last - first; }

  const Value &front() const { return values[first & mask()]; }
  void pop() {
    ++first;
    if (first == last)
      first = last = 0;
  }
  void push(const Value &value) {
    if (size() == values.size())
      grow();
    values[last++ & mask()] = value;
  }

  template <typename Visit> void forEach(Visit &&visit) const {
    for (std::uint32_t i = first; i != last; ++i)
      visit(values[i & mask()]);
  }
  void clear() { first = last = 0; }

private:
  std::uint32_t mask() const {
    return static_cast<std::uint32_t>(values.size()) - 1;
  }
  void grow() {
    std::vector<Value> larger;
    larger.reserve(values.empty() ? 4 : 2 * values.size());
    forEach([&](const Value &value) { larger.push_back(value); });
    last -= first;
    first = 0;
    larger.resize(values.empty() ? 4 : 2 * values.size());
    values = std::move(larger);
  }

  std::vector<Value> values; ///< a power of two
  std::uint32_t first = 0, last = 0;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_FIFO_H

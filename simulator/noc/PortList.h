//===- PortList.h - ports to look at ----------------------------*- C++ -*-===//
//
// In the order in which they came; the caller sees to it that no port comes
// twice. Whether one is added depends on the traffic and is not predictable, so
// adding has no branch.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_NOC_PORTLIST_H
#define SYNFIRE_SIMULATOR_NOC_PORTLIST_H

#include "simulator/noc/AlwaysInline.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace synfire {

class PortList {
public:
  /// One place more than ports: what is not added is written there.
  explicit PortList(std::size_t ports = 0)
      : members(ports + 1), drained(ports + 1), end(members.data()) {}
  PortList(PortList &&) = default;
  PortList &operator=(PortList &&) = default;
  PortList(const PortList &) = delete;
  PortList &operator=(const PortList &) = delete;

  void addIf(bool wanted, std::uint32_t port) {
    *end = port;
    end += wanted ? 1 : 0;
  }
  bool empty() const { return end == members.data(); }

  template <typename Visit> void forEach(Visit &&visit) const {
    for (const std::uint32_t *port = members.data(); port != end; ++port)
      visit(*port);
  }
  /// Empties the list first: `visit` may add ports, for the next time.
  template <typename Visit> SYNFIRE_ALWAYS_INLINE void drain(Visit &&visit) {
    const std::uint32_t *port = members.data(), *last = end;
    members.swap(drained);
    end = members.data();
    for (; port != last; ++port)
      visit(*port);
  }
  void clear() { end = members.data(); }

private:
  std::vector<std::uint32_t> members, drained;
  std::uint32_t *end;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_PORTLIST_H

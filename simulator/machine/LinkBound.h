//===- LinkBound.h - what a step asks of every link -------------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_LINKBOUND_H
#define SYNFIRE_SIMULATOR_MACHINE_LINKBOUND_H

#include "hw-models/ChipModel.h"
#include "runtime/program/Routing.h"
#include "runtime/program/Run.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace synfire {

/// The link whose packets can not all have arrived before `cycles`.
struct LinkTerm {
  std::uint64_t cycles = 0;
  int link = -1;
  std::uint64_t busyCycles = 0; ///< of the link
};

/// A link as one packet of an empty network meets it, in core cycles.
struct LinkOnWay {
  int number = 0;
  std::uint32_t cyclesAPacket = 0; ///< that it is busy
  std::uint32_t before = 0; ///< from the departure to its first flit's switch
  /// From there to the arrival of the last flit, at least, of a packet whose
  /// flits take the link one behind another. Not what the packet would take on
  /// its own: flits of packets may alternate, and the last one then finds its
  /// way prepared.
  std::uint32_t rest = 0;
};
/// Of a packet that takes each of the links once.
Route routeOver(const Mesh &mesh, const std::vector<int> &links);
/// The links between two routers, in the order in which packets take them.
std::vector<LinkOnWay> linksOnWay(const NocTiming &noc, const Routing &routing,
                                  int fromRouter, int toRouter);
/// The same, appended. Returns the core cycles of a lone packet between cores
/// of these routers.
std::uint64_t appendLinksOnWay(const NocTiming &noc, const Routing &routing,
                               int fromRouter, int toRouter,
                               std::vector<LinkOnWay> &links);

/// A link that moves a packet at a time keeps the last of them waiting: none
/// arrives at it before the earliest of their departures allows, and from it
/// the nearest of their destinations is still some hops away.
class LinkBound {
public:
  /// `links`: linkCount of the mesh.
  explicit LinkBound(int links);

  /// The following ways are those of one burst; a link on several of them
  /// carries its packets once.
  void startBurst(std::uint64_t packets, std::uint64_t firstDeparture);
  void follow(const std::vector<LinkOnWay> &links) {
    follow(links.data(), links.size());
  }
  void follow(const LinkOnWay *links, std::size_t count);

  /// Of this step; no link if none has carried a packet.
  LinkTerm largest() const;
  /// Of the links of one way.
  LinkTerm largestOn(const std::vector<LinkOnWay> &links) const {
    return largestOn(links.data(), links.size());
  }
  LinkTerm largestOn(const LinkOnWay *links, std::size_t count) const;
  /// visit(link number, packets, busy cycles) in ascending order.
  template <typename Visit> void forEachUsed(Visit &&visit) {
    sortUsed();
    for (int link : used) {
      const Load &load = loads[static_cast<std::size_t>(link)];
      visit(link, load.packets, load.packets * load.cyclesAPacket);
    }
  }
  /// Forgets the step, which has taken so many cycles; 0: links never fill, and
  /// no share of it counts.
  void endStep(std::uint64_t cycles);

  /// Largest share of a step in which the link was busy.
  double peakUtilisation(int link) const {
    return peaks[static_cast<std::size_t>(link)];
  }
  /// Sets that of all runs.
  void fillPeaks(const Mesh &mesh, std::vector<LinkRun> &runs) const;

private:
  struct Load {
    std::uint64_t packets = 0, cyclesAPacket = 0;
    std::uint64_t earliest = 0; ///< arrival of a packet at the link
    std::uint64_t rest = 0;     ///< shortest way from it on, itself included
    std::uint64_t burst = 0;    ///< the last that was counted
  };

  void sortUsed();
  /// The larger of `term` and that of a link which has carried a packet.
  LinkTerm larger(const LinkTerm &term, int link) const;

  std::vector<Load> loads; ///< by link
  std::vector<int> used;
  std::vector<double> peaks;
  std::uint64_t burst = 0, burstPackets = 0, burstDeparture = 0;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_LINKBOUND_H

//===- RouterMesh.h - a mesh of virtual-channel routers ---------*- C++ -*-===//
//
// Flits through input-buffered virtual-channel routers, cycle by cycle, in
// plain arrays. A router works through routing, VC allocation, switch
// allocation and switch traversal; both allocators are separable with
// round-robin priorities that move on acceptance (iSLIP with one iteration:
// McKeown, "The iSLIP scheduling algorithm for input-queued switches",
// IEEE/ACM Trans. Networking 7(2), 1999). What happens in which cycle follows
// BookSim2's iq_router (Jiang et al., "A detailed and flexible cycle-accurate
// network-on-chip simulator", ISPASS 2013) and is written down in
// docs/spec/noc.md.
//
// All cycles are network cycles.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_NOC_ROUTERMESH_H
#define SYNFIRE_SIMULATOR_NOC_ROUTERMESH_H

#include "runtime/support/Status.h"
#include "simulator/noc/CoreQueues.h"
#include "simulator/noc/EventWheel.h"
#include "simulator/noc/MulticastForest.h"
#include "simulator/noc/RouteTable.h"

#include <cstdint>
#include <string>
#include <vector>

namespace synfire {

class RouterMesh {
public:
  using Cycle = std::uint64_t;

  /// A packet whose last flit a core has taken.
  struct Delivery {
    std::uint64_t tag = 0; ///< given to `send`, or the tree's for this core
    int core = 0;
  };

  /// "not supported" for more than 64 ports or VCs, delays of more than 2^16
  /// cycles, and trees of packets longer than a buffer. `ways` and `forest`
  /// have to outlive the mesh.
  static Result<RouterMesh> create(const NocTiming &timing, const Routing &ways,
                                   const MulticastForest &forest);

  /// Packets that wait at a core beside the one that it is busy with; none at
  /// first.
  void setInputQueue(std::uint32_t places) { queues.setCapacity(places); }

  /// The cycle that the next `step` works through.
  Cycle now() const { return cycle; }
  /// Everything has arrived and every buffer is free again.
  bool idle() const {
    return livePackets == 0 && events.next(cycle) == Wheel::none &&
           credits.next(cycle) == Wheel::none;
  }
  /// All flits of the packets sent at `core` have entered the network.
  bool sourceIdle(int core) const {
    return sources[static_cast<std::size_t>(core)].first == nothing;
  }
  /// The first cycle from now on in which something happens unless more is
  /// sent; Wheel's `none` if nothing ever does.
  Cycle nextWork() const;
  /// Skips cycles in which nothing happens; `to` <= nextWork().
  void skipTo(Cycle to) { cycle = to; }

  /// Queues a packet at a core; it enters the network as soon as the core's
  /// earlier ones have, at the earliest in the cycle now(). `serviceCycles`:
  /// what the destination needs for it before it can take the next.
  void send(int fromCore, int toCore, std::uint64_t tag,
            std::uint32_t serviceCycles = 0);
  /// The same for a tree of the forest that has `leaves` destinations.
  void sendTree(int fromCore, std::uint32_t root, std::uint32_t leaves,
                std::uint32_t serviceCycles = 0);

  /// One cycle of the whole mesh. `arrived` gets what cores take in it.
  void step(std::vector<Delivery> &arrived);

  /// Empties everything and starts at cycle 0, arbiters included.
  void clear();

  /// Packets sent and not yet taken everywhere.
  std::uint64_t packetsInFlight() const { return livePackets; }
  /// Flits that have left a router by a link since the start, by its number.
  const std::vector<std::uint64_t> &flitsOverLinks() const { return crossed; }
  /// Cycles from the core that sends to its router's buffer, and from a
  /// router's switch to the core that takes: a cycle at the interface, and one
  /// for each of the local wires.
  static constexpr int injectionCycles = 2, ejectionCycles = 1;

  /// Checks that no flit, credit or channel was lost or made; a sentence about
  /// the first fault, empty if there is none. Slow.
  std::string findFault() const;

private:
  using Mask = std::uint64_t;
  static constexpr std::uint32_t links =
      static_cast<std::uint32_t>(Direction::Local);
  static constexpr std::uint32_t nothing = ~std::uint32_t(0);
  static constexpr std::uint16_t nobody = 0xffff;

  enum class Phase : std::uint8_t { Idle, Routing, Waiting, Active };

  struct Packet {
    std::uint64_t tag = 0;
    std::uint32_t next = nothing; ///< behind it at the same source
    std::uint32_t to = 0;         ///< core, or root of a tree
    std::uint32_t service = 0;
    std::uint32_t copies = 1; ///< that have not arrived
    bool tree = false;
  };
  struct Flit {
    std::uint32_t packet = 0;
    std::uint32_t place = 0; ///< destination router, or node of a tree
    std::uint32_t next = nothing;
    std::uint8_t slot = 0; ///< of the core at the destination router
    std::uint8_t routingState = 0;
    bool tail = false, tree = false;
  };
  struct InputVc {
    std::uint32_t first = nothing, last = nothing; ///< flits in the buffer
    std::uint32_t cursor = nothing;                ///< the next one to send
    std::uint32_t branch = 0;                      ///< of a tree's copies
    Mask outVcs = 0;              ///< that the packet at the head may take
    std::uint16_t acceptFrom = 0; ///< round-robin, output VCs
    std::uint8_t outPort = 0, outVc = 0;
    Phase phase = Phase::Idle;
    bool asking = false;  ///< an allocation of several cycles is under way
    bool copying = false; ///< branches are left after this one
  };
  struct OutputVc {
    std::int32_t credits = 0;
    std::uint16_t owner = nobody; ///< local number of an input VC
    std::uint16_t grantFrom = 0;  ///< round-robin, input VCs
  };
  struct InputPort {
    Mask waiting = 0; ///< VCs that ask for an output VC
    Mask ready = 0;   ///< VCs with an output VC, a flit and a credit
    std::uint32_t creditTarget = 0; ///< first VC of the sender's output
    std::uint32_t creditCycles = 0;
    std::uint8_t acceptFrom = 0; ///< round-robin, outputs
    std::uint8_t vcFrom = 0;     ///< round-robin, VCs of this port
    bool fromCore = false;
  };
  struct OutputPort {
    Mask free = 0;                  ///< VCs that no packet holds
    std::uint32_t target = nothing; ///< first VC of the next input port
    std::uint32_t transferCycles = 0;
    std::uint32_t flitCycles = 1;
    std::int32_t depth = 0; ///< of a VC at `target`
    Cycle freeFrom = 0;
    int core = -1;              ///< that it leads to
    std::uint8_t grantFrom = 0; ///< round-robin, input ports
  };
  struct PortName {
    std::uint32_t router : 24, number : 8;
  };
  struct Router {
    Mask waitingPorts = 0, readyPorts = 0;
  };
  struct Source {
    std::uint32_t first = nothing, last = nothing; ///< packets
    std::uint32_t flitsSent = 0;                   ///< of the first packet
    std::uint32_t target = 0; ///< first input VC of the router's port
    std::uint8_t vc = 0;
  };
  struct Event {
    enum Kind : std::uint32_t {
      SourceCredit, ///< at VC `where` of the sources
      Arrival,      ///< of the flit `what` in input VC `where`
      Ejection,     ///< of the flit `what` from output VC `where`
      Routed,       ///< input VC `where`
      VcResult,     ///< of input VC `where`: noVc or the VC, + switchGranted
      SwitchResult  ///< likewise: switchGranted or 0
    };
    std::uint32_t kind : 3, where : 29;
    std::uint32_t what;
    static constexpr std::uint32_t noVc = 0xff, switchGranted = 0x100;
  };
  using Wheel = EventWheel<Event>;
  struct Rival {
    std::uint32_t input = 0; ///< number of an input VC at its router
    Mask grants = 0;         ///< output VCs that grant to it
  };
  /// What the allocators of one router grant in one cycle.
  struct VcGrant {
    std::uint32_t inputVc = 0;
    std::uint8_t vc = 0;
  };
  struct SwitchGrant {
    std::uint32_t inputVc = 0;
    bool speculative = false, simple = false;
  };

  RouterMesh(const NocTiming &timing, const Routing &ways,
             const MulticastForest &trees, Cycle horizon);
  void connect(const NocTiming &timing, const Routing &ways);
  // Ports are numbered by router; their VCs are padded to a power of two.
  std::uint32_t portOf(std::uint32_t vc) const { return vc >> vcBits; }
  std::uint32_t routerOf(std::uint32_t vc) const {
    return portNames[portOf(vc)].router;
  }
  std::uint32_t firstPort(std::uint32_t router) const { return router * ports; }
  std::uint32_t firstVc(std::uint32_t port) const { return port << vcBits; }
  /// The bits of a port at its router and of a VC at its port.
  Mask portBit(std::uint32_t port) const {
    return Mask(1) << portNames[port].number;
  }
  Mask vcBit(std::uint32_t vc) const {
    return Mask(1) << (vc & ((1U << vcBits) - 1));
  }
  std::uint32_t outputOf(std::uint32_t inputVc) const {
    return firstPort(routerOf(inputVc)) + inputVcs[inputVc].outPort;
  }
  std::uint32_t outputVcOf(std::uint32_t inputVc) const {
    return firstVc(outputOf(inputVc)) + inputVcs[inputVc].outVc;
  }

  void startHead(std::uint32_t inputVc, Cycle from);
  void route(std::uint32_t inputVc);
  void takeBranch(std::uint32_t inputVc);
  void await(std::uint32_t inputVc);
  void stopWaiting(std::uint32_t inputVc);
  void setReady(std::uint32_t inputVc);
  void stopSending(std::uint32_t inputVc);
  void handle(const Event &event, std::vector<Delivery> &arrived);
  void arrive(std::uint32_t inputVc, std::uint32_t flit);
  void eject(std::uint32_t outputVc, std::uint32_t flit,
             std::vector<Delivery> &arrived);
  void take(std::uint32_t outputVc, std::uint32_t flit,
            std::vector<Delivery> &arrived);
  void inject(std::uint32_t core);
  void enqueue(int fromCore, std::uint32_t packet);

  void evaluate(std::uint32_t router);
  void evaluateSimple(std::uint32_t router);
  std::uint32_t onlyWaiting(std::uint32_t router, Mask portMask) const;
  bool nobodyContends(std::uint32_t router);
  void allocateVcs(std::uint32_t router);
  std::uint32_t grantAlone(std::uint32_t inputVc);
  void grantVcs(std::uint32_t router, std::uint32_t port);
  void allocateSwitch(std::uint32_t router);
  void requestSwitch(std::uint32_t router, std::uint32_t port, Mask candidates,
                     bool speculate);
  void applyVc(std::uint32_t inputVc, std::uint8_t vc);
  void applyVcs();
  void applySwitch();
  void scheduleResults();
  void finishAllocation(const Event &event);
  bool takeVc(std::uint32_t inputVc, std::uint8_t vc);
  void sendAlone(std::uint32_t inputVc);
  void sendFlit(std::uint32_t inputVc);

  std::uint32_t newFlit();
  void freeFlit(std::uint32_t flit);
  std::uint32_t newPacket();

  RouteTable routes;
  const MulticastForest &forest;
  std::uint32_t vcs, coresPerRouter, flitsPerPacket;
  std::uint32_t ports = 0, vcBits = 0;
  std::uint32_t routingCycles, vcCycles, switchCycles; ///< the last two >= 1
  bool speculative = false, simple = false;
  /// An output VC and the switch are granted in the same cycle, one by the
  /// other, because one of them takes no cycle of its own.
  bool sameCycle;

  std::uint32_t coreCreditCycles = 0;
  std::int32_t injectionDepth = 0;

  Cycle cycle = 0;
  Wheel events;
  EventWheel<std::uint32_t> credits; ///< at output VCs
  std::vector<PortName> portNames;
  std::vector<Router> routers;
  std::vector<InputVc> inputVcs;   ///< by router, port, VC
  std::vector<OutputVc> outputVcs; ///< likewise; port p leads to direction p
  std::vector<InputPort> inputs;   ///< by router, port; p comes from there
  std::vector<OutputPort> outputs;
  std::vector<Mask> activeRouters;
  std::vector<Source> sources; ///< by core
  std::vector<OutputVc> sourceVcs;
  std::vector<Mask> activeSources;
  CoreQueues queues;

  std::vector<Packet> packets;
  std::vector<Flit> flits;
  std::uint32_t firstFreePacket = nothing, firstFreeFlit = nothing;
  std::uint64_t livePackets = 0;
  std::vector<std::uint64_t> crossed;

  // Of the router at work.
  std::vector<std::uint32_t> askers; ///< input VCs that want an output VC
  std::vector<Rival> rivals;         ///< those that want the same output
  std::vector<std::uint32_t> switchAskers;
  Mask requestedOutputs = 0;
  std::vector<Mask> outputRequests, inputGrants; ///< by port
  std::vector<std::uint8_t> requestVc;           ///< by input, output port
  std::vector<Mask> speculativeRequests;         ///< by output port
  std::vector<VcGrant> vcGrants;
  std::vector<SwitchGrant> switchGrants;
};

// Called for every flit.

inline std::uint32_t RouterMesh::newFlit() {
  if (firstFreeFlit == nothing) {
    flits.emplace_back();
    return static_cast<std::uint32_t>(flits.size() - 1);
  }
  const std::uint32_t flit = firstFreeFlit;
  firstFreeFlit = flits[flit].next;
  return flit;
}

inline void RouterMesh::freeFlit(std::uint32_t flit) {
  flits[flit].next = firstFreeFlit;
  firstFreeFlit = flit;
}

inline void RouterMesh::await(std::uint32_t inputVc) {
  inputVcs[inputVc].phase = Phase::Waiting;
  const std::uint32_t port = portOf(inputVc), router = routerOf(inputVc);
  inputs[port].waiting |= vcBit(inputVc);
  routers[router].waitingPorts |= portBit(port);
  activeRouters[router / 64] |= Mask(1) << (router % 64);
}

inline void RouterMesh::stopWaiting(std::uint32_t inputVc) {
  const std::uint32_t port = portOf(inputVc);
  inputs[port].waiting &= ~vcBit(inputVc);
  if (inputs[port].waiting == 0)
    routers[routerOf(inputVc)].waitingPorts &= ~portBit(port);
}

inline bool RouterMesh::takeVc(std::uint32_t inputVc, std::uint8_t vc) {
  InputVc &input = inputVcs[inputVc];
  OutputPort &output = outputs[outputOf(inputVc)];
  if ((output.free >> vc & 1) == 0)
    return false;
  output.free &= ~(Mask(1) << vc);
  input.outVc = vc;
  input.phase = Phase::Active;
  outputVcs[outputVcOf(inputVc)].owner = static_cast<std::uint16_t>(
      inputVc - firstVc(firstPort(routerOf(inputVc))));
  return true;
}

inline void RouterMesh::stopSending(std::uint32_t inputVc) {
  const std::uint32_t port = portOf(inputVc);
  inputs[port].ready &= ~vcBit(inputVc);
  if (inputs[port].ready == 0)
    routers[routerOf(inputVc)].readyPorts &= ~portBit(port);
}

inline void RouterMesh::setReady(std::uint32_t inputVc) {
  const InputVc &input = inputVcs[inputVc];
  const std::uint32_t port = portOf(inputVc), router = routerOf(inputVc);
  if (input.phase == Phase::Active && !input.asking &&
      input.cursor != nothing && outputVcs[outputVcOf(inputVc)].credits > 0) {
    inputs[port].ready |= vcBit(inputVc);
    routers[router].readyPorts |= portBit(port);
    activeRouters[router / 64] |= Mask(1) << (router % 64);
    return;
  }
  stopSending(inputVc);
}

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_ROUTERMESH_H

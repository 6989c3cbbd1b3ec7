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
  std::vector<std::uint64_t> flitsOverLinks() const;
  /// Cycles from the core that sends to its router's buffer, and from a
  /// router's switch to the core that takes: a cycle at the interface, and one
  /// for each of the local wires.
  static constexpr int injectionCycles = NocTiming::injectionCycles,
                       ejectionCycles = NocTiming::ejectionCycles;

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
    std::uint32_t output = 0;                      ///< port that it wants
    std::uint16_t acceptFrom = 0;                  ///< round-robin, output VCs
    std::uint8_t outVc = 0;
    Phase phase : 2;
    bool asking : 1;  ///< an allocation of several cycles is under way
    bool copying : 1; ///< branches of a tree are left after this one
    bool anyVc : 1;   ///< the packet at the head may take every output VC
    InputVc()
        : phase(Phase::Idle), asking(false), copying(false), anyVc(true) {}
  };
  /// What only some packets need.
  struct Detail {
    Mask outVcs = 0;                ///< of a packet that may not take every one
    std::uint32_t branch = 0;       ///< of a tree
    std::uint32_t cursor = nothing; ///< of a copy: the next flit to send
  };
  /// Of a router's output, or of a core that sends.
  struct OutputVc {
    std::int32_t credits = 0;
    /// Local number of the input VC that holds it; at a core 0 if the source
    /// sleeps until it has a credit.
    std::uint16_t owner = nobody;
    std::uint16_t grantFrom = 0; ///< round-robin, input VCs
  };
  struct InputPort {
    std::uint32_t router = 0;
    std::uint32_t creditTarget = 0; ///< first VC of the sender's output
    std::uint32_t creditCycles = 0;
    std::uint8_t acceptFrom = 0; ///< round-robin, outputs
    std::uint8_t vcFrom = 0;     ///< round-robin, VCs of this port
    Mask offered = 0;            ///< outputs that grant to it in this cycle
  };
  /// As much as a line of the caches.
  struct alignas(64) OutputPort {
    Mask free = 0; ///< VCs that no packet holds
    /// Input VCs that want a VC of it, and those that have one, a flit and a
    /// credit; where a router has no more than 64.
    Mask askers = 0, senders = 0;
    Cycle freeFrom = 0;
    std::uint64_t flits = 0;        ///< sent since the start
    std::uint32_t firstInput = 0;   ///< input VC of the router
    std::uint32_t target = nothing; ///< first VC of the next input port, or of
                                    ///< this port if it leads to a core
    std::uint32_t flitCycles = 1;
    std::uint16_t transferCycles = 0;
    std::uint8_t number = 0;    ///< at its router
    std::uint8_t grantFrom = 0; ///< round-robin, input ports
    bool busy = false; ///< with a flit of several cycles; nobody asks meanwhile
    bool wanted = false, ready = false; ///< in the list of that name
    bool toCore = false;
  };
  /// What is behind an output port.
  struct PortEnd {
    std::int32_t depth = 0; ///< of a VC at `target`
    int core = -1;
  };
  struct Source {
    std::uint32_t first = nothing, last = nothing; ///< packets
    std::uint32_t flitsSent = 0;                   ///< of the first packet
    std::uint32_t target = 0; ///< first input VC of the router's port
    std::uint8_t vc = 0;
  };
  struct Event {
    enum Kind : std::uint32_t {
      Arrival,      ///< of the flit `what` in input VC `where`
      Ejection,     ///< of the flit `what` from output VC `where`
      Routed,       ///< input VC `where`
      VcResult,     ///< of input VC `where`: noVc or the VC, + switchGranted
      SwitchResult, ///< likewise: switchGranted or 0
      Reopen        ///< output port `where`, after a flit of several cycles
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
  /// A grant of the switch that the input has not accepted yet.
  struct Offer {
    std::uint32_t port = 0; ///< output
    std::uint32_t inputVc = 0;
    bool speculative = false;
  };
  /// What the allocators grant in one cycle.
  struct VcGrant {
    std::uint32_t inputVc = 0;
    std::uint8_t vc = 0;
  };
  struct SwitchGrant {
    std::uint32_t inputVc = 0;
    bool speculative = false;
  };

  RouterMesh(const NocTiming &timing, const Routing &ways,
             const MulticastForest &trees, Cycle horizon);
  void connect(const NocTiming &timing, const Routing &ways);
  // Ports are numbered by router; their VCs are padded to a power of two.
  std::uint32_t portOf(std::uint32_t vc) const { return vc >> vcBits; }
  std::uint32_t firstPort(std::uint32_t router) const { return router * ports; }
  std::uint32_t firstVc(std::uint32_t port) const { return port << vcBits; }
  /// Number of an input VC at its router.
  std::uint32_t localOf(std::uint32_t inputVc) const {
    return inputVc - outputs[inputVcs[inputVc].output].firstInput;
  }
  std::uint32_t outputVcOf(std::uint32_t inputVc) const {
    return firstVc(inputVcs[inputVc].output) + inputVcs[inputVc].outVc;
  }
  /// VCs of cores that send come after all output VCs.
  std::uint32_t sourceVc(std::uint32_t core) const {
    return firstVc(static_cast<std::uint32_t>(outputs.size()) + core);
  }

  // Sets of a router's input VCs, one an output port.
  Mask *askersOf(std::uint32_t port) {
    return words == 1 ? &outputs[port].askers : &manyAskers[port * words];
  }
  Mask *sendersOf(std::uint32_t port) {
    return words == 1 ? &outputs[port].senders : &manySenders[port * words];
  }
  /// Output VCs that the packet at the head may take.
  Mask outVcs(std::uint32_t inputVc) const {
    return inputVcs[inputVc].anyVc ? ~Mask(0) : details[inputVc].outVcs;
  }
  /// The flit to send next.
  std::uint32_t nextFlit(std::uint32_t inputVc) const {
    return inputVcs[inputVc].copying ? details[inputVc].cursor
                                     : inputVcs[inputVc].first;
  }
  void insert(Mask *set, std::uint32_t local) const {
    set[local / 64] |= Mask(1) << (local % 64);
  }
  void remove(Mask *set, std::uint32_t local) const {
    set[local / 64] &= ~(Mask(1) << (local % 64));
  }
  /// The first member from `from` on, cyclically; `nothing` without any.
  std::uint32_t firstFrom(const Mask *set, std::uint32_t from) const;
  template <typename Visit>
  void forEachIn(const Mask *set, Visit &&visit) const {
    for (std::uint32_t word = 0; word < words; ++word)
      for (Mask bits = set[word]; bits != 0; bits &= bits - 1)
        visit(word * 64 + static_cast<std::uint32_t>(__builtin_ctzll(bits)));
  }
  bool isEmpty(const Mask *set) const {
    Mask all = set[0];
    for (std::uint32_t word = 1; word < words; ++word)
      all |= set[word];
    return all == 0;
  }
  void enlistWanted(std::uint32_t port) {
    if (!outputs[port].wanted) {
      outputs[port].wanted = true;
      wantedOutputs.push_back(port);
    }
  }
  void enlistReady(std::uint32_t port) {
    if (!outputs[port].ready) {
      outputs[port].ready = true;
      readyOutputs.push_back(port);
    }
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
  void enqueue(int fromCore, std::uint32_t packet);

  void giveCredit(std::uint32_t outputVc);
  void reopen(std::uint32_t port);
  void inject(std::uint32_t core);

  void allocate();
  void allocateSimply();
  void allocateSlowly();
  std::uint32_t acceptedVc(std::uint32_t inputVc, Mask granted);
  bool accepts(const Offer &made);
  bool speculationHolds(std::uint32_t inputVc) const;
  void allocateVcs();
  bool grantVcs(std::uint32_t port);
  bool grantRivals(std::uint32_t port);
  void allocateSwitch();
  const Mask *speculators(std::uint32_t port);
  bool grantSwitch(std::uint32_t port, Offer &made);
  void acceptSwitch();
  void applyVcs();
  void applySwitch();
  void scheduleResults();
  void finishAllocation(const Event &event);
  bool takeVc(std::uint32_t inputVc, std::uint8_t vc);
  void sendFlit(std::uint32_t inputVc);

  std::uint32_t newFlit();
  void freeFlit(std::uint32_t flit);
  std::uint32_t newPacket();

  RouteTable routes;
  const MulticastForest &forest;
  std::uint32_t vcs, coresPerRouter, flitsPerPacket;
  std::uint32_t ports = 0, vcBits = 0;
  Mask vcMask = 0, allVcs = 0; ///< padded, not padded
  std::uint32_t words = 0;     ///< of a set of a router's input VCs
  std::uint32_t routingCycles, vcCycles, switchCycles; ///< the last two >= 1
  bool speculative = false;
  bool slow = false;   ///< an allocation takes several cycles
  bool simple = false; ///< none does, nor any at once; sets of one word
  /// An output VC and the switch are granted in the same cycle, one by the
  /// other, because one of them takes no cycle of its own.
  bool sameCycle;

  std::uint32_t coreCreditCycles = 0;
  std::int32_t injectionDepth = 0;

  Cycle cycle = 0;
  Wheel events;
  EventWheel<std::uint32_t> credits; ///< at output VCs
  std::vector<InputVc> inputVcs;     ///< by router, port, VC
  std::vector<Detail> details;       ///< likewise
  std::vector<OutputVc> outputVcs;   ///< likewise, port p leads to direction p;
                                     ///< then by core, VC
  std::vector<InputPort> inputs;     ///< by router, port; p comes from there
  std::vector<OutputPort> outputs;
  std::vector<PortEnd> ends;
  std::vector<Mask> manyAskers, manySenders; ///< of routers with many VCs
  /// Outputs of which somebody may get a VC, and those to which somebody may
  /// send. What waits for others waits for an event.
  std::vector<std::uint32_t> wantedOutputs, readyOutputs;
  std::vector<Source> sources; ///< by core
  std::vector<Mask> activeSources;
  CoreQueues queues;

  std::vector<Packet> packets;
  std::vector<Flit> flits;
  std::uint32_t firstFreePacket = nothing, firstFreeFlit = nothing;
  std::uint64_t livePackets = 0;

  // Of the cycle at work.
  std::vector<std::uint32_t> portsAtWork, vcAskers, switchAskers;
  std::vector<Rival> rivals; ///< those to which VCs of one output grant
  std::vector<Mask> speculating;
  std::vector<Offer> offers;
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
  const std::uint32_t port = inputVcs[inputVc].output;
  insert(askersOf(port), localOf(inputVc));
  enlistWanted(port);
}

inline void RouterMesh::stopWaiting(std::uint32_t inputVc) {
  remove(askersOf(inputVcs[inputVc].output), localOf(inputVc));
}

inline bool RouterMesh::takeVc(std::uint32_t inputVc, std::uint8_t vc) {
  InputVc &input = inputVcs[inputVc];
  OutputPort &output = outputs[input.output];
  if ((output.free >> vc & 1) == 0)
    return false;
  output.free &= ~(Mask(1) << vc);
  input.outVc = vc;
  input.phase = Phase::Active;
  outputVcs[firstVc(input.output) + vc].owner =
      static_cast<std::uint16_t>(inputVc - output.firstInput);
  return true;
}

inline void RouterMesh::stopSending(std::uint32_t inputVc) {
  remove(sendersOf(inputVcs[inputVc].output), localOf(inputVc));
}

inline void RouterMesh::setReady(std::uint32_t inputVc) {
  const InputVc &input = inputVcs[inputVc];
  if (input.phase == Phase::Active && !input.asking &&
      nextFlit(inputVc) != nothing &&
      outputVcs[outputVcOf(inputVc)].credits > 0) {
    insert(sendersOf(input.output), localOf(inputVc));
    if (!outputs[input.output].busy)
      enlistReady(input.output);
    return;
  }
  stopSending(inputVc);
}

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_ROUTERMESH_H

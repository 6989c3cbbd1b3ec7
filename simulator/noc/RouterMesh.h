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
#include "simulator/noc/HeaderRings.h"
#include "simulator/noc/LinkTiming.h"
#include "simulator/noc/MulticastForest.h"
#include "simulator/noc/PortList.h"
#include "simulator/noc/RouteTable.h"

#include <cstdint>
#include <string>
#include <utility>
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

  /// "not supported" for more than 64 ports or VCs, 2^18 routers, delays of
  /// 2^16 cycles or more, a core's flits and their credits together, and trees
  /// of packets longer than a buffer. `ways` and `forest` have to outlive the
  /// mesh.
  static Result<RouterMesh> create(const NocTiming &timing, const Routing &ways,
                                   const MulticastForest &forest);

  /// Packets that wait at a core beside the one that it is busy with; none at
  /// first.
  void setInputQueue(std::uint32_t places) { queues.setCapacity(places); }

  /// The cycle that the next `step` works through.
  Cycle now() const { return cycle; }
  /// Everything has arrived and every buffer is free again.
  bool idle() const {
    return livePackets == 0 && events.next(cycle) == Wheel::none;
  }
  /// All flits of the packets sent at `core` have entered the network.
  bool sourceIdle(int core) const {
    return sources[static_cast<std::size_t>(core)].first == nothing;
  }
  /// The first cycle from now on in which something happens unless more is
  /// sent; ~0 if nothing ever does.
  Cycle nextWork() const;
  /// Skips cycles in which nothing happens; `to` <= nextWork().
  void skipTo(Cycle to) { cycle = to; }

  /// Queues a packet at a core; it enters the network as soon as the core's
  /// earlier ones have, at the earliest in the cycle now(). `serviceCycles`:
  /// what the destination needs for it before it can take the next.
  void send(int fromCore, int toCore, std::uint64_t tag,
            std::uint32_t serviceCycles = 0);
  /// The same for a tree of the forest that has `leaves` destinations.
  void sendTree(int fromCore, std::uint32_t root, std::uint32_t leaves);
  /// `serviceCycles` of `send` for the leaves of trees, by their tags; none for
  /// those behind the end, and after clear().
  void setLeafServices(std::vector<std::uint32_t> cyclesOfTag) {
    leafServices = std::move(cyclesOfTag);
  }

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

  /// Each kind has lists of its own, so that no loop has to tell them apart.
  enum EventKind : std::uint32_t {
    Arrival,      ///< of a flit in an input VC; in simple routers, of a head
    Body,         ///< there, of another flit
    Routed,       ///< an input VC
    Ejection,     ///< of a tail from an output VC
    Credit,       ///< at a router's output VC
    SourceCredit, ///< at a core that sends
    Reopen,       ///< an output port, after a flit of several cycles
    Answer,       ///< to a slow allocation of an input VC
    eventKinds
  };
  struct Packet {
    std::uint64_t tag = 0;
    std::uint32_t next = nothing; ///< behind it at the same source
    std::uint32_t place = 0;      ///< as in Header
    std::uint32_t service = 0;    ///< of a tree: in leafServices
    std::uint32_t copies = 1;     ///< that have not arrived
    bool tree = false;
  };
  /// As much as half a line of the caches.
  struct alignas(32) InputVc {
    Header header;                ///< of the packet that was routed last
    std::uint32_t headers = 0;    ///< position of the next packet's
    std::uint32_t flits = 0;      ///< in the buffer
    std::uint32_t left = 0;       ///< flits of the packet to be sent
    std::uint32_t output = 0;     ///< port that it wants
    std::uint32_t outVc = 0;      ///< output VC that it has
    std::uint16_t acceptFrom = 0; ///< round-robin, output VCs
    Phase phase = Phase::Idle;
  };
  /// What only some packets and routers need.
  struct Detail {
    std::uint32_t branch = 0; ///< of a tree
    std::uint16_t result = 0; ///< of the allocation under way, see below
    bool asking = false;      ///< an allocation of several cycles is under way
    bool copying = false;     ///< branches of a tree are left after this one
  };
  /// Of a router's output, or of a core that sends.
  struct OutputVc {
    std::int32_t credits = 0;
    /// Local number of the input VC that holds it.
    std::uint16_t owner = nobody;
    std::uint16_t grantFrom = 0; ///< round-robin, input VCs
    /// Position of the next header that it sends, and that a core reads.
    std::uint32_t headers = 0, ejected = 0;
  };
  struct alignas(32) InputPort {
    Mask offered = 0; ///< outputs that grant to it in this cycle
    std::uint32_t router = 0;
    std::uint32_t creditTarget = 0; ///< first VC of the sender's output
    std::uint32_t ringMask = 0;     ///< HeaderRings::maskOf() of its VCs
    std::uint16_t acceptFrom = 0;   ///< round-robin, outputs
    std::uint16_t vcFrom = 0;       ///< round-robin, VCs of this port
    std::uint32_t creditCycles = 0;
    EventKind creditKind = Credit;
  };
  /// As much as a line of the caches.
  struct alignas(64) OutputPort {
    Mask free = 0; ///< VCs that no packet holds
    // Of simple routers: input VCs that want a VC of it; those that have a
    // flit, or had one when it mattered; those that have a VC of it, with a
    // credit. Who is both filled and funded asks for the switch.
    Mask askers = 0, filled = 0, funded = 0;
    std::uint64_t flits = 0;        ///< sent since the start
    std::uint32_t firstInput = 0;   ///< input VC of the router
    std::uint32_t target = nothing; ///< first VC of the next input port, or of
                                    ///< this port if it leads to a core
    std::uint16_t flitCycles = 1;
    std::uint16_t grantFrom = 0; ///< round-robin, input ports: the first VC
    /// Events of its flits; [1] of the marked one, which is a packet's tail at
    /// a core, else its head.
    std::uint8_t kinds[2] = {};
    std::uint16_t cycles[2] = {}; ///< until then
    std::uint8_t number = 0;      ///< at its router
    std::uint8_t ringBits = 0;    ///< HeaderRings::bitsOf() on each VC
    bool marksTail = false;
    bool busy = false; ///< with a flit of several cycles; nobody asks meanwhile
    bool wanted = false, ready = false; ///< in the list of that name
  };
  static_assert(sizeof(OutputPort) == 64);
  /// What is behind an output port.
  struct PortEnd {
    Cycle freeFrom = 0;     ///< the link, for the next flit
    std::int32_t depth = 0; ///< of a VC at `target`
    int core = -1;
  };
  struct Source {
    Mask funded = 0;  ///< VCs with a credit
    Mask awaited = 0; ///< those whose credit ends its sleep
    std::uint32_t first = nothing, last = nothing; ///< packets
    std::uint32_t flitsSent = 0;                   ///< of the first packet
    std::uint32_t target = 0; ///< first input VC of the router's port
    std::uint8_t vc = 0;
  };
  using Wheel = EventWheel<eventKinds>;
  /// Marks an input VC in `Answer`: of the allocation of a VC. They are in
  /// `Arrival` where both allocations belong to the same cycle, because then
  /// they take their turn among the arrivals.
  static constexpr std::uint32_t vcResult = std::uint32_t(1) << 31;
  /// Detail::result: the VC, and whether there is a grant of the switch.
  static constexpr std::uint16_t noVc = 0xff, switchGranted = 0x100;
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
  /// The same in simple routers, with what belongs to it at hand.
  struct SimpleOffer {
    OutputPort *output = nullptr;
    InputPort *from = nullptr;
    std::uint32_t port = 0;
    std::uint32_t inputVc = 0;
    bool speculative = false;
  };
  /// What the allocators grant in one cycle.
  struct VcGrant {
    std::uint32_t inputVc = 0;
    std::uint32_t vc = 0;
  };
  struct SwitchGrant {
    std::uint32_t inputVc = 0;
    bool speculative = false;
  };

  RouterMesh(const NocTiming &timing, const Routing &ways,
             const MulticastForest &trees, Cycle horizon);
  void connect(const NocTiming &timing, const Routing &ways);
  void connectLink(std::uint32_t port, std::uint32_t entry,
                   const LinkTiming &link);
  void connectCore(std::uint32_t core, const LinkTiming &link);
  /// Returns OutputPort::ringBits of the sender.
  std::uint8_t connectInput(std::uint32_t port, std::uint32_t sender,
                            std::int32_t depth);
  /// A ring for the headers on each of the VCs from `sender` on.
  std::uint8_t addRings(std::uint32_t sender, std::uint32_t packetsHeld);
  // Ports are numbered by router; their VCs are padded to a power of two.
  std::uint32_t portOf(std::uint32_t vc) const { return vc >> vcBits; }
  std::uint32_t firstPort(std::uint32_t router) const { return router * ports; }
  std::uint32_t firstVc(std::uint32_t port) const { return port << vcBits; }
  /// Number of an input VC at its router.
  std::uint32_t localOf(std::uint32_t inputVc) const {
    return inputVc - outputs[inputVcs[inputVc].output].firstInput;
  }
  /// VCs of cores that send come after all output VCs.
  std::uint32_t sourceVc(std::uint32_t core) const {
    return firstVc(static_cast<std::uint32_t>(outputs.size()) + core);
  }

  /// It sends the packet's flits but keeps them.
  bool isCopying(std::uint32_t inputVc) const {
    return inputVcs[inputVc].header.isTree() && details[inputVc].copying;
  }
  /// Output VCs that the first packet of an input VC may take.
  Mask allowedVcs(std::uint32_t inputVc) const {
    return restricted ? allowed[inputVc] : ~Mask(0);
  }
  /// The buffer has the flit that is sent next.
  bool hasFlit(std::uint32_t inputVc) const {
    const InputVc &vc = inputVcs[inputVc];
    return vc.flits > (isCopying(inputVc) ? flitsPerPacket - vc.left : 0);
  }

  // Sets of a router's input VCs, one an output port, where it is not simple.
  Mask *askersOf(std::uint32_t port) { return &manyAskers[port * words]; }
  Mask *sendersOf(std::uint32_t port) { return &manySenders[port * words]; }
  static void insert(Mask *set, std::uint32_t local) {
    set[local / 64] |= Mask(1) << (local % 64);
  }
  static void remove(Mask *set, std::uint32_t local) {
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
  void enlistWanted(std::uint32_t port) { enlistWantedIf(true, port); }
  void enlistWantedIf(bool wanted, std::uint32_t port) {
    OutputPort &output = outputs[port];
    wantedOutputs.addIf(wanted & !output.wanted, port);
    output.wanted |= wanted;
  }
  void enlistReady(std::uint32_t port) {
    readyOutputs.addIf(!outputs[port].ready, port);
    outputs[port].ready = true;
  }
  /// visit(event) for those of a kind in this cycle.
  template <typename Visit> void forEvents(EventKind kind, Visit &&visit) {
    for (const std::uint32_t event : events.at(kind, cycle))
      visit(event);
  }

  // What any router does; see RouterFlits.h.
  void findOutput(std::uint32_t inputVc);
  void lookUpOutput(std::uint32_t inputVc);
  void takeBranch(std::uint32_t inputVc);
  void takeVc(std::uint32_t inputVc, std::uint32_t vc);
  bool passFlit(std::uint32_t inputVc);
  void freePlace(std::uint32_t inputVc);
  void inject(std::uint32_t core);
  void injectAll();
  void wake(std::uint32_t core);
  void sleep(std::uint32_t core);
  void giveSourceCredit(std::uint32_t vc);
  void eject(std::uint32_t outputVc, std::vector<Delivery> &arrived);
  void take(const CoreQueues::Item &item, std::vector<Delivery> &arrived);
  void enqueue(int fromCore, std::uint32_t packet);

  // A cycle of simple routers; see SimpleRouters.cpp.
  template <bool Speculative> void stepSimply(std::vector<Delivery> &arrived);
  void enterSimply();
  void askSimply(std::uint32_t inputVc);
  template <bool Speculative> SimpleOffer *offerSimply();
  Mask speculatorsSimply(std::uint32_t port) const;
  template <bool Speculative> void grantVcsSimply();
  template <bool Speculative>
  void grantVcSimply(std::uint32_t inputVc, Mask granted);
  template <bool Speculative> void grantRivals(std::uint32_t port);
  template <bool Speculative> void acceptSimply(const SimpleOffer *offersEnd);
  bool sendSimply(const SimpleOffer &made);
  bool sendOfTree(std::uint32_t inputVc);
  void releaseSimply(const SimpleOffer &made);

  // Of all others; see RouterMoves.cpp and RouterAllocation.cpp.
  void stepGenerally(std::vector<Delivery> &arrived);
  void arrive(std::uint32_t inputVc);
  void startHead(std::uint32_t inputVc, bool nextCycle);
  void route(std::uint32_t inputVc);
  void await(std::uint32_t inputVc);
  void stopWaiting(std::uint32_t inputVc);
  void setReady(std::uint32_t inputVc);
  void giveCredit(std::uint32_t outputVc);
  void reopen(std::uint32_t port);
  void sendFlit(std::uint32_t inputVc);
  void allocate();
  void allocateSlowly();
  std::uint32_t acceptedVc(std::uint32_t inputVc, Mask granted);
  bool accepts(std::uint32_t inputVc, InputPort &input,
               OutputPort &output) const;
  bool speculationHolds(std::uint32_t inputVc) const;
  void allocateVcs();
  bool grantVcs(std::uint32_t port);
  void applyVcs();
  void allocateSwitch();
  const Mask *speculators(std::uint32_t port);
  bool grantSwitch(std::uint32_t port, Offer &made);
  void acceptSwitch();
  void applySwitch();
  void scheduleResults();
  void finishAllocation(std::uint32_t event);

  std::uint32_t newPacket();
  bool headersMatch(std::uint32_t inputVc, std::uint64_t flits) const;

  RouteTable routes;
  const MulticastForest &forest;
  std::uint32_t vcs, coresPerRouter, flitsPerPacket;
  std::uint32_t ports = 0, vcBits = 0, vcIndexMask = 0;
  std::uint32_t coreCreditCycles = 0;
  Mask vcMask = 0, allVcs = 0; ///< padded, not padded
  std::uint32_t words = 0;     ///< of a set of a router's input VCs
  std::uint32_t routingCycles, vcCycles, switchCycles; ///< the last two >= 1
  std::uint32_t markedLeft[2]; ///< by OutputPort::marksTail: flits left then
  Cycle vcResultDelay = 0;
  bool restricted = false; ///< some packets may not take every VC
  bool speculative = false;
  bool slow = false;   ///< an allocation takes several cycles
  bool simple = false; ///< none does, nor any at once; sets of one word
  /// An output VC and the switch are granted in the same cycle, one by the
  /// other, because one of them takes no cycle of its own.
  bool sameCycle;

  std::int32_t injectionDepth = 0;

  Cycle cycle = 0;
  Wheel events;
  HeaderRings headers;
  std::vector<InputVc> inputVcs;   ///< by router, port, VC
  std::vector<Mask> allowed;       ///< likewise, output VCs for the packet
  std::vector<Detail> details;     ///< likewise
  std::vector<OutputVc> outputVcs; ///< likewise, port p leads to direction p;
                                   ///< then by core, VC
  std::vector<InputPort> inputs;   ///< by router, port; p comes from there
  std::vector<OutputPort> outputs;
  std::vector<PortEnd> ends;
  std::vector<Mask> manyAskers, manySenders; ///< of routers with many VCs
  /// Outputs of which somebody may get a VC, and those to which somebody may
  /// send. What waits for others waits for an event.
  PortList wantedOutputs, readyOutputs;
  std::vector<Source> sources; ///< by core
  std::vector<Mask> activeSources;
  std::uint32_t numberActive = 0; ///< of them
  CoreQueues queues;

  std::vector<Packet> packets;
  std::uint32_t firstFreePacket = nothing;
  std::uint64_t livePackets = 0;
  std::vector<std::uint32_t> leafServices; ///< by tag

  // Of the cycle at work.
  std::vector<std::uint32_t> vcAskers, switchAskers;
  std::vector<Rival> rivals; ///< those to which VCs of one output grant
  std::vector<Mask> speculating;
  std::vector<Offer> offers;
  std::vector<SimpleOffer> simpleOffers; ///< a place for each output
  std::vector<VcGrant> vcGrants;
  std::vector<SwitchGrant> switchGrants;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_ROUTERMESH_H

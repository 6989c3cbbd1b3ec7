//===- SimpleRouters.cpp - a cycle of routers that are simple -------------===//
//
// The same as RouterMoves.cpp and RouterAllocation.cpp for routers with
// allocations of one cycle each and no more than 64 VCs, which are nearly all.
// Sets of VCs are words, and a grant takes effect where it is made. For that
// the switch is offered before VCs are granted, and given away after: it looks
// at those who had a VC when the cycle began, and the VCs that it sets free are
// for the next cycle.
//
// An output is in the list of the ready ones while somebody asks for its switch
// (is filled and funded) and its link is free.
//
// What the traffic decides at random is computed rather than branched on where
// a measurement said so; `Simple` routers and others agree to the cycle.
//
//===----------------------------------------------------------------------===//
#include "simulator/noc/RouterArbiters.h"
#include "simulator/noc/RouterFlits.h"

namespace synfire {
namespace {

// And, without a branch for each.
bool all(bool a, bool b) { return (unsigned(a) & unsigned(b)) != 0; }
bool all(bool a, bool b, bool c) { return all(all(a, b), c); }
bool any(bool a, bool b) { return (unsigned(a) | unsigned(b)) != 0; }

} // namespace

/// Its packet knows where to go and asks for a VC.
SYNFIRE_ALWAYS_INLINE void RouterMesh::askSimply(std::uint32_t inputVc) {
  findOutput(inputVc);
  InputVc &vc = inputVcs[inputVc];
  vc.phase = Phase::Waiting;
  OutputPort &output = outputs[vc.output];
  output.askers |= Mask(1) << (inputVc - output.firstInput);
  // Else it waits for a VC to be released.
  enlistWantedIf(output.free != 0, vc.output);
}

/// What comes over the wires.
SYNFIRE_ALWAYS_INLINE void RouterMesh::enterSimply() {
  forEvents(Credit, [&](std::uint32_t outputVc) __attribute__((always_inline)) {
    OutputVc &vc = outputVcs[outputVc];
    const std::uint32_t port = portOf(outputVc);
    OutputPort &output = outputs[port];
    const Mask owner = Mask(vc.owner != nobody ? 1 : 0) << vc.owner % 64;
    ++vc.credits;
    readyOutputs.addIf(all((output.filled & output.funded) == 0,
                           (output.filled & owner) != 0, !output.busy),
                       port);
    output.funded |= owner;
  });
  forEvents(SourceCredit, [&](std::uint32_t vc) { giveSourceCredit(vc); });
  forEvents(Reopen, [&](std::uint32_t port) {
    OutputPort &output = outputs[port];
    output.busy = false;
    readyOutputs.addIf((output.filled & output.funded) != 0, port);
  });
  if (routingCycles == 0)
    forEvents(Arrival,
              [&](std::uint32_t inputVc) __attribute__((always_inline)) {
                InputVc &vc = inputVcs[inputVc];
                ++vc.flits;
                if (vc.phase == Phase::Idle)
                  askSimply(inputVc);
              });
  else
    forEvents(Arrival,
              [&](std::uint32_t inputVc) __attribute__((always_inline)) {
                InputVc &vc = inputVcs[inputVc];
                ++vc.flits;
                const bool first = vc.phase == Phase::Idle;
                vc.phase = first ? Phase::Routing : vc.phase;
                events.addIf(first, Routed, cycle + routingCycles, inputVc);
              });
  forEvents(Body, [&](std::uint32_t inputVc) __attribute__((always_inline)) {
    InputVc &vc = inputVcs[inputVc];
    if (vc.flits++ != 0 && !vc.header.isTree())
      return;
    if (!hasFlit(inputVc))
      return;
    OutputPort &output = outputs[vc.output];
    const Mask self = Mask(1) << (inputVc - output.firstInput);
    readyOutputs.addIf(all((output.filled & output.funded) == 0,
                           (output.funded & self) != 0, !output.busy),
                       vc.output);
    output.filled |= self;
  });
  forEvents(Routed, [&](std::uint32_t inputVc) { askSimply(inputVc); });
}

template <bool Speculative>
void RouterMesh::stepSimply(std::vector<Delivery> &arrived) {
  queues.advance(cycle,
                 [&](const CoreQueues::Item &item) { take(item, arrived); });
  enterSimply();
  forEvents(Ejection,
            [&](std::uint32_t outputVc) { eject(outputVc, arrived); });
  injectAll();
  const SimpleOffer *offersEnd = offerSimply<Speculative>();
  grantVcsSimply<Speculative>();
  acceptSimply<Speculative>(offersEnd);
}

/// Each output offers the switch to one input VC; the end of the offers.
template <bool Speculative>
SYNFIRE_ALWAYS_INLINE RouterMesh::SimpleOffer *RouterMesh::offerSimply() {
  SimpleOffer *end = simpleOffers.data();
  const auto offer = [&](std::uint32_t port, Mask sure,
                         Mask asking) __attribute__((always_inline)) {
    OutputPort &output = outputs[port];
    std::uint32_t chosen = lowest(asking);
    if ((asking & (asking - 1)) != 0) {
      const std::uint32_t first =
          firstVc(portOf(roundRobin(asking, output.grantFrom)));
      const Mask sureHere = sure >> first & vcMask;
      chosen = first +
               roundRobin(sureHere != 0 ? sureHere : asking >> first & vcMask,
                          inputs[portOf(output.firstInput + first)].vcFrom);
    }
    const std::uint32_t inputVc = output.firstInput + chosen;
    InputPort &from = inputs[portOf(inputVc)];
    from.offered |= Mask(1) << output.number;
    *end++ = {&output, &from, port, inputVc,
              Speculative && (sure >> chosen & 1) == 0};
    if (Speculative)
      output.ready = true;
  };
  readyOutputs.drain([&](std::uint32_t port) __attribute__((always_inline)) {
    const OutputPort &output = outputs[port];
    const Mask sure = output.filled & output.funded;
    offer(port, sure, Speculative ? sure | speculatorsSimply(port) : sure);
  });
  if (!Speculative)
    return end;
  // Where all who ask do not have a VC yet.
  wantedOutputs.forEach([&](std::uint32_t port) {
    const OutputPort &output = outputs[port];
    if ((output.filled & output.funded) != 0 || output.busy)
      return;
    const Mask guesses = speculatorsSimply(port);
    if (guesses != 0)
      offer(port, 0, guesses);
  });
  return end;
}

/// The askers of a port that may get one of its VCs with a credit.
inline RouterMesh::Mask
RouterMesh::speculatorsSimply(std::uint32_t port) const {
  const OutputPort &output = outputs[port];
  if (output.askers == 0)
    return 0;
  Mask usable = 0, guesses = 0;
  for (Mask bits = output.free; bits != 0; bits &= bits - 1)
    if (outputVcs[firstVc(port) + lowest(bits)].credits > 0)
      usable |= bits & -bits;
  for (Mask bits = output.askers; bits != 0; bits &= bits - 1)
    if ((usable & allowedVcs(output.firstInput + lowest(bits))) != 0)
      guesses |= bits & -bits;
  return guesses;
}

template <bool Speculative>
SYNFIRE_ALWAYS_INLINE void RouterMesh::grantVcsSimply() {
  wantedOutputs.drain([&](std::uint32_t port) __attribute__((always_inline)) {
    OutputPort &output = outputs[port];
    output.wanted = false;
    const Mask asking = output.askers;
    if ((asking & (asking - 1)) != 0) {
      grantRivals<Speculative>(port);
      return;
    }
    if (asking == 0)
      return;
    const std::uint32_t inputVc = output.firstInput + lowest(asking);
    const Mask usable = output.free & allowedVcs(inputVc);
    if (usable != 0)
      grantVcSimply<Speculative>(inputVc, usable);
  });
}

/// Rivals for the VCs of a port: VCs grant, then inputs accept.
template <bool Speculative> void RouterMesh::grantRivals(std::uint32_t port) {
  const OutputPort &output = outputs[port];
  Mask grants[64], winners = 0;
  for (Mask bits = output.free; bits != 0; bits &= bits - 1) {
    const std::uint32_t vc = lowest(bits);
    Mask asking = output.askers;
    if (restricted)
      for (Mask all = asking; all != 0; all &= all - 1)
        if ((allowed[output.firstInput + lowest(all)] >> vc & 1) == 0)
          asking &= ~(all & -all);
    if (asking == 0)
      continue;
    const std::uint32_t chosen =
        roundRobin(asking, outputVcs[firstVc(port) + vc].grantFrom);
    grants[chosen] =
        ((winners >> chosen & 1) != 0 ? grants[chosen] : 0) | Mask(1) << vc;
    winners |= Mask(1) << chosen;
  }
  for (Mask bits = winners; bits != 0; bits &= bits - 1)
    grantVcSimply<Speculative>(output.firstInput + lowest(bits),
                               grants[lowest(bits)]);
  // Others may find a VC in the next cycle.
  enlistWantedIf(all(winners != 0, output.askers != 0, output.free != 0), port);
}

template <bool Speculative>
SYNFIRE_ALWAYS_INLINE void RouterMesh::grantVcSimply(std::uint32_t inputVc,
                                                     Mask granted) {
  takeVc(inputVc, acceptedVc(inputVc, granted));
  const InputVc &input = inputVcs[inputVc];
  OutputPort &output = outputs[input.output];
  const Mask self = Mask(1) << (inputVc - output.firstInput);
  const bool none = (output.filled & output.funded) == 0;
  output.askers &= ~self;
  output.filled |= self;
  if (outputVcs[input.outVc].credits == 0)
    return;
  output.funded |= self;
  // Whoever has made an offer looks again when it has been answered.
  readyOutputs.addIf(none && !output.busy && (!Speculative || !output.ready),
                     input.output);
}

/// Inputs accept offers and send.
template <bool Speculative>
SYNFIRE_ALWAYS_INLINE void
RouterMesh::acceptSimply(const SimpleOffer *offersEnd) {
  for (const SimpleOffer *offer = simpleOffers.data(); offer != offersEnd;
       ++offer) {
    const SimpleOffer made = *offer;
    OutputPort &output = *made.output;
    if (Speculative)
      output.ready = false;
    if (accepts(made.inputVc, *made.from, output) &&
        (!Speculative || !made.speculative || speculationHolds(made.inputVc))) {
      if (sendSimply(made))
        releaseSimply(made);
    }
    readyOutputs.addIf(all((output.filled & output.funded) != 0, !output.busy),
                       made.port);
  }
}

/// The next flit through the switch; true if it is a tail. The same as
/// passFlit() and freePlace() of a packet for one core, without looking for
/// what is at hand.
SYNFIRE_ALWAYS_INLINE bool RouterMesh::sendSimply(const SimpleOffer &made) {
  InputVc &input = inputVcs[made.inputVc];
  if (__builtin_expect(input.header.isTree(), 0))
    return sendOfTree(made.inputVc);
  OutputPort &output = *made.output;
  OutputVc &channel = outputVcs[input.outVc];
  const std::uint32_t left = input.left, flits = input.flits - 1;
  const std::int32_t credits = channel.credits - 1;
  input.left = left - 1;
  input.flits = flits;
  channel.credits = credits;
  ++output.flits;
  const Mask self = Mask(1) << (made.inputVc - output.firstInput);
  output.funded &= any(left == 1, credits == 0) ? ~self : ~Mask(0);
  output.filled &= flits == 0 ? ~self : ~Mask(0);
  const bool marked = left == markedLeft[output.marksTail];
  if (marked) {
    headers[channel.headers] = input.header;
    channel.headers = HeaderRings::next(channel.headers,
                                        HeaderRings::maskOf(output.ringBits));
  }
  events.add(output.kinds[marked], cycle + output.cycles[marked],
             output.target + (input.outVc & vcIndexMask));
  const InputPort &from = *made.from;
  events.add(from.creditKind, cycle + from.creditCycles,
             from.creditTarget + (made.inputVc & vcIndexMask));
  if (output.flitCycles > 1) {
    output.busy = true;
    events.add(Reopen, cycle + output.flitCycles, made.port);
  }
  return left == 1;
}

/// The same for a packet that may leave copies.
__attribute__((noinline)) bool RouterMesh::sendOfTree(std::uint32_t inputVc) {
  InputVc &input = inputVcs[inputVc];
  OutputPort &output = outputs[input.output];
  const std::uint32_t local = inputVc - output.firstInput;
  const bool copying = isCopying(inputVc);
  const bool tail = passFlit(inputVc);
  if (!copying)
    freePlace(inputVc);
  if (output.flitCycles > 1) {
    output.busy = true;
    events.add(Reopen, cycle + output.flitCycles, input.output);
  }
  const bool spent = outputVcs[input.outVc].credits == 0;
  output.funded &= ~(Mask(unsigned(tail) | unsigned(spent)) << local);
  output.filled &= ~(Mask(hasFlit(inputVc) ? 0 : 1) << local);
  return tail;
}

/// What follows when a tail has been sent.
SYNFIRE_ALWAYS_INLINE void RouterMesh::releaseSimply(const SimpleOffer &made) {
  InputVc &input = inputVcs[made.inputVc];
  OutputPort &output = *made.output;
  outputVcs[input.outVc].owner = nobody;
  output.free |= Mask(1) << (input.outVc & vcIndexMask);
  enlistWantedIf(output.askers != 0, made.port);
  if (__builtin_expect(isCopying(made.inputVc), 0)) {
    ++details[made.inputVc].branch;
    takeBranch(made.inputVc);
    OutputPort &next = outputs[input.output];
    next.askers |= Mask(1) << (made.inputVc - next.firstInput);
    input.phase = Phase::Waiting;
    enlistWanted(input.output);
    return;
  }
  // The packet behind it, if its head is here.
  const bool next = input.flits != 0;
  input.phase = next ? Phase::Routing : Phase::Idle;
  events.addIf(next, Routed, cycle + 1 + routingCycles, made.inputVc);
}

template void RouterMesh::stepSimply<false>(std::vector<Delivery> &);
template void RouterMesh::stepSimply<true>(std::vector<Delivery> &);

} // namespace synfire

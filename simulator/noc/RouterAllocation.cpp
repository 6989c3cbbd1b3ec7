//===- RouterAllocation.cpp - output VCs and the switch -------------------===//
//
// One cycle of all routers: both allocators decide on what the cycle found,
// then their grants take effect. Outputs are worked through in lists, whichever
// router they belong to: routers meet in events only.
//
//===----------------------------------------------------------------------===//
#include "simulator/noc/RouterMesh.h"

#include <algorithm>

namespace synfire {
namespace {

using Mask = std::uint64_t;

std::uint32_t lowest(Mask bits) {
  return static_cast<std::uint32_t>(__builtin_ctzll(bits));
}

/// The first bit at or after `from`, cyclically; `bits` is not 0.
std::uint32_t roundRobin(Mask bits, std::uint32_t from) {
  const Mask after = from < 64 ? bits & ~Mask(0) << from : 0;
  return lowest(after != 0 ? after : bits);
}

} // namespace

inline std::uint32_t RouterMesh::firstFrom(const Mask *set,
                                           std::uint32_t from) const {
  if (words == 1)
    return set[0] == 0 ? nothing : roundRobin(set[0], from);
  // From `from` to the end, then from the start.
  std::uint32_t word = from / 64;
  Mask bits = word < words ? set[word] & ~Mask(0) << from % 64 : 0;
  for (std::uint32_t tried = 0; bits == 0; ++tried) {
    if (tried > words)
      return nothing;
    word = word + 1 < words ? word + 1 : 0;
    bits = set[word];
  }
  return word * 64 + lowest(bits);
}

/// The VC that an input accepts of those that grant to it.
inline std::uint32_t RouterMesh::acceptedVc(std::uint32_t inputVc,
                                            Mask granted) {
  InputVc &input = inputVcs[inputVc];
  const OutputPort &output = outputs[input.output];
  const std::uint32_t firstOutput = firstVc(output.number);
  const std::uint32_t vc = roundRobin(
      granted,
      input.acceptFrom > firstOutput ? input.acceptFrom - firstOutput : 0);
  outputVcs[firstVc(input.output) + vc].grantFrom =
      static_cast<std::uint16_t>(inputVc - output.firstInput + 1);
  input.acceptFrom = static_cast<std::uint16_t>(firstOutput + vc + 1);
  return vc;
}

/// It has got a VC, and one with a credit.
inline bool RouterMesh::speculationHolds(std::uint32_t inputVc) const {
  return inputVcs[inputVc].phase == Phase::Active &&
         outputVcs[outputVcOf(inputVc)].credits > 0;
}

/// Once for every grant, when all are known: whether the input accepts it.
inline bool RouterMesh::accepts(const Offer &made) {
  const std::uint32_t port = portOf(made.inputVc);
  InputPort &input = inputs[port];
  OutputPort &output = outputs[made.port];
  if ((input.offered & (input.offered - 1)) != 0)
    input.offered = Mask(1) << roundRobin(input.offered, input.acceptFrom);
  if (input.offered != Mask(1) << output.number)
    return false;
  input.offered = 0;
  output.grantFrom =
      static_cast<std::uint8_t>(port - portOf(output.firstInput) + 1);
  input.acceptFrom = static_cast<std::uint8_t>(output.number + 1);
  input.vcFrom = static_cast<std::uint8_t>(made.inputVc - firstVc(port) + 1);
  return true;
}

inline void RouterMesh::sendFlit(std::uint32_t inputVc) {
  InputVc &input = inputVcs[inputVc];
  const InputPort &from = inputs[portOf(inputVc)];
  OutputPort &output = outputs[input.output];
  const std::uint32_t outVc = outputVcOf(inputVc);
  const std::uint32_t kept = nextFlit(inputVc);
  std::uint32_t sent = kept;
  const bool tail = flits[kept].tail;

  if (input.copying) {
    sent = newFlit();
    flits[sent] = flits[kept];
    details[inputVc].cursor = flits[kept].next;
  } else {
    input.first = flits[kept].next;
    credits.add(cycle + from.creditCycles,
                from.creditTarget + (inputVc - firstVc(portOf(inputVc))));
  }
  if (flits[sent].tree)
    flits[sent].place = forest.branch(details[inputVc].branch).next;
  events.add(cycle + output.transferCycles,
             {output.toCore ? Event::Ejection : Event::Arrival,
              output.target + input.outVc, sent});
  ++output.flits;
  output.freeFrom = cycle + output.flitCycles;
  if (output.flitCycles > switchCycles) {
    // Until the next may ask for the switch.
    output.busy = true;
    events.add(output.freeFrom - (switchCycles - 1),
               {Event::Reopen, input.output, 0});
  }
  OutputVc &channel = outputVcs[outVc];
  --channel.credits;

  if (!tail) {
    setReady(inputVc);
    return;
  }
  const std::uint32_t local = inputVc - output.firstInput;
  remove(sendersOf(input.output), local);
  channel.owner = nobody;
  output.free |= Mask(1) << input.outVc;
  if (!isEmpty(askersOf(input.output)))
    enlistWanted(input.output);
  input.phase = Phase::Idle;
  if (input.copying) {
    ++details[inputVc].branch;
    takeBranch(inputVc);
    await(inputVc);
  } else if (input.first != nothing) {
    startHead(inputVc, cycle + 1);
  }
}

void RouterMesh::allocate() {
  vcGrants.clear();
  switchGrants.clear();
  allocateVcs();
  if (sameCycle)
    applyVcs();
  allocateSwitch();
  acceptSwitch();
  if (!sameCycle)
    applyVcs();
  applySwitch();
}

/// The same for routers of an allocation a cycle, with sets of one word.
void RouterMesh::allocateSimply() {
  vcGrants.clear();
  portsAtWork.swap(wantedOutputs);
  wantedOutputs.clear();
  for (std::uint32_t port : portsAtWork) {
    OutputPort &output = outputs[port];
    output.wanted = false;
    const Mask asking = output.askers;
    if (asking == 0)
      continue;
    if ((asking & (asking - 1)) != 0) {
      if (grantRivals(port) && speculative)
        enlistReady(port);
      continue;
    }
    const std::uint32_t inputVc = output.firstInput + lowest(asking);
    const Mask usable = output.free & outVcs(inputVc);
    if (usable == 0)
      continue;
    vcGrants.push_back(
        {inputVc, static_cast<std::uint8_t>(acceptedVc(inputVc, usable))});
    if (speculative)
      enlistReady(port);
  }

  portsAtWork.swap(readyOutputs);
  readyOutputs.clear();
  offers.clear();
  for (std::uint32_t port : portsAtWork) {
    OutputPort &output = outputs[port];
    output.ready = false;
    if (output.busy)
      continue;
    const Mask sure = output.senders;
    const Mask all =
        speculative && output.askers != 0 ? sure | *speculators(port) : sure;
    if (all == 0)
      continue;
    std::uint32_t chosen = lowest(all);
    if ((all & (all - 1)) != 0) {
      const std::uint32_t first =
          firstVc(portOf(roundRobin(all, firstVc(output.grantFrom))));
      const Mask sureHere = sure >> first & vcMask;
      chosen =
          first + roundRobin(sureHere != 0 ? sureHere : all >> first & vcMask,
                             inputs[portOf(output.firstInput + first)].vcFrom);
    }
    const std::uint32_t inputVc = output.firstInput + chosen;
    inputs[portOf(inputVc)].offered |= Mask(1) << output.number;
    offers.push_back({port, inputVc, (sure >> chosen & 1) == 0});
  }

  for (const VcGrant &grant : vcGrants) {
    InputVc &input = inputVcs[grant.inputVc];
    OutputPort &output = outputs[input.output];
    const std::uint32_t local = grant.inputVc - output.firstInput;
    OutputVc &channel = outputVcs[firstVc(input.output) + grant.vc];
    output.free &= ~(Mask(1) << grant.vc);
    output.askers &= ~(Mask(1) << local);
    channel.owner = static_cast<std::uint16_t>(local);
    input.outVc = grant.vc;
    input.phase = Phase::Active;
    if (channel.credits == 0)
      continue;
    output.senders |= Mask(1) << local;
    if (!output.busy)
      enlistReady(input.output);
  }
  for (const Offer &made : offers) {
    if (accepts(made) && (!made.speculative || speculationHolds(made.inputVc)))
      sendFlit(made.inputVc);
    const OutputPort &output = outputs[made.port];
    if (output.senders != 0 && !output.busy)
      enlistReady(made.port);
  }
}

/// The same where an allocation takes several cycles.
void RouterMesh::allocateSlowly() {
  vcGrants.clear();
  switchGrants.clear();
  vcAskers.clear();
  switchAskers.clear();
  for (std::uint32_t port : wantedOutputs)
    forEachIn(askersOf(port), [&](std::uint32_t local) {
      vcAskers.push_back(outputs[port].firstInput + local);
    });
  allocateVcs();
  if (sameCycle && vcCycles == 1)
    applyVcs();
  allocateSwitch();
  acceptSwitch();
  scheduleResults();
}

//===----------------------------------------------------------------------===//
// Output VCs: every waiting head flit asks for each free VC of its output, each
// VC grants to one, each head accepts one.
//===----------------------------------------------------------------------===//

void RouterMesh::allocateVcs() {
  portsAtWork.swap(wantedOutputs);
  wantedOutputs.clear();
  for (std::uint32_t port : portsAtWork) {
    outputs[port].wanted = false;
    // What gets nothing now gets nothing until a VC is free or another asks.
    if (!grantVcs(port))
      continue;
    if (speculative)
      enlistReady(port);
  }
}

/// False if no VC of an output port finds anyone to grant to.
inline bool RouterMesh::grantVcs(std::uint32_t port) {
  const Mask asking = askersOf(port)[0];
  if (words > 1 || (asking & (asking - 1)) != 0)
    return grantRivals(port);
  if (asking == 0)
    return false;
  const std::uint32_t inputVc = outputs[port].firstInput + lowest(asking);
  const Mask usable = outputs[port].free & outVcs(inputVc);
  if (usable == 0)
    return false;
  vcGrants.push_back(
      {inputVc, static_cast<std::uint8_t>(acceptedVc(inputVc, usable))});
  return true;
}

bool RouterMesh::grantRivals(std::uint32_t port) {
  const Mask free = outputs[port].free;
  const Mask *asking = askersOf(port);
  if (free == 0 || isEmpty(asking))
    return false;
  const std::uint32_t firstInput = outputs[port].firstInput;
  rivals.clear();
  for (Mask bits = free; bits != 0; bits &= bits - 1) {
    const std::uint32_t vc = lowest(bits);
    const std::uint32_t start =
        firstFrom(asking, outputVcs[firstVc(port) + vc].grantFrom);
    std::uint32_t chosen = start;
    while ((outVcs(firstInput + chosen) >> vc & 1) == 0) {
      chosen = firstFrom(asking, chosen + 1);
      if (chosen == start)
        break;
    }
    if ((outVcs(firstInput + chosen) >> vc & 1) == 0)
      continue;
    const auto known =
        std::find_if(rivals.begin(), rivals.end(),
                     [&](const Rival &rival) { return rival.input == chosen; });
    if (known == rivals.end())
      rivals.push_back({chosen, Mask(1) << vc});
    else
      known->grants |= Mask(1) << vc;
  }
  for (const Rival &rival : rivals)
    vcGrants.push_back({firstInput + rival.input,
                        static_cast<std::uint8_t>(acceptedVc(
                            firstInput + rival.input, rival.grants))});
  if (rivals.empty())
    return false;
  enlistWanted(port); // others may find a VC in the next cycle
  return true;
}

void RouterMesh::applyVcs() {
  for (const VcGrant &grant : vcGrants) {
    takeVc(grant.inputVc, grant.vc);
    stopWaiting(grant.inputVc);
    setReady(grant.inputVc);
  }
}

//===----------------------------------------------------------------------===//
// The switch: an input offers each output one of its VCs, each output grants to
// one input, each input accepts one.
//===----------------------------------------------------------------------===//

/// The askers of a port that may get one of its VCs with a credit.
const RouterMesh::Mask *RouterMesh::speculators(std::uint32_t port) {
  Mask usable = 0;
  for (Mask bits = outputs[port].free; bits != 0; bits &= bits - 1)
    if (outputVcs[firstVc(port) + lowest(bits)].credits > 0)
      usable |= bits & -bits;
  speculating.assign(words, 0);
  const std::uint32_t firstInput = outputs[port].firstInput;
  if (usable != 0)
    forEachIn(askersOf(port), [&](std::uint32_t local) {
      if ((usable & outVcs(firstInput + local)) != 0)
        insert(speculating.data(), local);
    });
  return speculating.data();
}

/// The input VC to which an output grants; false if nobody asks.
inline bool RouterMesh::grantSwitch(std::uint32_t port, Offer &made) {
  const OutputPort &output = outputs[port];
  if (output.freeFrom > cycle + switchCycles - 1)
    return false;
  const std::uint32_t from = firstVc(output.grantFrom);
  const Mask *set = sendersOf(port);
  std::uint32_t chosen = firstFrom(set, from);
  if (switchCycles > 1)
    forEachIn(set, [&](std::uint32_t local) {
      switchAskers.push_back(output.firstInput + local);
    });
  made.port = port;
  made.speculative = false;
  if (speculative) {
    const Mask *guesses = speculators(port);
    const std::uint32_t guess = firstFrom(guesses, from);
    // The input whose turn comes first; there, VCs that are sure go first.
    const auto turn = [&](std::uint32_t local) {
      return (portOf(local) + ports - output.grantFrom % ports) % ports;
    };
    if (guess != nothing && (chosen == nothing || turn(guess) < turn(chosen))) {
      chosen = guess;
      set = guesses;
      made.speculative = true;
    }
  }
  if (chosen == nothing)
    return false;
  const std::uint32_t first = firstVc(portOf(chosen));
  InputPort &input = inputs[portOf(output.firstInput + first)];
  const Mask group = set[first / 64] >> first % 64 & vcMask;
  made.inputVc = output.firstInput + first + roundRobin(group, input.vcFrom);
  input.offered |= Mask(1) << output.number;
  return true;
}

void RouterMesh::allocateSwitch() {
  portsAtWork.swap(readyOutputs);
  readyOutputs.clear();
  offers.clear();
  for (std::uint32_t port : portsAtWork) {
    outputs[port].ready = false;
    Offer made;
    if (grantSwitch(port, made))
      offers.push_back(made);
    else if (!outputs[port].busy && !isEmpty(sendersOf(port)))
      enlistReady(port);
  }
}

void RouterMesh::acceptSwitch() {
  for (const Offer &made : offers)
    if (accepts(made))
      switchGrants.push_back({made.inputVc, made.speculative});
}

void RouterMesh::applySwitch() {
  for (const SwitchGrant &grant : switchGrants)
    if (!grant.speculative || speculationHolds(grant.inputVc))
      sendFlit(grant.inputVc);
  for (const Offer &made : offers)
    if (!outputs[made.port].busy && !isEmpty(sendersOf(made.port)))
      enlistReady(made.port);
}

//===----------------------------------------------------------------------===//
// Allocations of more than one cycle: whoever asked waits for the answer.
//===----------------------------------------------------------------------===//

void RouterMesh::scheduleResults() {
  const Cycle slower = std::max(vcCycles, switchCycles);
  const Cycle delay = (speculative ? slower : vcCycles) - 1;
  const auto byInputVc = [](const auto &a, const auto &b) {
    return a.inputVc < b.inputVc;
  };
  std::sort(vcAskers.begin(), vcAskers.end());
  std::sort(vcGrants.begin(), vcGrants.end(), byInputVc);
  std::sort(switchGrants.begin(), switchGrants.end(), byInputVc);
  const auto find = [&](const auto &grants, std::uint32_t inputVc) {
    const auto at = std::lower_bound(
        grants.begin(), grants.end(), inputVc,
        [](const auto &grant, std::uint32_t vc) { return grant.inputVc < vc; });
    return at != grants.end() && at->inputVc == inputVc ? at : grants.end();
  };
  for (std::uint32_t inputVc : vcAskers) {
    if (inputVcs[inputVc].phase != Phase::Waiting)
      continue; // has got its output VC in this very cycle
    Event event = {Event::VcResult, inputVc, Event::noVc};
    const auto vc = find(vcGrants, inputVc);
    if (vc != vcGrants.end())
      event.what = vc->vc;
    if (find(switchGrants, inputVc) != switchGrants.end())
      event.what |= Event::switchGranted;
    if (delay == 0) {
      if (!sameCycle && vc != vcGrants.end())
        finishAllocation(event);
      continue;
    }
    inputVcs[inputVc].asking = true;
    stopWaiting(inputVc);
    events.add(cycle + delay, event);
  }
  if (switchCycles == 1) {
    switchGrants.erase(std::remove_if(switchGrants.begin(), switchGrants.end(),
                                      [](const SwitchGrant &grant) {
                                        return grant.speculative;
                                      }),
                       switchGrants.end());
    applySwitch();
    return;
  }
  std::sort(switchAskers.begin(), switchAskers.end());
  for (std::uint32_t inputVc : switchAskers) {
    Event event = {Event::SwitchResult, inputVc, 0};
    if (find(switchGrants, inputVc) != switchGrants.end())
      event.what = Event::switchGranted;
    inputVcs[inputVc].asking = true;
    setReady(inputVc);
    events.add(cycle + switchCycles - 1, event);
  }
}

void RouterMesh::finishAllocation(const Event &event) {
  InputVc &input = inputVcs[event.where];
  input.asking = false;
  if (event.kind == Event::VcResult) {
    const std::uint32_t vc = event.what & Event::noVc;
    if (vc == Event::noVc ||
        !takeVc(event.where, static_cast<std::uint8_t>(vc))) {
      await(event.where);
      return;
    }
    stopWaiting(event.where);
  }
  if ((event.what & Event::switchGranted) != 0 &&
      outputs[input.output].freeFrom <= cycle &&
      outputVcs[outputVcOf(event.where)].credits > 0)
    sendFlit(event.where);
  else
    setReady(event.where);
}

} // namespace synfire

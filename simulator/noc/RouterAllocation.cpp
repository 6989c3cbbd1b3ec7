//===- RouterAllocation.cpp - output VCs and the switch -------------------===//
//
// One cycle of one router: both allocators decide on what the cycle found, then
// their grants take effect.
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

void RouterMesh::evaluate(std::uint32_t router) {
  const Router &here = routers[router];
  vcGrants.clear();
  if (here.wanted != 0)
    allocateVcs(router);
  if (sameCycle)
    applyVcs();
  switchGrants.clear();
  if (here.ready != 0 || (speculative && here.wanted != 0))
    allocateSwitch(router);
  if (!sameCycle)
    applyVcs();
  applySwitch();
}

/// The same where an allocation takes several cycles.
void RouterMesh::evaluateSlow(std::uint32_t router) {
  const Router &here = routers[router];
  vcGrants.clear();
  switchGrants.clear();
  vcAskers.clear();
  switchAskers.clear();
  const std::uint32_t firstInput = firstVc(firstPort(router));
  for (Mask bits = here.wanted; bits != 0; bits &= bits - 1)
    forEachIn(
        askersOf(firstPort(router) + lowest(bits)),
        [&](std::uint32_t local) { vcAskers.push_back(firstInput + local); });
  std::sort(vcAskers.begin(), vcAskers.end());
  if (here.wanted != 0)
    allocateVcs(router);
  if (sameCycle && vcCycles == 1)
    applyVcs();
  if (here.ready != 0 || (speculative && here.wanted != 0))
    allocateSwitch(router);
  scheduleResults();
}

//===----------------------------------------------------------------------===//
// Output VCs: every waiting head flit asks for each free VC of its output, each
// VC grants to one, each head accepts one.
//===----------------------------------------------------------------------===//

void RouterMesh::allocateVcs(std::uint32_t router) {
  Mask &wanted = routers[router].wanted;
  for (Mask bits = wanted; bits != 0; bits &= bits - 1)
    // What gets nothing now gets nothing until a VC is free or another asks.
    if (!grantVcs(firstPort(router) + lowest(bits)))
      wanted &= ~(bits & -bits);
}

inline void RouterMesh::acceptVc(std::uint32_t inputVc, Mask granted) {
  InputVc &input = inputVcs[inputVc];
  const std::uint32_t firstOutput = firstVc(outputs[input.output].name.number);
  const std::uint32_t vc = roundRobin(
      granted,
      input.acceptFrom > firstOutput ? input.acceptFrom - firstOutput : 0);
  outputVcs[firstVc(input.output) + vc].grantFrom =
      static_cast<std::uint16_t>(localOf(inputVc) + 1);
  input.acceptFrom = static_cast<std::uint16_t>(firstOutput + vc + 1);
  vcGrants.push_back({inputVc, static_cast<std::uint8_t>(vc)});
}

/// False if no VC of an output port finds anyone to grant to.
bool RouterMesh::grantVcs(std::uint32_t port) {
  const Mask free = outputs[port].free;
  if (free == 0)
    return false;
  const std::uint32_t firstInput =
      firstVc(firstPort(outputs[port].name.router));
  const Mask *asking = askersOf(port);
  if (words == 1 && (asking[0] & (asking[0] - 1)) == 0) {
    const std::uint32_t inputVc = firstInput + lowest(asking[0]);
    const Mask usable = free & inputVcs[inputVc].outVcs;
    if (usable != 0)
      acceptVc(inputVc, usable);
    return usable != 0;
  }
  rivals.clear();
  for (Mask bits = free; bits != 0; bits &= bits - 1) {
    const std::uint32_t vc = lowest(bits);
    const std::uint32_t start =
        firstFrom(asking, outputVcs[firstVc(port) + vc].grantFrom);
    std::uint32_t chosen = start;
    while ((inputVcs[firstInput + chosen].outVcs >> vc & 1) == 0) {
      chosen = firstFrom(asking, chosen + 1);
      if (chosen == start)
        break;
    }
    if ((inputVcs[firstInput + chosen].outVcs >> vc & 1) == 0)
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
    acceptVc(firstInput + rival.input, rival.grants);
  return !rivals.empty();
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
  const std::uint32_t firstInput =
      firstVc(firstPort(outputs[port].name.router));
  if (usable != 0)
    forEachIn(askersOf(port), [&](std::uint32_t local) {
      if ((usable & inputVcs[firstInput + local].outVcs) != 0)
        insert(speculating.data(), local);
    });
  return speculating.data();
}

/// The input to which an output grants; false if nobody asks.
inline bool RouterMesh::offer(std::uint32_t port, Offer &made) {
  const OutputPort &output = outputs[port];
  if (output.freeFrom > cycle + switchCycles - 1)
    return false;
  const std::uint32_t firstInput = firstPort(output.name.router);
  const std::uint32_t from = firstVc(output.grantFrom);
  const Mask *sure = sendersOf(port);
  std::uint32_t chosen = firstFrom(sure, from);
  if (switchCycles > 1)
    forEachIn(sure, [&](std::uint32_t local) {
      switchAskers.push_back(firstVc(firstInput) + local);
    });
  made.speculative = false;
  if (speculative) {
    const std::uint32_t guess = firstFrom(speculators(port), from);
    // The input that comes first in turn; at the same one sure VCs go first.
    const auto turn = [&](std::uint32_t local) {
      return (portOf(local) + ports - output.grantFrom % ports) % ports;
    };
    if (guess != nothing && (chosen == nothing || turn(guess) < turn(chosen))) {
      chosen = guess;
      made.speculative = true;
    }
  }
  if (chosen == nothing)
    return false;
  const Mask *set = made.speculative ? speculating.data() : sure;
  const std::uint32_t number = portOf(chosen), first = firstVc(number);
  const Mask group = set[first / 64] >> first % 64 & vcMask;
  made.input = static_cast<std::uint8_t>(number);
  made.output = static_cast<std::uint8_t>(output.name.number);
  made.inputVc = firstVc(firstInput) + first +
                 roundRobin(group, inputs[firstInput + number].vcFrom);
  return true;
}

void RouterMesh::allocateSwitch(std::uint32_t router) {
  const std::uint32_t first = firstPort(router);
  const Router &here = routers[router];
  offers.clear();
  Mask taken = 0, contested = 0;
  for (Mask bits = here.ready | (speculative ? here.wanted : 0); bits != 0;
       bits &= bits - 1) {
    Offer made;
    if (!offer(first + lowest(bits), made))
      continue;
    const Mask input = Mask(1) << made.input;
    contested |= taken & input;
    taken |= input;
    offers.push_back(made);
  }
  for (Mask bits = contested; bits != 0; bits &= bits - 1)
    inputGrants[lowest(bits)] = 0;
  if (contested != 0)
    for (const Offer &made : offers)
      inputGrants[made.input] |= Mask(1) << made.output;
  for (Mask bits = contested; bits != 0; bits &= bits - 1) {
    Mask &grants = inputGrants[lowest(bits)];
    grants =
        Mask(1) << roundRobin(grants, inputs[first + lowest(bits)].acceptFrom);
  }
  for (const Offer &made : offers) {
    if ((contested >> made.input & 1) != 0 &&
        (inputGrants[made.input] >> made.output & 1) == 0)
      continue;
    InputPort &input = inputs[first + made.input];
    outputs[first + made.output].grantFrom =
        static_cast<std::uint8_t>(made.input + 1);
    input.acceptFrom = static_cast<std::uint8_t>(made.output + 1);
    input.vcFrom = static_cast<std::uint8_t>(made.inputVc -
                                             firstVc(first + made.input) + 1);
    switchGrants.push_back({made.inputVc, made.speculative});
  }
}

void RouterMesh::applySwitch() {
  for (const SwitchGrant &grant : switchGrants)
    if (!grant.speculative ||
        // It speculated on getting a VC, and one with a credit.
        (inputVcs[grant.inputVc].phase == Phase::Active &&
         outputVcs[outputVcOf(grant.inputVc)].credits > 0))
      sendFlit(grant.inputVc);
}

void RouterMesh::sendFlit(std::uint32_t inputVc) {
  InputVc &input = inputVcs[inputVc];
  const InputPort &from = inputs[portOf(inputVc)];
  OutputPort &output = outputs[input.output];
  const std::uint32_t outVc = outputVcOf(inputVc);
  const std::uint32_t kept = input.cursor;
  std::uint32_t sent = kept;
  const bool tail = flits[kept].tail;
  input.cursor = flits[kept].next;

  if (input.copying) {
    sent = newFlit();
    flits[sent] = flits[kept];
  } else {
    input.first = input.cursor;
    credits.add(cycle + from.creditCycles,
                from.creditTarget + (inputVc - firstVc(portOf(inputVc))));
  }
  if (flits[sent].tree)
    flits[sent].place = forest.branch(input.branch).next;
  events.add(cycle + output.transferCycles,
             {output.core < 0 ? Event::Arrival : Event::Ejection,
              output.target + input.outVc, sent});
  ++output.flits;
  output.freeFrom = cycle + output.flitCycles;
  if (output.flitCycles > switchCycles) {
    // Until the next may ask for the switch.
    output.busy = true;
    routers[output.name.router].ready &= ~(Mask(1) << output.name.number);
    events.add(output.freeFrom - (switchCycles - 1),
               {Event::Reopen, input.output, 0});
  }
  --outputVcs[outVc].credits;

  if (!tail) {
    setReady(inputVc);
    return;
  }
  stopSending(inputVc);
  freeVc(outVc);
  input.phase = Phase::Idle;
  if (input.copying) {
    input.cursor = input.first;
    ++input.branch;
    takeBranch(inputVc);
    await(inputVc);
  } else if (input.first != nothing) {
    startHead(inputVc, cycle + 1);
  }
}

//===----------------------------------------------------------------------===//
// Allocations of more than one cycle: whoever asked waits for the answer.
//===----------------------------------------------------------------------===//

void RouterMesh::scheduleResults() {
  const Cycle slower = std::max(vcCycles, switchCycles);
  for (std::uint32_t inputVc : vcAskers) {
    if (inputVcs[inputVc].phase != Phase::Waiting)
      continue; // has got its output VC in this very cycle
    Event event = {Event::VcResult, inputVc, Event::noVc};
    for (const VcGrant &grant : vcGrants)
      if (grant.inputVc == inputVc)
        event.what = grant.vc;
    for (const SwitchGrant &grant : switchGrants)
      if (grant.inputVc == inputVc)
        event.what |= Event::switchGranted;
    const Cycle delay = (speculative ? slower : vcCycles) - 1;
    if (delay == 0) {
      if (!sameCycle)
        finishAllocation(event);
      continue;
    }
    inputVcs[inputVc].asking = true;
    stopWaiting(inputVc);
    events.add(cycle + delay, event);
  }
  if (switchCycles == 1) {
    std::size_t kept = 0;
    for (const SwitchGrant &grant : switchGrants)
      if (!grant.speculative)
        switchGrants[kept++] = grant;
    switchGrants.resize(kept);
    applySwitch();
    return;
  }
  for (std::uint32_t inputVc : switchAskers) {
    Event event = {Event::SwitchResult, inputVc, 0};
    for (const SwitchGrant &grant : switchGrants)
      if (grant.inputVc == inputVc)
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

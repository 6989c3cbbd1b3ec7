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

void RouterMesh::evaluate(std::uint32_t router) {
  vcGrants.clear();
  switchGrants.clear();
  askers.clear();
  switchAskers.clear();
  if (routers[router].waitingPorts != 0)
    allocateVcs(router);
  if (sameCycle && vcCycles == 1)
    applyVcs();
  if (routers[router].readyPorts != 0 || (speculative && !askers.empty()))
    allocateSwitch(router);
  if (vcCycles > 1 || switchCycles > 1) {
    scheduleResults();
    return;
  }
  if (!sameCycle)
    applyVcs();
  applySwitch();
}

//===----------------------------------------------------------------------===//
// Output VCs: every waiting head flit asks for each free VC of its output, each
// VC grants to one, each head accepts one.
//===----------------------------------------------------------------------===//

void RouterMesh::allocateVcs(std::uint32_t router) {
  Mask requested = 0;
  for (Mask bits = routers[router].waitingPorts; bits != 0; bits &= bits - 1) {
    const std::uint32_t port = router * ports + lowest(bits);
    for (Mask waiting = inputs[port].waiting; waiting != 0;
         waiting &= waiting - 1) {
      askers.push_back(port * vcs + lowest(waiting));
      requested |= Mask(1) << inputVcs[askers.back()].outPort;
    }
  }
  for (; requested != 0; requested &= requested - 1)
    grantVcs(router, lowest(requested));
}

void RouterMesh::grantVcs(std::uint32_t router, std::uint32_t port) {
  const Mask free = outputs[router * ports + port].free;
  if (free == 0)
    return;
  const std::uint32_t firstOutput = port * vcs;
  const std::uint32_t firstInput = router * vcsOfRouter;
  OutputVc *channels = &outputVcs[firstInput + firstOutput];
  rivals.clear();
  for (std::uint32_t inputVc : askers)
    if (inputVcs[inputVc].outPort == port)
      rivals.push_back({inputVc - firstInput, 0});
  for (Mask bits = free; bits != 0; bits &= bits - 1) {
    const std::uint32_t vc = lowest(bits);
    Rival *best = &rivals.front();
    if (rivals.size() > 1)
      for (Rival &rival : rivals)
        if (rival.input >= channels[vc].grantFrom) {
          best = &rival;
          break;
        }
    best->grants |= Mask(1) << vc;
  }
  for (const Rival &rival : rivals) {
    if (rival.grants == 0)
      continue;
    InputVc &input = inputVcs[firstInput + rival.input];
    const std::uint32_t from =
        input.acceptFrom > firstOutput ? input.acceptFrom - firstOutput : 0;
    const std::uint32_t vc = roundRobin(rival.grants, from);
    channels[vc].grantFrom = static_cast<std::uint16_t>(
        rival.input + 1 == vcsOfRouter ? 0 : rival.input + 1);
    input.acceptFrom = static_cast<std::uint16_t>(
        firstOutput + vc + 1 == vcsOfRouter ? 0 : firstOutput + vc + 1);
    vcGrants.push_back(
        {firstInput + rival.input, static_cast<std::uint8_t>(vc)});
  }
}

bool RouterMesh::takeVc(std::uint32_t inputVc, std::uint8_t vc) {
  InputVc &input = inputVcs[inputVc];
  const std::uint32_t router = routerOf(inputVc);
  OutputPort &output = outputs[router * ports + input.outPort];
  if ((output.free >> vc & 1) == 0)
    return false;
  output.free &= ~(Mask(1) << vc);
  outputVcs[(router * ports + input.outPort) * vcs + vc].owner =
      static_cast<std::uint16_t>(inputVc - router * vcsOfRouter);
  input.outVc = vc;
  input.phase = Phase::Active;
  return true;
}

void RouterMesh::stopWaiting(std::uint32_t inputVc) {
  const std::uint32_t port = inputVc / vcs;
  inputs[port].waiting &= ~(Mask(1) << (inputVc - port * vcs));
  if (inputs[port].waiting == 0) {
    const std::uint32_t router = port / ports;
    routers[router].waitingPorts &= ~(Mask(1) << (port - router * ports));
  }
}

void RouterMesh::applyVcs() {
  for (const VcGrant &grant : vcGrants) {
    takeVc(grant.inputVc, grant.vc);
    stopWaiting(grant.inputVc);
    setReady(grant.inputVc);
  }
}

void RouterMesh::setReady(std::uint32_t inputVc) {
  const InputVc &input = inputVcs[inputVc];
  const std::uint32_t port = inputVc / vcs, router = port / ports;
  const Mask bit = Mask(1) << (inputVc - port * vcs);
  const bool ready =
      input.phase == Phase::Active && !input.asking &&
      input.cursor != nothing &&
      outputVcs[(router * ports + input.outPort) * vcs + input.outVc].credits >
          0;
  if (ready) {
    inputs[port].ready |= bit;
    routers[router].readyPorts |= Mask(1) << (port - router * ports);
    activeRouters[router / 64] |= Mask(1) << (router % 64);
    return;
  }
  inputs[port].ready &= ~bit;
  if (inputs[port].ready == 0)
    routers[router].readyPorts &= ~(Mask(1) << (port - router * ports));
}

//===----------------------------------------------------------------------===//
// The switch: an input offers each output one of its VCs, each output grants to
// one input, each input accepts one.
//===----------------------------------------------------------------------===//

void RouterMesh::requestSwitch(std::uint32_t router, std::uint32_t port,
                               Mask candidates, bool speculate) {
  const InputPort &input = inputs[router * ports + port];
  while (candidates != 0) {
    const std::uint32_t vc = roundRobin(candidates, input.vcFrom);
    candidates &= ~(Mask(1) << vc);
    const std::uint32_t inputVc = (router * ports + port) * vcs + vc;
    const std::uint32_t out = inputVcs[inputVc].outPort;
    const OutputPort &output = outputs[router * ports + out];
    if (output.freeFrom > cycle)
      continue;
    if (speculate) {
      Mask usable = output.free;
      const OutputVc *channels = &outputVcs[(router * ports + out) * vcs];
      while (usable != 0 && channels[lowest(usable)].credits == 0)
        usable &= usable - 1;
      if (usable == 0)
        continue;
    } else if (switchCycles > 1) {
      switchAskers.push_back(inputVc);
    }
    const Mask bit = Mask(1) << port;
    if ((requestedOutputs >> out & 1) == 0) {
      requestedOutputs |= Mask(1) << out;
      outputRequests[out] = speculativeRequests[out] = 0;
    }
    if ((outputRequests[out] & bit) != 0)
      continue;
    outputRequests[out] |= bit;
    if (speculate)
      speculativeRequests[out] |= bit;
    requestVc[port * ports + out] = static_cast<std::uint8_t>(vc);
  }
}

void RouterMesh::allocateSwitch(std::uint32_t router) {
  requestedOutputs = 0;
  const Router &here = routers[router];
  for (Mask bits = here.readyPorts | (speculative ? here.waitingPorts : 0);
       bits != 0; bits &= bits - 1) {
    const std::uint32_t port = lowest(bits);
    const InputPort &input = inputs[router * ports + port];
    requestSwitch(router, port, input.ready, false);
    if (speculative)
      requestSwitch(router, port, input.waiting, true);
  }
  Mask granted = 0;
  for (Mask bits = requestedOutputs; bits != 0; bits &= bits - 1) {
    const std::uint32_t out = lowest(bits);
    const std::uint32_t port = roundRobin(
        outputRequests[out], outputs[router * ports + out].grantFrom);
    if ((granted >> port & 1) == 0) {
      granted |= Mask(1) << port;
      inputGrants[port] = 0;
    }
    inputGrants[port] |= Mask(1) << out;
  }
  for (; granted != 0; granted &= granted - 1) {
    const std::uint32_t port = lowest(granted);
    InputPort &input = inputs[router * ports + port];
    const std::uint32_t out = roundRobin(inputGrants[port], input.acceptFrom);
    outputs[router * ports + out].grantFrom =
        static_cast<std::uint8_t>(port + 1 == ports ? 0 : port + 1);
    input.acceptFrom =
        static_cast<std::uint8_t>(out + 1 == ports ? 0 : out + 1);
    const std::uint32_t vc = requestVc[port * ports + out];
    input.vcFrom = static_cast<std::uint8_t>(vc + 1 == vcs ? 0 : vc + 1);
    switchGrants.push_back({(router * ports + port) * vcs + vc,
                            (speculativeRequests[out] >> port & 1) != 0});
  }
}

void RouterMesh::applySwitch() {
  for (const SwitchGrant &grant : switchGrants) {
    const InputVc &input = inputVcs[grant.inputVc];
    if (input.phase != Phase::Active)
      continue; // speculated on an output VC that it did not get
    const std::uint32_t port = routerOf(grant.inputVc) * ports + input.outPort;
    if (outputVcs[port * vcs + input.outVc].credits > 0)
      sendFlit(grant.inputVc);
  }
}

void RouterMesh::sendFlit(std::uint32_t inputVc) {
  InputVc &input = inputVcs[inputVc];
  const std::uint32_t port = inputVc / vcs, router = port / ports;
  const std::uint32_t outPort = router * ports + input.outPort;
  const std::uint32_t outVc = outPort * vcs + input.outVc;
  OutputPort &output = outputs[outPort];
  const std::uint32_t from = input.cursor;
  const bool tail = flits[from].tail;
  input.cursor = flits[from].next;

  std::uint32_t sent = from;
  if (input.copying) {
    sent = newFlit();
    flits[sent] = flits[from];
  } else {
    input.first = input.cursor;
    Event credit;
    credit.kind = inputs[port].fromCore ? Event::SourceCredit : Event::Credit;
    credit.where = inputs[port].creditTarget + (inputVc - port * vcs);
    events.add(cycle + inputs[port].creditCycles, credit);
  }
  if (flits[sent].tree)
    flits[sent].place = forest.branch(input.branch).next;

  Event arrival;
  arrival.flit = sent;
  if (output.core < 0) {
    arrival.kind = Event::Arrival;
    arrival.where = output.target + input.outVc;
    ++crossed[router * links + input.outPort];
  } else {
    arrival.kind = Event::Ejection;
    arrival.where = static_cast<std::uint32_t>(output.core);
    arrival.vc = input.outVc;
  }
  events.add(cycle + output.transferCycles, arrival);
  output.freeFrom = cycle + output.flitCycles;
  --outputVcs[outVc].credits;

  if (!tail) {
    setReady(inputVc);
    return;
  }
  outputVcs[outVc].owner = nobody;
  output.free |= Mask(1) << input.outVc;
  input.phase = Phase::Idle;
  setReady(inputVc);
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
  for (std::uint32_t inputVc : askers) {
    if (inputVcs[inputVc].phase != Phase::Waiting)
      continue; // has got its output VC in this very cycle
    Event event;
    event.kind = Event::VcResult;
    event.where = inputVc;
    for (const VcGrant &grant : vcGrants)
      if (grant.inputVc == inputVc)
        event.vc = grant.vc;
    for (const SwitchGrant &grant : switchGrants)
      event.gotSwitch |= grant.inputVc == inputVc;
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
    Event event;
    event.kind = Event::SwitchResult;
    event.where = inputVc;
    for (const SwitchGrant &grant : switchGrants)
      event.gotSwitch |= grant.inputVc == inputVc;
    inputVcs[inputVc].asking = true;
    setReady(inputVc);
    events.add(cycle + switchCycles - 1, event);
  }
}

void RouterMesh::finishAllocation(const Event &event) {
  InputVc &input = inputVcs[event.where];
  input.asking = false;
  if (event.kind == Event::VcResult) {
    if (event.vc == Event::none || !takeVc(event.where, event.vc)) {
      await(event.where);
      return;
    }
    stopWaiting(event.where);
  }
  const std::uint32_t port = routerOf(event.where) * ports + input.outPort;
  if (event.gotSwitch && outputs[port].freeFrom <= cycle &&
      outputVcs[port * vcs + input.outVc].credits > 0)
    sendFlit(event.where);
  else
    setReady(event.where);
}

} // namespace synfire

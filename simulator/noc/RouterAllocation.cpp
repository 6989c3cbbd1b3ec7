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
  const bool waiting = routers[router].waitingPorts != 0;
  if (waiting)
    allocateVcs(router);
  if (sameCycle && vcCycles == 1)
    applyVcs();
  if (routers[router].readyPorts != 0 || (speculative && waiting))
    allocateSwitch(router);
  if (vcCycles > 1 || switchCycles > 1) {
    scheduleResults();
    return;
  }
  if (!sameCycle)
    applyVcs();
  applySwitch();
}

/// The same without speculation, where every allocation takes one cycle; mostly
/// a router has one flit at a time to think of.
void RouterMesh::evaluateSimple(std::uint32_t router) {
  const Router here = routers[router];
  std::uint32_t lone = nothing, loneVc = Event::noVc;
  vcGrants.clear();
  if (here.waitingPorts != 0) {
    lone = onlyWaiting(router, here.waitingPorts);
    if (lone != nothing) {
      loneVc = grantAlone(lone);
    } else {
      askers.clear();
      allocateVcs(router);
    }
  }
  // What the switch sends does not touch an output VC that is granted now.
  if (here.readyPorts != 0) {
    if (nobodyContends(router)) {
      for (std::uint32_t inputVc : switchAskers)
        sendAlone(inputVc);
    } else {
      switchGrants.clear();
      allocateSwitch(router);
      for (const SwitchGrant &grant : switchGrants)
        sendFlit(grant.inputVc);
    }
  }
  if (loneVc != Event::noVc)
    applyVc(lone, static_cast<std::uint8_t>(loneVc));
  else
    applyVcs();
}

/// The only VC that waits at these ports; `nothing` if there are more.
std::uint32_t RouterMesh::onlyWaiting(std::uint32_t router,
                                      Mask portMask) const {
  const std::uint32_t port = firstPort(router) + lowest(portMask);
  const Mask bits = inputs[port].waiting;
  if ((portMask & (portMask - 1)) != 0 || (bits & (bits - 1)) != 0)
    return nothing;
  return firstVc(port) + lowest(bits);
}

/// No two VCs that are ready share an input or an output; they are then the
/// switch's askers.
bool RouterMesh::nobodyContends(std::uint32_t router) {
  switchAskers.clear();
  Mask taken = 0;
  for (Mask bits = routers[router].readyPorts; bits != 0; bits &= bits - 1) {
    const std::uint32_t port = firstPort(router) + lowest(bits);
    const Mask ready = inputs[port].ready;
    if ((ready & (ready - 1)) != 0)
      return false;
    const std::uint32_t inputVc = firstVc(port) + lowest(ready);
    const Mask output = Mask(1) << inputVcs[inputVc].outPort;
    if ((taken & output) != 0)
      return false;
    taken |= output;
    switchAskers.push_back(inputVc);
  }
  return true;
}

void RouterMesh::sendAlone(std::uint32_t inputVc) {
  const std::uint32_t port = portOf(inputVc);
  OutputPort &output = outputs[outputOf(inputVc)];
  if (output.freeFrom > cycle)
    return;
  const std::uint32_t router = routerOf(inputVc);
  output.grantFrom = static_cast<std::uint8_t>(port - firstPort(router) + 1);
  inputs[port].acceptFrom =
      static_cast<std::uint8_t>(inputVcs[inputVc].outPort + 1);
  inputs[port].vcFrom = static_cast<std::uint8_t>(inputVc - firstVc(port) + 1);
  sendFlit(inputVc);
}

//===----------------------------------------------------------------------===//
// Output VCs: every waiting head flit asks for each free VC of its output, each
// VC grants to one, each head accepts one.
//===----------------------------------------------------------------------===//

void RouterMesh::allocateVcs(std::uint32_t router) {
  Mask requested = 0, contested = 0;
  for (Mask bits = routers[router].waitingPorts; bits != 0; bits &= bits - 1) {
    const std::uint32_t port = firstPort(router) + lowest(bits);
    for (Mask waiting = inputs[port].waiting; waiting != 0;
         waiting &= waiting - 1) {
      askers.push_back(firstVc(port) + lowest(waiting));
      const Mask output = Mask(1) << inputVcs[askers.back()].outPort;
      contested |= requested & output;
      requested |= output;
    }
  }
  for (std::uint32_t inputVc : askers) {
    if ((contested >> inputVcs[inputVc].outPort & 1) != 0)
      continue;
    const std::uint32_t vc = grantAlone(inputVc);
    if (vc != Event::noVc)
      vcGrants.push_back({inputVc, static_cast<std::uint8_t>(vc)});
  }
  for (; contested != 0; contested &= contested - 1)
    grantVcs(router, lowest(contested));
}

/// The VC of its output; Event::noVc if none is free.
std::uint32_t RouterMesh::grantAlone(std::uint32_t inputVc) {
  InputVc &input = inputVcs[inputVc];
  const std::uint32_t firstOutput = firstVc(input.outPort);
  const std::uint32_t firstInput = firstVc(firstPort(routerOf(inputVc)));
  const Mask free = outputs[outputOf(inputVc)].free & input.outVcs;
  if (free == 0)
    return Event::noVc;
  const std::uint32_t vc = roundRobin(free, input.acceptFrom > firstOutput
                                                ? input.acceptFrom - firstOutput
                                                : 0);
  outputVcs[firstInput + firstOutput + vc].grantFrom =
      static_cast<std::uint16_t>(inputVc - firstInput + 1);
  input.acceptFrom = static_cast<std::uint16_t>(firstOutput + vc + 1);
  return vc;
}

void RouterMesh::grantVcs(std::uint32_t router, std::uint32_t port) {
  const Mask free = outputs[firstPort(router) + port].free;
  if (free == 0)
    return;
  const std::uint32_t firstOutput = firstVc(port);
  const std::uint32_t firstInput = firstVc(firstPort(router));
  OutputVc *channels = &outputVcs[firstInput + firstOutput];
  rivals.clear();
  for (std::uint32_t inputVc : askers)
    if (inputVcs[inputVc].outPort == port)
      rivals.push_back({inputVc - firstInput, 0});
  for (Mask bits = free; bits != 0; bits &= bits - 1) {
    const std::uint32_t vc = lowest(bits);
    Rival *best = nullptr;
    for (Rival &rival : rivals) {
      if ((inputVcs[firstInput + rival.input].outVcs >> vc & 1) == 0)
        continue;
      const bool preferred = rival.input >= channels[vc].grantFrom;
      if (best == nullptr || preferred)
        best = &rival;
      if (preferred)
        break;
    }
    if (best != nullptr)
      best->grants |= Mask(1) << vc;
  }
  for (const Rival &rival : rivals) {
    if (rival.grants == 0)
      continue;
    InputVc &input = inputVcs[firstInput + rival.input];
    const std::uint32_t from =
        input.acceptFrom > firstOutput ? input.acceptFrom - firstOutput : 0;
    const std::uint32_t vc = roundRobin(rival.grants, from);
    channels[vc].grantFrom = static_cast<std::uint16_t>(rival.input + 1);
    input.acceptFrom = static_cast<std::uint16_t>(firstOutput + vc + 1);
    vcGrants.push_back(
        {firstInput + rival.input, static_cast<std::uint8_t>(vc)});
  }
}

void RouterMesh::applyVc(std::uint32_t inputVc, std::uint8_t vc) {
  takeVc(inputVc, vc);
  stopWaiting(inputVc);
  setReady(inputVc);
}

void RouterMesh::applyVcs() {
  for (const VcGrant &grant : vcGrants)
    applyVc(grant.inputVc, grant.vc);
}

//===----------------------------------------------------------------------===//
// The switch: an input offers each output one of its VCs, each output grants to
// one input, each input accepts one.
//===----------------------------------------------------------------------===//

void RouterMesh::requestSwitch(std::uint32_t router, std::uint32_t port,
                               Mask candidates, bool speculate) {
  const InputPort &input = inputs[firstPort(router) + port];
  while (candidates != 0) {
    const std::uint32_t vc = roundRobin(candidates, input.vcFrom);
    candidates &= ~(Mask(1) << vc);
    const std::uint32_t inputVc = firstVc(firstPort(router) + port) + vc;
    const std::uint32_t out = inputVcs[inputVc].outPort;
    const OutputPort &output = outputs[firstPort(router) + out];
    if (output.freeFrom > cycle + switchCycles - 1)
      continue;
    if (speculate) {
      Mask usable = output.free & inputVcs[inputVc].outVcs;
      const OutputVc *channels = &outputVcs[firstVc(firstPort(router) + out)];
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
    const InputPort &input = inputs[firstPort(router) + port];
    requestSwitch(router, port, input.ready, false);
    if (speculative)
      requestSwitch(router, port, input.waiting, true);
  }
  Mask granted = 0;
  for (Mask bits = requestedOutputs; bits != 0; bits &= bits - 1) {
    const std::uint32_t out = lowest(bits);
    const std::uint32_t port = roundRobin(
        outputRequests[out], outputs[firstPort(router) + out].grantFrom);
    if ((granted >> port & 1) == 0) {
      granted |= Mask(1) << port;
      inputGrants[port] = 0;
    }
    inputGrants[port] |= Mask(1) << out;
  }
  for (; granted != 0; granted &= granted - 1) {
    const std::uint32_t port = lowest(granted);
    InputPort &input = inputs[firstPort(router) + port];
    const std::uint32_t out = roundRobin(inputGrants[port], input.acceptFrom);
    outputs[firstPort(router) + out].grantFrom =
        static_cast<std::uint8_t>(port + 1);
    input.acceptFrom = static_cast<std::uint8_t>(out + 1);
    const std::uint32_t vc = requestVc[port * ports + out];
    input.vcFrom = static_cast<std::uint8_t>(vc + 1);
    switchGrants.push_back({firstVc(firstPort(router) + port) + vc,
                            (speculativeRequests[out] >> port & 1) != 0});
  }
}

void RouterMesh::applySwitch() {
  for (const SwitchGrant &grant : switchGrants)
    // The first may be without if it speculated on the second.
    if (inputVcs[grant.inputVc].phase == Phase::Active &&
        outputVcs[outputVcOf(grant.inputVc)].credits > 0)
      sendFlit(grant.inputVc);
}

void RouterMesh::sendFlit(std::uint32_t inputVc) {
  InputVc &input = inputVcs[inputVc];
  const std::uint32_t port = portOf(inputVc), outVc = outputVcOf(inputVc);
  OutputPort &output = outputs[portOf(outVc)];
  const std::uint32_t kept = input.cursor;
  std::uint32_t sent = kept;
  const bool tail = flits[kept].tail;
  input.cursor = flits[kept].next;

  if (input.copying) {
    sent = newFlit();
    flits[sent] = flits[kept];
  } else {
    input.first = input.cursor;
    const std::uint32_t target =
        inputs[port].creditTarget + inputVc - firstVc(port);
    if (inputs[port].fromCore)
      events.add(cycle + inputs[port].creditCycles,
                 {Event::SourceCredit, target, 0});
    else
      credits.add(cycle + inputs[port].creditCycles, target);
  }
  if (flits[sent].tree)
    flits[sent].place = forest.branch(input.branch).next;
  if (output.core < 0) {
    events.add(cycle + output.transferCycles,
               {Event::Arrival, output.target + input.outVc, sent});
    ++crossed[routerOf(inputVc) * links + input.outPort];
  } else {
    events.add(cycle + output.transferCycles, {Event::Ejection, outVc, sent});
  }
  output.freeFrom = cycle + output.flitCycles;
  --outputVcs[outVc].credits;

  if (!tail) {
    setReady(inputVc);
    return;
  }
  outputVcs[outVc].owner = nobody;
  output.free |= Mask(1) << input.outVc;
  input.phase = Phase::Idle;
  stopSending(inputVc);
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
      outputs[outputOf(event.where)].freeFrom <= cycle &&
      outputVcs[outputVcOf(event.where)].credits > 0)
    sendFlit(event.where);
  else
    setReady(event.where);
}

} // namespace synfire

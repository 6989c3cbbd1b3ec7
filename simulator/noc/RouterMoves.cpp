//===- RouterMoves.cpp - flits and credits in routers of any kind ---------===//
//
// What happens in a cycle beside the two allocators, which are in
// RouterAllocation.cpp; SimpleRouters.cpp has the same for most routers.
//
//===----------------------------------------------------------------------===//
#include "simulator/noc/RouterFlits.h"

namespace synfire {

void RouterMesh::stepGenerally(std::vector<Delivery> &arrived) {
  queues.advance(cycle,
                 [&](const CoreQueues::Item &item) { take(item, arrived); });
  forEvents(Credit, [&](std::uint32_t outputVc) { giveCredit(outputVc); });
  forEvents(SourceCredit, [&](std::uint32_t vc) { giveSourceCredit(vc); });
  forEvents(Arrival, [&](std::uint32_t event) {
    if ((event & vcResult) != 0)
      finishAllocation(event);
    else
      arrive(event);
  });
  forEvents(Routed, [&](std::uint32_t inputVc) { route(inputVc); });
  forEvents(Ejection,
            [&](std::uint32_t outputVc) { eject(outputVc, arrived); });
  forEvents(Reopen, [&](std::uint32_t port) { reopen(port); });
  injectAll();
  if (slow)
    allocateSlowly();
  else
    allocate();
  // Results of slow allocations count from the next cycle on.
  forEvents(Answer, [&](std::uint32_t event) { finishAllocation(event); });
}

/// What findOutput() leaves: trees, states, and what was not asked before.
void RouterMesh::lookUpOutput(std::uint32_t inputVc) {
  InputVc &vc = inputVcs[inputVc];
  if (vc.header.isTree()) {
    details[inputVc].branch = forest.node(vc.header.place).firstBranch;
    allowed[inputVc] = allVcs;
    takeBranch(inputVc);
    return;
  }
  // XY needs no state and leaves every VC open.
  const std::uint32_t router = inputs[portOf(inputVc)].router;
  const Routing::Step step = routes.next(
      static_cast<int>(router), static_cast<int>(vc.header.router()),
      restricted ? vc.header.state() : std::uint8_t(0));
  const bool local = step.direction == Direction::Local;
  if (restricted) {
    vc.header.setState(step.state);
    allowed[inputVc] = local ? allVcs : routes.virtualChannels(step) & allVcs;
  }
  vc.output = firstPort(router) + static_cast<std::uint32_t>(step.direction) +
              (local ? vc.header.slot() : 0U);
}

void RouterMesh::arrive(std::uint32_t inputVc) {
  InputVc &vc = inputVcs[inputVc];
  ++vc.flits;
  if (vc.phase == Phase::Idle)
    startHead(inputVc, false);
  else if (vc.phase == Phase::Active)
    setReady(inputVc);
}

/// Routing begins in this cycle or the next.
void RouterMesh::startHead(std::uint32_t inputVc, bool nextCycle) {
  if (routingCycles == 0) {
    route(inputVc);
    return;
  }
  inputVcs[inputVc].phase = Phase::Routing;
  events.add(Routed, cycle + (nextCycle ? 1 : 0) + routingCycles, inputVc);
}

void RouterMesh::route(std::uint32_t inputVc) {
  findOutput(inputVc);
  await(inputVc);
}

void RouterMesh::await(std::uint32_t inputVc) {
  inputVcs[inputVc].phase = Phase::Waiting;
  const std::uint32_t port = inputVcs[inputVc].output;
  insert(askersOf(port), localOf(inputVc));
  enlistWanted(port);
}

void RouterMesh::stopWaiting(std::uint32_t inputVc) {
  remove(askersOf(inputVcs[inputVc].output), localOf(inputVc));
}

/// Whether it asks for the switch from now on.
void RouterMesh::setReady(std::uint32_t inputVc) {
  const InputVc &input = inputVcs[inputVc];
  if (input.phase == Phase::Active && !details[inputVc].asking &&
      hasFlit(inputVc) && outputVcs[input.outVc].credits > 0) {
    insert(sendersOf(input.output), localOf(inputVc));
    if (!outputs[input.output].busy)
      enlistReady(input.output);
    return;
  }
  remove(sendersOf(input.output), localOf(inputVc));
}

void RouterMesh::giveCredit(std::uint32_t outputVc) {
  OutputVc &vc = outputVcs[outputVc];
  if (++vc.credits == 1 && vc.owner != nobody)
    setReady(outputs[portOf(outputVc)].firstInput + vc.owner);
}

void RouterMesh::reopen(std::uint32_t port) {
  outputs[port].busy = false;
  if (!isEmpty(sendersOf(port)))
    enlistReady(port);
}

/// The next flit of an input VC through the switch.
void RouterMesh::sendFlit(std::uint32_t inputVc) {
  InputVc &input = inputVcs[inputVc];
  OutputPort &output = outputs[input.output];
  const bool copying = isCopying(inputVc);
  const bool tail = passFlit(inputVc);
  if (!copying)
    freePlace(inputVc);
  ends[input.output].freeFrom = cycle + output.flitCycles;
  if (output.flitCycles > switchCycles) {
    output.busy = true;
    events.add(Reopen, cycle + output.flitCycles - (switchCycles - 1),
               input.output);
  }
  if (!tail) {
    setReady(inputVc);
    return;
  }
  remove(sendersOf(input.output), localOf(inputVc));
  outputVcs[input.outVc].owner = nobody;
  output.free |= Mask(1) << (input.outVc & vcIndexMask);
  if (!isEmpty(askersOf(input.output)))
    enlistWanted(input.output);
  input.phase = Phase::Idle;
  if (copying) {
    ++details[inputVc].branch;
    takeBranch(inputVc);
    await(inputVc);
  } else if (input.flits != 0) {
    startHead(inputVc, true);
  }
}

} // namespace synfire

//===- RouterAllocation.cpp - output VCs and the switch -------------------===//
//
// For routers of any kind: both allocators decide on what the cycle found, then
// their grants take effect. Outputs are worked through in lists, whichever
// router they belong to: routers meet in events only.
//
//===----------------------------------------------------------------------===//
#include "simulator/noc/RouterArbiters.h"
#include "simulator/noc/RouterFlits.h"

#include <algorithm>

namespace synfire {

inline std::uint32_t RouterMesh::firstFrom(const Mask *set,
                                           std::uint32_t from) const {
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

/// The same where an allocation takes several cycles.
void RouterMesh::allocateSlowly() {
  vcGrants.clear();
  switchGrants.clear();
  vcAskers.clear();
  switchAskers.clear();
  wantedOutputs.forEach([&](std::uint32_t port) {
    forEachIn(askersOf(port), [&](std::uint32_t local) {
      vcAskers.push_back(outputs[port].firstInput + local);
    });
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
  wantedOutputs.drain([&](std::uint32_t port) {
    outputs[port].wanted = false;
    // What gets nothing now gets nothing until a VC is free or another asks.
    if (grantVcs(port) && speculative)
      enlistReady(port);
  });
}

/// False if no VC of an output port finds anyone to grant to.
bool RouterMesh::grantVcs(std::uint32_t port) {
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
    while ((allowedVcs(firstInput + chosen) >> vc & 1) == 0) {
      chosen = firstFrom(asking, chosen + 1);
      if (chosen == start)
        break;
    }
    if ((allowedVcs(firstInput + chosen) >> vc & 1) == 0)
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
                        acceptedVc(firstInput + rival.input, rival.grants)});
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
      if ((usable & allowedVcs(firstInput + local)) != 0)
        insert(speculating.data(), local);
    });
  return speculating.data();
}

/// The input VC to which an output grants; false if nobody asks.
inline bool RouterMesh::grantSwitch(std::uint32_t port, Offer &made) {
  const OutputPort &output = outputs[port];
  if (ends[port].freeFrom > cycle + switchCycles - 1)
    return false;
  const std::uint32_t from = output.grantFrom;
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
      return (portOf(local) + ports - portOf(from) % ports) % ports;
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
  offers.clear();
  readyOutputs.drain([&](std::uint32_t port) {
    outputs[port].ready = false;
    Offer made;
    if (grantSwitch(port, made))
      offers.push_back(made);
    else if (!outputs[port].busy && !isEmpty(sendersOf(port)))
      enlistReady(port);
  });
}

void RouterMesh::acceptSwitch() {
  for (const Offer &made : offers)
    if (accepts(made.inputVc, inputs[portOf(made.inputVc)], outputs[made.port]))
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
    std::uint32_t result = noVc;
    const auto vc = find(vcGrants, inputVc);
    if (vc != vcGrants.end())
      result = vc->vc;
    if (find(switchGrants, inputVc) != switchGrants.end())
      result |= switchGranted;
    details[inputVc].result = static_cast<std::uint16_t>(result);
    if (vcResultDelay == 0) {
      if (!sameCycle && vc != vcGrants.end())
        finishAllocation(inputVc | vcResult);
      continue;
    }
    details[inputVc].asking = true;
    stopWaiting(inputVc);
    events.add(sameCycle ? Arrival : Answer, cycle + vcResultDelay,
               inputVc | vcResult);
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
    const bool granted = find(switchGrants, inputVc) != switchGrants.end();
    details[inputVc].result = granted ? switchGranted : std::uint16_t(0);
    details[inputVc].asking = true;
    setReady(inputVc);
    events.add(Answer, cycle + switchCycles - 1, inputVc);
  }
}

void RouterMesh::finishAllocation(std::uint32_t event) {
  const std::uint32_t inputVc = event & ~vcResult;
  const InputVc &input = inputVcs[inputVc];
  const std::uint32_t result = details[inputVc].result;
  details[inputVc].asking = false;
  if ((event & vcResult) != 0) {
    const std::uint32_t vc = result & noVc;
    if (vc == noVc || (outputs[input.output].free >> vc & 1) == 0) {
      await(inputVc);
      return;
    }
    takeVc(inputVc, vc);
    stopWaiting(inputVc);
  }
  if ((result & switchGranted) != 0 && ends[input.output].freeFrom <= cycle &&
      outputVcs[input.outVc].credits > 0)
    sendFlit(inputVc);
  else
    setReady(inputVc);
}

} // namespace synfire

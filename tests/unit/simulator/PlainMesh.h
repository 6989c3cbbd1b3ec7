//===- PlainMesh.h - the routers, spelled out -------------------*- C++ -*-===//
//
// The same routers as simulator/noc/RouterMesh.h in the plainest terms: queues
// of flits, request matrices, a map of future events. The fast mesh has to
// agree with it packet by packet; benchmarks take it as their baseline. Single
// packets (no trees), allocations of one cycle each, cores that take
// everything.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TESTS_UNIT_SIMULATOR_PLAINMESH_H
#define SYNFIRE_TESTS_UNIT_SIMULATOR_PLAINMESH_H

#include "runtime/program/Routing.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <vector>

namespace synfire::tests {

class PlainMesh {
public:
  struct Arrival {
    std::uint64_t tag = 0, cycle = 0;
  };

  PlainMesh(const NocTiming &noc, const Routing &ways)
      : timing(noc), routing(ways), vcs(noc.router.virtualChannels),
        coresPerRouter(ways.mesh().cores() / ways.mesh().routers()),
        ports(4 + coresPerRouter),
        routers(static_cast<std::size_t>(ways.mesh().routers())),
        sources(static_cast<std::size_t>(ways.mesh().cores())) {
    for (Router &router : routers) {
      router.inputs.resize(size(ports * vcs));
      router.outputs.resize(size(ports * vcs));
      for (OutputVc &output : router.outputs)
        output.credits = noc.router.bufferFlits;
      router.grantInput.assign(size(ports), 0);
      router.acceptOutput.assign(size(ports), 0);
      router.nextVc.assign(size(ports), 0);
    }
    for (Source &source : sources) {
      source.channels.resize(size(vcs));
      source.lastVc = vcs - 1;
      for (OutputVc &channel : source.channels)
        channel.credits = noc.router.bufferFlits;
    }
  }

  std::uint64_t now() const { return cycle; }
  bool idle() const { return underWay == 0 && events.empty(); }

  void send(int fromCore, int toCore, std::uint64_t tag) {
    for (int i = 0; i < timing.flitsPerPacket; ++i)
      sources[size(fromCore)].flits.push_back(
          {tag, toCore, i == 0, i + 1 == timing.flitsPerPacket, 0});
    ++underWay;
  }

  void step(std::vector<Arrival> &arrived) {
    arrivals = &arrived;
    while (!events.empty() && events.begin()->first == cycle) {
      auto event = std::move(events.begin()->second);
      events.erase(events.begin());
      event();
    }
    for (std::size_t core = 0; core < sources.size(); ++core)
      inject(static_cast<int>(core));
    for (std::size_t router = 0; router < routers.size(); ++router)
      work(static_cast<int>(router));
    ++cycle;
  }

private:
  struct Flit {
    std::uint64_t tag = 0;
    int core = 0;
    bool head = false, tail = false;
    std::uint8_t state = 0;
  };
  enum class Phase { Idle, Routing, Waiting, Active };
  struct InputVc {
    std::deque<Flit> buffer;
    Phase phase = Phase::Idle;
    int outPort = 0, outVc = 0;
    int acceptFrom = 0;
  };
  struct OutputVc {
    int credits = 0;
    bool taken = false;
    int grantFrom = 0;
  };
  struct Router {
    std::vector<InputVc> inputs;   ///< by port x vcs + vc
    std::vector<OutputVc> outputs; ///< likewise
    std::vector<int> grantInput, acceptOutput, nextVc;
  };
  struct Source {
    std::deque<Flit> flits;
    std::vector<OutputVc> channels;
    int lastVc = 0;
  };

  static std::size_t size(int number) {
    return static_cast<std::size_t>(number);
  }
  void at(std::uint64_t when, std::function<void()> event) {
    events.emplace(when, std::move(event));
  }
  int wire(int port) const {
    if (port >= 4)
      return 1;
    return port < 2 ? timing.router.linkCyclesEastWest
                    : timing.router.linkCyclesNorthSouth;
  }

  void inject(int core) {
    Source &source = sources[size(core)];
    if (source.flits.empty())
      return;
    if (source.flits.front().head) {
      int chosen = -1;
      for (int i = 1; i <= vcs && chosen < 0; ++i) {
        const int vc = (source.lastVc + i) % vcs;
        const OutputVc &channel = source.channels[size(vc)];
        if (!channel.taken && channel.credits > 0)
          chosen = vc;
      }
      if (chosen < 0)
        return;
      source.lastVc = chosen;
    }
    const int vc = source.lastVc;
    OutputVc &channel = source.channels[size(vc)];
    if (channel.credits == 0)
      return;
    const Flit flit = source.flits.front();
    source.flits.pop_front();
    --channel.credits;
    channel.taken = !flit.tail;
    const int router = core / coresPerRouter,
              input = (4 + core % coresPerRouter) * vcs + vc;
    at(cycle + 2, [=] { arrive(router, input, flit); });
  }

  void arrive(int router, int input, const Flit &flit) {
    InputVc &vc = routers[size(router)].inputs[size(input)];
    vc.buffer.push_back(flit);
    if (vc.phase == Phase::Idle)
      startHead(router, input, cycle);
  }

  void startHead(int router, int input, std::uint64_t from) {
    InputVc &vc = routers[size(router)].inputs[size(input)];
    vc.phase = Phase::Routing;
    if (timing.router.routingCycles == 0)
      route(router, input);
    else
      at(from + static_cast<std::uint64_t>(timing.router.routingCycles),
         [=] { route(router, input); });
  }

  void route(int router, int input) {
    InputVc &vc = routers[size(router)].inputs[size(input)];
    Flit &flit = vc.buffer.front();
    const Routing::Step step =
        routing.next(router, flit.core / coresPerRouter, flit.state);
    flit.state = step.state;
    vc.outPort = static_cast<int>(step.direction);
    if (step.direction == Direction::Local)
      vc.outPort += flit.core % coresPerRouter;
    vc.phase = Phase::Waiting;
  }

  /// The requester at or after `from`, cyclically, among 0..requests-1.
  static int roundRobin(const std::vector<char> &requests, int from) {
    const int number = static_cast<int>(requests.size());
    for (int i = 0; i < number; ++i)
      if (requests[size((from + i) % number)])
        return (from + i) % number;
    return -1;
  }

  void work(int number) {
    Router &router = routers[size(number)];
    const int all = ports * vcs;

    // Output VCs: outputs grant, inputs accept.
    std::vector<int> gotVc(size(all), -1);
    std::vector<std::vector<char>> granted(size(all),
                                           std::vector<char>(size(all), 0));
    for (int out = 0; out < all; ++out) {
      std::vector<char> requests(size(all), 0);
      for (int in = 0; in < all; ++in)
        requests[size(in)] = router.inputs[size(in)].phase == Phase::Waiting &&
                             router.inputs[size(in)].outPort == out / vcs &&
                             !router.outputs[size(out)].taken;
      const int in = roundRobin(requests, router.outputs[size(out)].grantFrom);
      if (in >= 0)
        granted[size(in)][size(out)] = 1;
    }
    for (int in = 0; in < all; ++in) {
      const int out =
          roundRobin(granted[size(in)], router.inputs[size(in)].acceptFrom);
      if (out < 0)
        continue;
      gotVc[size(in)] = out;
      router.inputs[size(in)].acceptFrom = (out + 1) % all;
      router.outputs[size(out)].grantFrom = (in + 1) % all;
    }

    // The switch: offer[input][output] is a VC, sure ones before guesses.
    std::vector<std::vector<int>> offer(size(ports),
                                        std::vector<int>(size(ports), -1));
    auto guess = offer;
    for (int port = 0; port < ports; ++port)
      for (int i = vcs - 1; i >= 0; --i) {
        const int vc = (router.nextVc[size(port)] + i) % vcs;
        const InputVc &input = router.inputs[size(port * vcs + vc)];
        bool usable = false;
        for (int out = input.outPort * vcs; out < (input.outPort + 1) * vcs;
             ++out)
          usable |= !router.outputs[size(out)].taken &&
                    router.outputs[size(out)].credits > 0;
        if (input.phase == Phase::Active && !input.buffer.empty() &&
            router.outputs[size(input.outPort * vcs + input.outVc)].credits > 0)
          offer[size(port)][size(input.outPort)] = vc;
        else if (timing.router.speculativeSwitchAllocation &&
                 input.phase == Phase::Waiting && usable)
          guess[size(port)][size(input.outPort)] = vc;
      }
    std::vector<std::vector<char>> grants(size(ports),
                                          std::vector<char>(size(ports), 0));
    for (int out = 0; out < ports; ++out) {
      std::vector<char> requests(size(ports), 0);
      for (int in = 0; in < ports; ++in)
        requests[size(in)] =
            offer[size(in)][size(out)] >= 0 || guess[size(in)][size(out)] >= 0;
      const int in = roundRobin(requests, router.grantInput[size(out)]);
      if (in >= 0)
        grants[size(in)][size(out)] = 1;
    }
    std::vector<int> sending;
    for (int in = 0; in < ports; ++in) {
      const int out =
          roundRobin(grants[size(in)], router.acceptOutput[size(in)]);
      if (out < 0)
        continue;
      router.acceptOutput[size(in)] = (out + 1) % ports;
      router.grantInput[size(out)] = (in + 1) % ports;
      const int vc = offer[size(in)][size(out)] >= 0
                         ? offer[size(in)][size(out)]
                         : guess[size(in)][size(out)];
      router.nextVc[size(in)] = (vc + 1) % vcs;
      sending.push_back(in * vcs + vc);
    }

    for (int in = 0; in < all; ++in)
      if (gotVc[size(in)] >= 0) {
        router.inputs[size(in)].phase = Phase::Active;
        router.inputs[size(in)].outVc = gotVc[size(in)] % vcs;
        router.outputs[size(gotVc[size(in)])].taken = true;
      }
    for (int in : sending)
      if (router.inputs[size(in)].phase == Phase::Active)
        send(number, in);
  }

  void send(int number, int in) {
    Router &router = routers[size(number)];
    InputVc &input = router.inputs[size(in)];
    const int out = input.outPort * vcs + input.outVc;
    if (router.outputs[size(out)].credits == 0)
      return;
    const Flit flit = input.buffer.front();
    input.buffer.pop_front();
    --router.outputs[size(out)].credits;
    giveBack(number, in);

    const std::uint64_t there =
        cycle + static_cast<std::uint64_t>(timing.router.switchTraversalCycles +
                                           1 + wire(input.outPort));
    if (input.outPort >= 4) {
      at(there, [=] {
        at(cycle + 2 + static_cast<std::uint64_t>(timing.router.creditCycles),
           [=] { ++routers[size(number)].outputs[size(out)].credits; });
        if (flit.tail) {
          arrivals->push_back({flit.tag, cycle});
          --underWay;
        }
      });
    } else {
      const int to = neighbour(routing.mesh(), number,
                               static_cast<Direction>(input.outPort));
      const int entry = (input.outPort ^ 1) * vcs + input.outVc;
      at(there, [=] { arrive(to, entry, flit); });
    }
    if (!flit.tail)
      return;
    router.outputs[size(out)].taken = false;
    input.phase = Phase::Idle;
    if (!input.buffer.empty())
      startHead(number, in, cycle + 1);
  }

  /// The credit of the buffer that a flit of input VC `in` has left.
  void giveBack(int number, int in) {
    const int port = in / vcs, vc = in % vcs;
    if (port >= 4) {
      const int core = number * coresPerRouter + port - 4;
      at(cycle + 2, [=] { ++sources[size(core)].channels[size(vc)].credits; });
      return;
    }
    const int from =
        neighbour(routing.mesh(), number, static_cast<Direction>(port));
    const int out = (port ^ 1) * vcs + vc;
    at(cycle + static_cast<std::uint64_t>(1 + wire(port) +
                                          timing.router.creditCycles),
       [=] { ++routers[size(from)].outputs[size(out)].credits; });
  }

  NocTiming timing;
  const Routing &routing;
  int vcs, coresPerRouter, ports;
  std::vector<Router> routers;
  std::vector<Source> sources;
  std::multimap<std::uint64_t, std::function<void()>> events;
  std::vector<Arrival> *arrivals = nullptr;
  std::uint64_t cycle = 0, underWay = 0;
};

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_SIMULATOR_PLAINMESH_H

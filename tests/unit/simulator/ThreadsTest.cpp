//===- ThreadsTest.cpp - threads change no bit of the machine -------------===//
#include "tests/unit/program/TinyStreamed.h"
#include "tests/unit/simulator/MachineDriver.h"
#include "tests/unit/simulator/RecordedRun.h"
#include "tests/unit/simulator/Spread.h"

#include <sstream>

using namespace synfire;
using namespace synfire::tests;

namespace {

/// Writes down every call.
class Calls : public TimelineObserver {
public:
  void onWindow(const std::vector<WindowToken> &tokens) override {
    text << "window " << tokens.size() << '\n';
  }
  void onBurst(const BurstTimeline &burst) override {
    text << "burst " << burst.sourceCore << ' ' << burst.destinationCore << ' '
         << burst.packets << ' ' << burst.departures.begin << ' '
         << burst.departures.end << ' ' << burst.arrivals.begin << ' '
         << burst.arrivals.end << '\n';
  }
  void onCore(const CoreTimeline &core) override {
    text << "core " << core.core << ' ' << core.update.begin << ' '
         << core.update.end << ' ' << core.send.begin << ' ' << core.send.end
         << ' ' << core.receive.begin << ' ' << core.receive.end << '\n';
  }
  void onLink(const LinkTimeline &link) override {
    text << "link " << link.fromRouter << ' ' << link.toRouter << ' '
         << link.packets << ' ' << link.busyCycles << '\n';
  }
  void onStep(const StepTimeline &step) override {
    text << "step " << step.number << ' ' << step.cycles.begin << ' '
         << step.cycles.end << ' ' << step.boundCycles << ' '
         << static_cast<int>(step.cause) << ' ' << step.place << ' '
         << step.operations << '\n';
  }

  std::ostringstream text;
};

struct Case {
  const char *noc;
  Multicast multicast;
  bool streamed;
  int inputParts = 1;
};
void PrintTo(const Case &given, std::ostream *out) {
  *out << given.noc
       << (given.multicast == Multicast::Tree ? ", copied on their way" : "")
       << (given.streamed ? ", streamed" : "")
       << (given.inputParts > 1 ? ", inputs split" : "");
}

class ThreadsTest : public testing::TestWithParam<Case> {};

TEST_P(ThreadsTest, ChangeNoBit) {
  TinyOptions tiny;
  tiny.intermediate = 20;
  tiny.form = ProductForm::Concurrent;
  StreamedOptions streamed;
  streamed.codedWeights = true;
  Program program = GetParam().streamed ? tinyStreamedProgram(3, streamed)
                                        : buildTinyProgram(tiny);
  SpreadOptions cut;
  cut.mostGroups = GetParam().streamed ? cut.mostGroups : 1;
  cut.mostColumns = 5;
  cut.chipsX = GetParam().streamed ? cut.chipsX : 2;
  cut.inputParts = GetParam().inputParts;
  spread(program, cut);
  program.mapping.chip.noc.multicast = GetParam().multicast;
  std::string run, calls;
  for (int threads : {1, 2, 3, 2}) {
    SCOPED_TRACE(threads);
    Calls seen;
    const Driven driven =
        drive(program, {1, 6, 11, 28}, 3, GetParam().noc, {}, &seen, threads);
    ASSERT_EQ(driven.error, "");
    EXPECT_GT(driven.run.usedCores, 8);
    const std::string now = recorded(driven.run);
    run = run.empty() ? now : run;
    EXPECT_TRUE(now == run);
    calls = calls.empty() ? seen.text.str() : calls;
    EXPECT_TRUE(seen.text.str() == calls);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Machine, ThreadsTest,
    testing::Values(Case{"ideal", Multicast::Unicast, false},
                    Case{"burst", Multicast::Unicast, false},
                    Case{"packet", Multicast::Unicast, false},
                    Case{"burst", Multicast::Tree, false},
                    Case{"packet", Multicast::Tree, false},
                    Case{"burst", Multicast::Unicast, true},
                    Case{"ideal", Multicast::Unicast, false, 3},
                    Case{"burst", Multicast::Unicast, true, 3},
                    Case{"packet", Multicast::Unicast, true, 3}));

} // namespace

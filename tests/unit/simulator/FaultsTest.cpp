//===- FaultsTest.cpp - a broken machine computes the same ----------------===//
#include "compiler/mapping/Problem.h"
#include "runtime/program/Verify.h"
#include "tests/unit/program/TinyProgram.h"
#include "tests/unit/simulator/MachineDriver.h"

#include <gtest/gtest.h>

#include <ostream>

using namespace synfire;
using namespace synfire::tests;

namespace {

struct FaultCase {
  const char *name;
  ChipFaults faults;
  const char *placement = "hilbert";
};
void PrintTo(const FaultCase &given, std::ostream *out) { *out << given.name; }

/// Dead itself, or at a router of a disabled chip.
bool isDead(const Mapping &mapping, const LinkRun &link) {
  const Mesh mesh(mapping.chip.mesh, mapping.chipsX, mapping.chipsY);
  const RouterCoordinate a =
      mesh.router(std::min(link.fromRouter, link.toRouter));
  const RouterCoordinate b =
      mesh.router(std::max(link.fromRouter, link.toRouter));
  for (const ChipFaults::Link &dead : mapping.chip.faults.deadLinks)
    if (dead.routerX == a.x && dead.routerY == a.y && dead.south == (a.y < b.y))
      return true;
  for (const ChipFaults::Chip &off : mapping.chip.faults.disabledChips)
    for (const RouterCoordinate &end : {a, b})
      if (end.x / mapping.chip.mesh.chipWidth == off.x &&
          end.y / mapping.chip.mesh.chipHeight == off.y)
        return true;
  return false;
}

class FaultsTest : public testing::TestWithParam<FaultCase> {
protected:
  static Program program(const ChipFaults &faults, const char *placement,
                         Multicast multicast = Multicast::Unicast) {
    TinyOptions options;
    options.width = 32;
    options.heads = 4;
    options.keyValueHeads = 2;
    options.intermediate = 60;
    options.form = ProductForm::Concurrent;
    Program made = buildTinyProgram(options);
    auto chip = loadChipModel("tiny");
    EXPECT_TRUE(chip.ok());
    chip->faults = faults;
    chip->noc.multicast = multicast;
    auto mapping = mapProgram(made, *chip, {placement, true});
    EXPECT_TRUE(mapping.ok()) << mapping.error().message();
    if (mapping.ok())
      made.mapping = *mapping;
    return made;
  }
  const std::vector<int> prompt = {1, 7, 19, 2};
};

TEST_P(FaultsTest, SpikesAreThoseOfTheWholeMachine) {
  const Driven whole = drive(program({}, "hilbert"), prompt, 3, "ideal");
  const Program broken = program(GetParam().faults, GetParam().placement);
  for (const char *noc : {"ideal", "burst"}) {
    const Driven driven = drive(broken, prompt, 3, noc);
    ASSERT_EQ(driven.error, "");
    EXPECT_EQ(driven.run.digest, whole.run.digest);
    EXPECT_EQ(driven.run.membraneDigest, whole.run.membraneDigest);
    EXPECT_EQ(driven.run.outputTokens, whole.run.outputTokens);
    EXPECT_EQ(driven.run.total[Counter::Spike],
              whole.run.total[Counter::Spike]);

    std::uint64_t onLinks = 0;
    for (const LinkRun &link : driven.run.links) {
      onLinks += link.spikes;
      EXPECT_FALSE(isDead(broken.mapping, link));
    }
    EXPECT_EQ(onLinks, driven.run.total[Counter::HopEastWest] +
                           driven.run.total[Counter::HopNorthSouth]);
    EXPECT_GT(onLinks, 0u);
  }
}

TEST_P(FaultsTest, CopiedPacketsBringTheSameSpikes) {
  const Driven whole = drive(program({}, "hilbert"), prompt, 2, "burst");
  const Driven driven =
      drive(program(GetParam().faults, GetParam().placement, Multicast::Tree),
            prompt, 2, "burst");
  ASSERT_EQ(driven.error, "");
  EXPECT_EQ(driven.run.digest, whole.run.digest);
  EXPECT_EQ(driven.run.membraneDigest, whole.run.membraneDigest);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, FaultsTest,
    testing::Values(
        FaultCase{"dead cores", {{{0, 0, 0}, {1, 2, 0}, {3, 3, 0}}, {}, {}}},
        FaultCase{"dead links",
                  {{}, {{0, 0, false}, {1, 1, true}, {2, 1, false}}, {}},
                  "row-major"},
        FaultCase{"a core cut off", {{}, {{0, 0, false}, {0, 0, true}}, {}}},
        FaultCase{"a chip off", {{}, {}, {{0, 0}}}},
        FaultCase{"all of them",
                  {{{5, 5, 0}, {6, 1, 0}},
                   {{4, 4, false}, {2, 3, true}, {3, 2, false}, {3, 1, false}},
                   {{1, 0}}},
                  "random:5"}));

} // namespace

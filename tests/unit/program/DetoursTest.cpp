//===- DetoursTest.cpp - routes round faults ------------------------------===//
#include "runtime/program/Detours.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <ostream>
#include <queue>
#include <random>
#include <set>
#include <thread>
#include <utility>

using namespace synfire;
using testing::HasSubstr;

namespace {

struct System {
  int chipWidth, chipHeight, coresPerRouter, chipsX, chipsY;
};

ChipModel chipOf(const System &system, int virtualChannels = 2) {
  ChipModel chip;
  chip.noc.router.virtualChannels = virtualChannels;
  chip.name = "meshed";
  chip.mesh = {system.chipWidth, system.chipHeight, system.coresPerRouter,
               system.chipsX, system.chipsY};
  return chip;
}

const std::array<System, 7> systems = {{{5, 5, 1, 1, 1},
                                        {8, 8, 1, 1, 1},
                                        {1, 12, 2, 1, 1},
                                        {9, 2, 1, 1, 1},
                                        {4, 4, 1, 2, 2},
                                        {3, 2, 2, 3, 4},
                                        {4, 3, 1, 4, 3}}};

/// Faults of every kind; some draws part the mesh.
ChipModel withRandomFaults(const System &system, std::mt19937 &random) {
  ChipModel chip = chipOf(system);
  const int width = system.chipWidth * system.chipsX;
  const int height = system.chipHeight * system.chipsY;
  auto below = [&](int bound) {
    return static_cast<int>(random() % static_cast<unsigned>(bound));
  };
  const int links = 1 + below(1 + width * height / 4);
  for (int i = 0; i < links; ++i) {
    const bool south = width == 1 || (height > 1 && below(2) == 1);
    chip.faults.deadLinks.push_back({below(south ? width : width - 1),
                                     below(south ? height - 1 : height),
                                     south});
  }
  for (int i = below(5); i > 0; --i)
    chip.faults.deadCores.push_back(
        {below(width), below(height), below(system.coresPerRouter)});
  if (system.chipsX * system.chipsY > 2)
    for (int i = below(3); i > 0; --i)
      chip.faults.disabledChips.push_back(
          {below(system.chipsX), below(system.chipsY)});
  return chip;
}

/// Whether the fault list allows this link, asked link by link.
bool works(const ChipModel &chip, const Mesh &mesh, int link) {
  RouterCoordinate a = mesh.router(linkSource(link));
  RouterCoordinate b = mesh.router(linkTarget(mesh, link));
  if (a.x > b.x || a.y > b.y)
    std::swap(a, b);
  for (const ChipFaults::Link &dead : chip.faults.deadLinks)
    if (dead.routerX == a.x && dead.routerY == a.y && dead.south == (a.y < b.y))
      return false;
  for (const ChipFaults::Chip &disabled : chip.faults.disabledChips)
    for (const RouterCoordinate &end : {a, b})
      if (end.x / chip.mesh.chipWidth == disabled.x &&
          end.y / chip.mesh.chipHeight == disabled.y)
        return false;
  return true;
}

bool isLink(const Mesh &mesh, int link) {
  const RouterCoordinate at = mesh.router(linkSource(link));
  switch (linkDirection(link)) {
  case Direction::East:
    return at.x + 1 < mesh.width();
  case Direction::West:
    return at.x > 0;
  case Direction::South:
    return at.y + 1 < mesh.height();
  case Direction::North:
    return at.y > 0;
  case Direction::Local:
    break;
  }
  return false;
}

/// By link number: it lies in the mesh and works.
std::vector<bool> workingLinks(const ChipModel &chip, const Mesh &mesh) {
  std::vector<bool> working(static_cast<std::size_t>(linkCount(mesh)));
  for (int link = 0; link < linkCount(mesh); ++link)
    working[static_cast<std::size_t>(link)] =
        isLink(mesh, link) && works(chip, mesh, link);
  return working;
}

/// Hops from one router over working links to every other; -1 if there is none.
std::vector<int> hopsFrom(const std::vector<bool> &working, const Mesh &mesh,
                          int router) {
  std::vector<int> hops(static_cast<std::size_t>(mesh.routers()), -1);
  std::queue<int> open;
  hops[static_cast<std::size_t>(router)] = 0;
  open.push(router);
  while (!open.empty()) {
    const int at = open.front();
    open.pop();
    for (int link = 4 * at; link < 4 * at + 4; ++link) {
      if (!working[static_cast<std::size_t>(link)])
        continue;
      int &known = hops[static_cast<std::size_t>(linkTarget(mesh, link))];
      if (known >= 0)
        continue;
      known = hops[static_cast<std::size_t>(at)] + 1;
      open.push(linkTarget(mesh, link));
    }
  }
  return hops;
}

/// A channel is a link and the virtual channels that a packet may take there.
using Channel = std::pair<int, std::uint64_t>;
using Dependencies = std::map<Channel, std::set<Channel>>;

/// Kahn's algorithm: every channel can be removed after those that wait for it.
bool isAcyclic(const Dependencies &waits) {
  std::map<Channel, int> waiting;
  for (const auto &[channel, next] : waits) {
    waiting.emplace(channel, 0);
    for (const Channel &to : next)
      ++waiting[to];
  }
  std::vector<Channel> ready;
  for (const auto &[channel, count] : waiting)
    if (count == 0)
      ready.push_back(channel);
  std::size_t removed = 0;
  for (; !ready.empty(); ++removed) {
    const Channel channel = ready.back();
    ready.pop_back();
    if (auto next = waits.find(channel); next != waits.end())
      for (const Channel &to : next->second)
        if (--waiting[to] == 0)
          ready.push_back(to);
  }
  return removed == waiting.size();
}

/// The channels of one route, by Routing::next alone.
std::vector<Channel> channelsOf(const Routing &routing, int from, int to) {
  std::vector<Channel> channels;
  std::uint8_t state = 0;
  for (int at = from; at != to;) {
    const Routing::Step step = routing.next(at, to, state);
    if (step.direction == Direction::Local ||
        channels.size() >
            std::size_t(2) * static_cast<std::size_t>(routing.mesh().routers()))
      return {};
    const int link = 4 * at + static_cast<int>(step.direction);
    state = step.state;
    channels.emplace_back(link, routing.virtualChannels(step));
    at = linkTarget(routing.mesh(), link);
  }
  return channels;
}

std::vector<int> usableRouters(const Routing &routing, int coresPerRouter) {
  std::vector<int> routers;
  for (int core = 0; core < routing.mesh().cores(); ++core)
    if (routing.usable(core) &&
        (routers.empty() || routers.back() != core / coresPerRouter))
      routers.push_back(core / coresPerRouter);
  return routers;
}

void addRoute(const std::vector<Channel> &channels, Dependencies &waits) {
  for (std::size_t i = 0; i + 1 < channels.size(); ++i)
    waits[channels[i]].insert(channels[i + 1]);
}

/// Hops beyond the shortest ways, and how much more than XY they ask of the
/// busiest link, over all pairs.
struct Detoured {
  double hops = 0, shortest = 0, busiest = 0, busiestOfXY = 0;
};

bool keepsXY(const ChipModel &chip) {
  return chip.noc.router.virtualChannels > 1 &&
         chip.noc.multicast == Multicast::Unicast;
}

/// All pairs of one system; the routes must work whatever they cost.
void checkRoutes(const System &system, const ChipModel &chip,
                 const Routing &routing, Detoured &sum) {
  const Mesh &mesh = routing.mesh();
  ChipModel whole = chip;
  whole.faults = {};
  const Routing xy = *Routing::create(whole, system.chipsX, system.chipsY);
  const std::vector<bool> working = workingLinks(chip, mesh);
  const auto routers = usableRouters(routing, system.coresPerRouter);
  ASSERT_FALSE(routers.empty());
  Dependencies waits;
  std::vector<int> load(working.size()), loadOfXY(working.size());
  for (int from : routers) {
    const std::vector<int> fewest = hopsFrom(working, mesh, from);
    // The routes from one router are a tree: a channel has one predecessor, and
    // where packets are copied there is one channel a link.
    std::map<Channel, Channel> before;
    for (int to : routers) {
      if (from == to)
        continue;
      const auto channels = channelsOf(routing, from, to);
      ASSERT_FALSE(channels.empty()) << from << " to " << to;
      Channel previous = {-1, 0};
      for (const Channel &channel : channels) {
        ASSERT_TRUE(working[static_cast<std::size_t>(channel.first)]);
        ASSERT_NE(channel.second, 0u);
        ASSERT_EQ(before.emplace(channel, previous).first->second, previous);
        previous = channel;
        ++load[static_cast<std::size_t>(channel.first)];
      }
      bool xyWorks = true;
      std::vector<int> links, linksOfXY;
      for (const Channel &channel : channels)
        links.push_back(channel.first);
      for (const Channel &channel : channelsOf(xy, from, to)) {
        xyWorks = xyWorks && working[static_cast<std::size_t>(channel.first)];
        linksOfXY.push_back(channel.first);
        ++loadOfXY[static_cast<std::size_t>(channel.first)];
      }
      if (keepsXY(chip) && xyWorks) {
        ASSERT_EQ(links, linksOfXY);
      }
      const int least = fewest[static_cast<std::size_t>(to)];
      ASSERT_GE(static_cast<int>(channels.size()), least);
      sum.hops += static_cast<double>(channels.size());
      sum.shortest += least;
      addRoute(channels, waits);
      ASSERT_EQ(routing.route(from, to).hops(),
                static_cast<int>(channels.size()));
    }
    if (!keepsXY(chip))
      for (auto channel = before.begin(); channel != before.end(); ++channel)
        if (std::next(channel) != before.end()) {
          ASSERT_NE(channel->first.first, std::next(channel)->first.first);
        }
  }
  ASSERT_TRUE(isAcyclic(waits));
  // Classes of virtual channels are disjoint, or there is one.
  std::set<std::uint64_t> classes;
  for (const auto &[channel, next] : waits)
    classes.insert(channel.second);
  ASSERT_LE(classes.size(), keepsXY(chip) ? 2u : 1u);
  if (classes.size() == 2) {
    ASSERT_EQ(*classes.begin() & *classes.rbegin(), 0u);
  }
  auto most = [](const std::vector<int> &loads) {
    return *std::max_element(loads.begin(), loads.end());
  };
  sum.busiest += most(load);
  sum.busiestOfXY += most(loadOfXY);
}

struct NetworkKind {
  int virtualChannels;
  Multicast multicast;
};
void PrintTo(const NetworkKind &given, std::ostream *out) {
  *out << given.virtualChannels << " virtual channels, "
       << (given.multicast == Multicast::Tree ? "tree" : "unicast");
}

class DetoursTest : public testing::TestWithParam<NetworkKind> {};

TEST_P(DetoursTest, RoutesUseWorkingLinksReachAllAndCannotDeadlock) {
  std::mt19937 random(11);
  Detoured sum;
  int parted = 0, avoided = 0;
  for (const System &system : systems)
    for (int round = 0; round < 15; ++round) {
      ChipModel chip = withRandomFaults(system, random);
      chip.noc.router.virtualChannels = GetParam().virtualChannels;
      chip.noc.multicast = GetParam().multicast;
      auto routing = Routing::create(chip, system.chipsX, system.chipsY);
      if (!routing.ok())
        continue;
      parted += routing->cutOffCores() > 0;
      avoided += !routing->isXY();
      checkRoutes(system, chip, *routing, sum);
      ASSERT_FALSE(HasFatalFailure());
    }
  EXPECT_GT(parted, 5);
  EXPECT_GT(avoided, 80);
  // No promise, but worth knowing: every eighth link is dead here.
  RecordProperty("detour_percent",
                 std::to_string(100 * (sum.hops / sum.shortest - 1)));
  RecordProperty("busiest_link_of_xy",
                 std::to_string(sum.busiest / sum.busiestOfXY));
  EXPECT_GE(sum.hops, sum.shortest);
  EXPECT_LT(sum.hops, 1.1 * sum.shortest);
}

INSTANTIATE_TEST_SUITE_P(Networks, DetoursTest,
                         testing::Values(NetworkKind{1, Multicast::Unicast},
                                         NetworkKind{2, Multicast::Unicast},
                                         NetworkKind{2, Multicast::Tree}));

/// The checker sees a cycle where there is one: XY and YX together.
TEST(Detours, TheChannelCheckFindsCycles) {
  const Routing routing = *Routing::create(chipOf({3, 3, 1, 1, 1}), 1, 1);
  const Mesh &mesh = routing.mesh();
  Dependencies waits;
  for (int from = 0; from < 9; ++from)
    for (int to = 0; to < 9; ++to)
      addRoute(channelsOf(routing, from, to), waits);
  EXPECT_TRUE(isAcyclic(waits));
  for (int from = 0; from < 9; ++from)
    for (int to = 0; to < 9; ++to) {
      const int corner =
          mesh.routerNumber({mesh.router(from).x, mesh.router(to).y});
      auto channels = channelsOf(routing, from, corner);
      for (const Channel &channel : channelsOf(routing, corner, to))
        channels.push_back(channel);
      addRoute(channels, waits);
    }
  EXPECT_FALSE(isAcyclic(waits));
}

TEST(Detours, VirtualChannelsAreDividedOnlyRoundFaults) {
  ChipModel chip = chipOf({8, 8, 1, 1, 1}, 4);
  const Routing whole = *Routing::create(chip, 1, 1);
  EXPECT_EQ(whole.virtualChannels({Direction::East, 0}), 0xfu);
  chip.faults.deadLinks = {{0, 0, true}};
  const Routing broken = *Routing::create(chip, 1, 1);
  EXPECT_EQ(broken.virtualChannels(broken.next(1, 7, 0)), 0x7u);
  EXPECT_EQ(broken.virtualChannels(broken.next(0, 8, 0)), 0x8u);
  chip.noc.router.virtualChannels = 64;
  EXPECT_EQ(Routing::create(chip, 1, 1)->virtualChannels({}), ~0ull >> 1);
  chip.noc.router.virtualChannels = 1;
  const Routing narrow = *Routing::create(chip, 1, 1);
  EXPECT_EQ(narrow.virtualChannels(narrow.next(1, 7, 0)), 1u);
  EXPECT_EQ(narrow.virtualChannels(narrow.next(0, 8, 0)), 1u);
}

TEST(Detours, OnlyBrokenLinksLeaveXY) {
  const System system = {4, 4, 2, 2, 2};
  auto isXY = [&](const ChipFaults &faults, int chipsX, int chipsY) {
    ChipModel chip = chipOf(system);
    chip.faults = faults;
    const Routing routing = *Routing::create(chip, chipsX, chipsY);
    bool equal = true;
    const Routing plain = *Routing::create(chipOf(system), chipsX, chipsY);
    for (int from = 0; from < routing.mesh().routers(); ++from)
      for (int to = 0; to < routing.mesh().routers(); ++to)
        equal = equal &&
                channelsOf(routing, from, to) == channelsOf(plain, from, to);
    EXPECT_TRUE(equal || !routing.isXY());
    return routing.isXY();
  };
  EXPECT_TRUE(isXY({}, 2, 2));
  ChipFaults cores, link, chip;
  cores.deadCores = {{0, 0, 0}, {5, 3, 1}};
  link.deadLinks = {{6, 2, true}};
  chip.disabledChips = {{1, 1}};
  EXPECT_TRUE(isXY(cores, 2, 2));
  EXPECT_FALSE(isXY(link, 2, 2));
  EXPECT_FALSE(isXY(chip, 2, 2));
  // Beyond the chips that are used.
  EXPECT_TRUE(isXY(link, 1, 2));
  EXPECT_TRUE(isXY(chip, 2, 1));
}

/// Up*/down* alone, with one virtual channel.
TEST(Detours, AreAsShortAsXYWhereNothingIsInTheWay) {
  ChipModel chip = chipOf({8, 8, 1, 1, 1}, 1);
  chip.faults.deadLinks = {{7, 6, true}};
  const Routing routing = *Routing::create(chip, 1, 1);
  ASSERT_FALSE(routing.isXY());
  for (int from = 0; from < 64; ++from)
    for (int to = 0; to < 64; ++to) {
      const int straight =
          std::abs(from % 8 - to % 8) + std::abs(from / 8 - to / 8);
      const int hops = routing.route(from, to).hops();
      // Only the two routers of the link can have no shortest way left, and
      // those whose every way leads over it: the eastmost column.
      if (from % 8 == 7 && to % 8 == 7 && (from / 8 == 7) != (to / 8 == 7))
        EXPECT_EQ(hops, straight + 2) << from << " to " << to;
      else
        EXPECT_EQ(hops, straight) << from << " to " << to;
    }
}

TEST(Detours, TheLargestPartIsUsed) {
  // A column of routers is cut off; both parts of the second system are equal.
  ChipModel chip = chipOf({4, 3, 2, 1, 1});
  for (int y = 0; y < 3; ++y)
    chip.faults.deadLinks.push_back({0, y, false});
  const Routing routing = *Routing::create(chip, 1, 1);
  EXPECT_EQ(routing.cutOffCores(), 6);
  EXPECT_EQ(routing.usableCores(), 18);
  for (int core = 0; core < 24; ++core)
    EXPECT_EQ(routing.usable(core), core / 2 % 4 != 0) << core;
  EXPECT_FALSE(routing.usable(-1));
  EXPECT_FALSE(routing.usable(24));
  EXPECT_EQ(routing.next(0, 5, 0).direction, Direction::Local);

  chip.faults = {};
  for (int y = 0; y < 3; ++y)
    chip.faults.deadLinks.push_back({1, y, false});
  const Routing halves = *Routing::create(chip, 1, 1);
  EXPECT_TRUE(halves.usable(0));
  EXPECT_FALSE(halves.usable(4));
  EXPECT_EQ(halves.cutOffCores(), 12);

  // The same halves, but one core of the western one is dead.
  chip.faults.deadCores = {{0, 1, 1}, {0, 1, 1}};
  const Routing east = *Routing::create(chip, 1, 1);
  EXPECT_TRUE(east.usable(4));
  EXPECT_FALSE(east.usable(0));
  EXPECT_EQ(east.cutOffCores(), 11);
  EXPECT_EQ(east.usableCores(), 12);
}

TEST(Detours, DeadCoresForwardPacketsDisabledChipsDoNot) {
  ChipModel chip = chipOf({2, 1, 1, 3, 1});
  chip.faults.deadCores = {{2, 0, 0}, {3, 0, 0}};
  const Routing through = *Routing::create(chip, 3, 1);
  EXPECT_EQ(through.usableCores(), 4);
  EXPECT_EQ(through.route(0, 5).hops(), 5);
  chip.faults.disabledChips = {{1, 0}};
  const Routing parted = *Routing::create(chip, 3, 1);
  EXPECT_EQ(parted.usableCores(), 2);
  EXPECT_EQ(parted.cutOffCores(), 2);
}

TEST(Detours, ASystemMayBeLeftWithoutAWorkingCore) {
  ChipModel chip = chipOf({2, 2, 1, 2, 1});
  chip.faults.disabledChips = {{0, 0}};
  const Routing none = *Routing::create(chip, 1, 1);
  EXPECT_EQ(none.usableCores(), 0);
  for (int core = 0; core < 4; ++core)
    EXPECT_FALSE(none.usable(core)) << core;
  EXPECT_EQ(Routing::create(chip, 2, 1)->usableCores(), 4);
}

/// As many routers as 1,152 chips of 8 x 4 have.
TEST(Detours, MemoryGrowsWithTheDestinationsAskedFor) {
  ChipModel chip = chipOf({8, 4, 4, 36, 32});
  chip.faults.deadLinks = {{100, 60, true}};
  const Mesh mesh(chip.mesh, 36, 32);
  std::vector<WorkingLinks> links(static_cast<std::size_t>(mesh.routers()));
  const std::vector<bool> working = workingLinks(chip, mesh);
  for (int link = 0; link < linkCount(mesh); ++link)
    if (working[static_cast<std::size_t>(link)])
      links[static_cast<std::size_t>(link / 4)] |=
          static_cast<WorkingLinks>(1 << link % 4);
  const Detours alone(mesh, links, 0, false), apart(mesh, links, 0, true);
  EXPECT_EQ(alone.memoryBytes(), 0);
  for (const Detours *detours : {&alone, &apart}) {
    detours->next(0, 20000, Detours::straight);
    detours->next(36863, 20000, Detours::straight);
  }
  EXPECT_EQ(alone.memoryBytes(), 36864 / 2);
  EXPECT_EQ(apart.memoryBytes(), 0);
  // Over the dead link, which is that of (100, 60) to the south.
  apart.next(mesh.routerNumber({100, 50}), mesh.routerNumber({100, 70}),
             Detours::straight);
  EXPECT_EQ(apart.memoryBytes(), 36864 / 2);

  const Routing routing = *Routing::create(chip, 36, 32);
  EXPECT_EQ(routing.route(0, 36863).hops(), 287 + 127);
}

TEST(Detours, ThreadsSeeTheSameRoutes) {
  std::mt19937 random(3);
  const System system = {6, 6, 1, 2, 2};
  const ChipModel chip = withRandomFaults(system, random);
  const Routing alone = *Routing::create(chip, 2, 2);
  const Routing shared = *Routing::create(chip, 2, 2);
  const auto routers = usableRouters(alone, 1);
  std::array<std::vector<int>, 4> hops;
  std::vector<std::thread> threads;
  threads.reserve(hops.size());
  for (auto &own : hops)
    threads.emplace_back([&own, copy = shared, &routers] {
      for (int to : routers)
        for (int from : routers)
          own.push_back(copy.route(from, to).hops());
    });
  for (std::thread &thread : threads)
    thread.join();
  std::size_t i = 0;
  for (int to : routers)
    for (int from : routers) {
      const int expected = alone.route(from, to).hops();
      for (const auto &own : hops)
        ASSERT_EQ(own[i], expected);
      ++i;
    }
}

} // namespace

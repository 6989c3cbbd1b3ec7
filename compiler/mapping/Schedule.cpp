//===- Schedule.cpp - longest paths over operand edges --------------------===//
#include "compiler/mapping/Schedule.h"

#include "runtime/program/Trains.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <queue>
#include <utility>

namespace synfire {
namespace {

/// "Fires at least so many levels before", between stages of which some fire
/// together.
class Precedence {
public:
  explicit Precedence(const Program &program)
      : leader(program.stages.size()), successors(program.stages.size()),
        waiting(program.stages.size(), 0), reached(program.stages.size(), 0) {
    std::iota(leader.begin(), leader.end(), 0);
    if (program.frames > 1)
      for (const Stage &stage : program.stages)
        for (const Dendrite &d : stage.dendrites)
          if (d.stored >= 0)
            fireTogether(d.driver, d.stored);
    for (std::size_t s = 0; s < program.stages.size(); ++s)
      addOperands(program, static_cast<int>(s));
  }

  /// Longest path from a source to each stage; -1 on or behind a cycle.
  std::vector<int> longestPaths() && {
    std::vector<int> level(leader.size(), -1);
    std::queue<std::size_t> ready;
    for (std::size_t s = 0; s < leader.size(); ++s)
      if (leaderOf(static_cast<int>(s)) == s && waiting[s] == 0)
        ready.push(s);
    while (!ready.empty()) {
      const std::size_t s = ready.front();
      ready.pop();
      level[s] = reached[s];
      for (const auto &[next, distance] : successors[s]) {
        reached[next] = std::max(reached[next], level[s] + distance);
        if (--waiting[next] == 0)
          ready.push(next);
      }
    }
    for (std::size_t s = 0; s < leader.size(); ++s)
      level[s] = level[leaderOf(static_cast<int>(s))];
    return level;
  }

private:
  /// The smallest stage that fires with this one.
  std::size_t leaderOf(int stage) {
    auto s = static_cast<std::size_t>(stage);
    while (leader[s] != s)
      s = leader[s] = leader[leader[s]];
    return s;
  }

  void fireTogether(int a, int b) {
    const std::size_t first = leaderOf(a), second = leaderOf(b);
    leader[std::max(first, second)] = std::min(first, second);
  }

  void addOperands(const Program &program, int s) {
    const Stage &stage = program.stages[static_cast<std::size_t>(s)];
    // A rehearsal hears the last frame before the first one fires.
    const int distance = rehearses(program, stage) ? program.frames : 1;
    for (const Dendrite &d : stage.dendrites) {
      if (d.driver < 0)
        // A token enters as if from level -1.
        reached[leaderOf(s)] = std::max(reached[leaderOf(s)], distance - 1);
      addEdge(d.driver, s, distance);
      addEdge(d.stored, s, distance);
      if (d.stored >= 0 && d.form == ProductForm::Stored)
        addEdge(d.stored, d.driver, 1);
    }
  }

  void addEdge(int before, int after, int distance) {
    if (before < 0)
      return;
    successors[leaderOf(before)].emplace_back(leaderOf(after), distance);
    ++waiting[leaderOf(after)];
  }

  std::vector<std::size_t> leader; ///< a forest; its roots stand for the rest
  std::vector<std::vector<std::pair<std::size_t, int>>> successors;
  std::vector<int> waiting;
  std::vector<int> reached;
};

/// Whether `later` depends on `earlier` through any operands.
bool dependsOn(const Program &program, int later, int earlier) {
  std::vector<bool> seen(program.stages.size(), false);
  std::vector<int> open = {later};
  while (!open.empty()) {
    const int s = open.back();
    open.pop_back();
    for (const Dendrite &d :
         program.stages[static_cast<std::size_t>(s)].dendrites)
      for (int operand : {d.driver, d.stored}) {
        if (operand == earlier)
          return true;
        if (operand < 0 || seen[static_cast<std::size_t>(operand)])
          continue;
        seen[static_cast<std::size_t>(operand)] = true;
        open.push_back(operand);
      }
  }
  return false;
}

/// The first stage whose operands cannot fire together, or whose driver waits
/// for a stored operand that cannot fire.
Error describeCycle(const Program &program, const std::vector<int> &level) {
  auto name = [&](int s) {
    return program.stages[static_cast<std::size_t>(s)].name;
  };
  if (program.frames > 1) {
    for (const Stage &stage : program.stages)
      for (const Dendrite &d : stage.dendrites) {
        if (d.stored < 0)
          continue;
        const int later = std::max(d.driver, d.stored);
        const int earlier = std::min(d.driver, d.stored);
        if (dependsOn(program, later, earlier))
          return makeError(
              fmt::format("its operands must fire at one level, but {} depends "
                          "on {}",
                          name(later), name(earlier)),
              stage.name, "pass the earlier one through a stage of its own");
      }
    for (const Stage &stage : program.stages)
      for (const Dendrite &d : stage.dendrites)
        if (d.stored >= 0 && level[static_cast<std::size_t>(d.driver)] < 0)
          return makeError(
              fmt::format("its operands {} and {} must fire at one level, but "
                          "what fires with one depends on what fires with the "
                          "other",
                          name(d.driver), name(d.stored)),
              stage.name, "pass one of them through a stage of its own");
  }
  for (const Stage &stage : program.stages)
    for (const Dendrite &d : stage.dendrites)
      if (d.stored >= 0 && d.form == ProductForm::Stored &&
          level[static_cast<std::size_t>(d.driver)] < 0 && d.stored >= d.driver)
        return makeError(
            fmt::format("its stored operand {} depends on its driver {}, so it "
                        "cannot be complete one window earlier",
                        name(d.stored), name(d.driver)),
            stage.name, "exchange the two operands or use the concurrent form");
  return makeError("stored operands and drivers wait for each other",
                   "schedule");
}

} // namespace

Result<Schedule> makeSchedule(const Program &program) {
  Schedule schedule;
  schedule.fireLevel = Precedence(program).longestPaths();
  for (int level : schedule.fireLevel)
    if (level < 0)
      return describeCycle(program, schedule.fireLevel);

  auto levelOf = [&](int stage) {
    return schedule.fireLevel[static_cast<std::size_t>(stage)];
  };
  for (std::size_t s = 0; s < program.stages.size(); ++s) {
    int level = schedule.fireLevel[s];
    int oldest = level;
    for (const Dendrite &d : program.stages[s].dendrites) {
      // The token itself enters at level 0.
      oldest = std::min(oldest, d.driver < 0 ? 0 : levelOf(d.driver));
      if (d.stored >= 0)
        oldest = std::min(oldest, levelOf(d.stored));
    }
    schedule.slots.push_back(level - oldest + 1);
    if (level >= schedule.levels())
      schedule.levelSteps.resize(static_cast<std::size_t>(level) + 1, 1);
    int &steps = schedule.levelSteps[static_cast<std::size_t>(level)];
    steps = std::max(steps, frameSteps(program, program.stages[s]));
  }
  return schedule;
}

} // namespace synfire

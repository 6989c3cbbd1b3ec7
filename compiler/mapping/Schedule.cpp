//===- Schedule.cpp - longest paths over operand edges --------------------===//
#include "compiler/mapping/Schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <queue>

namespace synfire {
namespace {

/// Edges "fires at least one level before".
class Precedence {
public:
  explicit Precedence(const Program &program)
      : successors(program.stages.size()), waiting(program.stages.size(), 0) {
    for (std::size_t s = 0; s < program.stages.size(); ++s)
      for (const Dendrite &d : program.stages[s].dendrites) {
        addEdge(d.driver, static_cast<int>(s));
        addEdge(d.stored, static_cast<int>(s));
        if (d.stored >= 0 && d.form == ProductForm::Stored)
          addEdge(d.stored, d.driver);
      }
  }

  /// Longest path from a source to each stage; -1 on or behind a cycle.
  std::vector<int> longestPaths() && {
    std::vector<int> level(waiting.size(), -1);
    std::vector<int> reached(waiting.size(), 0);
    std::queue<int> ready;
    for (std::size_t s = 0; s < waiting.size(); ++s)
      if (waiting[s] == 0)
        ready.push(static_cast<int>(s));
    while (!ready.empty()) {
      auto s = static_cast<std::size_t>(ready.front());
      ready.pop();
      level[s] = reached[s];
      for (int next : successors[s]) {
        auto n = static_cast<std::size_t>(next);
        reached[n] = std::max(reached[n], level[s] + 1);
        if (--waiting[n] == 0)
          ready.push(next);
      }
    }
    return level;
  }

private:
  void addEdge(int before, int after) {
    if (before < 0)
      return;
    successors[static_cast<std::size_t>(before)].push_back(after);
    ++waiting[static_cast<std::size_t>(after)];
  }

  std::vector<std::vector<int>> successors;
  std::vector<int> waiting;
};

int unitSteps(const Program &program, const Stage &stage) {
  auto unit = static_cast<std::size_t>(stage.unit);
  if (stage.fire == FireKind::Neuron)
    return program.neurons[unit].steps;
  if (stage.fire == FireKind::Lookup)
    return program.lookupTables[unit].steps;
  return 1;
}

/// The first stage whose driver waits for a stored operand that cannot fire.
Error describeCycle(const Program &program, const std::vector<int> &level) {
  auto name = [&](int s) {
    return program.stages[static_cast<std::size_t>(s)].name;
  };
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
    steps = std::max(steps, unitSteps(program, program.stages[s]));
  }
  return schedule;
}

} // namespace synfire

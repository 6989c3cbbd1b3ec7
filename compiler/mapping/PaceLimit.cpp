//===- PaceLimit.cpp - which tiles may share a core without loss ----------===//
#include "compiler/mapping/PaceLimit.h"

#include <algorithm>

namespace synfire {
namespace {

/// Sums of fractions in another order.
constexpr double rounding = 1 + 1e-9;

} // namespace

CoreLoads operator+(const CoreLoads &a, const CoreLoads &b) {
  CoreLoads sum;
  sum.reserve(a.size() + b.size());
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    const bool fromA =
        j == b.size() || (i < a.size() && a[i].level <= b[j].level);
    const LevelLoad &next = fromA ? a[i++] : b[j++];
    if (sum.empty() || sum.back().level != next.level) {
      sum.push_back(next);
      continue;
    }
    LevelLoad &of = sum.back();
    of.setup += next.setup;
    of.update += next.update;
    of.walk += next.walk;
    of.input += next.input;
  }
  return sum;
}

double everyLevelCycles(const CoreLoads &core) {
  LevelLoad every;
  for (const LevelLoad &of : core) {
    every.update += of.update;
    every.walk += of.walk;
    every.input += of.input;
  }
  return std::max({every.update, every.walk, every.input.slowest()});
}

PaceLimit::PaceLimit(const Program &program, const StageBalance &balance)
    : loads(program.stages.size()), inputLoads(loads.size()),
      pace(balance.pace()) {
  const std::vector<int> &level = program.mapping.schedule.fireLevel;
  for (std::size_t s = 0; s < loads.size(); ++s) {
    const StageLoad of = balance.load(static_cast<int>(s));
    LevelLoad own;
    own.level = level[s];
    own.setup = of.setup;
    own.update = of.update;
    own.walk = of.walk;
    for (const Reception &reception : of.receptions) {
      LevelLoad heard;
      heard.level = level[static_cast<std::size_t>(reception.source)];
      heard.input = reception.load;
      inputLoads[s] = inputLoads[s] + CoreLoads{heard};
    }
    loads[s] = inputLoads[s] + CoreLoads{own};
  }
}

bool PaceLimit::keepsPace(const CoreLoads &core, double times) const {
  for (const LevelLoad &of : core) {
    const auto level = static_cast<std::size_t>(of.level);
    const double output = std::max(of.update, of.walk);
    if (std::max(output, of.input.slowest()) > pace.later[level] * rounding ||
        of.setup + output > pace.first[level] * rounding)
      return false;
  }
  return everyLevelCycles(core) <= times * pace.everyLevel * rounding;
}

} // namespace synfire

//===- Problem.cpp - mapping a Program onto a chip ------------------------===//
#include "compiler/mapping/Problem.h"

#include "compiler/mapping/CostModel.h"
#include "compiler/mapping/Place.h"
#include "compiler/mapping/Schedule.h"
#include "compiler/mapping/Search.h"
#include "runtime/program/Verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace synfire {

MappingProblem::MappingProblem(const Program &source, const ChipModel &chip,
                               MappingOptions mappingOptions)
    : program(source), options(std::move(mappingOptions)) {
  program.mapping = {};
  program.mapping.chip = chip;
}

Status MappingProblem::check() const {
  SYNFIRE_TRY(verifyNetwork(program));
  SYNFIRE_TRY(verifyAbilities(program, chip()));
  if (options.effort < 0 || options.effort > mostEffort)
    return makeError(fmt::format("effort {}, but it goes from 0 to {}",
                                 options.effort, mostEffort),
                     "mapping");
  if (options.cores < 0)
    return makeError(fmt::format("at most {} cores", options.cores), "mapping");
  if (options.objective == Objective::Energy && !chip().energy.published)
    return makeError("objective energy, but chip " + chip().name +
                         " states no energy of an event",
                     "mapping", "use time, or a chip with published energies");
  for (const Stage &stage : program.stages)
    if (!options.activity.empty() && options.activity.count(stage.name) == 0)
      return makeError("the activity does not name stage " + stage.name,
                       "mapping", "give a recorded run of the same network");
  return checkPlacement(options.placement);
}

const std::vector<StageActivity> &MappingProblem::activity() const {
  if (expected.empty())
    expected = expectedActivity(program, options.activity);
  return expected;
}

Status MappingProblem::verify() const { return verifyMapping(program); }

Result<Objective> parseObjective(const std::string &name) {
  if (name == "time")
    return Objective::Time;
  if (name == "energy")
    return Objective::Energy;
  if (name == "cores")
    return Objective::Cores;
  return makeError(fmt::format("unknown objective '{}'", name), "mapping",
                   "use time, energy or cores");
}

Result<CostPrediction> predictCost(const Program &program,
                                   const MeasuredActivity &activity) {
  return predictCost(program, expectedActivity(program, activity));
}

Result<CostPrediction> predictCost(const Program &program,
                                   const std::vector<StageActivity> &activity) {
  const Mapping &mapping = program.mapping;
  SYNFIRE_ASSIGN(const Routing routing,
                 Routing::create(mapping.chip, mapping.chipsX, mapping.chipsY));
  return CostModel(program, activity, routing).predict();
}

Result<Mapping> mapProgram(const Program &program, const ChipModel &chip,
                           const MappingOptions &options) {
  MappingProblem problem(program, chip, options);
  SYNFIRE_TRY(problem.check());
  SYNFIRE_ASSIGN(problem.program.mapping.schedule,
                 makeSchedule(problem.program));
  SYNFIRE_TRY(searchMapping(problem));
  // Sums in the order of the cores' numbers: whoever asks again gets the same.
  SYNFIRE_ASSIGN(problem.program.mapping.prediction,
                 predictCost(problem.program, problem.activity()));
  SYNFIRE_TRY(problem.verify());
  return std::move(problem.program.mapping);
}

} // namespace synfire

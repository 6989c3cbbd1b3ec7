//===- Problem.cpp - mapping a Program onto a chip ------------------------===//
#include "compiler/mapping/Problem.h"

#include "compiler/mapping/Partition.h"
#include "compiler/mapping/Place.h"
#include "compiler/mapping/Schedule.h"
#include "runtime/program/Verify.h"

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
  return checkPlacement(options.placement);
}

Status MappingProblem::verify() const { return verifyMapping(program); }

Result<Mapping> mapProgram(const Program &program, const ChipModel &chip,
                           const MappingOptions &options) {
  MappingProblem problem(program, chip, options);
  SYNFIRE_TRY(problem.check());
  SYNFIRE_ASSIGN(problem.program.mapping.schedule,
                 makeSchedule(problem.program));
  SYNFIRE_TRY(partition(problem));
  SYNFIRE_TRY(place(problem));
  SYNFIRE_TRY(problem.verify());
  return std::move(problem.program.mapping);
}

} // namespace synfire

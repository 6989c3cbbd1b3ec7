//===- Problem.h - mapping a Program onto a chip ----------------*- C++ -*-===//
//
// A MappingProblem holds the inputs and, once solved, the solution. check()
// looks at the inputs before any algorithm runs; verify() looks at the solution
// afterwards, in every build, through runtime/program's own verifier: it shares
// no code with partition, schedule and placement. What a tile demands is
// defined in one place for all (runtime/program/Connectivity.h).
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_MAPPING_PROBLEM_H
#define SYNFIRE_COMPILER_MAPPING_PROBLEM_H

#include "compiler/mapping/Activity.h"
#include "hw-models/ChipModel.h"
#include "runtime/program/Program.h"
#include "runtime/support/Status.h"

#include <cstdint>
#include <string>
#include <vector>

namespace synfire {

/// What a mapping should be good at.
enum class Objective {
  Time,   ///< cycles of a generated and of a prompt token
  Energy, ///< picojoules of a generated token, static power included
  Cores   ///< the fewest cores
};

/// "time", "energy" or "cores".
Result<Objective> parseObjective(const std::string &name);

struct MappingOptions {
  /// "optimised": near what a core talks to; "hilbert": along a space-filling
  /// curve; "row-major"; "random:SEED".
  std::string placement = "optimised";
  /// Tiles of neighbouring stages may share a core where capacities allow.
  bool pack = true;
  /// 0 to 3: how much work goes into the optimised placement.
  int effort = 1;
  Objective objective = Objective::Time;
  /// Most cores to use; 0: those of the chips that the fewest cores need.
  std::int64_t cores = 0;
  /// From an earlier run; may be empty.
  MeasuredActivity activity = {};
};

class MappingProblem {
public:
  /// The stages of `source` are copied, its mapping is not.
  MappingProblem(const Program &source, const ChipModel &chip,
                 MappingOptions mappingOptions);

  /// The network is valid and the options are known.
  Status check() const;
  /// The solution satisfies P7 to P9 of docs/spec/program.md on this chip.
  Status verify() const;

  const ChipModel &chip() const { return program.mapping.chip; }
  /// By stage, as options.activity tells or else assumed; of a checked network.
  const std::vector<StageActivity> &activity() const;

  /// Stages, and the solution in `mapping`, filled by schedule, partition and
  /// placement.
  Program program;
  MappingOptions options;

private:
  /// Every prediction asks for it.
  mutable std::vector<StageActivity> expected;
};

/// check(), schedule, partition, placement, verify(). Deterministic: the same
/// inputs give the same mapping. A program that does not fit is an error that
/// names the stage, the resource, the need and the limit.
Result<Mapping> mapProgram(const Program &program, const ChipModel &chip,
                           const MappingOptions &options = {});

/// What the mapping of the program, which is verified, is expected to cost.
Result<CostPrediction> predictCost(const Program &program,
                                   const MeasuredActivity &activity = {});
Result<CostPrediction> predictCost(const Program &program,
                                   const std::vector<StageActivity> &activity);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_PROBLEM_H

//===- Unfit.cpp - why a stage does not fit, and what would help ----------===//
#include "compiler/mapping/Unfit.h"

#include "runtime/program/Capacity.h"
#include "runtime/support/DivideUp.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace synfire {
namespace {

/// Input axons or synapse bytes that one step of the context costs, for a stage
/// that reads all keys at once; 0 for any other.
std::int64_t costOfOneKey(const Program &program, const Stage &stage,
                          std::string_view resource) {
  std::int64_t cost = 0;
  for (const Dendrite &d : stage.dendrites) {
    if (d.driver < 0 ||
        !program.stages[static_cast<std::size_t>(d.driver)].perKey)
      continue;
    bool readsAllKeys =
        d.kind == DendriteKind::Mix || d.kind == DendriteKind::Sum;
    if (readsAllKeys && resource == "input axons")
      cost += d.form == ProductForm::Concurrent ? 2 : 1;
    if (d.kind == DendriteKind::Mix && resource == "synapse bytes")
      cost += (d.storedBits + 7) / 8;
  }
  return cost;
}

std::string wayOut(const Program &program, const Stage &stage,
                   const ResourceUse &use) {
  const std::string_view resource = use.name;
  const std::string larger =
      fmt::format("a chip with at least {} {} a core", use.needed, resource);
  if (std::int64_t cost = costOfOneKey(program, stage, resource)) {
    std::int64_t excess = divideUp(use.needed - use.held, cost);
    std::int64_t context = program.model.context - excess;
    if (context >= 1)
      return fmt::format("use --context {} or less, or {}", context, larger);
  }
  if (resource == "look-up bytes")
    return fmt::format("use fewer --lookup-entries, or {}", larger);
  return fmt::format("use {}", larger);
}

} // namespace

Error describeUnfit(const Program &program, int stage,
                    const TileDemand &demand) {
  const Stage &source = program.stages[static_cast<std::size_t>(stage)];
  const ChipModel &chip = program.mapping.chip;
  for (const ResourceUse &use : resourceUses(demand, chip.core)) {
    if (use.fits())
      continue;
    std::string what =
        fmt::format("{} needs {} {} on one core, but {} holds {}", source.name,
                    use.needed, use.name, chip.name, use.held);
    const std::string_view resource = use.name;
    const bool isStatic = std::any_of(
        source.dendrites.begin(), source.dendrites.end(),
        [](const Dendrite &d) { return d.kind == DendriteKind::Static; });
    if (!isStatic && (resource == "input axons" || resource == "synapse bytes"))
      what += "; not supported: splitting the inputs of one neuron over cores "
              "where they are not static";
    return makeError(what, "mapping", wayOut(program, source, use));
  }
  return makeError(fmt::format("{} does not fit {}", source.name, chip.name),
                   "mapping");
}

Error describeTooManyCores(const ChipModel &chip, std::int64_t cores,
                           std::int64_t mostUsable) {
  const MeshShape &mesh = chip.mesh;
  const std::int64_t all =
      chip.coresPerChip() * mesh.maxChipsX * mesh.maxChipsY;
  std::string what = fmt::format(
      "needs {} cores, but {} has {} ({}x{} chips of {} cores)", cores,
      chip.name, all, mesh.maxChipsX, mesh.maxChipsY, chip.coresPerChip());
  if (cores <= all)
    what += fmt::format(", of which its faults leave {}", mostUsable);
  return makeError(
      what, "mapping",
      "use a chip with larger or more cores, fewer --weight-bits or a smaller "
      "--context");
}

Error describeBudget(const ChipModel &chip, std::int64_t cores,
                     std::int64_t allowed) {
  return makeError(fmt::format("needs {} cores of {}, but {} are allowed",
                               cores, chip.name, allowed),
                   "mapping", fmt::format("allow {} cores", cores));
}

} // namespace synfire

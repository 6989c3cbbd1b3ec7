#include "compiler/emit/Emit.h"

#include "compiler/emit/StageReader.h"
#include "runtime/program/Trains.h"

#include <algorithm>
#include <fmt/format.h>

using namespace mlir;

namespace synfire {
namespace {

void addTiles(chip::GroupOp group, int stage, Mapping &mapping) {
  for (const chip::Rectangle &rectangle : group.getRectangles()) {
    Tile tile;
    tile.stage = stage;
    tile.core = rectangle.core;
    tile.groupBegin = static_cast<int>(rectangle.groupBegin);
    tile.groupEnd = static_cast<int>(rectangle.groupEnd);
    tile.columnBegin = static_cast<int>(rectangle.columnBegin);
    tile.columnEnd = static_cast<int>(rectangle.columnEnd);
    tile.inputPart = static_cast<int>(rectangle.inputPart);
    tile.inputParts = static_cast<int>(group.getInputParts().value_or(1));
    mapping.tiles.push_back(tile);
  }
}

void addToSchedule(chip::GroupOp group, int steps, Schedule &schedule) {
  const auto level = static_cast<size_t>(group.getFireLevel());
  schedule.fireLevel.push_back(static_cast<int>(level));
  schedule.slots.push_back(static_cast<int>(group.getSlots()));
  if (schedule.levelSteps.size() <= level)
    schedule.levelSteps.resize(level + 1, 1);
  schedule.levelSteps[level] = std::max(schedule.levelSteps[level], steps);
}

} // namespace

Result<Program> emitProgram(chip::SystemOp system, const ChipModel &hardware,
                            const TensorReader &tensors,
                            const PrefixReader &prefix, BlockWriter &writer) {
  PrefixSource constants;
  if (auto tokens = system.getPrefixTokens())
    constants = {static_cast<int>(tokens->size()), prefix};
  ProgramBuilder builder(modelInfo(system.getConfig(), system.getSymName()),
                         tensors, &writer, static_cast<int>(system.getFrames()),
                         constants);
  StageReader reader(system.getConfig());
  Mapping mapping;
  mapping.chip = hardware;
  mapping.chipsX = static_cast<int>(system.getChips()[0]);
  mapping.chipsY = static_cast<int>(system.getChips()[1]);
  mapping.placement = system.getPlacement().str();
  for (chip::GroupOp group : system.getBody().getOps<chip::GroupOp>()) {
    const int stage = static_cast<int>(builder.program().stages.size());
    snn::FireOp fire = group.getFire();
    SYNFIRE_TRY(builder.add(
        reader.read(fire ? fire.getOperation() : group.getOutput())));
    if (fire)
      reader.alias(fire.getTrain(), group.getTrain());
    addTiles(group, stage, mapping);
    addToSchedule(
        group, frameSteps(builder.program(), builder.program().stages.back()),
        mapping.schedule);
  }
  Program program = builder.take();
  if (auto tokens = system.getPrefixTokens())
    program.conversion.prefixTokens.assign(tokens->begin(), tokens->end());
  if (builder.limitedPrefixCodes() > 0)
    program.conversion.notes.push_back(fmt::format(
        "{} of the prefix's {} codes exceed what their sites can send and were "
        "limited to it",
        builder.limitedPrefixCodes(), builder.prefixCodes()));
  program.mapping = std::move(mapping);
  SYNFIRE_ASSIGN(program.weights, writer.finish());
  return program;
}

} // namespace synfire

//===- ChipOps.cpp - systems of chips and the groups on them --------------===//
//
// Verifiers cite docs/spec/dialects.md and docs/spec/program.md (P-numbers).
//
//===----------------------------------------------------------------------===//
#include "dialects/chip/Chip.h"

#include "mlir/IR/Builders.h"

#include <algorithm>
#include <limits>

using namespace mlir;

#define GET_OP_CLASSES
#include "dialects/chip/ChipOps.cpp.inc"

namespace synfire::chip {

static int64_t divideUp(int64_t value, int64_t divisor) {
  return (value - 1) / divisor + 1;
}

int64_t countBlocks(std::pair<int64_t, int64_t> population,
                    ArrayRef<int64_t> block) {
  return divideUp(population.first, block[0]) *
         divideUp(population.second, block[1]);
}

//===----------------------------------------------------------------------===//
// SystemOp
//===----------------------------------------------------------------------===//

/// C1.
LogicalResult SystemOp::verify() {
  ArrayRef<int64_t> chips = getChips();
  if (chips.size() != 2 || chips[0] <= 0 || chips[1] <= 0)
    return emitOpError("chips must be two positive sizes");
  constexpr int64_t limit = std::numeric_limits<int32_t>::max();
  if (chips[0] > limit / chips[1] ||
      getCoresPerChip() > limit / (chips[0] * chips[1]))
    return emitOpError("has more than ") << limit << " cores";
  if (getHw().empty())
    return emitOpError("needs the name of a hw-model");
  return snn::verifyPrefix(*this, getPrefixTokensAttr(), getConfig());
}

/// C2, S11, S12.
LogicalResult SystemOp::verifyRegions() {
  Block &block = getBody().front();
  if (block.getNumArguments() != 0)
    return emitOpError("takes no block arguments");
  SmallVector<Operation *> populations;
  GroupOp output;
  for (Operation &op : block) {
    auto group = dyn_cast<GroupOp>(op);
    if (!group)
      return op.emitOpError("is no 'chip.group'");
    if (output) {
      InFlightDiagnostic error =
          group.emitOpError("follows the group of the output");
      error.attachNote(output.getLoc()) << "the output is here";
      return error;
    }
    if (group.getOutput()) {
      output = group;
      populations.push_back(group.getOutput());
    } else {
      populations.push_back(group.getFire());
    }
  }
  if (!output)
    return emitOpError("has no group with 'snn.output'");
  if (failed(snn::verifyPopulations(*this)))
    return failure();
  return snn::verifySites(populations);
}

//===----------------------------------------------------------------------===//
// GroupOp
//===----------------------------------------------------------------------===//

snn::FireOp GroupOp::getFire() {
  auto yield = dyn_cast<YieldOp>(getBody().front().getTerminator());
  return yield ? yield.getTrain().getDefiningOp<snn::FireOp>() : snn::FireOp();
}

snn::OutputOp GroupOp::getOutput() {
  return dyn_cast<snn::OutputOp>(getBody().front().getTerminator());
}

std::pair<int64_t, int64_t> GroupOp::getPopulationShape() {
  if (snn::OutputOp output = getOutput())
    return {output.getCurrent().getType().getGroups(),
            output.getCurrent().getType().getColumns()};
  return {getFire().getTrain().getType().getGroups(),
          getFire().getTrain().getType().getColumns()};
}

SmallVector<Rectangle> GroupOp::getRectangles() {
  auto [groups, columns] = getPopulationShape();
  ArrayRef<int64_t> block = getBlock();
  ArrayRef<int32_t> cores = getCores();
  const auto parts = static_cast<int64_t>(getInputParts().value_or(1));
  SmallVector<Rectangle> rectangles;
  size_t next = 0;
  for (int64_t group = 0; group < groups; group += block[0])
    for (int64_t column = 0; column < columns; column += block[1])
      for (int64_t part = 0; part < parts; ++part)
        rectangles.push_back({cores[next++], group,
                              std::min(group + block[0], groups), column,
                              std::min(column + block[1], columns), part});
  return rectangles;
}

/// C3: the body is one population, its dendrites, and its result.
static LogicalResult verifyBody(GroupOp group) {
  Block &block = group.getBody().front();
  if (block.getNumArguments() != 0)
    return group.emitOpError("takes no block arguments");
  if (block.empty() || !isa<YieldOp, snn::OutputOp>(block.back()))
    return group.emitOpError("must end with 'chip.yield' or 'snn.output'");
  snn::OutputOp output = group.getOutput();
  snn::FireOp fire = group.getFire();
  if (!output && (!fire || fire->getBlock() != &block))
    return group.emitOpError("must yield the train of its own 'snn.fire'");
  for (Operation &op : block.without_terminator())
    if (!isa<snn::DendriteOpInterface>(op) && &op != fire.getOperation())
      return op.emitOpError(
          "is neither a dendrite nor the population of the group");

  StringRef site = output ? output.getSite() : fire.getSite();
  if (site != group.getSite())
    return group.emitOpError("is named '")
           << group.getSite() << "', but its population is '" << site << "'";
  Type yielded = output ? Type() : Type(fire.getTrain().getType());
  Type result = group.getTrain() ? group.getTrain().getType() : Type();
  if (yielded != result) {
    InFlightDiagnostic error = group.emitOpError("must have ");
    if (yielded)
      return error << "the result " << yielded;
    return error << "no result, since it ends with 'snn.output'";
  }
  return success();
}

/// C4, P8: the blocks cover the population, on cores of the system.
static LogicalResult verifyBlocks(GroupOp group) {
  ArrayRef<int64_t> block = group.getBlock();
  auto [groups, columns] = group.getPopulationShape();
  if (block.size() != 2 || block[0] <= 0 || block[1] <= 0)
    return group.emitOpError("block must be two positive sizes");
  if (block[0] > groups || block[1] > columns)
    return group.emitOpError("block ")
           << block[0] << "x" << block[1] << " exceeds the population of "
           << groups << "x" << columns << " neurons";
  int64_t blocks = countBlocks({groups, columns}, block);
  auto given = static_cast<int64_t>(group.getCores().size());
  const auto parts = static_cast<int64_t>(group.getInputParts().value_or(1));
  if (given % parts != 0 || given / parts != blocks) {
    InFlightDiagnostic error =
        group.emitOpError()
        << given << " cores for " << blocks << " blocks of " << block[0] << "x"
        << block[1] << " that cover " << groups << "x" << columns << " neurons";
    if (parts > 1)
      error << ", each in " << parts << " input parts";
    return error;
  }
  int64_t cores = cast<SystemOp>(group->getParentOp()).getCores();
  for (int32_t core : group.getCores())
    if (core < 0 || core >= cores)
      return group.emitOpError("core ")
             << core << " is not in the system, which has cores 0 to "
             << cores - 1;
  return success();
}

/// The group that fires `train`, or null with an error at `dendrite`.
static GroupOp producer(Operation *dendrite, Value train) {
  auto group = train.getDefiningOp<GroupOp>();
  if (!group)
    dendrite->emitOpError("takes a train that no group yields");
  return group;
}

static LogicalResult emitLevelError(GroupOp group, Operation *dendrite,
                                    StringRef reader, int64_t level,
                                    GroupOp source) {
  InFlightDiagnostic error = dendrite->emitOpError("of group '")
                             << group.getSite() << "' reads '"
                             << source.getSite() << "' of fire level "
                             << source.getFireLevel() << ", but " << reader
                             << " is of level " << level;
  error.attachNote(source.getLoc())
      << "'" << source.getSite() << "' fires here";
  return error;
}

/// P9: in several frames, operands that are multiplied fire in one window.
static LogicalResult verifyEqualLevels(Operation *dendrite, GroupOp driver,
                                       GroupOp stored) {
  if (stored.getFireLevel() == driver.getFireLevel() ||
      cast<SystemOp>(driver->getParentOp()).getFrames() == 1)
    return success();
  InFlightDiagnostic error =
      dendrite->emitOpError("multiplies '")
      << driver.getSite() << "' of fire level " << driver.getFireLevel()
      << " with '" << stored.getSite() << "' of level " << stored.getFireLevel()
      << ", but both must stream in one window";
  error.attachNote(stored.getLoc())
      << "'" << stored.getSite() << "' fires here";
  return error;
}

/// P9: a rehearsal hears all frames of its operands first.
static LogicalResult verifyRehearsal(GroupOp group, int64_t latest) {
  snn::FireOp fire = group.getFire();
  if (!fire || !fire.getUnit().isRehearsed())
    return success();
  int64_t frames = cast<SystemOp>(group->getParentOp()).getFrames();
  if (latest + frames <= group.getFireLevel())
    return success();
  return group.emitOpError("rehearses ")
         << frames << " frames of an operand of fire level " << latest
         << ", but fires at level " << group.getFireLevel();
}

/// C5, P9: levels ascend along uses; slots follow from them.
static LogicalResult verifySchedule(GroupOp group) {
  int64_t level = group.getFireLevel();
  int64_t earliest = level;
  int64_t latest = -1; // a token enters as if from here
  for (auto dendrite :
       group.getBody().front().getOps<snn::DendriteOpInterface>()) {
    Value driverTrain = dendrite.getDriverTrain();
    Value storedTrain = dendrite.getStoredTrain();
    if (!driverTrain) {
      earliest = 0;
      continue;
    }
    GroupOp driver = producer(dendrite, driverTrain);
    if (!driver)
      return failure();
    if (driver.getFireLevel() >= level)
      return emitLevelError(group, dendrite, "the group", level, driver);
    earliest = std::min(earliest, driver.getFireLevel());
    latest = std::max(latest, driver.getFireLevel());
    if (!storedTrain)
      continue;
    GroupOp stored = producer(dendrite, storedTrain);
    if (!stored)
      return failure();
    if (stored.getFireLevel() >= level)
      return emitLevelError(group, dendrite, "the group", level, stored);
    if (dendrite.readsStoredBeforeDriver() &&
        stored.getFireLevel() >= driver.getFireLevel())
      return emitLevelError(group, dendrite, "the driver",
                            driver.getFireLevel(), stored);
    if (failed(verifyEqualLevels(dendrite, driver, stored)))
      return failure();
    earliest = std::min(earliest, stored.getFireLevel());
  }
  if (int64_t slots = level - earliest + 1; group.getSlots() != slots)
    return group.emitOpError("has ")
           << group.getSlots() << " slots, but needs " << slots
           << ": it fires at level " << level
           << " and its earliest operand at level " << earliest;
  return verifyRehearsal(group, latest);
}

LogicalResult GroupOp::verifyRegions() {
  if (failed(verifyBody(*this)) || failed(verifyBlocks(*this)) ||
      failed(verifySchedule(*this)))
    return failure();
  return success();
}

} // namespace synfire::chip

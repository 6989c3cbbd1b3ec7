#include "compiler/passes/SnnMapToChip.h"

#include "compiler/emit/StageReader.h"
#include "compiler/mapping/Problem.h"
#include "compiler/passes/Passes.h"

#include "mlir/IR/Builders.h"

#include <algorithm>

using namespace mlir;

namespace synfire {

#define GEN_PASS_DEF_SNNMAPTOCHIP
#include "compiler/passes/Passes.h.inc"

namespace {

/// The common rectangle of a stage's tiles: the mapper cuts a population into
/// equal blocks of which only those at the far edges may be smaller.
SmallVector<int64_t> blockOf(ArrayRef<Tile> tiles) {
  SmallVector<int64_t> block = {0, 0};
  for (const Tile &tile : tiles) {
    block[0] = std::max<int64_t>(block[0], tile.groupEnd - tile.groupBegin);
    block[1] = std::max<int64_t>(block[1], tile.columnEnd - tile.columnBegin);
  }
  return block;
}

/// Moves a population and its dendrites into a group of their own. A dendrite
/// that two populations share (after CSE) is copied: each core has its own
/// synapses.
void moveIntoGroup(Operation *population, chip::GroupOp group) {
  Block &body = group.getBody().emplaceBlock();
  OpBuilder builder = OpBuilder::atBlockEnd(&body);
  for (OpOperand &current : population->getOpOperands()) {
    Operation *dendrite = current.get().getDefiningOp();
    if (dendrite->hasOneUse())
      dendrite->moveBefore(&body, body.end());
    else
      current.set(builder.clone(*dendrite)->getResult(0));
  }
  population->moveBefore(&body, body.end());
  auto fire = dyn_cast<snn::FireOp>(population);
  if (!fire)
    return;
  fire.getTrain().replaceAllUsesExcept(group.getTrain(), fire);
  builder.setInsertionPointToEnd(&body);
  builder.create<chip::YieldOp>(fire.getLoc(), fire.getTrain());
}

class SnnMapToChip : public impl::SnnMapToChipBase<SnnMapToChip> {
public:
  using SnnMapToChipBase::SnnMapToChipBase;

  void runOnOperation() override {
    MappingOptions options;
    options.placement = placement;
    options.effort = effort;
    options.cores = cores;
    Result<Objective> wanted = parseObjective(objective);
    if (!wanted) {
      getOperation().emitError(wanted.error().message());
      return signalPassFailure();
    }
    options.objective = *wanted;
    Result<ChipModel> chip = loadChipModel(hw);
    if (!chip) {
      getOperation().emitError(chip.error().message());
      return signalPassFailure();
    }
    for (snn::NetworkOp network :
         llvm::make_early_inc_range(getOperation().getOps<snn::NetworkOp>()))
      if (failed(mapToChip(network, *chip, options)))
        return signalPassFailure();
  }
};

} // namespace

LogicalResult mapToChip(snn::NetworkOp network, const ChipModel &hardware,
                        const MappingOptions &options) {
  ann::ConfigAttr config = network.getConfig();
  PrefixSource prefix;
  if (auto tokens = network.getPrefixTokens())
    prefix.positions = static_cast<int>(tokens->size());
  ProgramBuilder shapes(modelInfo(config, network.getSymName()),
                        /*reader=*/nullptr, /*writer=*/nullptr,
                        static_cast<int>(network.getFrames()), prefix);
  StageReader reader(config);
  SmallVector<Operation *> populations;
  for (Operation &op : network.getBody().front()) {
    if (!isa<snn::FireOp, snn::OutputOp>(op))
      continue;
    if (Status added = shapes.add(reader.read(&op)); !added.ok())
      return op.emitError(added.error().message());
    populations.push_back(&op);
  }
  Result<Mapping> mapping = mapProgram(shapes.program(), hardware, options);
  if (!mapping)
    return network.emitError(mapping.error().message());

  OpBuilder builder(network);
  builder.setInsertionPointAfter(network);
  auto system = builder.create<chip::SystemOp>(
      network.getLoc(), network.getSymName(), config, hardware.name,
      ArrayRef<int64_t>{mapping->chipsX, mapping->chipsY},
      hardware.coresPerChip(), mapping->placement, network.getFrames(),
      network.getPrefixTokensAttr());
  builder.setInsertionPointToStart(&system.getBody().emplaceBlock());
  auto tile = mapping->tiles.begin();
  for (std::size_t stage = 0; stage < populations.size(); ++stage) {
    Operation *population = populations[stage];
    auto end = std::find_if(tile, mapping->tiles.end(), [&](const Tile &other) {
      return other.stage != static_cast<int>(stage);
    });
    const int inputParts = tile->inputParts;
    SmallVector<int32_t> cores;
    for (const Tile &part : llvm::make_range(tile, end))
      cores.push_back(part.core);
    auto fire = dyn_cast<snn::FireOp>(population);
    StringRef site =
        fire ? fire.getSite() : cast<snn::OutputOp>(population).getSite();
    auto group = builder.create<chip::GroupOp>(
        population->getLoc(), fire ? Type(fire.getTrain().getType()) : Type(),
        builder.getStringAttr(site),
        builder.getI64IntegerAttr(mapping->schedule.fireLevel[stage]),
        builder.getI64IntegerAttr(mapping->schedule.slots[stage]),
        builder.getDenseI64ArrayAttr(
            blockOf(ArrayRef<Tile>(&*tile, static_cast<size_t>(end - tile)))),
        inputParts > 1 ? builder.getI64IntegerAttr(inputParts) : IntegerAttr(),
        builder.getDenseI32ArrayAttr(cores));
    moveIntoGroup(population, group);
    tile = end;
  }
  network.erase();
  return success();
}

} // namespace synfire

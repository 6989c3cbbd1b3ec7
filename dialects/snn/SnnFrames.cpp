//===- SnnFrames.cpp - what frames and a prefix ask of a network ----------===//
//
// Verifiers cite docs/spec/dialects.md and docs/spec/program.md (P-numbers).
//
//===----------------------------------------------------------------------===//
#include "dialects/snn/Snn.h"
#include "dialects/snn/SnnRanges.h"

using namespace mlir;

namespace synfire::snn {

int64_t framesOf(Operation *op) {
  auto network = op->getParentOfType<FramesOpInterface>();
  return network ? network.getFrames() : 1;
}

/// S11, P11, P13.
static LogicalResult verifyFire(FireOp fire, int64_t frames) {
  if (std::string why = fire.getUnit().whyNotInFrames(frames); !why.empty())
    return fire.emitOpError("cannot be part of a network of ")
           << frames << " frame(s): " << why;
  if (frames == 1 && (fire.getAveragedInput() || fire.getAccumulatedOutput()))
    return fire.emitOpError("compensates for parts of a value, but a network "
                            "of one frame has none");
  return success();
}

/// S12: whoever reads the train, directly or as the result of the op around
/// its population, has weights that take the scales in.
static LogicalResult verifyReaders(FireOp fire, Value train) {
  for (Operation *user : train.getUsers()) {
    if (isa<DendriteOpInterface>(user) && !isa<SawOp>(user)) {
      InFlightDiagnostic error =
          fire.emitOpError("has channel_scale, but its train is read by '")
          << user->getName() << "', which has no weights to take it in";
      error.attachNote(user->getLoc()) << "read here";
      return error;
    }
    if (user->hasTrait<OpTrait::IsTerminator>())
      for (Value result : user->getParentOp()->getResults())
        if (failed(verifyReaders(fire, result)))
          return failure();
  }
  return success();
}

LogicalResult verifyPrefix(Operation *network, DenseI64ArrayAttr tokens,
                           ann::ConfigAttr config) {
  if (!tokens)
    return success();
  if (tokens.empty())
    return network->emitOpError("has a prefix without a token");
  if (tokens.size() >= config.getPositions())
    return network->emitOpError("has a prefix of ")
           << tokens.size() << " tokens, which leaves none of its "
           << config.getPositions() << " positions";
  for (int64_t token : tokens.asArrayRef())
    if (token < 0 || token >= config.getVocabulary())
      return network->emitOpError("has token ")
             << token << " in its prefix, but the vocabulary has tokens 0 to "
             << config.getVocabulary() - 1;
  return success();
}

LogicalResult verifyPopulations(FramesOpInterface network) {
  const int64_t frames = network.getFrames();
  if (failed(verifyRange([&] { return network->emitOpError(); }, "frames",
                         frames, 1, mostSteps)))
    return failure();
  auto visit = [&](Operation *op) -> WalkResult {
    if (auto fire = dyn_cast<FireOp>(op)) {
      if (failed(verifyFire(fire, frames)))
        return WalkResult::interrupt();
      return fire.getChannelScale() ? verifyReaders(fire, fire.getTrain())
                                    : success();
    }
    // P10.
    if (auto embed = dyn_cast<EmbedOp>(op);
        embed && embed.getEveryFrame() && frames == 1)
      return embed.emitOpError("enters in every frame, but the network has "
                               "one alone");
    // P12.
    if (auto product = dyn_cast<ProductOp>(op);
        product && product.getForm() == ProductForm::Stored && frames > 1)
      return product.emitOpError("is stored, but operands that stream in ")
             << frames << " frames are concurrent";
    return WalkResult::advance();
  };
  return failure(network->walk(visit).wasInterrupted());
}

} // namespace synfire::snn

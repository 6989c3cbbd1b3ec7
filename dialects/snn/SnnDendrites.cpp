//===- SnnDendrites.cpp - synapse groups ----------------------------------===//
//
// Verifiers check the shapes of P3 (docs/spec/program.md) and cite
// docs/spec/dialects.md for the rest.
//
//===----------------------------------------------------------------------===//
#include "dialects/snn/Snn.h"

#include "dialects/support/HadamardBlock.h"

#include <algorithm>
#include <cmath>

using namespace mlir;

namespace synfire::snn {

using llvm::APInt;

static APInt bound(int64_t value) {
  return APInt(boundBits, static_cast<std::uint64_t>(value));
}

static APInt largestWeight(int64_t bits) {
  return bound((int64_t(1) << (bits - 1)) - 1);
}

/// S5.
template <typename DendriteOp>
static LogicalResult verifyNumbers(DendriteOp op) {
  if (double factor = op.getFactor(); !std::isfinite(factor) || factor == 0)
    return op.emitOpError("factor must be finite and not zero");
  if (std::optional<int64_t> bits = op.getAccumulatorBits();
      bits && (*bits < 2 || *bits > 64))
    return op.emitOpError("accumulator_bits is ")
           << *bits << ", but must lie in 2 to 64";
  return success();
}

static LogicalResult verifyWidth(Operation *op, StringRef what, int64_t width,
                                 int64_t expected) {
  if (width != expected)
    return op->emitOpError()
           << what << " has " << width << " neurons, but needs " << expected;
  return success();
}

/// S4: only ops that say so know what inactive columns mean.
static LogicalResult verifyNotPerKey(Operation *op, TrainType train) {
  if (train.getPerKey())
    return op->emitOpError("cannot take a per_key train: ") << train;
  return success();
}

static LogicalResult verifyNotPerKey(Operation *op, CurrentType current) {
  if (current.getPerKey())
    return op->emitOpError("cannot give a per_key current: ") << current;
  return success();
}

//===----------------------------------------------------------------------===//
// Embed, Static
//===----------------------------------------------------------------------===//

LogicalResult EmbedOp::verify() {
  if (failed(verifyNumbers(*this)) ||
      failed(verifyNotPerKey(*this, getCurrent().getType())))
    return failure();
  ann::WeightAttr weight = getWeight();
  if (weight.getRank() != 2)
    return emitOpError("weight '")
           << weight.getName() << "' is a vector, but a table needs rows";
  // P3, Embed.
  return verifyWidth(*this, "result", getCurrent().getType().getWidth(),
                     weight.getShape()[1]);
}

APInt EmbedOp::getSumBound(const APInt &, const APInt &) {
  return largestWeight(getBits()) *
         bound(getEveryFrame() ? framesOf(*this) : 1);
}

LogicalResult SawOp::verify() {
  if (failed(verifyNumbers(*this)) ||
      failed(verifyNotPerKey(*this, getDriver().getType())) ||
      failed(verifyNotPerKey(*this, getCurrent().getType())))
    return failure();
  ann::WeightAttr weight = getWeight();
  if (weight.getRank() != 2)
    return emitOpError("weight '")
           << weight.getName() << "' is a vector, but must be [out, in]";
  // P3, Static.
  if (failed(verifyWidth(*this, "driver", getDriver().getType().getWidth(),
                         weight.getShape()[1])) ||
      failed(verifyWidth(*this, "result", getCurrent().getType().getWidth(),
                         weight.getShape()[0])))
    return failure();
  if (ann::WeightAttr gain = getGainAttr();
      gain && gain.getShape() != weight.getShape().drop_front())
    return emitOpError("gain '")
           << gain.getName() << "' must be a vector of the "
           << weight.getShape()[1] << " inputs";
  std::optional<int64_t> block = getInputHadamard();
  if (block && getGainAttr())
    return emitOpError("not supported: a gain on rotated inputs");
  return block ? ir::verifyHadamardBlock(*this, *block, weight.getShape()[1])
               : success();
}

APInt SawOp::getSumBound(const APInt &driverLimit, const APInt &) {
  return largestWeight(getBits()) * bound(getDriver().getType().getWidth()) *
         driverLimit;
}

//===----------------------------------------------------------------------===//
// Identity, Sum, Rotary, Hadamard
//===----------------------------------------------------------------------===//

LogicalResult IdentityOp::verify() {
  TrainType driver = getDriver().getType();
  CurrentType current = getCurrent().getType();
  if (failed(verifyNumbers(*this)))
    return failure();
  if (driver.getPerKey() != current.getPerKey() ||
      (driver.getPerKey() && driver.getColumns() != current.getColumns()))
    return emitOpError("must keep the key positions of its driver: ")
           << driver << " against " << current;
  // P3, Identity.
  return verifyWidth(*this, "result", current.getWidth(), driver.getWidth());
}

APInt IdentityOp::getSumBound(const APInt &driverLimit, const APInt &) {
  return driverLimit;
}

LogicalResult GroupSumOp::verify() {
  if (failed(verifyNumbers(*this)) ||
      failed(verifyNotPerKey(*this, getCurrent().getType())))
    return failure();
  // P3, Sum.
  return verifyWidth(*this, "result", getCurrent().getType().getWidth(),
                     getDriver().getType().getGroups());
}

APInt GroupSumOp::getSumBound(const APInt &driverLimit, const APInt &) {
  return bound(getDriver().getType().getColumns()) * driverLimit;
}

LogicalResult RotaryOp::verify() {
  int64_t width = getDriver().getType().getWidth();
  if (failed(verifyNumbers(*this)) ||
      failed(verifyNotPerKey(*this, getDriver().getType())) ||
      failed(verifyNotPerKey(*this, getCurrent().getType())))
    return failure();
  // P3, Rotary.
  if (failed(verifyWidth(*this, "result", getCurrent().getType().getWidth(),
                         width)))
    return failure();
  if (getHeadWidth() % 2 != 0)
    return emitOpError("turns pairs of components, but a head has ")
           << getHeadWidth();
  if (width % getHeadWidth() != 0)
    return emitOpError("driver has ")
           << width << " neurons, which is no "
           << "multiple of a head of " << getHeadWidth();
  if (!ir::isPositive(getTheta()))
    return emitOpError("theta must be positive and finite");
  return success();
}

APInt RotaryOp::getSumBound(const APInt &driverLimit, const APInt &) {
  return largestWeight(16) * bound(2) * driverLimit;
}

LogicalResult HadamardOp::verify() {
  int64_t width = getDriver().getType().getWidth();
  if (failed(verifyNumbers(*this)) ||
      failed(verifyNotPerKey(*this, getDriver().getType())) ||
      failed(verifyNotPerKey(*this, getCurrent().getType())) ||
      // P3, Hadamard.
      failed(verifyWidth(*this, "result", getCurrent().getType().getWidth(),
                         width)))
    return failure();
  return ir::verifyHadamardBlock(*this, getBlock(), width);
}

APInt HadamardOp::getSumBound(const APInt &driverLimit, const APInt &) {
  return bound(getBlock()) * driverLimit;
}

//===----------------------------------------------------------------------===//
// Product, Scores, Mix
//===----------------------------------------------------------------------===//

LogicalResult ProductOp::verify() {
  TrainType driver = getDriver().getType(), stored = getStored().getType();
  CurrentType current = getCurrent().getType();
  if (failed(verifyNumbers(*this)))
    return failure();
  // P3, Product.
  int64_t width = current.getWidth();
  if (width % driver.getWidth() != 0 || width % stored.getWidth() != 0)
    return emitOpError("operands of ")
           << driver.getWidth() << " and " << stored.getWidth()
           << " neurons do not broadcast to " << width;
  if (std::max(driver.getWidth(), stored.getWidth()) != width)
    return emitOpError("one operand must have the ")
           << width << " neurons of the result";
  if (current.getPerKey() != (driver.getPerKey() || stored.getPerKey()))
    return emitOpError("result must be per_key exactly if an operand is");
  for (TrainType operand : {driver, stored})
    if (operand.getPerKey() && (operand.getGroups() != current.getGroups() ||
                                operand.getColumns() != current.getColumns()))
      return emitOpError(
                 "a per_key operand must have the shape of the result: ")
             << operand << " against " << current;
  return success();
}

bool ProductOp::readsStoredBeforeDriver() {
  return getForm() == ProductForm::Stored;
}

APInt ProductOp::getSumBound(const APInt &driverLimit,
                             const APInt &storedLimit) {
  return driverLimit * storedLimit;
}

/// S4: `values` holds one head for each `queryPerKey` of `heads`.
static LogicalResult verifyKeyValueHeads(Operation *op, TrainType stored,
                                         int64_t heads, int64_t queryPerKey,
                                         int64_t headWidth) {
  if (heads % queryPerKey != 0)
    return op->emitOpError()
           << heads << " heads cannot share keys in groups of " << queryPerKey;
  return verifyWidth(op, "stored train", stored.getWidth(),
                     heads / queryPerKey * headWidth);
}

LogicalResult ScoresOp::verify() {
  TrainType driver = getDriver().getType(), stored = getStored().getType();
  CurrentType current = getCurrent().getType();
  if (failed(verifyNumbers(*this)) || failed(verifyNotPerKey(*this, driver)) ||
      failed(verifyNotPerKey(*this, stored)))
    return failure();
  // P3, Scores.
  if (driver.getWidth() % getHeadWidth() != 0)
    return emitOpError("driver has ")
           << driver.getWidth()
           << " neurons, which is no multiple of a head of " << getHeadWidth();
  int64_t heads = driver.getWidth() / getHeadWidth();
  if (!current.getPerKey() || current.getGroups() != heads ||
      current.getColumns() != getPositions())
    return emitOpError("result is ") << current << ", but must be " << heads
                                     << "x" << getPositions() << " per_key";
  return verifyKeyValueHeads(*this, stored, heads, getQueryPerKey(),
                             getHeadWidth());
}

/// P12: in several frames the token's own key streams in beside its queries.
bool ScoresOp::readsStoredBeforeDriver() { return framesOf(*this) == 1; }

APInt ScoresOp::getSumBound(const APInt &driverLimit,
                            const APInt &storedLimit) {
  return bound(getHeadWidth()) * driverLimit * storedLimit;
}

LogicalResult MixOp::verify() {
  TrainType driver = getDriver().getType(), stored = getStored().getType();
  CurrentType current = getCurrent().getType();
  if (failed(verifyNumbers(*this)) || failed(verifyNotPerKey(*this, stored)) ||
      failed(verifyNotPerKey(*this, current)))
    return failure();
  // P3, Mix.
  if (!driver.getPerKey())
    return emitOpError("driver must be per_key: one group of keys a head");
  if (current.getWidth() % getHeadWidth() != 0 ||
      current.getWidth() / getHeadWidth() != driver.getGroups())
    return emitOpError("result has ")
           << current.getWidth() << " neurons, but needs " << driver.getGroups()
           << " heads of " << getHeadWidth();
  return verifyKeyValueHeads(*this, stored, driver.getGroups(),
                             getQueryPerKey(), getHeadWidth());
}

bool MixOp::readsStoredBeforeDriver() { return framesOf(*this) == 1; }

APInt MixOp::getSumBound(const APInt &driverLimit, const APInt &storedLimit) {
  return bound(getDriver().getType().getColumns()) * driverLimit * storedLimit;
}

} // namespace synfire::snn

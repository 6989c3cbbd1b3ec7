#include "compiler/emit/StageReader.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace synfire {
namespace {

void setShape(StageSpec &spec, snn::CurrentType shape) {
  spec.groups = static_cast<int>(shape.getGroups());
  spec.groupWidth = static_cast<int>(shape.getColumns());
  spec.perKey = shape.getPerKey();
}

NonlinearUnit nonlinearUnit(snn::HgAttr hg) {
  NonlinearUnit nonlinear;
  switch (hg.getFunction()) {
  case snn::Function::Square:
    nonlinear.function = Nonlinearity::Square;
    break;
  case snn::Function::Rsqrt:
    nonlinear.function = Nonlinearity::InverseSquareRoot;
    break;
  case snn::Function::Exp:
    nonlinear.function = Nonlinearity::Exp;
    break;
  case snn::Function::Reciprocal:
    nonlinear.function = Nonlinearity::Reciprocal;
    break;
  case snn::Function::Silu:
    nonlinear.function = Nonlinearity::SiLU;
    break;
  }
  nonlinear.lookup = hg.getRealisation() == snn::Realisation::Lut;
  nonlinear.steps = static_cast<int>(hg.getSteps());
  nonlinear.fullScale = hg.getFullScale();
  nonlinear.inputLimit = hg.getInputLimit();
  nonlinear.entries = static_cast<int>(hg.getEntries());
  nonlinear.digital = hg.getDigital();
  return nonlinear;
}

StageUnit unitOf(snn::FireOp fire) {
  Attribute unit = fire.getUnit();
  if (auto phase = dyn_cast<snn::PhaseAttr>(unit))
    return PhaseUnit{static_cast<int>(phase.getSteps()),
                     static_cast<int>(phase.getLevels()), phase.getThreshold(),
                     static_cast<int>(phase.getOutlierShift()),
                     phase.getRounding()};
  if (auto table = dyn_cast<snn::TableAttr>(unit)) {
    TableUnit made{
        table.getConfig(), table.getMembraneScale(), table.getCodeScale(), {}};
    if (auto scales = fire.getChannelScale())
      made.channelScale.assign(scales->begin(), scales->end());
    return made;
  }
  if (auto number = dyn_cast<snn::NumberAttr>(unit))
    return NumberUnit{static_cast<int>(number.getBits()),
                      number.getFullScale()};
  return nonlinearUnit(cast<snn::HgAttr>(unit));
}

} // namespace

DendriteSpec StageReader::readDendrite(Operation *op) {
  auto dendrite = cast<snn::DendriteOpInterface>(op);
  DendriteSpec spec;
  spec.factor = dendrite.getFactor();
  if (Value driver = dendrite.getDriverTrain())
    spec.driver = stageOf.lookup(driver);
  if (Value stored = dendrite.getStoredTrain())
    spec.stored = stageOf.lookup(stored);
  llvm::TypeSwitch<Operation *>(op)
      .Case([&](snn::EmbedOp embed) {
        spec.kind = DendriteKind::Embed;
        spec.weight = embed.getWeight().getName().str();
        spec.weightBits = static_cast<int>(embed.getBits());
        spec.everyFrame = embed.getEveryFrame();
      })
      .Case([&](snn::SawOp saw) {
        spec.kind = DendriteKind::Static;
        spec.weight = saw.getWeight().getName().str();
        if (ann::WeightAttr gain = saw.getGainAttr())
          spec.gain = gain.getName().str();
        spec.inputHadamard = saw.getInputHadamard().value_or(1);
        spec.weightBits = static_cast<int>(saw.getBits());
      })
      .Case([&](snn::HadamardOp hadamard) {
        spec.kind = DendriteKind::Hadamard;
        spec.headWidth = static_cast<int>(hadamard.getBlock());
      })
      .Case([&](snn::IdentityOp) { spec.kind = DendriteKind::Identity; })
      .Case([&](snn::GroupSumOp) { spec.kind = DendriteKind::Sum; })
      .Case([&](snn::RotaryOp rotary) {
        spec.kind = DendriteKind::Rotary;
        spec.headWidth = static_cast<int>(rotary.getHeadWidth());
        spec.theta = rotary.getTheta();
      })
      .Case([&](snn::ProductOp product) {
        spec.kind = DendriteKind::Product;
        spec.form = product.getForm() == snn::ProductForm::Concurrent
                        ? ProductForm::Concurrent
                        : ProductForm::Stored;
      })
      .Case([&](snn::ScoresOp scores) {
        spec.kind = DendriteKind::Scores;
        spec.headWidth = static_cast<int>(scores.getHeadWidth());
        spec.queryPerKey = static_cast<int>(scores.getQueryPerKey());
      })
      .Case([&](snn::MixOp mix) {
        spec.kind = DendriteKind::Mix;
        spec.headWidth = static_cast<int>(mix.getHeadWidth());
        spec.queryPerKey = static_cast<int>(mix.getQueryPerKey());
      });
  return spec;
}

StageSpec StageReader::read(Operation *op) {
  StageSpec spec;
  if (auto output = dyn_cast<snn::OutputOp>(op)) {
    spec.name = output.getSite().str();
    spec.role = StageRole::LmHead;
    spec.layer = layers;
    setShape(spec, output.getCurrent().getType());
    OutputUnit unit;
    if (auto scale = output.getMembraneScale())
      unit.membraneScale = *scale;
    spec.unit = unit;
    spec.dendrites.push_back(readDendrite(output.getCurrent().getDefiningOp()));
    ++count;
    return spec;
  }
  auto fire = cast<snn::FireOp>(op);
  spec.name = fire.getSite().str();
  spec.layer = static_cast<int>(fire.getLayer());
  spec.role = static_cast<StageRole>(fire.getRole());
  setShape(spec, cast<snn::CurrentType>(fire.getCurrents().front().getType()));
  if (auto bias = fire.getBias())
    spec.bias = *bias;
  spec.subtractGroupMaximum = fire.getSubtractGroupMaximum();
  spec.unit = unitOf(fire);
  spec.averagedInput = static_cast<int>(fire.getAveragedInput());
  spec.accumulatedOutput = fire.getAccumulatedOutput();
  for (Value current : fire.getCurrents())
    spec.dendrites.push_back(readDendrite(current.getDefiningOp()));
  stageOf[fire.getTrain()] = count++;
  return spec;
}

ModelInfo modelInfo(ann::ConfigAttr config, StringRef name) {
  ModelInfo info;
  info.name = name.str();
  info.vocabulary = static_cast<int>(config.getVocabulary());
  info.hidden = static_cast<int>(config.getHidden());
  info.intermediate = static_cast<int>(config.getIntermediate());
  info.layers = static_cast<int>(config.getLayers());
  info.heads = static_cast<int>(config.getHeads());
  info.keyValueHeads = static_cast<int>(config.getKeyValueHeads());
  info.headWidth = static_cast<int>(config.getHeadWidth());
  info.context = static_cast<int>(config.getPositions());
  return info;
}

} // namespace synfire

#include "compiler/pipelines/PlanFromAnn.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace synfire {

ReferencePlan planFromAnn(ann::ModelOp model) {
  ann::ConfigAttr config = model.getConfig();
  ReferencePlan plan;
  plan.vocabulary = config.getVocabulary();
  plan.context = config.getPositions();
  DenseMap<Value, int> ids;
  for (Operation &op : model.getBody().front().without_terminator()) {
    ReferenceStep step;
    llvm::TypeSwitch<Operation *>(&op)
        .Case([&](ann::EmbeddingOp embedding) {
          step.kind = StepKind::Embedding;
          step.weight = embedding.getWeight().getName().str();
        })
        .Case([&](ann::RmsNormOp norm) {
          step.kind = StepKind::RmsNorm;
          step.weight = norm.getGain().getName().str();
          step.eps = norm.getEps();
        })
        .Case([&](ann::LinearOp linear) {
          step.kind = StepKind::Linear;
          step.weight = linear.getWeight().getName().str();
          step.inputHadamard = linear.getInputHadamard().value_or(1);
        })
        .Case([&](ann::RotaryOp rotary) {
          step.kind = StepKind::Rotary;
          step.heads = rotary.getHeads();
          step.headWidth = rotary.getHeadWidth();
          step.theta = rotary.getTheta();
        })
        .Case([&](ann::HadamardOp hadamard) {
          step.kind = StepKind::Hadamard;
          step.headWidth = hadamard.getBlock();
        })
        .Case([&](ann::AttentionOp attention) {
          step.kind = StepKind::Attention;
          step.heads = attention.getHeads();
          step.keyValueHeads = attention.getKeyValueHeads();
          step.headWidth = attention.getHeadWidth();
        })
        .Case([&](ann::SiluOp) { step.kind = StepKind::Silu; })
        .Case([&](ann::MulOp) { step.kind = StepKind::Multiply; })
        .Case([&](ann::AddOp) { step.kind = StepKind::Add; });
    step.site = op.getAttrOfType<StringAttr>("site").getValue().str();
    if (step.kind != StepKind::Embedding)
      for (Value operand : op.getOperands())
        step.operands.push_back(ids.lookup(operand));
    step.width = cast<ShapedType>(op.getResult(0).getType()).getDimSize(1);
    step.result = plan.values++;
    ids[op.getResult(0)] = step.result;
    plan.steps.push_back(std::move(step));
  }
  return plan;
}

} // namespace synfire

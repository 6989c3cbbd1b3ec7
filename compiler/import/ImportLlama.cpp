//===- ImportLlama.cpp - a LLaMA checkpoint as ann IR ---------------------===//
//
// The order of ops is that of transformers' LlamaDecoderLayer. Each op's
// location is the name of its site, so that diagnostics of later passes name
// it.
//
//===----------------------------------------------------------------------===//
#include "compiler/import/ImportLlama.h"

#include "compiler/import/LlamaTensors.h"
#include "dialects/ann/Ann.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"

#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace synfire {
namespace {

using mlir::Location;
using mlir::Type;
using mlir::Value;

class LlamaBuilder {
public:
  LlamaBuilder(mlir::MLIRContext &context, const ModelConfig &modelConfig)
      : config(modelConfig), builder(&context) {
    for (ExpectedTensor &tensor : llamaTensors(modelConfig))
      shapes.emplace(std::move(tensor.name), std::move(tensor.shape));
  }

  mlir::OwningOpRef<mlir::ModuleOp> build(const std::string &name);

private:
  Value attention(std::int64_t index, Value stream);
  Value mlp(std::int64_t index, Value stream);

  Value norm(const std::string &site, Value input, const std::string &gain);
  Value linear(const std::string &site, Value input, const std::string &weight);
  Value rotary(const std::string &site, Value input, std::int64_t heads);
  Value add(const std::string &site, Value stream, Value delta);

  ann::WeightAttr weight(const std::string &name) {
    return ann::WeightAttr::get(builder.getContext(), name, shapes.at(name));
  }
  Location at(const std::string &site) {
    return mlir::NameLoc::get(builder.getStringAttr(site));
  }
  Type valuesOf(std::int64_t width) {
    return mlir::RankedTensorType::get({mlir::ShapedType::kDynamic, width},
                                       builder.getF32Type());
  }

  const ModelConfig &config;
  mlir::OpBuilder builder;
  std::map<std::string, std::vector<std::int64_t>> shapes;
};

std::string layerSite(std::int64_t layer, const char *suffix) {
  return "layers." + std::to_string(layer) + "." + suffix;
}

Value LlamaBuilder::norm(const std::string &site, Value input,
                         const std::string &gain) {
  return builder.create<ann::RmsNormOp>(at(site), input.getType(), input,
                                        weight(gain), config.rmsNormEps, site);
}

Value LlamaBuilder::linear(const std::string &site, Value input,
                           const std::string &name) {
  ann::WeightAttr matrix = weight(name);
  return builder.create<ann::LinearOp>(at(site), valuesOf(matrix.getShape()[0]),
                                       input, matrix, site,
                                       /*input_hadamard=*/mlir::IntegerAttr());
}

Value LlamaBuilder::rotary(const std::string &site, Value input,
                           std::int64_t heads) {
  return builder.create<ann::RotaryOp>(at(site), input.getType(), input, heads,
                                       config.headDim, config.ropeTheta, site);
}

Value LlamaBuilder::add(const std::string &site, Value stream, Value delta) {
  return builder.create<ann::AddOp>(at(site), stream.getType(), stream, delta,
                                    site);
}

Value LlamaBuilder::attention(std::int64_t index, Value stream) {
  auto site = [&](const char *suffix) { return layerSite(index, suffix); };
  auto tensor = [&](const char *suffix) {
    return llamaLayerTensor(index, suffix);
  };
  Value input =
      norm(site("attn.norm"), stream, tensor("input_layernorm.weight"));
  Value queries =
      linear(site("attn.q_proj"), input, tensor("self_attn.q_proj.weight"));
  Value keys =
      linear(site("attn.k_proj"), input, tensor("self_attn.k_proj.weight"));
  Value values =
      linear(site("attn.v_proj"), input, tensor("self_attn.v_proj.weight"));
  queries = rotary(site("attn.q"), queries, config.heads);
  keys = rotary(site("attn.k"), keys, config.keyValueHeads);
  Value mixed = builder.create<ann::AttentionOp>(
      at(site("attn.out")), queries.getType(), queries, keys, values,
      config.heads, config.keyValueHeads, site("attn.out"));
  Value delta =
      linear(site("attn.o_proj"), mixed, tensor("self_attn.o_proj.weight"));
  return add(site("attn.residual"), stream, delta);
}

Value LlamaBuilder::mlp(std::int64_t index, Value stream) {
  auto site = [&](const char *suffix) { return layerSite(index, suffix); };
  auto tensor = [&](const char *suffix) {
    return llamaLayerTensor(index, suffix);
  };
  Value input =
      norm(site("mlp.norm"), stream, tensor("post_attention_layernorm.weight"));
  Value gate = linear(site("mlp.gate"), input, tensor("mlp.gate_proj.weight"));
  Value up = linear(site("mlp.up"), input, tensor("mlp.up_proj.weight"));
  Value active = builder.create<ann::SiluOp>(
      at(site("mlp.act")), gate.getType(), gate, site("mlp.act"));
  Value product =
      builder.create<ann::MulOp>(at(site("mlp.product")), active.getType(),
                                 active, up, site("mlp.product"));
  Value delta =
      linear(site("mlp.down_proj"), product, tensor("mlp.down_proj.weight"));
  return add(site("mlp.residual"), stream, delta);
}

mlir::OwningOpRef<mlir::ModuleOp> LlamaBuilder::build(const std::string &name) {
  mlir::MLIRContext *context = builder.getContext();
  mlir::OwningOpRef<mlir::ModuleOp> module = mlir::ModuleOp::create(at(name));
  builder.setInsertionPointToStart(module->getBody());
  auto attributes = ann::ConfigAttr::get(
      context, config.vocabulary, config.hiddenSize, config.intermediateSize,
      config.layers, config.heads, config.keyValueHeads, config.headDim,
      config.maxPositions, config.rmsNormEps, config.ropeTheta);
  auto model = builder.create<ann::ModelOp>(at(name), name, attributes);

  mlir::Block &body = model.getBody().emplaceBlock();
  Value tokens =
      body.addArgument(mlir::RankedTensorType::get({mlir::ShapedType::kDynamic},
                                                   builder.getI32Type()),
                       at("tokens"));
  builder.setInsertionPointToStart(&body);
  const std::string embedding = "model.embed_tokens.weight";
  Value stream =
      builder.create<ann::EmbeddingOp>(at("embed"), valuesOf(config.hiddenSize),
                                       tokens, weight(embedding), "embed");
  for (std::int64_t index = 0; index < config.layers; ++index)
    stream = mlp(index, attention(index, stream));
  Value normalised = norm("final.norm", stream, "model.norm.weight");
  Value logits = linear("logits", normalised,
                        config.tieEmbeddings ? embedding : "lm_head.weight");
  builder.create<ann::ReturnOp>(at("logits"), logits);
  return module;
}

} // namespace

Result<mlir::OwningOpRef<mlir::ModuleOp>>
importLlama(mlir::MLIRContext &context, const Checkpoint &checkpoint,
            const std::string &name) {
  for (const ExpectedTensor &tensor : llamaTensors(checkpoint.config())) {
    auto view = checkpoint.tensor(tensor.name, tensor.shape);
    if (!view)
      return view.error();
  }
  context.loadDialect<ann::AnnDialect>();
  mlir::OwningOpRef<mlir::ModuleOp> module =
      LlamaBuilder(context, checkpoint.config()).build(name);

  std::string problem;
  mlir::ScopedDiagnosticHandler handler(&context,
                                        [&](mlir::Diagnostic &diagnostic) {
                                          if (problem.empty())
                                            problem = diagnostic.str();
                                        });
  if (failed(mlir::verify(*module)))
    return makeError("the imported model is not valid: " + problem,
                     checkpoint.directory());
  return module;
}

} // namespace synfire

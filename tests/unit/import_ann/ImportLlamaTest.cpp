//===- ImportLlamaTest.cpp - checkpoints become ann IR --------------------===//
#include "compiler/import/ImportLlama.h"

#include "dialects/ann/Ann.h"
#include "tests/unit/import/ModelFiles.h"

#include "mlir/IR/Verifier.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace synfire;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

class ImportLlamaTest : public testing::Test {
protected:
  Result<mlir::OwningOpRef<mlir::ModuleOp>> import() {
    directory.write("config.json", config.dump());
    directory.write("model.safetensors", safetensors(weights));
    auto checkpoint = Checkpoint::open(directory.path());
    if (!checkpoint)
      return checkpoint.error();
    return importLlama(context, *checkpoint, "tiny");
  }

  /// The model of a checkpoint that must be importable.
  ann::ModelOp model() {
    auto imported = import();
    EXPECT_TRUE(imported) << imported.error().message();
    if (!imported)
      return {};
    module = std::move(*imported);
    return *module->getOps<ann::ModelOp>().begin();
  }

  template <typename Op> Op at(ann::ModelOp parent, llvm::StringRef site) {
    for (Op op : parent.getBody().getOps<Op>())
      if (op.getSite() == site)
        return op;
    ADD_FAILURE() << "no " << Op::getOperationName().str() << " at "
                  << site.str();
    return {};
  }

  mlir::MLIRContext context;
  json config = tinyConfig();
  std::vector<FloatTensor> weights = tinyWeights(config);
  TemporaryDirectory directory;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

std::vector<std::string> sitesOf(ann::ModelOp model) {
  std::vector<std::string> sites;
  for (mlir::Operation &op : model.getBody().front().without_terminator())
    sites.push_back(op.getAttrOfType<mlir::StringAttr>("site").str());
  return sites;
}

} // namespace

TEST_F(ImportLlamaTest, namesEverySiteInOrder) {
  config["num_hidden_layers"] = 1;
  weights = tinyWeights(config);
  EXPECT_THAT(sitesOf(model()),
              ElementsAre("embed", "layers.0.attn.norm", "layers.0.attn.q_proj",
                          "layers.0.attn.k_proj", "layers.0.attn.v_proj",
                          "layers.0.attn.q", "layers.0.attn.k",
                          "layers.0.attn.out", "layers.0.attn.o_proj",
                          "layers.0.attn.residual", "layers.0.mlp.norm",
                          "layers.0.mlp.gate", "layers.0.mlp.up",
                          "layers.0.mlp.act", "layers.0.mlp.product",
                          "layers.0.mlp.down_proj", "layers.0.mlp.residual",
                          "final.norm", "logits"));
}

TEST_F(ImportLlamaTest, copiesTheConfig) {
  config["rms_norm_eps"] = 3e-6;
  config["rope_theta"] = 5e5;
  ann::ConfigAttr imported = model().getConfig();
  EXPECT_EQ(imported.getVocabulary(), 10);
  EXPECT_EQ(imported.getHidden(), 8);
  EXPECT_EQ(imported.getIntermediate(), 12);
  EXPECT_EQ(imported.getLayers(), 2);
  EXPECT_EQ(imported.getHeads(), 4);
  EXPECT_EQ(imported.getKeyValueHeads(), 2);
  EXPECT_EQ(imported.getHeadWidth(), 2);
  EXPECT_EQ(imported.getPositions(), 16);
  EXPECT_EQ(imported.getRmsNormEps(), 3e-6);
  EXPECT_EQ(imported.getRopeTheta(), 5e5);
}

TEST_F(ImportLlamaTest, wiresALayerAsTheTransformerDoes) {
  ann::ModelOp tiny = model();
  auto norm = at<ann::RmsNormOp>(tiny, "layers.1.attn.norm");
  auto before = at<ann::AddOp>(tiny, "layers.0.mlp.residual");
  EXPECT_EQ(norm.getInput(), before.getResult());
  EXPECT_EQ(norm.getGain().getName(), "model.layers.1.input_layernorm.weight");

  auto query = at<ann::LinearOp>(tiny, "layers.1.attn.q_proj");
  auto key = at<ann::LinearOp>(tiny, "layers.1.attn.k_proj");
  auto value = at<ann::LinearOp>(tiny, "layers.1.attn.v_proj");
  for (ann::LinearOp projection : {query, key, value})
    EXPECT_EQ(projection.getInput(), norm.getResult());
  EXPECT_EQ(key.getWeight().getName(),
            "model.layers.1.self_attn.k_proj.weight");
  EXPECT_EQ(key.getWeight().getShape(), llvm::ArrayRef<int64_t>({4, 8}));

  auto attention = at<ann::AttentionOp>(tiny, "layers.1.attn.out");
  auto turned = at<ann::RotaryOp>(tiny, "layers.1.attn.k");
  EXPECT_EQ(turned.getInput(), key.getResult());
  EXPECT_EQ(turned.getHeads(), 2);
  EXPECT_EQ(attention.getKeys(), turned.getResult());
  EXPECT_EQ(attention.getValues(), value.getResult());
  EXPECT_EQ(attention.getHeadWidth(), 2);

  auto residual = at<ann::AddOp>(tiny, "layers.1.attn.residual");
  EXPECT_EQ(residual.getLhs(), before.getResult());
  EXPECT_EQ(residual.getRhs(),
            at<ann::LinearOp>(tiny, "layers.1.attn.o_proj").getResult());
  auto product = at<ann::MulOp>(tiny, "layers.1.mlp.product");
  EXPECT_EQ(product.getLhs(),
            at<ann::SiluOp>(tiny, "layers.1.mlp.act").getResult());
  EXPECT_EQ(product.getRhs(),
            at<ann::LinearOp>(tiny, "layers.1.mlp.up").getResult());
}

TEST_F(ImportLlamaTest, readsTheOutputHead) {
  EXPECT_EQ(at<ann::LinearOp>(model(), "logits").getWeight().getName(),
            "lm_head.weight");
}

TEST_F(ImportLlamaTest, readsTheEmbeddingAsATiedOutputHead) {
  config["tie_word_embeddings"] = true;
  weights = tinyWeights(config);
  EXPECT_EQ(at<ann::LinearOp>(model(), "logits").getWeight().getName(),
            "model.embed_tokens.weight");
}

TEST_F(ImportLlamaTest, locatesEachOpAtItsSite) {
  auto gate = at<ann::LinearOp>(model(), "layers.0.mlp.gate");
  auto location = llvm::dyn_cast<mlir::NameLoc>(gate.getLoc());
  ASSERT_TRUE(location);
  EXPECT_EQ(location.getName(), "layers.0.mlp.gate");
}

TEST_F(ImportLlamaTest, refusesAMissingTensor) {
  weights.pop_back();
  auto imported = import();
  ASSERT_FALSE(imported);
  EXPECT_THAT(imported.error().message(), HasSubstr("lm_head.weight"));
}

TEST_F(ImportLlamaTest, refusesATensorOfAnotherShape) {
  auto norm = std::find_if(weights.begin(), weights.end(),
                           [](const FloatTensor &tensor) {
                             return tensor.name == "model.norm.weight";
                           });
  ASSERT_NE(norm, weights.end());
  norm->shape = {7};
  norm->values.pop_back();
  auto imported = import();
  ASSERT_FALSE(imported);
  EXPECT_THAT(imported.error().message(), HasSubstr("model.norm.weight"));
}

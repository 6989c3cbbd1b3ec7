//===- CheckpointTest.cpp - model directories, whole and broken -----------===//
#include "compiler/import/Checkpoint.h"

#include "tests/unit/import/ModelFiles.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

using namespace synfire;
using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

namespace {

class CheckpointTest : public testing::Test {
protected:
  CheckpointTest() : weights(tinyWeights(config)) {
    directory.write("config.json", config.dump());
  }

  FloatTensor &weight(const std::string &name) {
    auto found = std::find_if(
        weights.begin(), weights.end(),
        [&](const FloatTensor &tensor) { return tensor.name == name; });
    EXPECT_NE(found, weights.end()) << name;
    return *found;
  }

  void erase(const std::string &name) {
    weights.erase(weights.begin() + (&weight(name) - weights.data()));
  }

  void writeWeights() {
    directory.write("model.safetensors", safetensors(weights));
  }

  /// Opens and validates.
  std::string validationMessage() {
    writeWeights();
    directory.write("config.json", config.dump());
    auto checkpoint = Checkpoint::open(directory.path());
    if (!checkpoint)
      return checkpoint.error().message();
    Status status = validateLlama(*checkpoint);
    return status ? "valid" : status.error().message();
  }

  std::string openMessage() {
    auto checkpoint = Checkpoint::open(directory.path());
    return checkpoint ? "no error" : checkpoint.error().message();
  }

  /// Splits the weights over two shards and returns the index.
  json writeShards() {
    const char *names[] = {"a.safetensors", "b.safetensors"};
    auto middle = weights.begin() + 7;
    directory.write(names[0], safetensors({weights.begin(), middle}));
    directory.write(names[1], safetensors({middle, weights.end()}));
    json index = {{"metadata", {{"total_size", 0}}}};
    for (std::size_t i = 0; i < weights.size(); ++i)
      index["weight_map"][weights[i].name] = names[i < 7 ? 0 : 1];
    return index;
  }

  void writeIndex(const json &index) {
    directory.write("model.safetensors.index.json", index.dump());
  }

  json config = tinyConfig();
  TemporaryDirectory directory;
  std::vector<FloatTensor> weights;
};

} // namespace

TEST_F(CheckpointTest, opensASingleFile) {
  writeWeights();
  directory.write("tokenizer.json", "{\"a\": 1}");
  auto checkpoint = Checkpoint::open(directory.path());
  ASSERT_TRUE(checkpoint) << checkpoint.error().message();
  EXPECT_EQ(checkpoint->directory(), directory.path());
  EXPECT_EQ(checkpoint->config().hiddenSize, 8);
  EXPECT_EQ(*checkpoint->tokenizerJson(), "{\"a\": 1}");
  auto tensor =
      checkpoint->tensor("model.layers.1.mlp.up_proj.weight", {12, 8});
  ASSERT_TRUE(tensor) << tensor.error().message();
  EXPECT_EQ(tensor->readAll(),
            weight("model.layers.1.mlp.up_proj.weight").values);
  EXPECT_EQ(checkpoint->names().size(), weights.size());
  EXPECT_EQ(validationMessage(), "valid");
}

TEST_F(CheckpointTest, namesTheMissingTensorAndTheDirectory) {
  writeWeights();
  auto checkpoint = Checkpoint::open(directory.path());
  EXPECT_EQ(checkpoint->tensor("none").error().message(),
            directory.path() + ": has no tensor 'none'");
}

TEST_F(CheckpointTest, namesBothShapes) {
  writeWeights();
  auto checkpoint = Checkpoint::open(directory.path());
  EXPECT_EQ(checkpoint->tensor("model.norm.weight", {9, 1}).error().message(),
            directory.path() + "/model.safetensors: tensor 'model.norm.weight' "
                               "has shape [8], but the config asks for [9, 1]");
}

TEST_F(CheckpointTest, namesMissingFiles) {
  EXPECT_THAT(openMessage(), HasSubstr("has neither model.safetensors nor "
                                       "model.safetensors.index.json"));
  writeWeights();
  auto checkpoint = Checkpoint::open(directory.path());
  EXPECT_THAT(checkpoint->tokenizerJson().error().message(),
              HasSubstr("/tokenizer.json: cannot open"));
  std::filesystem::remove(directory.path() + "/config.json");
  EXPECT_THAT(openMessage(), HasSubstr("/config.json: cannot open"));
  auto none = Checkpoint::open(directory.path() + "/none");
  EXPECT_THAT(none.error().message(), HasSubstr("/none: not a directory"));
}

TEST_F(CheckpointTest, opensShards) {
  writeIndex(writeShards());
  auto checkpoint = Checkpoint::open(directory.path());
  ASSERT_TRUE(checkpoint) << checkpoint.error().message();
  for (const FloatTensor &expected : weights) {
    auto tensor = checkpoint->tensor(expected.name, expected.shape);
    ASSERT_TRUE(tensor) << tensor.error().message();
    EXPECT_EQ(tensor->readAll(), expected.values);
  }
  EXPECT_TRUE(validateLlama(*checkpoint));
}

TEST_F(CheckpointTest, refusesBrokenIndices) {
  json index = writeShards();
  index["weight_map"]["model.norm.weight"] = "c.safetensors";
  writeIndex(index);
  EXPECT_THAT(
      openMessage(),
      AllOf(HasSubstr("model.safetensors.index.json: "),
            HasSubstr("lists shard 'c.safetensors', which is missing")));
  index["weight_map"]["model.norm.weight"] = "a.safetensors";
  writeIndex(index);
  EXPECT_THAT(openMessage(), HasSubstr("lists tensor 'model.norm.weight' in "
                                       "'a.safetensors', but it is not there"));
  index["weight_map"]["model.norm.weight"] = 1;
  writeIndex(index);
  EXPECT_THAT(openMessage(), HasSubstr("the file of tensor 'model.norm.weight' "
                                       "must be a string"));
  writeIndex({{"weight_map", 1}});
  EXPECT_THAT(openMessage(), HasSubstr("key 'weight_map' must be an object"));
  directory.write("model.safetensors.index.json", "{");
  EXPECT_THAT(openMessage(), HasSubstr("not valid JSON"));
}

TEST_F(CheckpointTest, refusesShardsOutsideTheDirectory) {
  json index = writeShards();
  for (const char *file :
       {"../a.safetensors", "/etc/passwd", "x/../../a", "..", ""}) {
    index["weight_map"]["model.norm.weight"] = file;
    writeIndex(index);
    EXPECT_THAT(openMessage(), HasSubstr("is not a plain name in the model's "
                                         "directory"))
        << file;
  }
}

TEST_F(CheckpointTest, validationNamesAMissingTensor) {
  erase("model.layers.1.self_attn.k_proj.weight");
  EXPECT_THAT(validationMessage(),
              HasSubstr("has no tensor "
                        "'model.layers.1.self_attn.k_proj.weight'"));
}

TEST_F(CheckpointTest, validationNamesAWrongShape) {
  FloatTensor &down = weight("model.layers.0.mlp.down_proj.weight");
  std::swap(down.shape[0], down.shape[1]);
  EXPECT_THAT(validationMessage(),
              HasSubstr("tensor 'model.layers.0.mlp.down_proj.weight' has "
                        "shape [12, 8], but the config asks for [8, 12]"));
}

TEST_F(CheckpointTest, validationLocatesNonFiniteWeights) {
  FloatTensor &up = weight("model.layers.1.mlp.up_proj.weight");
  up.values[8 * 3 + 5] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(validationMessage(),
              HasSubstr("tensor 'model.layers.1.mlp.up_proj.weight' holds nan "
                        "at [3, 5] (element 29)"));
  up.values[8 * 3 + 5] = -std::numeric_limits<float>::infinity();
  EXPECT_THAT(validationMessage(), HasSubstr("holds -inf at [3, 5]"));
}

TEST_F(CheckpointTest, tiedModelsNeedNoOutputProjection) {
  EXPECT_EQ(validationMessage(), "valid");
  config["tie_word_embeddings"] = true;
  EXPECT_EQ(validationMessage(), "valid");
  erase("lm_head.weight");
  EXPECT_EQ(validationMessage(), "valid");
  config["tie_word_embeddings"] = false;
  EXPECT_THAT(validationMessage(),
              HasSubstr("has no tensor 'lm_head.weight' (only a model with "
                        "tie_word_embeddings true needs none)"));
}

TEST_F(CheckpointTest, validationRefusesWeightsThatWouldBeIgnored) {
  weights.push_back({"model.layers.0.self_attn.rotary_emb.inv_freq", {1}, {1}});
  weights.push_back({"optimizer.step", {1}, {1}});
  EXPECT_EQ(validationMessage(), "valid");
  weights.push_back({"model.layers.0.self_attn.q_proj.bias", {1}, {1}});
  EXPECT_THAT(validationMessage(),
              HasSubstr("tensor 'model.layers.0.self_attn.q_proj.bias' is no "
                        "part of a LLaMA of this config"));
  weights.pop_back();
  config["num_hidden_layers"] = 1;
  EXPECT_THAT(validationMessage(),
              AllOf(HasSubstr("tensor 'model.layers.1."),
                    HasSubstr("config.json says 1 layers")));
}

// The float reference on real trained models, held against the figures of an
// independent implementation (reference.json beside each model).
#include "compiler/reference/FloatModel.h"
#include "runtime/eval/Perplexity.h"
#include "runtime/support/Files.h"
#include "runtime/text/Tokenizer.h"

#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <ostream>

using namespace synfire;

namespace {

std::string sharedDirectory() {
  const char *directory = std::getenv("SYNFIRE_SHARED_DIR");
  return directory ? directory : SYNFIRE_SHARED_DIR;
}

struct ModelCase {
  const char *model;
  const char *reference; ///< folder whose reference.json holds
  double nats;           ///< tolerance of the mean negative log probability
  double logit;
};

void PrintTo(const ModelCase &modelCase, std::ostream *out) {
  *out << modelCase.model;
}

class SharedModels : public testing::TestWithParam<ModelCase> {
protected:
  void SetUp() override {
    const std::string models = sharedDirectory() + "/models/";
    if (!std::filesystem::exists(models + GetParam().model))
      GTEST_SKIP() << "the shared model " << GetParam().model
                   << " is not there; set SYNFIRE_SHARED_DIR";
    auto checkpoint = Checkpoint::open(models + GetParam().model);
    ASSERT_TRUE(checkpoint.ok()) << checkpoint.error().message();
    auto created = FloatModel::create(*checkpoint);
    ASSERT_TRUE(created.ok()) << created.error().message();
    model = std::move(*created);
    auto json = checkpoint->tokenizerJson();
    ASSERT_TRUE(json.ok());
    auto parsed = Tokenizer::parse(*json, "tokenizer.json");
    ASSERT_TRUE(parsed.ok()) << parsed.error().message();
    tokenizer = std::move(*parsed);
    auto text = readFile(models + GetParam().reference + "/reference.json");
    ASSERT_TRUE(text.ok()) << text.error().message();
    reference = nlohmann::json::parse(*text);
  }

  std::unique_ptr<FloatModel> model;
  std::unique_ptr<Tokenizer> tokenizer;
  nlohmann::json reference;
};

TEST_P(SharedModels, PromptLogitsAndGreedyContinuation) {
  const std::vector<int> prompt =
      tokenizer->encode(reference["prompt"].get<std::string>());
  EXPECT_EQ(prompt, reference["prompt_ids"].get<std::vector<int>>());
  ASSERT_TRUE(model->prefill(prompt, LogitRows::Last).ok());
  const auto expected =
      reference["last_logits_first_16"].get<std::vector<double>>();
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(model->logits()[i], expected[i], GetParam().logit) << i;
  if (std::string(GetParam().model) != GetParam().reference)
    return; // rounded weights may continue otherwise
  for (int token : reference["greedy_64_ids"].get<std::vector<int>>()) {
    ASSERT_EQ(
        argmax(LogitsView::ofReal(model->logits(), 1, model->vocabulary()), 0),
        token)
        << "position " << model->position();
    ASSERT_TRUE(model->decode(token).ok());
  }
}

TEST_P(SharedModels, Perplexity) {
  for (const auto &[file, expected] : reference["texts"].items()) {
    const auto text = readFile(sharedDirectory() + "/data/" + file);
    ASSERT_TRUE(text.ok()) << text.error().message();
    const std::vector<int> ids = tokenizer->encode(*text);
    const auto first = expected["first_ids"].get<std::vector<int>>();
    ASSERT_GE(ids.size(), first.size());
    EXPECT_EQ(std::vector<int>(ids.begin(), ids.begin() + first.size()), first);
    PerplexityOptions options;
    options.window = 128;
    options.predictions = expected["predictions"].get<std::size_t>();
    const auto result = measurePerplexity(
        ids,
        [&](const int *tokens, std::size_t count) -> Result<LogitsView> {
          model->reset();
          SYNFIRE_TRY(model->prefill(tokens, count, LogitRows::All));
          return LogitsView::ofReal(model->logits(), model->logitRows(),
                                    model->vocabulary());
        },
        options);
    ASSERT_TRUE(result.ok()) << result.error().message();
    EXPECT_EQ(result->predictions, options.predictions);
    EXPECT_NEAR(result->nats, expected["nats_per_token"].get<double>(),
                GetParam().nats);
    RecordProperty("perplexity", std::to_string(result->perplexity));
    RecordProperty("tokens_per_second",
                   std::to_string(static_cast<double>(result->predictions) /
                                  result->seconds));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Models, SharedModels,
    testing::Values(
        ModelCase{"stories260K", "stories260K", 2e-6, 5e-5},
        ModelCase{"stories260K-bf16-sharded", "stories260K", 5e-3, 0.1},
        ModelCase{"stories260K-outlier", "stories260K-outlier", 2e-6, 1e-4},
        ModelCase{"llama-wiki-1.3M", "llama-wiki-1.3M", 2e-6, 1e-4}),
    [](const testing::TestParamInfo<ModelCase> &instance) {
      std::string name = instance.param.model;
      for (char &c : name)
        if (!isalnum(static_cast<unsigned char>(c)))
          c = '_';
      return name;
    });

} // namespace

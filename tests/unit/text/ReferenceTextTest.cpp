//===- ReferenceTextTest.cpp - the tokenizers of the trained models -------===//
#include "runtime/support/Files.h"
#include "runtime/text/Tokenizer.h"

#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace synfire;
using nlohmann::json;

namespace {

class ReferenceText : public testing::Test {
protected:
  void SetUp() override {
    const char *override = std::getenv("SYNFIRE_SHARED_DIR");
    shared = override ? override : SYNFIRE_SHARED_DIR;
    if (!std::filesystem::exists(shared + "/models"))
      GTEST_SKIP() << "no trained models at " << shared << "/models";
  }

  std::string text(const std::string &path) {
    auto result = readFile(path);
    EXPECT_TRUE(result) << result.error().message();
    return result ? *result : std::string();
  }

  /// Calls `check(tokenizer, folder)` for every model.
  template <typename Check> void eachModel(Check check) {
    int count = 0;
    for (const auto &entry :
         std::filesystem::directory_iterator(shared + "/models")) {
      const std::string file = entry.path() / "tokenizer.json";
      if (!std::filesystem::exists(file))
        continue;
      SCOPED_TRACE(file);
      auto tokenizer = Tokenizer::parse(text(file), file);
      ASSERT_TRUE(tokenizer) << tokenizer.error().message();
      check(**tokenizer, entry.path().string());
      ++count;
    }
    EXPECT_GT(count, 0);
  }

  std::string shared;
};

} // namespace

TEST_F(ReferenceText, idsAreThoseOfTheReference) {
  int compared = 0;
  eachModel([&](const Tokenizer &tokenizer, const std::string &folder) {
    if (!std::filesystem::exists(folder + "/reference.json"))
      return;
    json reference = json::parse(text(folder + "/reference.json"));
    EXPECT_EQ(tokenizer.encode(reference["prompt"].get<std::string>()),
              reference["prompt_ids"].get<std::vector<int>>());
    for (const auto &[name, expected] : reference["texts"].items()) {
      auto first = expected["first_ids"].get<std::vector<int>>();
      std::vector<int> ids = tokenizer.encode(text(shared + "/data/" + name));
      ASSERT_GE(ids.size(), first.size());
      ids.resize(first.size());
      EXPECT_EQ(ids, first) << name;
      ++compared;
    }
  });
  EXPECT_GT(compared, 0);
}

TEST_F(ReferenceText, decodeInvertsEncode) {
  eachModel([&](const Tokenizer &tokenizer, const std::string &) {
    const std::string stories = text(shared + "/data/tinystories.txt");
    EXPECT_EQ(tokenizer.decode(tokenizer.encode(stories)), stories);
    std::string wiki = text(shared + "/data/wikitext-2-valid.txt");
    std::string decoded = tokenizer.decode(tokenizer.encode(wiki));
    // A tokenizer that puts a blank before every stretch of text cannot give
    // back a text that spells out its added tokens, as WikiText does <unk>.
    if (tokenizer.encode("a<unk>a").size() == 3)
      EXPECT_EQ(decoded, wiki);
    else
      EXPECT_GE(decoded.size(), wiki.size());
  });
}

TEST_F(ReferenceText, vocabularyIsThatOfTheModel) {
  eachModel([&](const Tokenizer &tokenizer, const std::string &folder) {
    json config = json::parse(text(folder + "/config.json"));
    EXPECT_EQ(tokenizer.vocabularySize(), config["vocab_size"]);
  });
}

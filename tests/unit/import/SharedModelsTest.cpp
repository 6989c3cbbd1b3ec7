//===- SharedModelsTest.cpp - the real trained models ---------------------===//
#include "compiler/import/Checkpoint.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>

using namespace synfire;

namespace {

class SharedModels : public testing::Test {
protected:
  void SetUp() override {
    const char *override = std::getenv("SYNFIRE_SHARED_DIR");
    models = std::string(override ? override : SYNFIRE_SHARED_DIR) + "/models";
    if (!std::filesystem::exists(models))
      GTEST_SKIP() << "no trained models at " << models;
  }

  std::string models;
};

} // namespace

TEST_F(SharedModels, areValid) {
  int checked = 0;
  for (const auto &entry : std::filesystem::directory_iterator(models)) {
    if (!entry.is_directory())
      continue;
    SCOPED_TRACE(entry.path());
    auto checkpoint = Checkpoint::open(entry.path());
    ASSERT_TRUE(checkpoint) << checkpoint.error().message();
    Status status = validateLlama(*checkpoint);
    EXPECT_TRUE(status) << status.error().message();
    EXPECT_TRUE(checkpoint->tokenizerJson());
    ++checked;
  }
  EXPECT_GT(checked, 0);
}

TEST_F(SharedModels, shardsHoldTheSingleFileRoundedToBFloat16) {
  auto single = Checkpoint::open(models + "/stories260K");
  auto sharded = Checkpoint::open(models + "/stories260K-bf16-sharded");
  ASSERT_TRUE(single) << single.error().message();
  ASSERT_TRUE(sharded) << sharded.error().message();
  EXPECT_EQ(single->names(), sharded->names());
  for (const std::string &name : single->names()) {
    SCOPED_TRACE(name);
    auto exact = single->tensor(name);
    auto rounded = sharded->tensor(name, exact->shape);
    ASSERT_TRUE(rounded) << rounded.error().message();
    EXPECT_EQ(exact->type, ElementType::F32);
    EXPECT_EQ(rounded->type, ElementType::BF16);
    std::vector<float> wanted = exact->readAll(), got = rounded->readAll();
    for (std::size_t i = 0; i < wanted.size(); ++i)
      // Half a unit in the last of eight bits.
      ASSERT_LE(std::fabs(got[i] - wanted[i]), std::fabs(wanted[i]) / 256)
          << "element " << i;
  }
}

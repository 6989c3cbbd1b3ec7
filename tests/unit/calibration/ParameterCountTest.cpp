#include "compiler/calibration/ParameterCount.h"
#include "runtime/support/Files.h"

#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace synfire;

namespace {

constexpr LayerShape llama7b = {4096, 11008, 32};

TEST(ParameterCount, IsOneThresholdAGroupAHeadAndOneOffsetAPopulation) {
  const LayerShape shape = {8, 16, 2};
  // 3 * 8/4 + 16/4 + 3 * 2 + 7
  EXPECT_EQ(*calibrationParameters(shape, 4), 6 + 4 + 6 + 7);
  EXPECT_EQ(*calibrationParameters(shape, -1), 3 + 1 + 6 + 7);
  EXPECT_EQ(*calibrationParameters(llama7b, 256), 194);
}

TEST(ParameterCount, RefusesGroupsThatDoNotDivide) {
  EXPECT_NE(calibrationParameters({8, 16, 2}, 3).error().what.find("groups"),
            std::string::npos);
  EXPECT_FALSE(calibrationParameters({8, 16, 2}, 0).ok());
  EXPECT_FALSE(calibrationParameters({0, 16, 2}, 4).ok());
}

TEST(ParameterCount, AgreesWithThePublishedCounts) {
  const char *shared = std::getenv("SYNFIRE_SHARED_DIR");
  const std::string file = std::string(shared ? shared : SYNFIRE_SHARED_DIR) +
                           "/spec/golden/30_dual_calibration_params.json";
  if (!std::filesystem::exists(file))
    GTEST_SKIP() << "no golden vectors: set SYNFIRE_SHARED_DIR";
  auto text = readFile(file);
  ASSERT_TRUE(text.ok());
  const nlohmann::json golden = nlohmann::json::parse(*text);
  ASSERT_FALSE(golden["params"].empty());
  for (const auto &[group, count] : golden["params"].items()) {
    auto parameters = calibrationParameters(llama7b, std::stoll(group));
    ASSERT_TRUE(parameters.ok()) << parameters.error().message();
    EXPECT_EQ(*parameters, count.get<std::int64_t>()) << "group " << group;
  }
}

} // namespace

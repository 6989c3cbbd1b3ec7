//===- ConversionOptionsTest.cpp - ranges and combinations ----------------===//
#include "compiler/convert/ConversionOptions.h"

#include "compiler/convert/Methods.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

namespace {

using namespace synfire;

void expectError(const std::string &method,
                 const std::function<void(ConversionOptions &)> &change,
                 const std::string &part) {
  ConversionOptions options;
  options.method = method;
  change(options);
  const Status status = verify(options);
  ASSERT_FALSE(status.ok()) << method << ": " << part;
  EXPECT_NE(status.error().message().find(part), std::string::npos)
      << status.error().message();
}

void expectValid(const std::string &method,
                 const std::function<void(ConversionOptions &)> &change) {
  ConversionOptions options;
  options.method = method;
  change(options);
  const Status status = verify(options);
  EXPECT_TRUE(status.ok()) << status.error().message();
}

TEST(ConversionOptions, EveryMethodTakesItsOwnDefaults) {
  for (const Method &method : methods()) {
    ConversionOptions options;
    options.method = method.name;
    options.steps = method.defaultSteps;
    const Status status = verify(options);
    EXPECT_TRUE(status.ok()) << method.name << ": " << status.error().message();
  }
}

TEST(ConversionOptions, ErrorsNameOptionAndLimit) {
  using O = ConversionOptions;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  expectError("none such", [](O &) {}, "the methods are las, ");
  expectError(
      "las", [](O &o) { o.steps = 21; }, "steps is 21, but must lie in 2..20");
  expectError(
      "las", [](O &o) { o.wideSteps = 23; },
      "wide-steps is 23, but must lie in 2..22");
  expectError(
      "las", [](O &o) { o.levels = 16; },
      "levels is 16, but must lie in 1..15");
  expectError("phase", [](O &o) { o.levels = 2; }, "levels is 2");
  expectError("las", [](O &o) { o.weightBits = 7; }, "weight-bits is 7");
  expectError(
      "las", [](O &o) { o.lookupEntries = 63; }, "lookup-entries is 63");
  expectError("las", [](O &o) { o.nonlinear = "lut"; }, "nonlinear is 'lut'");
  expectError("las", [](O &o) { o.margin = 0.5; }, "margin is 0.5");
  expectError("las", [=](O &o) { o.margin = nan; }, "margin is nan");
  expectError("las", [](O &o) { o.context = -1; }, "context is -1");
  expectError(
      "las", [](O &o) { o.prefixTokens = 65; },
      "prefix-tokens is 65, but must lie in 0..64");
  expectError("las", [](O &o) { o.prefixTokens = -2; }, "prefix-tokens is -2");
  expectError(
      "las", [](O &o) { o.activationBits = 9; },
      "activation-bits is 9, but must lie in 2..8");
  expectError(
      "las", [](O &o) { o.grains = 5; }, "grains is 5, but must lie in 1..4");
  expectError("las", [](O &o) { o.cap = -1; }, "cap is -1");
  expectError("las", [](O &o) { o.base = 1; }, "base is 1");
  expectError("las", [=](O &o) { o.base = nan; }, "base is nan");
  expectError(
      "las", [](O &o) { o.extraBits = 5; },
      "extra-bits is 5, but must lie in 1..4");
  expectError("las", [](O &o) { o.saliency = 1.5; }, "saliency is 1.5");
  expectError(
      "las", [](O &o) { o.quantiserLevels = 1; },
      "quantiser-levels is 1, but must lie in 2..256");
}

TEST(ConversionOptions, GrainsNeedTwoStepsEach) {
  using O = ConversionOptions;
  expectError(
      "mgpc", [](O &o) { o.steps = 5, o.grains = 3; }, "5 steps in 3 grains");
  expectValid("mgpc", [](O &o) { o.steps = 6, o.grains = 3; });
}

TEST(ConversionOptions, IntegerSpikesDivideTheQuantiser) {
  using O = ConversionOptions;
  expectValid("dual-is", [](O &o) { o.steps = 1; });
  expectValid("dual-is", [](O &o) { o.steps = 32; });
  expectError(
      "dual-is", [](O &o) { o.steps = 64; },
      "steps is 64 and activation-bits is 6");
  expectError("dual-is", [](O &o) { o.steps = 12; }, "power of two");
  expectError("dual-is", [](O &o) { o.steps = 257; }, "1..256");
  expectValid("dual-is", [](O &o) { o.steps = 8, o.unfold = true; });
  expectError(
      "dual-is",
      [](O &o) { o.steps = 8, o.activationBits = 8, o.unfold = true; },
      "264 single spikes");
  expectValid("dual-is", [](O &o) { o.steps = 8, o.nonlinear = "hg"; });
}

TEST(ConversionOptions, RateCodesTakeManySteps) {
  using O = ConversionOptions;
  for (const char *method : {"if", "qcfs", "fas", "ecmt", "sta"}) {
    expectValid(method, [](O &o) { o.steps = 256; });
    expectValid(method, [](O &o) { o.steps = 1; });
    expectError(method, [](O &o) { o.steps = 257; }, "steps is 257");
    expectError(
        method, [](O &o) { o.nonlinear = "hg"; },
        "not supported: nonlinear hg");
  }
  for (const char *method : {"srp", "cos", "spikezip"})
    expectError(
        method, [](O &o) { o.steps = 1; },
        "steps is 1, but must lie in 2..256");
  expectError(
      "spikezip", [](O &o) { o.quantiserLevels = 7; }, "quantiser-levels is 7");
}

} // namespace

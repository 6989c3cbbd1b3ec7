//===- AccountGoldenTest.cpp - counts, energies, parameters ---------------===//
#include "compiler/calibration/ParameterCount.h"
#include "compiler/convert/MgpcModel.h"
#include "runtime/report/AnnBaseline.h"
#include "runtime/report/EnergyModel.h"
#include "runtime/report/Estimate.h"
#include "tests/golden/Golden.h"

#include <cmath>
#include <cstdlib>

namespace {

using namespace synfire;
using namespace synfire::test;

constexpr double pico = 1e-12;

/// Spikes are held fixed, so the derivative by a payload is that of the error.
TEST(Golden, G08bGradientOfOutputBases) {
  SYNFIRE_LOAD_GOLDEN(json, "08b_mgpc_grad");
  SYNFIRE_LOAD_GOLDEN(neuron, "08_mgpc");
  const Json &params = neuron.at("params");
  const auto bases = [&](const char *name) {
    std::vector<double> values;
    for (const Json &base : params.at(name)) {
      const Rational exact = toRational(base);
      values.push_back(double(exact.numerator) / double(exact.denominator));
    }
    return values;
  };
  MgpcTable table;
  table.grain = toInts(params.at("assign"));
  table.thresholdBase = bases("Bt");
  table.decrementBase = bases("Bh");
  table.payloadBase = bases("Bd");
  const StepTable steps = toStepTable(table);

  // In units of the full scale: x = 5/2 of the file.
  const double tau = params.at("tau").get<double>();
  const auto x = static_cast<float>(2.5 / tau);
  float output = 0;
  encodeMagnitudes(steps, &x, 1, &output);
  EXPECT_EQ((output - x) * tau, json.at("err").get<double>());
  const float outputGradient = 2 * (output - x);
  GradientParts parts;
  parts.dynamics = false;
  const StepGradient gradient =
      gradientOfMagnitudes(steps, &x, &outputGradient, 1, 1, parts);
  for (std::size_t t = 0; t < table.grain.size(); ++t)
    EXPECT_EQ(gradient.payload[t] != 0, json.at("spikes").at(t) == 1);
  const std::vector<double> found =
      baseGradient(table.grain, table.payloadBase, gradient.payload);
  ASSERT_EQ(found.size(), json.at("grad").size());
  for (std::size_t g = 0; g < found.size(); ++g)
    EXPECT_EQ(found[g] * tau * tau, json.at("grad").at(g).get<double>());
}

TEST(Golden, G29CountsOfALargeModel) {
  SYNFIRE_LOAD_GOLDEN(json, "29_llama3_8b_counts");
  const auto shape = builtinShape("llama-3-8b");
  ASSERT_TRUE(shape.ok());
  EstimateOptions options;
  options.sequence = 512;
  const auto result = estimate(*shape, options);
  ASSERT_TRUE(result.ok());
  const auto expectCount = [&](const char *name, std::uint64_t counted) {
    EXPECT_EQ(counted, json.at("counts").at(name).get<std::uint64_t>()) << name;
  };
  const AnnWork &ann = result->ann;
  expectCount("linear", ann.linear);
  expectCount("lm_head", ann.lmHead);
  expectCount("qk", ann.queryKey);
  expectCount("av", ann.attentionValue);
  expectCount("total", ann.macs() - ann.elementwise);
  const Json &elements = json.at("elementwise");
  EXPECT_EQ(ann.elementwise,
            2 * elements.at("rmsnorm_elements").get<std::uint64_t>() +
                3 * elements.at("swiglu_elements").get<std::uint64_t>());
  EXPECT_EQ(std::round(double(ann.macs()) / 1e7) / 100,
            json.at("ann_macs_published_G").get<double>());

  const Json &energy = json.at("energy_J");
  EXPECT_NEAR(result->annComputeJoules(), energy.at("ann_mac").get<double>(),
              5e-5);
  // The published row lies above what its own model explains (CONVERSION 8.3).
  EXPECT_GT(result->annTrafficJoules(),
            energy.at("ann_reads_linear_and_head_only").get<double>());
  EXPECT_LT(result->annTrafficJoules(),
            energy.at("ann_rw_published").get<double>());
  // MACs and additions of the published rows, priced by P1.
  const auto expectJoules = [&](const char *name, double macs,
                                double additions) {
    Counters counters;
    counters[Counter::Mac] = static_cast<std::uint64_t>(macs * 1e9);
    counters[Counter::SopLinear] = static_cast<std::uint64_t>(additions * 1e9);
    for (const PriceList &list : priceLists({}))
      if (list.name == "P1") {
        EXPECT_NEAR(joules(list, counters, 0), energy.at(name).get<double>(),
                    5e-5);
      }
  };
  expectJoules("snn_grain2", 15.87, 11521.88);
  expectJoules("snn_grain3", 15.87, 11539.14);
  expectJoules("spikellm_recomputed", 2.79, 14507.31);
}

TEST(Golden, G30ParametersOfDualCalibration) {
  SYNFIRE_LOAD_GOLDEN(json, "30_dual_calibration_params");
  LayerShape shape;
  shape.hidden = 4096;
  shape.intermediate = 11008;
  shape.heads = 32;
  for (const auto &[group, count] : json.at("params").items()) {
    const auto found = calibrationParameters(shape, std::stoll(group));
    ASSERT_TRUE(found.ok()) << group;
    EXPECT_EQ(*found, count.get<std::int64_t>()) << group;
  }
}

TEST(Golden, G31EnergyOfATinyLayer) {
  SYNFIRE_LOAD_GOLDEN(json, "31_energy_tiny");
  const Json &snn = json.at("snn"), &ann = json.at("ann");
  Counters counters;
  counters[Counter::SopLinear] = snn.at("ac").get<std::uint64_t>();
  counters[Counter::Spike] = 3; // one for each output
  for (const PriceList &list : priceLists({})) {
    if (list.name == "P1") {
      EXPECT_NEAR(joules(list, counters, 0), snn.at("pJ").get<double>() * pico,
                  1e-18);
    }
    if (list.name != "P2")
      continue;
    double traffic = 0;
    for (const PriceTerm &term : list.terms)
      if (term.what == "weight and spike reads" || term.what == "spike writes")
        traffic += joules(term, counters, 0);
    EXPECT_NEAR(
        traffic,
        (snn.at("read_pJ").get<double>() + snn.at("write_pJ").get<double>()) *
            pico,
        1e-18);
  }

  AnnWork work;
  work.linear = ann.at("mac").get<std::uint64_t>();
  work.outputs = 3;
  EXPECT_NEAR(*annJoules("P1", work, {}, {}), ann.at("pJ").get<double>() * pico,
              1e-18);
  EXPECT_NEAR(
      annTrafficJoules(work, {}),
      (ann.at("read_pJ").get<double>() + ann.at("write_pJ").get<double>()) *
          pico,
      1e-18);
}

} // namespace

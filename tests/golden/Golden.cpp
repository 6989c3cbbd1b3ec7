//===- Golden.cpp - golden vectors as exact rationals ---------------------===//
#include "tests/golden/Golden.h"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <numeric>

namespace synfire::test {

Rational::Rational(std::int64_t n, std::int64_t d) {
  const std::int64_t common = std::gcd(n, d) * (d < 0 ? -1 : 1);
  numerator = n / common;
  denominator = d / common;
}

Rational operator+(Rational a, Rational b) {
  return {a.numerator * b.denominator + b.numerator * a.denominator,
          a.denominator * b.denominator};
}
Rational operator-(Rational a, Rational b) { return a + b * Rational(-1); }
Rational operator*(Rational a, Rational b) {
  return {a.numerator * b.numerator, a.denominator * b.denominator};
}
Rational operator/(Rational a, Rational b) {
  return {a.numerator * b.denominator, a.denominator * b.numerator};
}

Rational power(Rational base, int exponent) {
  Rational result(1);
  for (int i = 0; i < exponent; ++i)
    result = result * base;
  return result;
}

Rational toRational(const Json &value) {
  if (value.is_number_integer())
    return {value.get<std::int64_t>()};
  if (value.is_string()) {
    const auto text = value.get<std::string>();
    const std::size_t slash = text.find('/');
    return {std::stoll(text.substr(0, slash)),
            std::stoll(text.substr(slash + 1))};
  }
  double numerator = value.get<double>();
  std::int64_t denominator = 1;
  for (; numerator != std::floor(numerator); denominator *= 2)
    numerator *= 2;
  return {static_cast<std::int64_t>(numerator), denominator};
}

std::vector<Rational> toRationals(const Json &values) {
  std::vector<Rational> result;
  for (const Json &value : values)
    result.push_back(toRational(value));
  return result;
}

std::vector<int> toInts(const Json &values) {
  return values.get<std::vector<int>>();
}

void Scale::include(Rational value) {
  units = std::lcm(units, value.denominator);
}

void Scale::include(const std::vector<Rational> &values) {
  for (const Rational value : values)
    include(value);
}

void Scale::includeAll(const Json &value) {
  if (value.is_structured()) {
    for (const Json &child : value)
      includeAll(child);
  } else if (value.is_number()) {
    include(toRational(value));
  } else if (value.is_string()) {
    const auto text = value.get<std::string>();
    if (text.find('/') != std::string::npos &&
        text.find_first_not_of("-0123456789/") == std::string::npos)
      include(toRational(value));
  }
}

std::int64_t Scale::operator()(Rational value) const {
  EXPECT_EQ(units % value.denominator, 0)
      << value.numerator << "/" << value.denominator;
  return value.numerator * (units / value.denominator);
}

std::vector<std::int64_t>
Scale::operator()(const std::vector<Rational> &values) const {
  std::vector<std::int64_t> result;
  for (const Rational value : values)
    result.push_back((*this)(value));
  return result;
}

std::string goldenFolder() {
  const char *given = std::getenv("SYNFIRE_SHARED_DIR");
  const std::string shared = given ? given : SYNFIRE_SHARED_DIR;
  return shared + "/spec/golden";
}

std::optional<Json> loadGolden(const std::string &name) {
  std::ifstream file(goldenFolder() + "/" + name + ".json");
  if (!file)
    return std::nullopt;
  return Json::parse(file);
}

NeuronBank makeBank(const Scale &scale, Rational low, Rational high,
                    const std::vector<Rational> &threshold,
                    const std::vector<Rational> &decrement,
                    const std::vector<Rational> &payload) {
  NeuronBank bank{scale(low), scale(high), {}};
  bank.table.threshold = scale(threshold);
  bank.table.decrement = scale(decrement);
  for (const std::int64_t value : scale(payload))
    bank.table.payload.push_back(static_cast<std::int32_t>(value));
  return bank;
}

std::vector<Rational> phaseTable(int steps, Rational tau, Rational base) {
  std::vector<Rational> table;
  for (int t = 1; t <= steps; ++t)
    table.push_back(tau / power(base, t));
  return table;
}

GoldenTrain runGolden(const NeuronConfig &config,
                      const std::vector<std::int64_t> &inputs) {
  const Status status = verify(config);
  EXPECT_TRUE(status.ok()) << status.error().message();
  GoldenTrain train;
  begin(config, train.state, inputs[0]);
  if (config.rehearsal != Rehearsal::Off)
    rehearse(config, train.state, inputs.data());
  train.initial = train.state.membrane;
  for (int t = 0; t < config.steps; ++t) {
    const Spike spike =
        config.input == InputMode::Streamed
            ? step(config, train.state, t, inputs[static_cast<std::size_t>(t)])
            : step(config, train.state, t);
    train.levels.push_back(spike.level);
    train.out.push_back(payload(config, t, spike));
    train.membrane.push_back(train.state.membrane);
    train.value += train.out.back();
    train.spikes += !spike.silent();
  }
  return train;
}

void expectRecord(const NeuronConfig &config, const Scale &scale,
                  const Json &record) {
  SCOPED_TRACE(record.at("x").dump());
  const GoldenTrain train =
      runGolden(config, {scale(toRational(record.at("x")))});
  EXPECT_EQ(train.levels, toInts(record.at("levels")));
  EXPECT_EQ(train.out, scale(toRationals(record.at("out"))));
  EXPECT_EQ(train.value, scale(toRational(record.at("value"))));
  EXPECT_EQ(train.membrane, scale(toRationals(record.at("v_after"))));
  EXPECT_EQ(train.spikes, record.at("spikes").get<int>());
}

} // namespace synfire::test

//===- Golden.h - golden vectors as exact rationals -------------*- C++ -*-===//
//
// The files hold exact rationals. All numbers of one population are multiplied
// by the least common multiple of their denominators, which turns them into the
// unit's integers without rounding.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TESTS_GOLDEN_GOLDEN_H
#define SYNFIRE_TESTS_GOLDEN_GOLDEN_H

#include "runtime/neuron/Neuron.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace synfire::test {

using Json = nlohmann::json;

struct Rational {
  std::int64_t numerator = 0;
  std::int64_t denominator = 1; ///< positive, in lowest terms
  Rational(std::int64_t n = 0, std::int64_t d = 1);
};
Rational operator+(Rational a, Rational b);
Rational operator-(Rational a, Rational b);
Rational operator*(Rational a, Rational b);
Rational operator/(Rational a, Rational b);
Rational power(Rational base, int exponent);

/// An integer, an exact binary float, or "p/q".
Rational toRational(const Json &value);
std::vector<Rational> toRationals(const Json &values);
std::vector<int> toInts(const Json &values);

/// Multiplies rationals to integers; collects the denominators first.
class Scale {
public:
  void include(Rational value);
  void include(const std::vector<Rational> &values);
  /// Every number and "p/q" string below `value`.
  void includeAll(const Json &value);
  /// Fails the test if `value` is no whole number of units.
  std::int64_t operator()(Rational value) const;
  std::vector<std::int64_t>
  operator()(const std::vector<Rational> &values) const;

private:
  std::int64_t units = 1;
};

/// SYNFIRE_SHARED_DIR/spec/golden, which may be absent.
std::string goldenFolder();

/// The file in goldenFolder(), or nothing if that is not there.
std::optional<Json> loadGolden(const std::string &name);

/// A bank from tables of [step][level] in units of `scale`; decrement =
/// threshold and payload = threshold unless given.
NeuronBank makeBank(const Scale &scale, Rational low, Rational high,
                    const std::vector<Rational> &threshold,
                    const std::vector<Rational> &decrement,
                    const std::vector<Rational> &payload);

/// tau * base^-(t+1) for t = 0..steps-1.
std::vector<Rational> phaseTable(int steps, Rational tau, Rational base);

struct GoldenTrain {
  std::vector<int> levels; ///< unsigned, 0: silent
  std::vector<std::int64_t> out;
  std::int64_t initial = 0;           ///< membrane before the first step
  std::vector<std::int64_t> membrane; ///< after each step
  std::int64_t value = 0;
  int spikes = 0;
  NeuronState state;
};

/// Runs a verified config on one input (AllAtOnce) or a current a step, which
/// it rehearses first if it rehearses.
GoldenTrain runGolden(const NeuronConfig &config,
                      const std::vector<std::int64_t> &inputs);

/// Checks levels, out, value, v_after and spikes of a record of the table
/// neuron.
void expectRecord(const NeuronConfig &config, const Scale &scale,
                  const Json &record);

} // namespace synfire::test

/// Declares `json` or skips the test.
#define SYNFIRE_LOAD_GOLDEN(json, name)                                        \
  const auto json##Loaded = synfire::test::loadGolden(name);                   \
  if (!json##Loaded)                                                           \
    GTEST_SKIP() << "no golden vectors: SYNFIRE_SHARED_DIR/spec/golden/"       \
                 << (name) << ".json is absent";                               \
  const synfire::test::Json &json = *json##Loaded

#endif // SYNFIRE_TESTS_GOLDEN_GOLDEN_H

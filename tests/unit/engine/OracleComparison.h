//===- OracleComparison.h - the engine held to NaiveExecutor ----*- C++ -*-===//
#ifndef SYNFIRE_TESTS_UNIT_ENGINE_ORACLECOMPARISON_H
#define SYNFIRE_TESTS_UNIT_ENGINE_ORACLECOMPARISON_H

#include "runtime/engine/Engine.h"
#include "tests/unit/engine/NaiveExecutor.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace synfire::tests {

inline std::vector<int> randomTokens(int count, int vocabulary) {
  std::mt19937 random(77);
  std::vector<int> tokens;
  for (int i = 0; i < count; ++i)
    tokens.push_back(static_cast<int>(random() % unsigned(vocabulary)));
  return tokens;
}

class Recorder : public StageObserver {
public:
  void onStage(int stage, int position, const std::int32_t *membranes,
               const std::int32_t *codes, std::size_t active) override {
    NaiveExecutor::StageRow &row = rows[{position, stage}];
    EXPECT_TRUE(row.membranes.empty()) << "seen twice";
    row.membranes.assign(membranes, membranes + active);
    if (codes)
      row.codes.assign(codes, codes + active);
  }
  std::map<std::pair<int, int>, NaiveExecutor::StageRow> rows;
};

inline std::unique_ptr<Engine>
makeEngine(const std::shared_ptr<const Program> &program,
           const EngineOptions &options) {
  auto engine = Engine::create(program, options);
  if (!engine.ok()) {
    ADD_FAILURE() << engine.error().message();
    return nullptr;
  }
  return std::move(*engine);
}

inline void expectSameRows(const Program &program, const NaiveExecutor &oracle,
                           const Recorder &recorder) {
  ASSERT_EQ(recorder.rows.size(),
            program.stages.size() *
                std::size_t(oracle.position() - program.prefix));
  for (const auto &[key, row] : recorder.rows) {
    const auto &expected = oracle.row(key.first, key.second);
    const std::string &name =
        program.stages[static_cast<std::size_t>(key.second)].name;
    ASSERT_EQ(row.membranes, expected.membranes)
        << name << " at position " << key.first;
    ASSERT_EQ(row.codes, expected.codes)
        << name << " at position " << key.first;
  }
}

inline void expectSameRun(const Program &program, const Run &expected,
                          const Run &actual) {
  EXPECT_EQ(actual.digest, expected.digest);
  EXPECT_EQ(actual.membraneDigest, expected.membraneDigest);
  ASSERT_EQ(actual.stages.size(), expected.stages.size());
  for (std::size_t s = 0; s < program.stages.size(); ++s) {
    const std::string &name = program.stages[s].name;
    for (int c = 0; c < counterCount; ++c)
      EXPECT_EQ(actual.stages[s].counters[static_cast<Counter>(c)],
                expected.stages[s].counters[static_cast<Counter>(c)])
          << name << ", counter " << c;
    EXPECT_EQ(actual.stages[s].values, expected.stages[s].values) << name;
    EXPECT_EQ(actual.stages[s].scoresKeys, program.stages[s].scoresKeys())
        << name;
    EXPECT_EQ(actual.stages[s].spikesByStep, expected.stages[s].spikesByStep)
        << name;
  }
  EXPECT_EQ(actual.total, expected.total);
}

/// Shares of a text that are handed over at once.
inline std::vector<std::vector<int>> splits(int count) {
  std::vector<int> singles(static_cast<std::size_t>(count), 1);
  return {{count}, {1, count - 1}, {count - 3, 2, 1}, singles};
}

/// Every logit, membrane, code, counter and digest, for every form of static
/// product, number of threads and split of the text.
inline void expectOraclesResults(
    const std::shared_ptr<const Program> &program,
    const std::vector<int> &tokens,
    const std::vector<StaticProduct> &products = {StaticProduct::Fastest,
                                                  StaticProduct::Bytes,
                                                  StaticProduct::Doubles,
                                                  StaticProduct::Integers},
    const std::vector<int> &threadCounts = {1, 2, 3}) {
  NaiveExecutor oracle(*program);
  oracle.run(tokens);
  // The signal must not die on the way, or the comparison proves nothing.
  const std::vector<std::int32_t> &last = oracle.logits(oracle.position() - 1);
  ASSERT_NE(*std::min_element(last.begin(), last.end()),
            *std::max_element(last.begin(), last.end()));

  for (StaticProduct product : products)
    for (int threads : threadCounts)
      for (const std::vector<int> &split : splits(int(tokens.size()))) {
        SCOPED_TRACE("product " + std::to_string(int(product)) + ", " +
                     std::to_string(threads) + " threads, " +
                     std::to_string(split.size()) + " pieces");
        EngineOptions options;
        options.threads = threads;
        options.membraneDigest = true;
        options.staticProduct = product;
        auto engine = makeEngine(program, options);
        ASSERT_TRUE(engine);
        Recorder recorder;
        engine->setObserver(&recorder);
        auto next = tokens.begin();
        for (int count : split) {
          const int first = engine->position();
          ASSERT_TRUE(
              engine->prefill({next, next + count}, LogitsWanted::All).ok());
          next += count;
          const EngineLogits logits = engine->logits();
          ASSERT_EQ(logits.rows, std::size_t(count));
          for (int r = 0; r < count; ++r)
            ASSERT_EQ(std::vector<std::int32_t>(logits.row(std::size_t(r)),
                                                logits.row(std::size_t(r)) +
                                                    logits.vocabulary),
                      oracle.logits(first + r))
                << "logits of position " << first + r;
        }
        expectSameRows(*program, oracle, recorder);
        synfire::Run run;
        engine->fillRun(run);
        expectSameRun(*program, oracle.counted(), run);
        if (testing::Test::HasFailure())
          return;
      }
}

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_ENGINE_ORACLECOMPARISON_H

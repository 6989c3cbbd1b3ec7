//===- PromptCases.h - prompts for any Program on the machine ---*- C++ -*-===//
#ifndef SYNFIRE_TESTS_UNIT_SIMULATOR_PROMPTCASES_H
#define SYNFIRE_TESTS_UNIT_SIMULATOR_PROMPTCASES_H

#include "tests/unit/simulator/MachineDriver.h"

#include <gtest/gtest.h>

namespace synfire::tests {

/// Tokens that overlap in the pipeline, and those that come one at a time, do
/// the same; the latter take longer.
inline void expectPrefillAsTokenByToken(const Program &program) {
  const std::vector<int> tokens = {1, 8, 9, 20};
  std::size_t next = 1;
  const Driven decoded =
      drive(program, {tokens[0]}, 4, "burst",
            [&](const std::vector<std::int32_t> &, double) {
              return next < tokens.size() ? tokens[next++] : 0;
            });
  const Driven prefilled = drive(program, tokens, 0);
  EXPECT_EQ(decoded.run.digest, prefilled.run.digest);
  EXPECT_EQ(decoded.run.membraneDigest, prefilled.run.membraneDigest);
  EXPECT_EQ(decoded.run.total, prefilled.run.total);
  EXPECT_GT(decoded.run.timing.cycles, prefilled.run.timing.cycles);
}

/// As many tokens as the context holds, of a vocabulary of 32.
inline std::vector<int> fullPrompt(int context) {
  std::vector<int> prompt(static_cast<std::size_t>(context), 1);
  for (std::size_t i = 0; i < prompt.size(); ++i)
    prompt[i] += static_cast<int>(5 * i % 31);
  return prompt;
}

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_SIMULATOR_PROMPTCASES_H

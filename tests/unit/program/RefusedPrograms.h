//===- RefusedPrograms.h - a verified Program, and broken -------*- C++ -*-===//
#ifndef SYNFIRE_TESTS_UNIT_PROGRAM_REFUSEDPROGRAMS_H
#define SYNFIRE_TESTS_UNIT_PROGRAM_REFUSEDPROGRAMS_H

#include "runtime/program/Verify.h"

#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

namespace synfire::tests {

inline std::size_t indexOf(const Program &program, const std::string &name) {
  for (std::size_t s = 0; s < program.stages.size(); ++s)
    if (program.stages[s].name == name)
      return s;
  ADD_FAILURE() << "no stage " << name;
  return 0;
}

/// A sound Program that `breakIt` makes unsound: the error names the rule and
/// holds the message.
inline void expectRefused(Program program, const std::string &rule,
                          const std::string &message,
                          const std::function<void(Program &)> &breakIt) {
  const Status before = verify(program);
  ASSERT_TRUE(before.ok()) << before.error().message();
  breakIt(program);
  const Status status = verify(program);
  ASSERT_FALSE(status.ok()) << message;
  EXPECT_THAT(
      status.error().message(),
      testing::AllOf(testing::HasSubstr(message), testing::HasSubstr(rule)));
}

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_PROGRAM_REFUSEDPROGRAMS_H

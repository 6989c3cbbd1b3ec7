//===- VerifyPrefixTest.cpp - P14: one broken case each -------------------===//
#include "runtime/program/Verify.h"
#include "tests/unit/program/TinyPrefix.h"
#include "tests/unit/program/TinyProgram.h"
#include "tests/unit/program/TinyStreamed.h"

#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace synfire;
using namespace synfire::tests;
using testing::AllOf;
using testing::HasSubstr;

namespace {

Program prefixed(int positions = 3) {
  Program program = buildTinyProgram();
  addPrefix(program, positions);
  return program;
}

Dendrite &first(Program &program, DendriteKind kind) {
  for (Stage &stage : program.stages)
    for (Dendrite &dendrite : stage.dendrites)
      if (dendrite.kind == kind)
        return dendrite;
  ADD_FAILURE() << "no dendrite of this kind";
  return program.stages.front().dendrites.front();
}

void expectRefused(const std::string &message,
                   const std::function<void(Program &)> &breakIt) {
  Program program = prefixed();
  ASSERT_TRUE(verify(program).ok()) << verify(program).error().message();
  breakIt(program);
  const Status status = verify(program);
  ASSERT_FALSE(status.ok()) << message;
  EXPECT_THAT(status.error().message(),
              AllOf(HasSubstr(message), HasSubstr("P14")));
}

TEST(VerifyPrefix, AcceptsAPrefixOfOneOrSeveralFrames) {
  Program program = prefixed(15);
  EXPECT_TRUE(verify(program).ok()) << verify(program).error().message();
  Program streamed = tinyStreamedProgram(4);
  addPrefix(streamed, 2);
  EXPECT_TRUE(verify(streamed).ok()) << verify(streamed).error().message();
}

TEST(VerifyPrefix, LengthLeavesRoomForAToken) {
  expectRefused("a prefix of 16 positions, but must be from 0 to 15",
                [](Program &p) { p.prefix = 16; });
  expectRefused("a prefix of -1 positions", [](Program &p) { p.prefix = -1; });
}

TEST(VerifyPrefix, CodesWithoutAPrefixAreRefused) {
  expectRefused("scores dendrite: has codes of a prefix, but the program has "
                "no prefix",
                [](Program &p) { p.prefix = 0; });
  expectRefused(
      "static dendrite: has codes of a prefix, but keeps no keys",
      [](Program &p) { first(p, DendriteKind::Static).prefixCodes = 0; });
}

TEST(VerifyPrefix, EveryCacheHasItsBlock) {
  expectRefused(
      "mix dendrite: weight block -1 of the prefix does not exist",
      [](Program &p) { first(p, DendriteKind::Mix).prefixCodes = -1; });
  expectRefused(
      "scores dendrite: weight block 999 of the prefix does not "
      "exist",
      [](Program &p) { first(p, DendriteKind::Scores).prefixCodes = 999; });
}

TEST(VerifyPrefix, BlocksHaveARowAPositionAndAColumnANeuron) {
  expectRefused("the codes of the prefix are 3 x 8, but 2 positions of 8 "
                "neurons need 2 x 8",
                [](Program &p) { p.prefix = 2; });
  expectRefused("mix dendrite: the codes of the prefix are", [](Program &p) {
    Dendrite &mix = first(p, DendriteKind::Mix);
    mix.prefixCodes = first(p, DendriteKind::Static).weights;
  });
}

TEST(VerifyPrefix, CodesLieWithinTheCodeLimit) {
  Program narrow = prefixed();
  const int stored = first(narrow, DendriteKind::Scores).stored;
  const std::int64_t limit =
      narrow.stages[static_cast<std::size_t>(stored)].codeLimit;
  expectRefused(
      "the code of neuron 1 at position 0 of the prefix is " +
          std::to_string(-limit - 1) +
          ", but the stored stage has codes up to " + std::to_string(limit),
      [&](Program &p) {
        const Dendrite &scores = first(p, DendriteKind::Scores);
        const auto block = static_cast<std::size_t>(scores.prefixCodes);
        std::vector<std::uint8_t> bytes = *p.weights.memory;
        // Its lowest byte: 32-bit -limit is one too small then.
        std::uint8_t &byte = bytes[p.weights.blocks[block].offset + 4];
        byte = static_cast<std::uint8_t>(byte - 1);
        p.weights.memory =
            std::make_shared<const std::vector<std::uint8_t>>(bytes);
      });
}

} // namespace

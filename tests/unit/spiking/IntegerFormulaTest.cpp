#include "simulator/spiking/IntegerFormula.h"

#include <gmock/gmock.h>
#include <limits>

using namespace synfire;
using testing::HasSubstr;

namespace {

std::int64_t value(const std::string &text, std::int64_t i = 0,
                   std::int64_t j = 0) {
  auto formula = IntegerFormula::compile(text, {"i", "j"}, "here");
  if (!formula.ok()) {
    ADD_FAILURE() << formula.error().message();
    return -1;
  }
  const std::int64_t variables[] = {i, j};
  std::int64_t result = 0;
  EXPECT_EQ(formula->evaluate(variables, result), IntegerFormula::Fault::None)
      << text;
  return result;
}

IntegerFormula::Fault fault(const std::string &text, std::int64_t i) {
  auto formula = IntegerFormula::compile(text, {"i"}, "here");
  std::int64_t result = 0;
  return formula.ok() ? formula->evaluate(&i, result)
                      : IntegerFormula::Fault::None;
}

std::string complaint(const std::string &text) {
  auto formula = IntegerFormula::compile(text, {"i", "j"}, "net: weight");
  return formula.ok() ? "accepted" : formula.error().message();
}

TEST(IntegerFormula, MessagesShowTheFaultAndNotAWholeLongFormula) {
  std::string text = "1";
  for (int k = 0; k < 30; ++k)
    text += " + 1000000";
  const std::size_t fault = text.size() + 4;
  text += " + ? + 7";
  for (int k = 0; k < 1 << 16; ++k)
    text += " + i";
  const std::string said = complaint(text);
  EXPECT_LT(said.size(), 250u);
  EXPECT_THAT(said, HasSubstr("+ ? + 7"));
  EXPECT_THAT(said, HasSubstr("character " + std::to_string(fault)));
  EXPECT_LT(complaint(std::string(1 << 16, 'x')).size(), 300u);
  auto formula =
      IntegerFormula::compile(std::string(400, ' ') + "i", {"i"}, "");
  ASSERT_TRUE(formula.ok());
  EXPECT_LT(formula->text().size(), 100u);
}

TEST(IntegerFormula, FollowsTheUsualPrecedence) {
  EXPECT_EQ(value("2 + 3*4"), 14);
  EXPECT_EQ(value("(2 + 3)*4"), 20);
  EXPECT_EQ(value("10 - 3 - 2"), 5);
  EXPECT_EQ(value("100 / 10 / 5"), 2);
  EXPECT_EQ(value("-2 * -3"), 6);
  EXPECT_EQ(value("-i + j", 5, 7), 2);
  EXPECT_EQ(value("i*j - 1", 3, 4), 11);
}

TEST(IntegerFormula, DivisionRoundsDownAndModIsNotNegative) {
  for (std::int64_t i = -20; i <= 20; ++i) {
    EXPECT_EQ(value("i/7*7 + i mod 7", i), i);
    EXPECT_GE(value("i % 7", i), 0);
    EXPECT_LT(value("i mod 7", i), 7);
  }
  EXPECT_EQ(value("-1 / 2"), -1);
  EXPECT_EQ(value("1 mod -3"), -2);
}

TEST(IntegerFormula, HasFunctions) {
  EXPECT_EQ(value("min(i, j) + max(3, i, j)", 5, -2), 3);
  EXPECT_EQ(value("hash(i, 1)", 9), value("hash(i, 1)", 9));
  EXPECT_NE(value("hash(1, 2)"), value("hash(2, 1)"));
  EXPECT_NE(value("hash(1)"), value("hash(1, 0)"));
  std::int64_t above = 0;
  for (std::int64_t i = 0; i < 1000; ++i) {
    const std::int64_t drawn = value("hash(i)", i);
    EXPECT_GE(drawn, 0);
    EXPECT_LT(drawn, std::int64_t(1) << 31);
    above += drawn >= std::int64_t(1) << 30 ? 1 : 0;
  }
  EXPECT_GT(above, 400);
  EXPECT_LT(above, 600);
}

TEST(IntegerFormula, FaultsInsteadOfWrapping) {
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(fault("i + 1", most), IntegerFormula::Fault::Overflow);
  EXPECT_EQ(fault("i * 2", most), IntegerFormula::Fault::Overflow);
  EXPECT_EQ(fault("-2 - i", most), IntegerFormula::Fault::Overflow);
  EXPECT_EQ(fault("(-1 - i) / -1", most), IntegerFormula::Fault::Overflow);
  EXPECT_EQ(fault("1 / (i - 3)", 3), IntegerFormula::Fault::DivisionByZero);
  EXPECT_EQ(fault("1 mod (i - 3)", 3), IntegerFormula::Fault::DivisionByZero);
  EXPECT_EQ(fault("1 / (i - 3)", 4), IntegerFormula::Fault::None);
}

TEST(IntegerFormula, SaysWhatIsWrongWhere) {
  EXPECT_THAT(complaint(""), HasSubstr("net: weight: character 1"));
  EXPECT_THAT(complaint("1 +"), HasSubstr("a value is missing"));
  EXPECT_THAT(complaint("1 + k"), HasSubstr("'k' is no variable (here: i, j)"));
  EXPECT_THAT(complaint("(1 + 2"), HasSubstr("')' is missing"));
  EXPECT_THAT(complaint("1 2"), HasSubstr("character 3"));
  EXPECT_THAT(complaint("i * / j"), HasSubstr("a value is expected here"));
  EXPECT_THAT(complaint("min(1)"), HasSubstr("min needs two values"));
  EXPECT_THAT(complaint("hash 1"), HasSubstr("'(' is missing after hash"));
  EXPECT_THAT(complaint("9223372036854775808"), HasSubstr("exceeds 64 bits"));
  EXPECT_THAT(complaint(std::string(100, '(') + "1" + std::string(100, ')')),
              HasSubstr("nested deeper"));
  std::string waiting;
  for (int i = 0; i < 40; ++i)
    waiting += "1 + 2*(3 - ";
  waiting += "1" + std::string(40, ')');
  EXPECT_THAT(complaint(waiting), HasSubstr("wait for an operator"));
}

} // namespace

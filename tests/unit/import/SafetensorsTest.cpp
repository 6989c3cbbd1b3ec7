//===- SafetensorsTest.cpp - reading and refusing safetensors files -------===//
#include "compiler/import/Safetensors.h"

#include "tests/unit/import/ModelFiles.h"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

using namespace synfire;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

class Safetensors : public testing::Test {
protected:
  Result<SafetensorsFile> open(const std::string &header,
                               const std::string &data) {
    return SafetensorsFile::open(
        directory.write("file.safetensors", safetensors(header, data)));
  }

  TensorView view(const std::string &header, const std::string &data,
                  const std::string &name) {
    auto file = open(header, data);
    EXPECT_TRUE(file) << file.error().message();
    auto tensor = file->tensor(name);
    EXPECT_TRUE(tensor) << tensor.error().message();
    return *tensor;
  }

  std::string messageOf(const std::string &header, std::size_t dataSize) {
    auto file = open(header, std::string(dataSize, '\0'));
    return file ? "no error" : file.error().message();
  }

  std::string messageOfBytes(const std::string &bytes) {
    auto file = SafetensorsFile::open(directory.write("raw", bytes));
    return file ? "no error" : file.error().message();
  }

  TemporaryDirectory directory;
};

/// One tensor "a" of these fields.
std::string oneTensor(const std::string &dtype, const std::string &shape,
                      const std::string &offsets) {
  return R"({"a":{"dtype":")" + dtype + R"(","shape":)" + shape +
         R"(,"data_offsets":)" + offsets + "}}";
}

} // namespace

TEST_F(Safetensors, readsFloat32) {
  TensorView tensor = view(oneTensor("F32", "[2,3]", "[0,24]"),
                           bytesOf<float>({1, -2, 3, 4.5f, 1e-40f, 6}), "a");
  EXPECT_EQ(tensor.name, "a");
  EXPECT_EQ(tensor.type, ElementType::F32);
  EXPECT_EQ(tensor.shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(tensor.elements(), 6);
  EXPECT_EQ(tensor.bytes(), 24u);
  EXPECT_THAT(tensor.readAll(), ElementsAre(1, -2, 3, 4.5f, 1e-40f, 6));
  float part[2] = {};
  tensor.read(3, 2, part);
  EXPECT_THAT(part, ElementsAre(4.5f, 1e-40f));
  tensor.read(6, 0, part);
}

TEST_F(Safetensors, readsBFloat16) {
  TensorView tensor =
      view(oneTensor("BF16", "[4]", "[0,8]"),
           bytesOf<std::uint16_t>({0x3f80, 0xc040, 0x0001, 0x7f80}), "a");
  EXPECT_EQ(tensor.type, ElementType::BF16);
  EXPECT_THAT(tensor.readAll(),
              ElementsAre(1, -3, std::ldexp(1.0f, -133),
                          std::numeric_limits<float>::infinity()));
}

TEST_F(Safetensors, convertsEveryFloat16) {
  std::vector<std::uint16_t> all(0x10000);
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i] = static_cast<std::uint16_t>(i);
  TensorView tensor =
      view(oneTensor("F16", "[65536]", "[0,131072]"), bytesOf(all), "a");
  std::vector<float> values = tensor.readAll();
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const int exponent = bits >> 10 & 31, mantissa = bits & 1023;
    const float value = values[bits];
    EXPECT_EQ(std::signbit(value), bits >= 0x8000) << bits;
    if (exponent == 31 && mantissa != 0) {
      EXPECT_TRUE(std::isnan(value)) << bits;
      continue;
    }
    float expected =
        exponent == 31 ? std::numeric_limits<float>::infinity()
        : exponent == 0
            ? std::ldexp(static_cast<float>(mantissa), -24)
            : std::ldexp(static_cast<float>(1024 + mantissa), exponent - 25);
    ASSERT_EQ(std::fabs(value), expected) << bits;
  }
}

TEST_F(Safetensors, toleratesMisalignedData) {
  const std::string header =
      R"({"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
      R"("a":{"dtype":"F32","shape":[2],"data_offsets":[1,9]}} )";
  TensorView tensor =
      view(header, std::string(1, 'x') + bytesOf<float>({7, 8}), "a");
  EXPECT_THAT(tensor.readAll(), ElementsAre(7, 8));
}

TEST_F(Safetensors, acceptsScalarsEmptyTensorsAndMetadata) {
  const std::string header =
      R"({"__metadata__":{"format":"pt"},)"
      R"("s":{"dtype":"F32","shape":[],"data_offsets":[0,4]},)"
      R"("e":{"dtype":"F16","shape":[3,0],"data_offsets":[4,4]}})";
  auto file = open(header, bytesOf<float>({5}));
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_THAT(file->names(), ElementsAre("e", "s"));
  EXPECT_THAT(file->tensor("s")->readAll(), ElementsAre(5));
  EXPECT_EQ(file->tensor("s")->elements(), 1);
  EXPECT_EQ(file->tensor("e")->elements(), 0);
  EXPECT_TRUE(file->tensor("e")->readAll().empty());
  EXPECT_EQ(file->tensor("e")->firstNonFinite(), std::nullopt);
  EXPECT_FALSE(file->contains("__metadata__"));
  ASSERT_TRUE(open("{}", ""));
}

TEST_F(Safetensors, tensorsOutliveTheFileObject) {
  TensorView tensor;
  {
    auto file = open(oneTensor("F32", "[1]", "[0,4]"), bytesOf<float>({3}));
    tensor = *file->tensor("a");
  }
  EXPECT_THAT(tensor.readAll(), ElementsAre(3));
}

TEST_F(Safetensors, findsTheFirstNonFiniteElement) {
  std::vector<float> values(10000, 1.0f);
  values[9000] = std::numeric_limits<float>::quiet_NaN();
  values[9001] = std::numeric_limits<float>::infinity();
  const std::string header = oneTensor("F32", "[100,100]", "[0,40000]");
  EXPECT_EQ(view(header, bytesOf(values), "a").firstNonFinite(), 9000);
  values[9000] = 0;
  EXPECT_EQ(view(header, bytesOf(values), "a").firstNonFinite(), 9001);
  values[9001] = std::numeric_limits<float>::max();
  EXPECT_EQ(view(header, bytesOf(values), "a").firstNonFinite(), std::nullopt);
  const std::string two = "[0,4]";
  EXPECT_EQ(view(oneTensor("F16", "[2]", two),
                 bytesOf<std::uint16_t>({0x7bff, 0xfc00}), "a")
                .firstNonFinite(),
            1);
  EXPECT_EQ(view(oneTensor("BF16", "[2]", two),
                 bytesOf<std::uint16_t>({0x7f7f, 0xffc0}), "a")
                .firstNonFinite(),
            1);
}

TEST_F(Safetensors, dataSurvivesReleasedPages) {
  std::vector<float> values(100000);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(i);
  TensorView tensor =
      view(oneTensor("F32", "[100000]", "[0,400000]"), bytesOf(values), "a");
  tensor.releasePages();
  EXPECT_EQ(tensor.readAll(), values);
}

TEST_F(Safetensors, refusesATruncatedFile) {
  EXPECT_THAT(messageOfBytes("1234567"),
              HasSubstr("raw: has 7 bytes, too few for a safetensors file"));
  EXPECT_THAT(messageOfBytes(""), HasSubstr("has 0 bytes, too few"));
  std::string bytes = safetensors("{}", "");
  bytes[0] = 3;
  EXPECT_THAT(messageOfBytes(bytes),
              HasSubstr("the header of 3 bytes reaches beyond the file of 10 "
                        "bytes"));
  bytes[7] = '\xff';
  EXPECT_THAT(messageOfBytes(bytes), HasSubstr("reaches beyond the file"));
}

TEST_F(Safetensors, refusesAHeaderThatIsNoJsonObject) {
  EXPECT_THAT(messageOf("{\"a\":", 0),
              HasSubstr("the header: not valid JSON at line 1, column"));
  EXPECT_THAT(messageOf("[]", 0),
              HasSubstr("the header: must be a JSON object, not array"));
  EXPECT_THAT(messageOf(R"({"a":1})", 0),
              HasSubstr("tensor 'a' is described by no JSON object"));
}

TEST_F(Safetensors, refusesDuplicateNames) {
  EXPECT_THAT(
      messageOf(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                R"("a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
                2),
      HasSubstr("the name 'a' appears twice"));
}

TEST_F(Safetensors, refusesABadDtype) {
  EXPECT_THAT(messageOf(oneTensor("F33", "[1]", "[0,4]"), 4),
              HasSubstr("tensor 'a' has the unknown dtype 'F33'"));
  EXPECT_THAT(messageOf(R"({"a":{"dtype":7}})", 4),
              HasSubstr("tensor 'a' has no dtype"));
}

TEST_F(Safetensors, refusesBadShapes) {
  for (const char *shape : {"[-1]", "[1.5]", "\"1\"", "[[1]]", "null"})
    EXPECT_THAT(messageOf(oneTensor("F32", shape, "[0,4]"), 4),
                HasSubstr("tensor 'a' has a shape that is no list of "
                          "non-negative integers"))
        << shape;
}

TEST_F(Safetensors, refusesBadOffsets) {
  for (const char *offsets : {"[-4,0]", "[0]", "[0,1,2]", "{}", "[0,4.0]"})
    EXPECT_THAT(messageOf(oneTensor("F32", "[1]", offsets), 4),
                HasSubstr("tensor 'a' has data_offsets that are not two "
                          "non-negative integers"))
        << offsets;
  EXPECT_THAT(messageOf(oneTensor("F32", "[1]", "[4,0]"), 4),
              HasSubstr("tensor 'a' has reversed data_offsets [4, 0]"));
  EXPECT_THAT(messageOf(oneTensor("F32", "[2]", "[0,8]"), 4),
              HasSubstr("tensor 'a' has data_offsets [0, 8] beyond the 4 bytes "
                        "of data"));
  EXPECT_THAT(messageOf(oneTensor("F32", "[2]",
                                  "[18446744073709551612,"
                                  "18446744073709551615]"),
                        4),
              HasSubstr("beyond the 4 bytes of data"));
}

TEST_F(Safetensors, refusesASizeThatIsNotThatOfTheShape) {
  EXPECT_THAT(messageOf(oneTensor("F32", "[2,3]", "[0,4]"), 4),
              HasSubstr("tensor 'a' has 4 bytes of data, but dtype F32 and "
                        "shape [2, 3] need 24"));
  EXPECT_THAT(messageOf(oneTensor("F4", "[3]", "[0,1]"), 1),
              HasSubstr("whose size is no number of bytes"));
}

TEST_F(Safetensors, refusesSizesThatOverflow) {
  for (const char *shape :
       {"[4294967296,4294967296]", "[18446744073709551615]",
        "[9223372036854775807,2]",
        "[4611686018427387904,0,4611686018427387904]", "[2305843009213693952]"})
    EXPECT_THAT(messageOf(oneTensor("F32", shape, "[0,0]"), 0),
                HasSubstr("whose size is no number of bytes below 2^63"))
        << shape;
}

TEST_F(Safetensors, refusesOverlapsAndHoles) {
  const auto two = [](const char *first, const char *second) {
    return R"({"a":{"dtype":"U8","shape":[4],"data_offsets":)" +
           std::string(first) +
           R"(},"b":{"dtype":"U8","shape":[4],"data_offsets":)" + second + "}}";
  };
  EXPECT_EQ(messageOf(two("[4,8]", "[0,4]"), 8), "no error");
  EXPECT_THAT(messageOf(two("[0,4]", "[3,7]"), 7),
              HasSubstr("tensors 'a' and 'b' overlap in bytes [3, 4)"));
  EXPECT_THAT(messageOf(two("[0,4]", "[0,4]"), 4),
              HasSubstr("tensors 'a' and 'b' overlap in bytes [0, 4)"));
  EXPECT_THAT(messageOf(two("[0,4]", "[6,10]"), 10),
              HasSubstr("bytes [4, 6) before tensor 'b' belong to no tensor"));
  EXPECT_THAT(messageOf(two("[1,5]", "[5,9]"), 9),
              HasSubstr("bytes [0, 1) before tensor 'a' belong to no tensor"));
  EXPECT_THAT(messageOf(two("[0,4]", "[4,8]"), 9),
              HasSubstr("bytes [8, 9) at the end of the data belong to no"));
}

TEST_F(Safetensors, keepsOtherTypesUntilTheyAreAskedFor) {
  auto file = open(oneTensor("I64", "[1]", "[0,8]"), std::string(8, '\0'));
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_TRUE(file->contains("a"));
  auto tensor = file->tensor("a");
  ASSERT_FALSE(tensor);
  EXPECT_THAT(tensor.error().message(),
              HasSubstr("not supported: tensor dtype I64 of 'a'"));
  EXPECT_THAT(file->tensor("b").error().message(),
              HasSubstr("has no tensor 'b'"));
}

TEST_F(Safetensors, namesAFileThatIsNotThere) {
  auto file = SafetensorsFile::open(directory.path() + "/none");
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().message(), HasSubstr("/none: cannot open"));
}

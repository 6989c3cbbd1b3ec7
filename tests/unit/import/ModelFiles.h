//===- ModelFiles.h - small model files in a temporary folder ---*- C++ -*-===//
#ifndef SYNFIRE_TESTS_UNIT_IMPORT_MODELFILES_H
#define SYNFIRE_TESTS_UNIT_IMPORT_MODELFILES_H

#include "compiler/import/LlamaTensors.h"
#include "compiler/import/ModelConfig.h"

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace synfire {

/// A folder that goes away with the test.
class TemporaryDirectory {
public:
  TemporaryDirectory() {
    std::string pattern = testing::TempDir() + "synfire-XXXXXX";
    name = ::mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(name); }

  const std::string &path() const { return name; }
  std::string write(const std::string &file, const std::string &content) const {
    std::string full = name + "/" + file;
    std::ofstream(full, std::ios::binary) << content;
    return full;
  }

private:
  std::string name;
};

/// A safetensors file of this header text and data.
inline std::string safetensors(const std::string &header,
                               const std::string &data) {
  std::uint64_t size = header.size();
  std::string bytes(sizeof size, '\0');
  std::memcpy(bytes.data(), &size, sizeof size);
  return bytes + header + data;
}

template <typename Stored>
std::string bytesOf(const std::vector<Stored> &values) {
  return std::string(reinterpret_cast<const char *>(values.data()),
                     values.size() * sizeof(Stored));
}

struct FloatTensor {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

/// A safetensors file of F32 tensors, in this order.
inline std::string safetensors(const std::vector<FloatTensor> &tensors) {
  nlohmann::json header = nlohmann::json::object();
  std::string data;
  for (const FloatTensor &tensor : tensors) {
    std::size_t begin = data.size();
    data += bytesOf(tensor.values);
    header[tensor.name] = {{"dtype", "F32"},
                           {"shape", tensor.shape},
                           {"data_offsets", {begin, data.size()}}};
  }
  return safetensors(header.dump(), data);
}

/// The smallest config.json that is complete.
inline nlohmann::json tinyConfig() {
  return {{"architectures", nlohmann::json::array({"LlamaForCausalLM"})},
          {"model_type", "llama"},
          {"hidden_size", 8},
          {"intermediate_size", 12},
          {"num_hidden_layers", 2},
          {"num_attention_heads", 4},
          {"num_key_value_heads", 2},
          {"vocab_size", 10},
          {"max_position_embeddings", 16}};
}

/// All tensors of a config, with values that differ from element to element.
inline std::vector<FloatTensor> tinyWeights(const nlohmann::json &config) {
  auto parsed = parseModelConfig(config.dump(), "config.json");
  EXPECT_TRUE(parsed) << parsed.error().message();
  std::vector<FloatTensor> tensors;
  float next = 0;
  for (const ExpectedTensor &expected : llamaTensors(*parsed)) {
    FloatTensor tensor{expected.name, expected.shape, {}};
    std::int64_t elements = 1;
    for (std::int64_t extent : expected.shape)
      elements *= extent;
    for (std::int64_t i = 0; i < elements; ++i)
      tensor.values.push_back(next += 0.25f);
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}

} // namespace synfire

#endif // SYNFIRE_TESTS_UNIT_IMPORT_MODELFILES_H

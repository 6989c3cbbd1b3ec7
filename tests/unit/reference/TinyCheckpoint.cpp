//===- TinyCheckpoint.cpp - random checkpoints and their oracle -----------===//
#include "TinyCheckpoint.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

namespace synfire::test {

namespace {

using Vector = std::vector<double>;
using Trace = std::map<std::string, std::vector<double>>;

constexpr double eps = 1e-5, theta = 10000;

Vector times(const std::vector<float> &matrix, const Vector &x) {
  Vector y(matrix.size() / x.size());
  for (std::size_t i = 0; i < y.size(); ++i)
    for (std::size_t j = 0; j < x.size(); ++j)
      y[i] += static_cast<double>(matrix[i * x.size() + j]) * x[j];
  return y;
}

Vector plus(Vector a, const Vector &b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    a[i] += b[i];
  return a;
}

void note(Trace *trace, const std::string &site, const Vector &values) {
  if (!trace)
    return;
  Vector &all = (*trace)[site];
  all.insert(all.end(), values.begin(), values.end());
}

Vector norm(const Vector &x, const std::vector<float> &gain,
            const std::string &site, Trace *trace) {
  Vector square, y;
  double mean = 0;
  for (double value : x) {
    square.push_back(value * value);
    mean += value * value / static_cast<double>(x.size());
  }
  mean += eps;
  const double inverse = 1 / std::sqrt(mean);
  for (double value : x)
    y.push_back(value * inverse);
  note(trace, site + ".square", square);
  note(trace, site + ".mean", {mean});
  note(trace, site + ".rsqrt", {inverse});
  note(trace, site, y);
  for (std::size_t i = 0; i < y.size(); ++i)
    y[i] *= gain[i];
  return y;
}

Vector turned(const Vector &x, std::int64_t headWidth, std::size_t position) {
  Vector y(x.size());
  const auto d = static_cast<std::size_t>(headWidth), half = d / 2;
  for (std::size_t head = 0; head < x.size() / d; ++head)
    for (std::size_t i = 0; i < half; ++i) {
      const double angle = static_cast<double>(position) /
                           std::pow(theta, 2.0 * static_cast<double>(i) /
                                               static_cast<double>(d));
      const double a = x[head * d + i], b = x[head * d + half + i];
      y[head * d + i] = a * std::cos(angle) - b * std::sin(angle);
      y[head * d + half + i] = b * std::cos(angle) + a * std::sin(angle);
    }
  return y;
}

/// Component 0 of the residual stream belongs to the outlier token alone, and
/// channel 0 of the first feed-forward block to that component.
void injectOutlier(const std::string &name, const TinyShape &shape,
                   std::vector<float> &tensor) {
  const auto endsWith = [&](const std::string &ending) {
    return name.size() >= ending.size() &&
           name.compare(name.size() - ending.size(), ending.size(), ending) ==
               0;
  };
  if (endsWith("embed_tokens.weight"))
    for (std::int64_t token = 0; token < shape.vocabulary; ++token)
      tensor[static_cast<std::size_t>(token * shape.hidden)] =
          token == shape.outlierToken ? 50.0f : 0.0f;
  const std::size_t inputs =
      tensor.size() /
      static_cast<std::size_t>(endsWith("o_proj.weight") ||
                                       endsWith("down_proj.weight")
                                   ? shape.hidden
                                   : shape.intermediate);
  if (endsWith("o_proj.weight") || endsWith("down_proj.weight"))
    std::fill_n(tensor.begin(), inputs, 0.0f);
  if (endsWith("layers.0.mlp.gate_proj.weight") ||
      endsWith("layers.0.mlp.up_proj.weight")) {
    std::fill_n(tensor.begin(), inputs, 0.0f);
    tensor[0] = 40;
  }
}

} // namespace

TinyCheckpoint::TinyCheckpoint(const TinyShape &tinyShape, std::uint32_t seed)
    : shape(tinyShape) {
  std::string pattern =
      (std::filesystem::temp_directory_path() / "synfire-tiny-XXXXXX").string();
  path = mkdtemp(pattern.data());

  std::mt19937 generator(seed);
  nlohmann::json header = nlohmann::json::object();
  std::string data;
  auto add = [&](const std::string &name, std::vector<std::int64_t> dimensions,
                 float centre, float spread) {
    std::size_t size = 1;
    for (std::int64_t dimension : dimensions)
      size *= static_cast<std::size_t>(dimension);
    std::uniform_real_distribution<float> values(centre - spread,
                                                 centre + spread);
    std::vector<float> &tensor = tensors[name];
    for (std::size_t i = 0; i < size; ++i)
      tensor.push_back(values(generator));
    if (shape.outlierToken >= 0)
      injectOutlier(name, shape, tensor);
    const std::size_t begin = data.size();
    data.append(reinterpret_cast<const char *>(tensor.data()), size * 4);
    header[name] = {{"dtype", "F32"},
                    {"shape", dimensions},
                    {"data_offsets", {begin, data.size()}}};
  };
  const std::int64_t query = shape.heads * shape.headWidth;
  const std::int64_t keyValue = shape.keyValueHeads * shape.headWidth;
  add("model.embed_tokens.weight", {shape.vocabulary, shape.hidden}, 0, 1);
  for (std::int64_t layer = 0; layer < shape.layers; ++layer) {
    const std::string at = "model.layers." + std::to_string(layer) + ".";
    add(at + "input_layernorm.weight", {shape.hidden}, 1, 0.5f);
    add(at + "self_attn.q_proj.weight", {query, shape.hidden}, 0, 0.9f);
    add(at + "self_attn.k_proj.weight", {keyValue, shape.hidden}, 0, 0.9f);
    add(at + "self_attn.v_proj.weight", {keyValue, shape.hidden}, 0, 0.6f);
    add(at + "self_attn.o_proj.weight", {shape.hidden, query}, 0, 0.4f);
    add(at + "post_attention_layernorm.weight", {shape.hidden}, 1, 0.5f);
    add(at + "mlp.gate_proj.weight", {shape.intermediate, shape.hidden}, 0,
        0.9f);
    add(at + "mlp.up_proj.weight", {shape.intermediate, shape.hidden}, 0, 0.6f);
    add(at + "mlp.down_proj.weight", {shape.hidden, shape.intermediate}, 0,
        0.4f);
  }
  add("model.norm.weight", {shape.hidden}, 1, 0.5f);
  if (!shape.tied)
    add("lm_head.weight", {shape.vocabulary, shape.hidden}, 0, 0.8f);

  const std::string text = header.dump();
  const std::uint64_t length = text.size();
  std::ofstream weights(path + "/model.safetensors", std::ios::binary);
  weights.write(reinterpret_cast<const char *>(&length), 8);
  weights << text << data;

  const nlohmann::json config = {{"architectures", {"LlamaForCausalLM"}},
                                 {"model_type", "llama"},
                                 {"hidden_size", shape.hidden},
                                 {"intermediate_size", shape.intermediate},
                                 {"num_hidden_layers", shape.layers},
                                 {"num_attention_heads", shape.heads},
                                 {"num_key_value_heads", shape.keyValueHeads},
                                 {"head_dim", shape.headWidth},
                                 {"vocab_size", shape.vocabulary},
                                 {"max_position_embeddings", shape.context},
                                 {"rms_norm_eps", eps},
                                 {"rope_theta", theta},
                                 {"hidden_act", "silu"},
                                 {"tie_word_embeddings", shape.tied},
                                 {"bos_token_id", 1},
                                 {"eos_token_id", 2}};
  std::ofstream(path + "/config.json") << config.dump(2);
}

TinyCheckpoint::~TinyCheckpoint() {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

std::vector<Vector> TinyCheckpoint::logits(const std::vector<int> &tokens,
                                           Trace *trace) const {
  const auto d = static_cast<std::size_t>(shape.headWidth);
  const auto heads = static_cast<std::size_t>(shape.heads);
  const std::size_t perKey =
      heads / static_cast<std::size_t>(shape.keyValueHeads);
  const auto hidden = static_cast<std::size_t>(shape.hidden);

  std::vector<Vector> stream;
  for (int token : tokens) {
    const auto *row = tensor("model.embed_tokens.weight").data() +
                      static_cast<std::size_t>(token) * hidden;
    stream.emplace_back(row, row + hidden);
    note(trace, "embed", stream.back());
  }
  for (std::int64_t layer = 0; layer < shape.layers; ++layer) {
    const std::string at = "model.layers." + std::to_string(layer) + ".";
    const std::string site = "layers." + std::to_string(layer) + ".";
    std::vector<Vector> keys, values;
    for (std::size_t p = 0; p < stream.size(); ++p) {
      const Vector x = norm(stream[p], tensor(at + "input_layernorm.weight"),
                            site + "attn.norm", trace);
      const Vector rawQuery = times(tensor(at + "self_attn.q_proj.weight"), x);
      const Vector rawKey = times(tensor(at + "self_attn.k_proj.weight"), x);
      const Vector query = turned(rawQuery, shape.headWidth, p);
      keys.push_back(turned(rawKey, shape.headWidth, p));
      values.push_back(times(tensor(at + "self_attn.v_proj.weight"), x));
      note(trace, site + "attn.q_proj", rawQuery);
      note(trace, site + "attn.k_proj", rawKey);
      note(trace, site + "attn.v_proj", values.back());
      note(trace, site + "attn.q", query);
      note(trace, site + "attn.k", keys.back());
      note(trace, site + "attn.v", values.back());
      Vector out(heads * d);
      for (std::size_t head = 0; head < heads; ++head) {
        Vector scores, exponentials, mix(d);
        double largest = -INFINITY, sum = 0;
        for (std::size_t key = 0; key <= p; ++key) {
          double dot = 0;
          for (std::size_t i = 0; i < d; ++i)
            dot += query[head * d + i] * keys[key][head / perKey * d + i];
          scores.push_back(dot / std::sqrt(static_cast<double>(d)));
          largest = std::max(largest, scores.back());
        }
        for (std::size_t key = 0; key <= p; ++key) {
          exponentials.push_back(std::exp(scores[key] - largest));
          sum += exponentials.back();
          for (std::size_t i = 0; i < d; ++i)
            mix[i] += exponentials.back() * values[key][head / perKey * d + i];
        }
        for (std::size_t i = 0; i < d; ++i)
          out[head * d + i] = mix[i] / sum;
        note(trace, site + "attn.scores", scores);
        note(trace, site + "attn.exp", exponentials);
        note(trace, site + "attn.sum", {sum});
        note(trace, site + "attn.reciprocal", {1 / sum});
        for (double &weight : exponentials)
          weight /= sum;
        note(trace, site + "attn.weights", exponentials);
        note(trace, site + "attn.mix", mix);
      }
      note(trace, site + "attn.out", out);
      stream[p] =
          plus(stream[p], times(tensor(at + "self_attn.o_proj.weight"), out));
      note(trace, site + "attn.residual", stream[p]);
    }
    for (Vector &x : stream) {
      const Vector y = norm(x, tensor(at + "post_attention_layernorm.weight"),
                            site + "mlp.norm", trace);
      const Vector gate = times(tensor(at + "mlp.gate_proj.weight"), y);
      const Vector up = times(tensor(at + "mlp.up_proj.weight"), y);
      Vector act, product;
      for (std::size_t i = 0; i < gate.size(); ++i) {
        act.push_back(gate[i] / (1 + std::exp(-gate[i])));
        product.push_back(act[i] * up[i]);
      }
      note(trace, site + "mlp.gate", gate);
      note(trace, site + "mlp.up", up);
      note(trace, site + "mlp.act", act);
      note(trace, site + "mlp.product", product);
      x = plus(x, times(tensor(at + "mlp.down_proj.weight"), product));
      note(trace, site + "mlp.residual", x);
    }
  }
  std::vector<Vector> result;
  for (const Vector &x : stream) {
    result.push_back(times(
        tensor(shape.tied ? "model.embed_tokens.weight" : "lm_head.weight"),
        norm(x, tensor("model.norm.weight"), "final.norm", trace)));
    note(trace, "logits", result.back());
  }
  return result;
}

} // namespace synfire::test

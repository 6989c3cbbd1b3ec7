//===- RotateCheckpoint.cpp - outliers spread by rotation -----------------===//
#include "compiler/prepare/RotateCheckpoint.h"

#include "compiler/import/JsonText.h"
#include "compiler/import/LlamaTensors.h"
#include "compiler/prepare/Hadamard.h"
#include "compiler/prepare/SafetensorsWriter.h"

#include <cmath>
#include <filesystem>

namespace synfire {
namespace {

/// Row-major [rows][columns].
struct Matrix {
  std::vector<float> values;
  std::int64_t rows = 0, columns = 0;

  float *row(std::int64_t index) { return values.data() + index * columns; }
};

class Rotator {
public:
  Rotator(const Checkpoint &from, const RotationOptions &with)
      : checkpoint(from), config(from.config()), options(with),
        residual(config.hiddenSize, with.seed),
        head(config.headDim, with.seed + 1) {}

  Status write(const std::string &path) {
    ModelConfig untied = config;
    untied.tieEmbeddings = false;
    std::vector<SafetensorsWriter::Entry> entries;
    for (const ExpectedTensor &tensor : llamaTensors(untied))
      entries.push_back({tensor.name, tensor.shape});
    SYNFIRE_ASSIGN(auto writer, SafetensorsWriter::create(path, entries));
    for (const SafetensorsWriter::Entry &entry : entries) {
      SYNFIRE_ASSIGN(std::vector<float> values, rotated(entry));
      SYNFIRE_TRY(writer->append(values));
    }
    return writer->commit();
  }

private:
  Result<std::vector<float>> read(const std::string &name) const {
    SYNFIRE_ASSIGN(TensorView view, checkpoint.tensor(name));
    std::vector<float> values = view.readAll();
    view.releasePages();
    return values;
  }

  /// Columns times the gain of the norm before, then the residual's rotation.
  Status readResidual(Matrix &matrix, const std::string &gainName) const {
    std::vector<float> gain;
    if (!gainName.empty()) {
      SYNFIRE_ASSIGN(gain, read(gainName));
    }
    for (std::int64_t r = 0; r < matrix.rows; ++r) {
      for (std::size_t c = 0; c < gain.size(); ++c)
        matrix.row(r)[c] *= gain[c];
      residual.apply(matrix.row(r));
    }
    return {};
  }

  /// What channel i between up_proj and down_proj is multiplied with, so that
  /// the row that makes it and the column that reads it have equal norms: a
  /// channel that only scaling has made large becomes as large as its share of
  /// the result (cross-layer equalisation, arXiv 1906.04721).
  Result<std::vector<double>> balance(const std::string &layer) const {
    SYNFIRE_ASSIGN(std::vector<float> gain,
                   read(layer + "post_attention_layernorm.weight"));
    SYNFIRE_ASSIGN(std::vector<float> up, read(layer + "mlp.up_proj.weight"));
    std::vector<double> factors;
    for (std::size_t begin = 0; begin < up.size(); begin += gain.size()) {
      double sum = 0;
      for (std::size_t c = 0; c < gain.size(); ++c)
        sum += std::pow(double(up[begin + c]) * gain[c], 2);
      factors.push_back(sum);
    }
    SYNFIRE_ASSIGN(std::vector<float> down,
                   read(layer + "mlp.down_proj.weight"));
    std::vector<double> columns(factors.size());
    for (std::size_t i = 0; i < down.size(); ++i)
      columns[i % columns.size()] += std::pow(double(down[i]), 2);
    for (std::size_t i = 0; i < factors.size(); ++i)
      factors[i] = factors[i] > 0 && columns[i] > 0
                       ? std::sqrt(std::sqrt(columns[i] / factors[i]))
                       : 1;
    return factors;
  }

  /// Rows of the result join the rotated residual stream.
  void writeResidual(Matrix &matrix) const {
    for (std::int64_t c = 0; c < matrix.columns; ++c)
      residual.apply(matrix.values.data() + c, matrix.columns);
  }

  Result<std::vector<float>>
  rotated(const SafetensorsWriter::Entry &entry) const {
    const std::string &name = entry.name;
    auto is = [&](const char *suffix) {
      const std::string_view end(suffix);
      return name.size() >= end.size() &&
             name.compare(name.size() - end.size(), end.size(), end) == 0;
    };
    if (is("norm.weight"))
      return std::vector<float>(static_cast<std::size_t>(entry.shape[0]), 1.0f);
    const bool tiedHead = name == "lm_head.weight" && config.tieEmbeddings;
    Matrix matrix;
    matrix.rows = entry.shape[0];
    matrix.columns = entry.shape[1];
    SYNFIRE_ASSIGN(matrix.values,
                   read(tiedHead ? "model.embed_tokens.weight" : name));
    const std::string layer = name.substr(0, name.find('.', 13) + 1);
    if (is("embed_tokens.weight")) {
      SYNFIRE_TRY(readResidual(matrix, ""));
    } else if (name == "lm_head.weight") {
      SYNFIRE_TRY(readResidual(matrix, "model.norm.weight"));
    } else if (is("q_proj.weight") || is("k_proj.weight") ||
               is("v_proj.weight")) {
      SYNFIRE_TRY(readResidual(matrix, layer + "input_layernorm.weight"));
      if (is("v_proj.weight") && options.values)
        for (std::int64_t h = 0; h < config.keyValueHeads; ++h)
          for (std::int64_t c = 0; c < matrix.columns; ++c)
            head.apply(matrix.row(h * config.headDim) + c, matrix.columns);
    } else if (is("gate_proj.weight") || is("up_proj.weight")) {
      SYNFIRE_TRY(
          readResidual(matrix, layer + "post_attention_layernorm.weight"));
      if (is("up_proj.weight") && options.balance) {
        SYNFIRE_ASSIGN(std::vector<double> factors, balance(layer));
        for (std::int64_t r = 0; r < matrix.rows; ++r)
          for (std::int64_t c = 0; c < matrix.columns; ++c)
            matrix.row(r)[c] = static_cast<float>(
                matrix.row(r)[c] * factors[static_cast<std::size_t>(r)]);
      }
    } else {
      if (is("down_proj.weight") && options.balance) {
        SYNFIRE_ASSIGN(std::vector<double> factors, balance(layer));
        for (std::int64_t r = 0; r < matrix.rows; ++r)
          for (std::int64_t c = 0; c < matrix.columns; ++c)
            matrix.row(r)[c] = static_cast<float>(
                matrix.row(r)[c] / factors[static_cast<std::size_t>(c)]);
      }
      if (is("o_proj.weight") && options.values)
        for (std::int64_t r = 0; r < matrix.rows; ++r)
          for (std::int64_t h = 0; h < config.heads; ++h)
            head.apply(matrix.row(r) + h * config.headDim);
      writeResidual(matrix);
    }
    return std::move(matrix.values);
  }

  const Checkpoint &checkpoint;
  const ModelConfig &config;
  RotationOptions options;
  HadamardRotation residual, head;
};

Status copyIfPresent(const std::filesystem::path &from,
                     const std::filesystem::path &to) {
  std::error_code failure;
  if (!std::filesystem::exists(from, failure))
    return {};
  SYNFIRE_ASSIGN(std::string text, readFile(from.string()));
  return writeFileAtomically(to.string(), text);
}

} // namespace

Status rotateCheckpoint(const Checkpoint &checkpoint,
                        const std::string &directory,
                        const RotationOptions &options) {
  SYNFIRE_TRY(validateLlama(checkpoint));
  namespace fs = std::filesystem;
  const fs::path from(checkpoint.directory()), to(directory);
  std::error_code failure;
  if (fs::exists(to, failure) && !fs::is_empty(to, failure))
    return makeError("exists and is not an empty directory", directory,
                     "name a new directory");
  fs::create_directories(to, failure);
  if (failure)
    return makeError("cannot create the directory: " + failure.message(),
                     directory);
  SYNFIRE_ASSIGN(std::string text, readFile((from / "config.json").string()));
  SYNFIRE_ASSIGN(nlohmann::json config,
                 parseJsonObject(text, (from / "config.json").string()));
  config["tie_word_embeddings"] = false;
  config["torch_dtype"] = "float32";
  SYNFIRE_TRY(
      Rotator(checkpoint, options).write((to / "model.safetensors").string()));
  for (const char *name : {"tokenizer.json", "calibration.txt"})
    SYNFIRE_TRY(copyIfPresent(from / name, to / name));
  // Last: a directory without it is no model.
  return writeFileAtomically((to / "config.json").string(),
                             config.dump(2) + "\n");
}

} // namespace synfire

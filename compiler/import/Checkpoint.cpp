//===- Checkpoint.cpp - a model directory of Hugging Face -----------------===//
#include "compiler/import/Checkpoint.h"

#include "compiler/import/JsonText.h"
#include "compiler/import/LlamaTensors.h"
#include "runtime/support/Files.h"

#include <filesystem>
#include <fmt/format.h>

#define XXH_INLINE_ALL
#include <set>
#include <xxhash.h>

namespace synfire {

using nlohmann::json;

static bool exists(const std::string &file) {
  std::error_code ignored;
  return std::filesystem::exists(file, ignored);
}

static std::string inDirectory(const std::string &directory,
                               std::string_view file) {
  return (std::filesystem::path(directory) / file).string();
}

Result<Checkpoint> Checkpoint::open(const std::string &directory) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(directory, ignored))
    return makeError("not a directory", directory,
                     "a model is a directory with config.json, tokenizer.json "
                     "and *.safetensors");
  Checkpoint result;
  result.path = directory;
  const std::string configFile = inDirectory(directory, "config.json");
  SYNFIRE_ASSIGN(std::string configText, readFile(configFile));
  SYNFIRE_ASSIGN(result.modelConfig, parseModelConfig(configText, configFile));

  const std::string single = inDirectory(directory, "model.safetensors");
  const std::string index =
      inDirectory(directory, "model.safetensors.index.json");
  if (exists(single))
    SYNFIRE_TRY(result.openSingle(single));
  else if (exists(index))
    SYNFIRE_TRY(result.openSharded(index));
  else
    return makeError(
        "has neither model.safetensors nor model.safetensors.index.json",
        directory, "other weight formats must be converted to safetensors");
  return result;
}

Status Checkpoint::openSingle(const std::string &file) {
  SYNFIRE_ASSIGN(auto opened, SafetensorsFile::open(file));
  for (std::string &name : opened.names())
    fileOfTensor.emplace(std::move(name), 0);
  files.push_back(std::move(opened));
  return {};
}

/// A shard lies in the model's own directory: an index must not make us read
/// other files of the user's.
static bool isPlainFileName(const std::string &name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find('/') == std::string::npos &&
         name.find('\\') == std::string::npos &&
         name.find('\0') == std::string::npos;
}

Status Checkpoint::openSharded(const std::string &index) {
  SYNFIRE_ASSIGN(std::string text, readFile(index));
  SYNFIRE_ASSIGN(const json root, parseJsonObject(text, index));
  auto weightMap = root.find("weight_map");
  if (weightMap == root.end() || !weightMap->is_object())
    return makeError("key 'weight_map' must be an object", index);

  std::map<std::string, std::size_t> fileNumbers;
  for (const auto &[tensor, value] : weightMap->items()) {
    if (!value.is_string())
      return makeError(
          fmt::format("the file of tensor '{}' must be a string", tensor),
          index);
    const std::string &shard = value.get_ref<const std::string &>();
    if (!isPlainFileName(shard))
      return makeError(fmt::format("the file '{}' of tensor '{}' is not a "
                                   "plain name in the model's directory",
                                   shard, tensor),
                       index);
    auto [number, isNew] = fileNumbers.emplace(shard, files.size());
    if (isNew) {
      const std::string file = inDirectory(path, shard);
      if (!exists(file))
        return makeError(
            fmt::format("lists shard '{}', which is missing", shard), index);
      SYNFIRE_ASSIGN(auto opened, SafetensorsFile::open(file));
      files.push_back(std::move(opened));
    }
    const SafetensorsFile &file = files[number->second];
    if (!file.contains(tensor))
      return makeError(fmt::format("lists tensor '{}' in '{}', but it is not "
                                   "there",
                                   tensor, shard),
                       index);
    fileOfTensor.emplace(tensor, number->second);
  }
  return {};
}

bool Checkpoint::contains(const std::string &name) const {
  return fileOfTensor.count(name) > 0;
}

std::vector<std::string> Checkpoint::names() const {
  std::vector<std::string> result;
  result.reserve(fileOfTensor.size());
  for (const auto &entry : fileOfTensor)
    result.push_back(entry.first);
  return result;
}

std::uint64_t Checkpoint::checksum() const {
  std::uint64_t sum = 0;
  for (const std::string &name : names()) {
    Result<TensorView> view = tensor(name);
    if (!view)
      continue;
    sum = XXH3_64bits_withSeed(name.data(), name.size(), sum);
    sum = XXH3_64bits_withSeed(view->file->data() + view->offset, view->bytes(),
                               sum);
  }
  return sum;
}

Result<TensorView> Checkpoint::tensor(const std::string &name) const {
  auto found = fileOfTensor.find(name);
  if (found == fileOfTensor.end())
    return makeError(fmt::format("has no tensor '{}'", name), path);
  return files[found->second].tensor(name);
}

Result<TensorView>
Checkpoint::tensor(const std::string &name,
                   const std::vector<std::int64_t> &expectedShape) const {
  SYNFIRE_ASSIGN(TensorView view, tensor(name));
  if (view.shape != expectedShape)
    return makeError(
        fmt::format("tensor '{}' has shape {}, but the config asks for {}",
                    name, shapeText(view.shape), shapeText(expectedShape)),
        view.file->path());
  return view;
}

Result<std::string> Checkpoint::tokenizerJson() const {
  return readFile(inDirectory(path, "tokenizer.json"));
}

/// "[3, 17]" of a flat row-major index.
static std::string coordinates(std::int64_t flat,
                               const std::vector<std::int64_t> &shape) {
  std::vector<std::int64_t> result(shape.size());
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    result[axis] = flat % shape[axis];
    flat /= shape[axis];
  }
  return shapeText(result);
}

static Status checkFinite(const TensorView &tensor) {
  auto flat = tensor.firstNonFinite();
  tensor.releasePages();
  if (!flat)
    return {};
  float value = 0;
  tensor.read(*flat, 1, &value);
  return makeError(fmt::format("tensor '{}' holds {} at {} (element {})",
                               tensor.name, value,
                               coordinates(*flat, tensor.shape), *flat),
                   tensor.file->path());
}

/// Whether leaving out this tensor would change the model's function.
static bool isLeftOver(const std::string &name, const ModelConfig &config,
                       const std::set<std::string> &expected) {
  if (expected.count(name) > 0)
    return false;
  // Tied models may store the output projection all the same.
  if (name == "lm_head.weight" && config.tieEmbeddings)
    return false;
  // Old checkpoints store the rotary frequencies, which ropeTheta determines.
  constexpr std::string_view frequencies = "rotary_emb.inv_freq";
  if (name.size() > frequencies.size() &&
      name.compare(name.size() - frequencies.size(), std::string::npos,
                   frequencies) == 0)
    return false;
  return name.rfind("model.", 0) == 0 || name.rfind("lm_head.", 0) == 0;
}

Status validateLlama(const Checkpoint &checkpoint) {
  const ModelConfig &config = checkpoint.config();
  const std::vector<ExpectedTensor> wanted = llamaTensors(config);
  // Names and shapes of all before the values of any: the cheap errors first.
  std::set<std::string> expected;
  std::vector<TensorView> views;
  for (const ExpectedTensor &tensor : wanted) {
    auto view = checkpoint.tensor(tensor.name, tensor.shape);
    if (!view) {
      Error error = view.error();
      if (tensor.name == "lm_head.weight" && !checkpoint.contains(tensor.name))
        error.hint = "only a model with tie_word_embeddings true needs none";
      return error;
    }
    views.push_back(std::move(*view));
    expected.insert(tensor.name);
  }
  for (const std::string &name : checkpoint.names())
    if (isLeftOver(name, config, expected))
      return makeError(
          fmt::format("tensor '{}' is no part of a LLaMA of this config and "
                      "would be ignored",
                      name),
          checkpoint.directory(),
          fmt::format("config.json says {} layers without biases",
                      config.layers));
  for (const TensorView &view : views)
    SYNFIRE_TRY(checkFinite(view));
  return {};
}

} // namespace synfire

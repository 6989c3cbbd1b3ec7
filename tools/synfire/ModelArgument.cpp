#include "tools/synfire/ModelArgument.h"

#include "compiler/import/ModelConfig.h"
#include "runtime/support/Files.h"

#include <filesystem>

namespace synfire {

Result<ModelShape> shapeOfModel(const std::string &model) {
  std::string file = model;
  std::error_code failure;
  if (std::filesystem::is_directory(model, failure))
    file = (std::filesystem::path(model) / "config.json").string();
  else if (model.find(".json") == std::string::npos)
    return builtinShape(model);
  SYNFIRE_ASSIGN(std::string text, readFile(file));
  SYNFIRE_ASSIGN(ModelConfig config, parseModelConfig(text, file));
  ModelShape shape;
  shape.name = model;
  shape.hidden = config.hiddenSize;
  shape.intermediate = config.intermediateSize;
  shape.layers = config.layers;
  shape.heads = config.heads;
  shape.keyValueHeads = config.keyValueHeads;
  shape.headWidth = config.headDim;
  shape.vocabulary = config.vocabulary;
  shape.context = config.maxPositions;
  shape.source = file;
  return shape;
}

std::string builtinShapeNames() {
  std::string names;
  for (const ModelShape &shape : builtinShapes())
    names += (names.empty() ? "" : ", ") + shape.name;
  return names;
}

} // namespace synfire

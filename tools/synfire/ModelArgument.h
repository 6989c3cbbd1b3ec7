//===- ModelArgument.h - a model named by its shape -------------*- C++ -*-===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_MODELARGUMENT_H
#define SYNFIRE_TOOLS_SYNFIRE_MODELARGUMENT_H

#include "runtime/report/ModelShape.h"

#include <string>

namespace synfire {

/// A built-in name, a config.json, or a directory that holds one.
Result<ModelShape> shapeOfModel(const std::string &model);

/// The built-in names, for help texts.
std::string builtinShapeNames();

} // namespace synfire

#endif // SYNFIRE_TOOLS_SYNFIRE_MODELARGUMENT_H

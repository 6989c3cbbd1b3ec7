//===- CompileShapes.h - compile --shapes-only ------------------*- C++ -*-===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_COMPILESHAPES_H
#define SYNFIRE_TOOLS_SYNFIRE_COMPILESHAPES_H

#include "compiler/pipelines/Compile.h"
#include "runtime/support/Status.h"

#include <string>
#include <vector>

namespace synfire {

/// Maps the shape of `model` and prints the result. Of the options `given` on
/// the command line, with their dashes, those are refused that would change
/// what a compilation makes and of which a shape knows nothing.
Status compileShapes(const std::string &model, const CompileOptions &options,
                     const std::vector<std::string> &given, bool json);

} // namespace synfire

#endif // SYNFIRE_TOOLS_SYNFIRE_COMPILESHAPES_H

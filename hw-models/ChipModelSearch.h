//===- ChipModelSearch.h - names and paths of chip models -------*- C++ -*-===//
#ifndef SYNFIRE_HW_MODELS_CHIPMODELSEARCH_H
#define SYNFIRE_HW_MODELS_CHIPMODELSEARCH_H

#include <string>

namespace synfire {

/// Whether loadChipModel takes it for a path: it has a slash or ends in
/// .textproto.
bool isChipModelPath(const std::string &nameOrPath);

} // namespace synfire

#endif // SYNFIRE_HW_MODELS_CHIPMODELSEARCH_H

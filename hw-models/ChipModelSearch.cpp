//===- ChipModelSearch.cpp - where models are found by name ---------------===//
#include "hw-models/ChipModelSearch.h"

#include "hw-models/ChipModel.h"
#include "runtime/support/Files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <filesystem>
#include <set>

namespace synfire {
namespace {

namespace fs = std::filesystem;
constexpr const char *extension = ".textproto";

/// In order of preference.
std::vector<fs::path> modelFolders() {
  std::vector<fs::path> folders;
  if (const char *chosen = std::getenv("SYNFIRE_HW_MODELS"); chosen && *chosen)
    folders.emplace_back(chosen);
  std::error_code ignored;
  fs::path executable = fs::read_symlink("/proc/self/exe", ignored);
  if (!executable.empty())
    folders.push_back(executable.parent_path().parent_path() / "share" /
                      "synfire" / "hw-models");
  folders.emplace_back(SYNFIRE_HW_MODELS_SOURCE_DIR);
  return folders;
}

Result<ChipModel> loadFile(const std::string &path) {
  SYNFIRE_ASSIGN(std::string text, readFile(path));
  return parseChipModel(text, path);
}

} // namespace

bool isChipModelPath(const std::string &nameOrPath) {
  return nameOrPath.find('/') != std::string::npos ||
         fs::path(nameOrPath).extension() == extension;
}

Result<ChipModel> loadChipModel(const std::string &nameOrPath) {
  if (isChipModelPath(nameOrPath))
    return loadFile(nameOrPath);
  for (const fs::path &folder : modelFolders()) {
    fs::path candidate = folder / (nameOrPath + extension);
    std::error_code ignored;
    if (!nameOrPath.empty() && fs::is_regular_file(candidate, ignored))
      return loadFile(candidate.string());
  }
  return makeError(
      fmt::format("there is no chip model named '{}'", nameOrPath), {},
      fmt::format("known: {}; or give the path of a {} file",
                  fmt::join(builtinChipModels(), ", "), extension));
}

std::vector<std::string> builtinChipModels() {
  std::set<std::string> names;
  for (const fs::path &folder : modelFolders()) {
    std::error_code failed;
    for (fs::directory_iterator entry(folder, failed), end;
         !failed && entry != end; entry.increment(failed))
      if (entry->path().extension() == extension)
        names.insert(entry->path().stem().string());
  }
  return {names.begin(), names.end()};
}

} // namespace synfire

#include "tools/synfire/CommandFiles.h"

#include "hw-models/ChipModelSearch.h"
#include "runtime/support/Files.h"

#include <filesystem>
#include <system_error>

namespace synfire {
namespace {

namespace fs = std::filesystem;

/// Links, dots and names of folders make many paths of one file, whether it is
/// there already or not.
bool sameFile(const std::string &a, const std::string &b) {
  std::error_code failure;
  if (fs::equivalent(a, b, failure))
    return true;
  const fs::path first = fs::weakly_canonical(a, failure);
  if (failure)
    return a == b;
  const fs::path second = fs::weakly_canonical(b, failure);
  return failure ? a == b : first == second;
}

Status checkWritable(const std::string &path) {
  std::error_code failure;
  const auto there = fs::status(path, failure);
  // Renaming into place would replace a device, too.
  if (fs::exists(there) && !fs::is_regular_file(there))
    return makeError("cannot write: exists and is no regular file", path,
                     "name a file");
  return AtomicFile::create(path).status();
}

} // namespace

void CommandFiles::read(const std::string &option, const std::string &path) {
  if (!path.empty())
    inputs.push_back({option, path});
}

void CommandFiles::readProgram(const std::string &path) {
  read("the program", path);
  read("the program's weights", path + ".weights");
}

void CommandFiles::readModel(const std::string &directory) {
  std::error_code failure;
  for (fs::directory_iterator entry(directory, failure), end;
       !failure && entry != end; entry.increment(failure)) {
    const fs::path &file = entry->path();
    if (file.extension() == ".json" || file.extension() == ".safetensors" ||
        file.filename() == "calibration.txt")
      read("the model", file.string());
  }
}

void CommandFiles::readHardware(const std::string &nameOrPath) {
  if (isChipModelPath(nameOrPath))
    read("--hw", nameOrPath);
}

void CommandFiles::write(const std::string &option, const std::string &path) {
  if (!path.empty())
    outputs.push_back({option, path});
}

void CommandFiles::writeProgram(const std::string &option,
                                const std::string &path) {
  if (path.empty())
    return;
  write(option, path);
  write(option + " (its weights)", path + ".weights");
}

Status CommandFiles::check() const {
  const auto expectApart = [](const Named &output, const Named &other) {
    if (!sameFile(output.path, other.path))
      return Status::success();
    return Status(
        makeError(other.option + " and " + output.option + " name one file",
                  output.path, "give each its own"));
  };
  for (std::size_t o = 0; o < outputs.size(); ++o) {
    for (const Named &input : inputs)
      SYNFIRE_TRY(expectApart(outputs[o], input));
    for (std::size_t other = 0; other < o; ++other)
      SYNFIRE_TRY(expectApart(outputs[o], outputs[other]));
  }
  for (const Named &output : outputs)
    SYNFIRE_TRY(checkWritable(output.path));
  return Status::success();
}

} // namespace synfire

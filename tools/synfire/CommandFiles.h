//===- CommandFiles.h - what a command reads and writes ---------*- C++ -*-===//
//
// A command that renames its output into place destroys whatever was there:
// all that it reads and writes is compared before any work is done.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_COMMANDFILES_H
#define SYNFIRE_TOOLS_SYNFIRE_COMMANDFILES_H

#include "runtime/support/Status.h"

#include <string>
#include <vector>

namespace synfire {

/// `option` is what the user calls a file: "--run", "the program". An empty
/// path stands for a file that is not asked for.
class CommandFiles {
public:
  void read(const std::string &option, const std::string &path);
  /// With its weights.
  void readProgram(const std::string &path);
  /// What a Hugging Face directory holds, and text to calibrate on.
  void readModel(const std::string &directory);
  /// A chip model, where it is no built-in name.
  void readHardware(const std::string &nameOrPath);
  void write(const std::string &option, const std::string &path);
  void writeProgram(const std::string &option, const std::string &path);

  /// Fails where an output is an input or another output, under whatever name,
  /// and where writing it would fail after long work. Changes no file.
  Status check() const;

private:
  struct Named {
    std::string option, path;
  };
  std::vector<Named> inputs, outputs;
};

} // namespace synfire

#endif // SYNFIRE_TOOLS_SYNFIRE_COMMANDFILES_H

//===- RecordedRun.h - every field of a Run as bytes ------------*- C++ -*-===//
#ifndef SYNFIRE_TESTS_UNIT_SIMULATOR_RECORDEDRUN_H
#define SYNFIRE_TESTS_UNIT_SIMULATOR_RECORDEDRUN_H

#include "runtime/program/Run.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>

namespace synfire::tests {

inline std::string recorded(const synfire::Run &run) {
  const std::string path =
      testing::TempDir() + "recorded_" + std::to_string(getpid()) + ".binpb";
  const Status saved = saveRun(run, path);
  if (!saved) {
    ADD_FAILURE() << saved.error().message();
    return {};
  }
  std::ifstream file(path, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(file), {});
  std::remove(path.c_str());
  EXPECT_FALSE(bytes.empty());
  return bytes;
}

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_SIMULATOR_RECORDEDRUN_H

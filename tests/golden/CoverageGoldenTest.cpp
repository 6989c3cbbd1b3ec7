//===- CoverageGoldenTest.cpp - every golden file has its test ------------===//
#include "tests/golden/Golden.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace {

using namespace synfire::test;
namespace fs = std::filesystem;

/// Vector file -> the source file of this folder that reads it.
const std::map<std::string, std::string> &coveringTests() {
  static const std::map<std::string, std::string> tests = {
      {"01_phase_base2", "TrainGoldenTest.cpp"},
      {"02_phase_base_3_2", "TrainGoldenTest.cpp"},
      {"03_mt_H4", "TrainGoldenTest.cpp"},
      {"04_oat", "BanksGoldenTest.cpp"},
      {"05_fs_conventions", "BanksGoldenTest.cpp"},
      {"06_hg_gate", "BanksGoldenTest.cpp"},
      {"07_bitserial_square", "BanksGoldenTest.cpp"},
      {"08_mgpc", "TrainGoldenTest.cpp"},
      {"08b_mgpc_grad", "AccountGoldenTest.cpp"},
      {"09_is_neuron", "StreamedGoldenTest.cpp"},
      {"10_is_as_L_if_substeps", "StreamedGoldenTest.cpp"},
      {"11_qcfs_if", "StreamedGoldenTest.cpp"},
      {"12_srp", "StreamedGoldenTest.cpp"},
      {"13_cos", "StreamedGoldenTest.cpp"},
      {"14_fas", "StreamedGoldenTest.cpp"},
      {"15_stbif", "StreamedGoldenTest.cpp"},
      {"16_saa", "NetworkGoldenTest.cpp"},
      {"17_hadamard", "FrameGoldenTest.cpp"},
      {"18_phi_difference", "FrameGoldenTest.cpp"},
      {"19_softmax_offset", "FrameGoldenTest.cpp"},
      {"20_ecmt", "StreamedGoldenTest.cpp"},
      {"21_ecmt_compensation", "FrameGoldenTest.cpp"},
      {"22_sta", "StreamedGoldenTest.cpp"},
      {"23_single_spike", "TrainGoldenTest.cpp"},
      {"24_wta_softmax", "TrainGoldenTest.cpp"},
      {"25_ttfs", "TrainGoldenTest.cpp"},
      {"26_spikellm", "TrainGoldenTest.cpp"},
      {"27_fixed_point", "NetworkGoldenTest.cpp"},
      {"28_fixed_point_is", "StreamedGoldenTest.cpp"},
      {"29_llama3_8b_counts", "AccountGoldenTest.cpp"},
      {"30_dual_calibration_params", "AccountGoldenTest.cpp"},
      {"31_energy_tiny", "AccountGoldenTest.cpp"},
      {"32_mt_spikes_vs_H", "TrainGoldenTest.cpp"},
      {"33_two_layer_pipeline", "NetworkGoldenTest.cpp"},
  };
  return tests;
}

fs::path sourceFolder() {
  const char *given = std::getenv("SYNFIRE_SOURCE_DIR");
  return fs::path(given ? given : SYNFIRE_SOURCE_DIR) / "tests" / "golden";
}

TEST(GoldenCoverage, EveryNamedTestReadsItsFile) {
  for (const auto &[vector, source] : coveringTests()) {
    std::ifstream file(sourceFolder() / source);
    ASSERT_TRUE(file.good()) << source;
    std::stringstream text;
    text << file.rdbuf();
    EXPECT_NE(text.str().find("\"" + vector + "\")"), std::string::npos)
        << source << " does not read " << vector << ".json";
  }
}

/// A new vector needs a test and a line above.
TEST(GoldenCoverage, EveryVectorHasATest) {
  std::vector<std::string> vectors;
  std::error_code error;
  for (const fs::directory_entry &entry :
       fs::directory_iterator(fs::path(goldenFolder()), error))
    if (entry.path().extension() == ".json")
      vectors.push_back(entry.path().stem().string());
  if (vectors.empty())
    GTEST_SKIP() << "no golden vectors: SYNFIRE_SHARED_DIR/spec/golden is "
                    "absent";
  for (const std::string &vector : vectors)
    EXPECT_EQ(coveringTests().count(vector), 1u)
        << vector << ".json has no covering test";
}

} // namespace

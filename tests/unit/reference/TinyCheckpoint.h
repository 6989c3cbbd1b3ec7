//===- TinyCheckpoint.h - random checkpoints and their oracle ---*- C++ -*-===//
#ifndef SYNFIRE_TESTS_UNIT_REFERENCE_TINYCHECKPOINT_H
#define SYNFIRE_TESTS_UNIT_REFERENCE_TINYCHECKPOINT_H

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace synfire::test {

struct TinyShape {
  std::int64_t hidden = 12, intermediate = 20, layers = 2, heads = 6,
               keyValueHeads = 3, headWidth = 4, vocabulary = 17, context = 40;
  bool tied = false;
  /// A token whose down_proj input in layer 0 has one channel thousands of
  /// times as large as that of any other token; -1: none.
  int outlierToken = -1;
};

/// A directory that is removed with the object, holding config.json and
/// model.safetensors with random float32 weights.
class TinyCheckpoint {
public:
  explicit TinyCheckpoint(const TinyShape &shape, std::uint32_t seed = 1);
  ~TinyCheckpoint();
  TinyCheckpoint(const TinyCheckpoint &) = delete;
  TinyCheckpoint &operator=(const TinyCheckpoint &) = delete;

  const std::string &directory() const { return path; }

  /// Logits of every token by plain loops in double: no cache, no blocks, no
  /// code of the reference. `trace`, if given, receives values by site.
  std::vector<std::vector<double>>
  logits(const std::vector<int> &tokens,
         std::map<std::string, std::vector<double>> *trace = nullptr) const;

private:
  const std::vector<float> &tensor(const std::string &name) const {
    return tensors.at(name);
  }

  TinyShape shape;
  std::string path;
  std::map<std::string, std::vector<float>> tensors;
};

} // namespace synfire::test

#endif // SYNFIRE_TESTS_UNIT_REFERENCE_TINYCHECKPOINT_H

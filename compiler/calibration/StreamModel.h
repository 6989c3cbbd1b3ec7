//===- StreamModel.h - a coded network in floating point --------*- C++ -*-===//
//
// Runs a checkpoint as the compiled network would run it, without integers
// between the sites: rows are tokens x frames and hold cumulative values
// (program.md, P10), functions act on the cumulative value (CONVERSION 2.3),
// and every coded site delivers what its integer unit would. With one frame it
// is a network with fake quantisation; without codings it is the float model.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_CALIBRATION_STREAMMODEL_H
#define SYNFIRE_COMPILER_CALIBRATION_STREAMMODEL_H

#include "compiler/convert/SiteCoding.h"
#include "compiler/import/Checkpoint.h"
#include "compiler/reference/Plan.h"
#include "compiler/reference/Prefix.h"
#include "runtime/support/Status.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace synfire {

struct StreamModelOptions {
  /// Weights of linear layers rounded per output channel as the compiler rounds
  /// them, gains of norms folded in; 0: float.
  int weightBits = 0;
  std::int64_t context = 0; ///< positions; 0: all that the model has
  /// Keys and values, real in every frame, that tokens see in front of them.
  PrefixValues prefix;
};

/// The values of one window of tokens inside one block. A trial holds what a
/// changed unit changes, until it is taken over or dropped.
struct BlockValues {
  struct Value {
    /// Before and after the site's unit; `coded` is empty where there is none.
    std::vector<float> raw, coded;
    const std::vector<float> &read() const {
      return coded.empty() ? raw : coded;
    }
  };
  std::int64_t tokens = 0;
  std::vector<Value> base, trial; ///< by value id
  std::vector<char> inTrial;      ///< by value id

  const std::vector<float> &read(int value) const {
    const auto id = static_cast<std::size_t>(value);
    return (inTrial[id] ? trial : base)[id].read();
  }
  void takeTrial();
  void dropTrial();
};

/// Functions of const objects may run in several threads at once.
class StreamModel {
public:
  using Options = StreamModelOptions;

  /// Fails on a plan whose norms feed anything but linear layers, or that is
  /// not a chain of blocks joined by one value each.
  static Result<std::unique_ptr<StreamModel>>
  create(const ReferencePlan &plan, const Checkpoint &checkpoint,
         const Options &options = {});
  ~StreamModel();
  StreamModel(const StreamModel &) = delete;
  StreamModel &operator=(const StreamModel &) = delete;

  /// How sites are coded from now on; those without a coding stay real.
  Status setPlan(const NetworkPlan &plan);
  /// Another unit for a site that setPlan() coded.
  Status setUnit(const std::string &site, const SiteUnit &unit);

  int frames() const;
  std::int64_t vocabulary() const;
  std::int64_t context() const;
  /// Layers of the transformer and, last, final norm with lm_head.
  std::size_t blocks() const;
  /// The coded sites of a block in the order of their values, those inside
  /// attention excepted.
  std::vector<std::string> codedSites(std::size_t block) const;

  /// The input of block 0: [tokens * frames][width], cumulative. Fails on a
  /// token that the vocabulary does not have and beyond the context.
  Result<std::vector<float>> embed(const std::vector<int> &tokens) const;
  /// Every value of a block from its input rows.
  BlockValues runBlock(std::size_t block, std::vector<float> input) const;
  /// A trial: what changed with the unit of `site`.
  void retry(std::size_t block, const std::string &site,
             BlockValues &values) const;
  /// The output rows of a block, [tokens * frames][width]; of the last block
  /// the logits, [tokens][vocabulary].
  const std::vector<float> &output(std::size_t block,
                                   const BlockValues &values) const;

  /// Logits of every token of a window that starts behind the prefix.
  Result<std::vector<float>> logits(const std::vector<int> &tokens) const;

private:
  struct State;
  explicit StreamModel(std::unique_ptr<State> parts);
  std::unique_ptr<State> state;
};

} // namespace synfire

#endif // SYNFIRE_COMPILER_CALIBRATION_STREAMMODEL_H

//===- Executable.h - a plan laid out in memory -----------------*- C++ -*-===//
//
// What FloatModel runs: weights as float32, values assigned to reused buffers,
// linear steps that read the same value joined into one matrix.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_REFERENCE_EXECUTABLE_H
#define SYNFIRE_COMPILER_REFERENCE_EXECUTABLE_H

#include "compiler/import/Checkpoint.h"
#include "compiler/reference/Kernels.h"
#include "compiler/reference/Plan.h"
#include "compiler/reference/Recorder.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace synfire::reference {

/// Columns [offset, offset + width) of a buffer whose rows are `stride` apart.
struct View {
  int buffer = -1;
  std::int64_t offset = 0, stride = 0, width = 0;
};

/// Cosine and sine of every position, headWidth/2 each.
struct RotaryTable {
  std::int64_t headWidth = 0;
  double theta = 0;
  std::vector<float> cosine, sine;
};

/// The keys and values seen so far, by key/value head: [head][position][d].
struct KeyValueCache {
  std::int64_t headWidth = 0, context = 0;
  std::vector<float> keys, values;
};

struct SiteView {
  std::string site;
  View view;
};

struct Operation {
  StepKind kind = StepKind::Add;
  std::vector<View> operands;
  View result;
  int weight = -1; ///< Embedding, RmsNorm, Linear
  int table = -1;  ///< Rotary: rotary table; Attention: cache
  std::int64_t heads = 0, keyValueHeads = 0;
  std::int64_t headWidth = 0; ///< Rotary, Attention; Hadamard: of a block
  float eps = 0;
  std::vector<SiteView> sites; ///< what the result is recorded at
};

struct Executable {
  std::vector<Operation> operations;
  std::vector<std::int64_t> bufferWidths;
  std::vector<std::shared_ptr<const std::vector<float>>> weights;
  std::vector<RotaryTable> rotaryTables;
  std::vector<KeyValueCache> caches;
  /// Operations from here on treat each token alone and feed only the logits.
  std::size_t tail = 0;
};

/// `context` positions of cache and rotary angles.
Result<Executable> buildExecutable(const ReferencePlan &plan,
                                   const Checkpoint &checkpoint,
                                   std::int64_t context);

/// Scratch of attend(), reused between calls.
struct AttentionScratch {
  std::vector<float> queries, scores, weights, mixed, reciprocals;
};

/// Appends `rows` keys and values at `position` to the cache and computes the
/// attention of as many queries. Records the inner sites if anyone listens.
void attend(const Operation &operation, KeyValueCache &cache, ConstRows query,
            ConstRows key, ConstRows value, Rows out, std::int64_t rows,
            std::int64_t position, AttentionScratch &scratch,
            const Recorder &recorder);

} // namespace synfire::reference

#endif // SYNFIRE_COMPILER_REFERENCE_EXECUTABLE_H

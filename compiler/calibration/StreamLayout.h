//===- StreamLayout.h - a plan cut into blocks, with its weights -*- C++
//-*-===//
#ifndef SYNFIRE_COMPILER_CALIBRATION_STREAMLAYOUT_H
#define SYNFIRE_COMPILER_CALIBRATION_STREAMLAYOUT_H

#include "compiler/import/Checkpoint.h"
#include "compiler/reference/Plan.h"
#include "runtime/support/Status.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace synfire::calibration {

/// Steps [first, last) of a plan that read one value from outside.
struct StreamBlock {
  std::size_t first = 0, last = 0;
  int input = -1, output = -1; ///< value ids
};

/// Cosine and sine of every position, headWidth/2 each.
struct Angles {
  std::vector<float> cosine, sine;
};

struct StreamLayout {
  ReferencePlan plan; ///< step 0 is the embedding
  std::int64_t context = 0;
  std::vector<StreamBlock> blocks;
  /// By step: the embedding as [vocabulary][width], linear layers as
  /// [outputs][inputs] with the gain of the norm that they read; else empty.
  std::vector<std::vector<float>> weights;
  std::vector<std::int64_t> widths; ///< by value
  std::vector<Angles> angles;       ///< by step
};

/// `weightBits` 0: float weights; `context` 0: the plan's.
Result<StreamLayout> makeStreamLayout(const ReferencePlan &plan,
                                      const Checkpoint &checkpoint,
                                      int weightBits, std::int64_t context);

} // namespace synfire::calibration

#endif // SYNFIRE_COMPILER_CALIBRATION_STREAMLAYOUT_H

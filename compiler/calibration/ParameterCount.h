//===- ParameterCount.h - what a dual calibration learns --------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_CALIBRATION_PARAMETERCOUNT_H
#define SYNFIRE_COMPILER_CALIBRATION_PARAMETERCOUNT_H

#include "runtime/support/Status.h"

#include <cstdint>

namespace synfire {

/// The sizes of one decoder layer.
struct LayerShape {
  std::int64_t hidden = 0, intermediate = 0, heads = 0;
};

/// Parameters that the authors' calibration learns in one layer (CONVERSION
/// 4.3): a threshold for each `groupSize` channels of the inputs of q/k/v,
/// o_proj, gate/up and down_proj, one for each head of q, k and v (repeated to
/// `heads`), and one initial membrane for each of the seven populations.
/// `groupSize` -1: one threshold for the whole tensor. Fails if the widths are
/// no multiple of the group.
Result<std::int64_t> calibrationParameters(const LayerShape &shape,
                                           std::int64_t groupSize);

} // namespace synfire

#endif // SYNFIRE_COMPILER_CALIBRATION_PARAMETERCOUNT_H

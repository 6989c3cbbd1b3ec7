//===- ParameterCount.cpp - what a dual calibration learns ----------------===//
#include "compiler/calibration/ParameterCount.h"

#include <fmt/format.h>

namespace synfire {

Result<std::int64_t> calibrationParameters(const LayerShape &shape,
                                           std::int64_t groupSize) {
  constexpr std::int64_t wholeTensor = -1;
  constexpr std::int64_t hiddenTensors = 3; // inputs of q/k/v, o_proj, gate/up
  constexpr std::int64_t headwiseTensors = 3; // q, k, v
  constexpr std::int64_t populations = 7;
  if (shape.hidden <= 0 || shape.intermediate <= 0 || shape.heads <= 0)
    return makeError(fmt::format(
        "a layer of width {}, inner width {} and {} heads has no parameters",
        shape.hidden, shape.intermediate, shape.heads));
  if (groupSize != wholeTensor && groupSize < 1)
    return makeError(
        fmt::format("groups of {} channels, but a group has at least 1, or is "
                    "the whole tensor (-1)",
                    groupSize));
  if (groupSize != wholeTensor &&
      (shape.hidden % groupSize != 0 || shape.intermediate % groupSize != 0))
    return makeError(fmt::format("groups of {} channels do not divide widths "
                                 "{} and {}",
                                 groupSize, shape.hidden, shape.intermediate));
  auto groups = [&](std::int64_t width) {
    return groupSize == wholeTensor ? 1 : width / groupSize;
  };
  return hiddenTensors * groups(shape.hidden) + groups(shape.intermediate) +
         headwiseTensors * shape.heads + populations;
}

} // namespace synfire

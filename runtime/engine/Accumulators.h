//===- Accumulators.h - rows of sums, in any of three types -----*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_ENGINE_ACCUMULATORS_H
#define SYNFIRE_RUNTIME_ENGINE_ACCUMULATORS_H

#include "runtime/engine/Elementwise.h"

#include <cstddef>
#include <cstdint>

namespace synfire {

/// Accumulators of some rows, in whichever type their dendrite sums.
struct Accumulators {
  enum class Type : std::uint8_t { Code, Integer, Double };
  Type type = Type::Integer;
  const void *data = nullptr;
  std::ptrdiff_t stride = 0; ///< elements from row to row

  template <typename T> const T *row(std::size_t index) const {
    return static_cast<const T *>(data) +
           static_cast<std::ptrdiff_t>(index) * stride;
  }
};

/// Requantises a row into sums of several dendrites.
inline void addUp(const Accumulators &acc, std::size_t row, std::size_t count,
                  const Requantisation &how, bool add, std::int64_t *sum) {
  switch (acc.type) {
  case Accumulators::Type::Code:
    return requantise(acc.row<std::int32_t>(row), count, how, add, sum);
  case Accumulators::Type::Integer:
    return requantise(acc.row<std::int64_t>(row), count, how, add, sum);
  case Accumulators::Type::Double:
    return requantise(acc.row<double>(row), count, how, add, sum);
  }
}

/// Requantises a row of the last dendrite and makes membranes.
inline void finish(const Accumulators &acc, std::size_t row, std::size_t count,
                   const Requantisation &how, const std::int64_t *sum,
                   const Bias &bias, std::int32_t *membranes) {
  switch (acc.type) {
  case Accumulators::Type::Code:
    return finishMembranes(acc.row<std::int32_t>(row), count, how, sum, bias,
                           membranes);
  case Accumulators::Type::Integer:
    return finishMembranes(acc.row<std::int64_t>(row), count, how, sum, bias,
                           membranes);
  case Accumulators::Type::Double:
    return finishMembranes(acc.row<double>(row), count, how, sum, bias,
                           membranes);
  }
}

} // namespace synfire

#endif // SYNFIRE_RUNTIME_ENGINE_ACCUMULATORS_H

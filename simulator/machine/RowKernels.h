//===- RowKernels.h - adding rows of synapse memory -------------*- C++ -*-===//
//
// The inner loops of the machine. Rows of one payload are summed in the
// narrowest type that cannot overflow, multiplied by the payload once, and
// added to the wide accumulators.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_ROWKERNELS_H
#define SYNFIRE_SIMULATOR_MACHINE_ROWKERNELS_H

#include <cstddef>
#include <cstdint>

namespace synfire {

/// Rows that may be added into one partial sum of the type that `SumOf` names:
/// 255 x 128 < 2^15 and 65535 x 32768 < 2^31.
template <typename Weight> struct RowSum;
template <> struct RowSum<std::int8_t> {
  using Type = std::int16_t;
  static constexpr std::size_t mostRows = 255;
};
template <> struct RowSum<std::int16_t> {
  using Type = std::int32_t;
  static constexpr std::size_t mostRows = 65535;
};
template <> struct RowSum<std::int32_t> {
  using Type = std::int64_t;
  static constexpr std::size_t mostRows = std::size_t(1) << 31;
};

/// sum[j] += memory[row * stride + j] over `count` rows.
void addRows(const std::int8_t *memory, std::size_t stride,
             const std::int32_t *rows, std::size_t count, std::size_t columns,
             std::int16_t *sum);
void addRows(const std::int16_t *memory, std::size_t stride,
             const std::int32_t *rows, std::size_t count, std::size_t columns,
             std::int32_t *sum);
void addRows(const std::int32_t *memory, std::size_t stride,
             const std::int32_t *rows, std::size_t count, std::size_t columns,
             std::int64_t *sum);

/// As addRows, but subtracts.
void subtractRows(const std::int8_t *memory, std::size_t stride,
                  const std::int32_t *rows, std::size_t count,
                  std::size_t columns, std::int16_t *sum);
void subtractRows(const std::int16_t *memory, std::size_t stride,
                  const std::int32_t *rows, std::size_t count,
                  std::size_t columns, std::int32_t *sum);
void subtractRows(const std::int32_t *memory, std::size_t stride,
                  const std::int32_t *rows, std::size_t count,
                  std::size_t columns, std::int64_t *sum);

/// accumulators[j] += payload * sum[j]; sum[j] = 0.
void flush(std::int16_t *sum, std::size_t columns, std::int32_t payload,
           std::int64_t *accumulators);
void flush(std::int32_t *sum, std::size_t columns, std::int32_t payload,
           std::int64_t *accumulators);
void flush(std::int64_t *sum, std::size_t columns, std::int32_t payload,
           std::int64_t *accumulators);
/// accumulators[j] += sum[j]; sum[j] = 0.
void flush(std::int16_t *sum, std::size_t columns, std::int32_t *accumulators);

/// accumulators[j] += payloads[r] * memory[rows[r] * stride + j] over `count`
/// rows.
void addScaledRows(const std::int8_t *memory, std::size_t stride,
                   const std::int32_t *rows, const std::int32_t *payloads,
                   std::size_t count, std::size_t columns,
                   std::int64_t *accumulators);
void addScaledRows(const std::int16_t *memory, std::size_t stride,
                   const std::int32_t *rows, const std::int32_t *payloads,
                   std::size_t count, std::size_t columns,
                   std::int64_t *accumulators);
void addScaledRows(const std::int32_t *memory, std::size_t stride,
                   const std::int32_t *rows, const std::int32_t *payloads,
                   std::size_t count, std::size_t columns,
                   std::int64_t *accumulators);

/// accumulators[j] += payload * words[j].
void addScaled(const std::int32_t *words, std::size_t count,
               std::int32_t payload, std::int64_t *accumulators);

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_ROWKERNELS_H

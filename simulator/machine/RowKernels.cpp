//===- RowKernels.cpp - adding rows of synapse memory ---------------------===//
#include "simulator/machine/RowKernels.h"

#include "runtime/support/Simd.h"

namespace synfire {
namespace {

/// Rows joined in one pass over the partial sums, so that a sum is loaded and
/// stored once for that many weights.
constexpr std::size_t rowsPerPass = 8;
/// The same for rows with a factor each, whose sums are wide.
constexpr std::size_t scaledRowsPerPass = 4;

// Always inlined: only then does a body take on the instruction set of the
// multiversioned function around it.
template <int Sign, typename Weight, typename Sum>
[[gnu::always_inline]] inline void
accumulate(const Weight *memory, std::size_t stride, const std::int32_t *rows,
           std::size_t count, std::size_t columns, Sum *__restrict sum) {
  std::size_t i = 0;
  for (; i + rowsPerPass <= count; i += rowsPerPass) {
    const Weight *a = memory + static_cast<std::size_t>(rows[i]) * stride;
    const Weight *b = memory + static_cast<std::size_t>(rows[i + 1]) * stride;
    const Weight *c = memory + static_cast<std::size_t>(rows[i + 2]) * stride;
    const Weight *d = memory + static_cast<std::size_t>(rows[i + 3]) * stride;
    const Weight *e = memory + static_cast<std::size_t>(rows[i + 4]) * stride;
    const Weight *f = memory + static_cast<std::size_t>(rows[i + 5]) * stride;
    const Weight *g = memory + static_cast<std::size_t>(rows[i + 6]) * stride;
    const Weight *h = memory + static_cast<std::size_t>(rows[i + 7]) * stride;
    for (std::size_t j = 0; j < columns; ++j)
      sum[j] = static_cast<Sum>(
          sum[j] + Sign * (Sum(a[j]) + Sum(b[j]) + Sum(c[j]) + Sum(d[j]) +
                           Sum(e[j]) + Sum(f[j]) + Sum(g[j]) + Sum(h[j])));
  }
  for (; i < count; ++i) {
    const Weight *a = memory + static_cast<std::size_t>(rows[i]) * stride;
    for (std::size_t j = 0; j < columns; ++j)
      sum[j] = static_cast<Sum>(sum[j] + Sign * Sum(a[j]));
  }
}

template <typename Sum>
[[gnu::always_inline]] inline void
flushInto(Sum *__restrict sum, std::size_t columns, std::int32_t payload,
          std::int64_t *__restrict accumulators) {
  for (std::size_t j = 0; j < columns; ++j) {
    accumulators[j] += std::int64_t(sum[j]) * payload;
    sum[j] = 0;
  }
}

template <typename Weight>
[[gnu::always_inline]] inline void
accumulateScaled(const Weight *memory, std::size_t stride,
                 const std::int32_t *rows, const std::int32_t *payloads,
                 std::size_t count, std::size_t columns,
                 std::int64_t *__restrict accumulators) {
  auto row = [&](std::size_t i) {
    return memory + static_cast<std::size_t>(rows[i]) * stride;
  };
  std::size_t i = 0;
  for (; i + scaledRowsPerPass <= count; i += scaledRowsPerPass) {
    const Weight *a = row(i), *b = row(i + 1), *c = row(i + 2), *d = row(i + 3);
    const std::int64_t pa = payloads[i], pb = payloads[i + 1],
                       pc = payloads[i + 2], pd = payloads[i + 3];
    for (std::size_t j = 0; j < columns; ++j)
      accumulators[j] += pa * a[j] + pb * b[j] + pc * c[j] + pd * d[j];
  }
  for (; i < count; ++i) {
    const Weight *a = row(i);
    const std::int64_t pa = payloads[i];
    for (std::size_t j = 0; j < columns; ++j)
      accumulators[j] += pa * a[j];
  }
}

} // namespace

SYNFIRE_MULTIVERSION
void addRows(const std::int8_t *memory, std::size_t stride,
             const std::int32_t *rows, std::size_t count, std::size_t columns,
             std::int16_t *sum) {
  accumulate<1>(memory, stride, rows, count, columns, sum);
}

SYNFIRE_MULTIVERSION
void addRows(const std::int16_t *memory, std::size_t stride,
             const std::int32_t *rows, std::size_t count, std::size_t columns,
             std::int32_t *sum) {
  accumulate<1>(memory, stride, rows, count, columns, sum);
}

SYNFIRE_MULTIVERSION
void addRows(const std::int32_t *memory, std::size_t stride,
             const std::int32_t *rows, std::size_t count, std::size_t columns,
             std::int64_t *sum) {
  accumulate<1>(memory, stride, rows, count, columns, sum);
}

SYNFIRE_MULTIVERSION
void subtractRows(const std::int8_t *memory, std::size_t stride,
                  const std::int32_t *rows, std::size_t count,
                  std::size_t columns, std::int16_t *sum) {
  accumulate<-1>(memory, stride, rows, count, columns, sum);
}

SYNFIRE_MULTIVERSION
void subtractRows(const std::int16_t *memory, std::size_t stride,
                  const std::int32_t *rows, std::size_t count,
                  std::size_t columns, std::int32_t *sum) {
  accumulate<-1>(memory, stride, rows, count, columns, sum);
}

SYNFIRE_MULTIVERSION
void subtractRows(const std::int32_t *memory, std::size_t stride,
                  const std::int32_t *rows, std::size_t count,
                  std::size_t columns, std::int64_t *sum) {
  accumulate<-1>(memory, stride, rows, count, columns, sum);
}

SYNFIRE_MULTIVERSION
void flush(std::int16_t *sum, std::size_t columns, std::int32_t payload,
           std::int64_t *accumulators) {
  flushInto(sum, columns, payload, accumulators);
}

SYNFIRE_MULTIVERSION
void flush(std::int32_t *sum, std::size_t columns, std::int32_t payload,
           std::int64_t *accumulators) {
  flushInto(sum, columns, payload, accumulators);
}

SYNFIRE_MULTIVERSION
void flush(std::int64_t *sum, std::size_t columns, std::int32_t payload,
           std::int64_t *accumulators) {
  flushInto(sum, columns, payload, accumulators);
}

SYNFIRE_MULTIVERSION
void flush(std::int16_t *sum, std::size_t columns, std::int32_t *accumulators) {
  for (std::size_t j = 0; j < columns; ++j) {
    accumulators[j] += sum[j];
    sum[j] = 0;
  }
}

SYNFIRE_MULTIVERSION
void addScaledRows(const std::int8_t *memory, std::size_t stride,
                   const std::int32_t *rows, const std::int32_t *payloads,
                   std::size_t count, std::size_t columns,
                   std::int64_t *accumulators) {
  accumulateScaled(memory, stride, rows, payloads, count, columns,
                   accumulators);
}

SYNFIRE_MULTIVERSION
void addScaledRows(const std::int16_t *memory, std::size_t stride,
                   const std::int32_t *rows, const std::int32_t *payloads,
                   std::size_t count, std::size_t columns,
                   std::int64_t *accumulators) {
  accumulateScaled(memory, stride, rows, payloads, count, columns,
                   accumulators);
}

SYNFIRE_MULTIVERSION
void addScaledRows(const std::int32_t *memory, std::size_t stride,
                   const std::int32_t *rows, const std::int32_t *payloads,
                   std::size_t count, std::size_t columns,
                   std::int64_t *accumulators) {
  accumulateScaled(memory, stride, rows, payloads, count, columns,
                   accumulators);
}

SYNFIRE_MULTIVERSION
void addScaled(const std::int32_t *words, std::size_t count,
               std::int32_t payload, std::int64_t *accumulators) {
  for (std::size_t j = 0; j < count; ++j)
    accumulators[j] += std::int64_t(words[j]) * payload;
}

} // namespace synfire

//===- SiteCoder.cpp - what a site's train delivers -----------------------===//
#include "compiler/calibration/SiteCoder.h"

#include "compiler/convert/Tables.h"
#include "runtime/neuron/Row.h"
#include "runtime/support/Simd.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <vector>

namespace synfire {
namespace {

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

/// P4: rounded half up, limited to 32 bits.
SYNFIRE_MULTIVERSION
void toMembranes(const float *values, std::int64_t count, double inverseScale,
                 const double *channels, std::int32_t *membranes) {
  constexpr double limit = 2147483647;
  for (std::int64_t i = 0; i < count; ++i) {
    double scaled = __builtin_floor(
        static_cast<double>(values[i]) * inverseScale / channels[i] + 0.5);
    scaled = scaled > limit ? limit : scaled;
    scaled = scaled < -limit ? -limit : scaled;
    membranes[i] = static_cast<std::int32_t>(scaled);
  }
}

SYNFIRE_MULTIVERSION
void toValues(const std::int32_t *codes, std::int64_t count, double scale,
              const double *channels, float *values) {
  for (std::int64_t i = 0; i < count; ++i)
    values[i] = static_cast<float>(codes[i] * scale * channels[i]);
}

/// What the units of membrane and code are worth.
struct Scales {
  double membrane = 1, code = 1;
  std::vector<double> channel; ///< empty: 1
};

/// Between real values and the integers of a unit.
class UnitCoder : public SiteCoder {
public:
  UnitCoder(Scales realScales, int frameCount)
      : frames(frameCount), scales(std::move(realScales)) {}

  void code(const CodedRows &rows) const override {
    const std::int64_t lines = rows.tokens * frames;
    std::vector<std::int32_t> membranes(index(lines * rows.width));
    std::vector<std::int32_t> codes(membranes.size());
    const std::vector<double> channels = factors(rows.width);
    for (std::int64_t line = 0; line < lines; ++line)
      toMembranes(rows.in + line * rows.inStride, rows.width,
                  1 / scales.membrane, channels.data(),
                  membranes.data() + line * rows.width);
    run(membranes.data(), codes.data(), rows.tokens, rows.width);
    for (std::int64_t line = 0; line < lines; ++line)
      toValues(codes.data() + line * rows.width, rows.width, scales.code,
               channels.data(), rows.out + line * rows.outStride);
  }

protected:
  /// Dense rows [tokens * frames][width].
  virtual void run(const std::int32_t *membranes, std::int32_t *codes,
                   std::int64_t tokens, std::int64_t width) const = 0;

  const int frames;

private:
  std::vector<double> factors(std::int64_t width) const {
    std::vector<double> result(index(width), 1.0);
    for (std::size_t i = 0; i < result.size() && !scales.channel.empty(); ++i)
      result[i] = scales.channel[i % scales.channel.size()];
    return result;
  }

  const Scales scales;
};

/// Units that see the whole input at once.
class OneShotCoder : public UnitCoder {
public:
  OneShotCoder(std::unique_ptr<RowUnit> rowUnit, Scales realScales)
      : UnitCoder(std::move(realScales), 1), unit(std::move(rowUnit)) {}

private:
  void run(const std::int32_t *membranes, std::int32_t *codes,
           std::int64_t tokens, std::int64_t width) const override {
    RowBatch batch;
    batch.membranes = membranes;
    batch.codes = codes;
    batch.membraneStride = batch.codeStride = width;
    batch.rows = index(tokens);
    batch.count = index(width);
    RowCounts ignored;
    unit->runRows(batch, ignored);
  }

  std::unique_ptr<RowUnit> unit;
};

class StreamedCoder : public UnitCoder {
public:
  StreamedCoder(std::unique_ptr<StreamUnit> streamUnit, Scales realScales,
                int frameCount)
      : UnitCoder(std::move(realScales), frameCount),
        unit(std::move(streamUnit)) {}

private:
  void run(const std::int32_t *membranes, std::int32_t *codes,
           std::int64_t tokens, std::int64_t width) const override {
    StreamBatch batch;
    batch.membranes = membranes;
    batch.codes = codes;
    batch.membraneStride = batch.codeStride = frames * width;
    batch.membraneFrameStride = batch.codeFrameStride = width;
    batch.rows = index(tokens);
    batch.count = index(width);
    batch.frames = frames;
    RowCounts ignored;
    unit->run(batch, ignored);
  }

  std::unique_ptr<StreamUnit> unit;
};

/// The digital unit's rounding.
class NumberCoder : public SiteCoder {
public:
  NumberCoder(const NumberUnit &number, int frameCount)
      : unit(std::ldexp(number.fullScale, -number.bits)),
        limit(std::ldexp(1.0, number.bits)), frames(frameCount) {}

  void code(const CodedRows &rows) const override {
    for (std::int64_t row = 0; row < rows.tokens * frames; ++row) {
      const float *in = rows.in + row * rows.inStride;
      float *out = rows.out + row * rows.outStride;
      for (std::int64_t i = 0; i < rows.width; ++i)
        out[i] = static_cast<float>(
            std::clamp(std::floor(static_cast<double>(in[i]) / unit + 0.5),
                       -limit, limit) *
            unit);
    }
  }

private:
  double unit, limit;
  int frames;
};

Result<std::unique_ptr<SiteCoder>> makeOneShot(const NeuronConfig &config,
                                               Scales scales) {
  std::unique_ptr<RowUnit> unit = makeRowUnit(config);
  if (!unit)
    return makeError("not supported: a streamed neuron in a network of one "
                     "frame");
  return std::unique_ptr<SiteCoder>(
      new OneShotCoder(std::move(unit), std::move(scales)));
}

Result<std::unique_ptr<SiteCoder>> make(const TableUnit &unit, int frames) {
  SYNFIRE_TRY(verify(unit.config));
  if (!(unit.membraneScale > 0) || !(unit.codeScale > 0))
    return makeError(
        fmt::format("membrane scale {} and code scale {} must be positive",
                    unit.membraneScale, unit.codeScale));
  for (double factor : unit.channelScale)
    if (!(factor > 0))
      return makeError(fmt::format("channel scale {} is not positive", factor));
  Scales scales{unit.membraneScale, unit.codeScale, unit.channelScale};
  if (frames == 1)
    return makeOneShot(unit.config, std::move(scales));
  if (unit.config.input != InputMode::Streamed)
    return makeError(fmt::format(
        "not supported: a one-shot neuron in a network of {} frames", frames));
  if (unit.config.steps % frames != 0)
    return makeError(fmt::format("{} steps are no multiple of {} frames",
                                 unit.config.steps, frames));
  std::unique_ptr<StreamUnit> streamed = makeStreamUnit(unit.config);
  return std::unique_ptr<SiteCoder>(
      new StreamedCoder(std::move(streamed), std::move(scales), frames));
}

Result<std::unique_ptr<SiteCoder>> make(const PhaseUnit &unit, int frames) {
  if (frames != 1)
    return makeError(fmt::format(
        "not supported: a phase code in a network of {} frames", frames));
  if (!(unit.threshold > 0))
    return makeError(
        fmt::format("threshold {} is not positive", unit.threshold));
  SYNFIRE_ASSIGN(const int guardBits,
                 chooseGuardBits(unit.steps, unit.levels, unit.outlierShift));
  SYNFIRE_ASSIGN(const NeuronConfig config,
                 makePhaseTable(unit.steps, unit.levels, unit.outlierShift,
                                guardBits, unit.rounding));
  Scales scales;
  scales.code = std::ldexp(unit.threshold / unit.levels, -unit.steps);
  scales.membrane = std::ldexp(scales.code, -guardBits);
  return makeOneShot(config, std::move(scales));
}

Result<std::unique_ptr<SiteCoder>> make(const NumberUnit &unit, int frames) {
  if (unit.bits < 2 || unit.bits > 24 || !(unit.fullScale > 0))
    return makeError(fmt::format(
        "a number of {} bits and full scale {} (2 to 24 bits, positive)",
        unit.bits, unit.fullScale));
  return std::unique_ptr<SiteCoder>(new NumberCoder(unit, frames));
}

} // namespace

Result<std::unique_ptr<SiteCoder>> makeSiteCoder(const SiteUnit &unit,
                                                 int frames) {
  return std::visit(
      [&](const auto &particular) { return make(particular, frames); }, unit);
}

} // namespace synfire

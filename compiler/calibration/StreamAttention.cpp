//===- StreamAttention.cpp - causal attention of streamed tokens ----------===//
#include "compiler/calibration/StreamSteps.h"
#include "compiler/reference/Kernels.h"

#include <algorithm>
#include <cblas.h>
#include <cmath>

namespace synfire::calibration {

namespace {

/// Queries of a block share the keys up to the block's end.
constexpr std::int64_t blockTokens = 32;

/// One head of one block of tokens.
class HeadBlock {
public:
  HeadBlock(const StreamForm &streamForm, const InnerCoders &innerCoders,
            std::int64_t headWidth, std::int64_t queryStride,
            std::int64_t keyStride)
      : form(streamForm), inner(innerCoders), frames(streamForm.frames),
        d(headWidth), queryWidth(queryStride), keyWidth(keyStride) {}

  /// Pointers are those of the head in the first row.
  void run(const float *queries, const float *keys, const float *values,
           float *out, std::int64_t begin, std::int64_t tokens) {
    first = begin;
    count = tokens;
    width = begin + tokens;
    scores.resize(size(count * frames * width));
    sums.resize(size(count * frames));
    mixed.resize(size(count * frames * d));
    score(queries, keys);
    for (std::int64_t token = 0; token < count; ++token)
      soften(token);
    mix(values);
    finish(out);
  }

private:
  static std::size_t size(std::int64_t entries) {
    return static_cast<std::size_t>(entries);
  }
  float *line(std::int64_t row) { return scores.data() + row * width; }
  /// The row of a token's last frame among rows of all tokens.
  std::int64_t lastFrame() const { return (frames - 1) * keyWidth; }

  void score(const float *queries, const float *keys) {
    const float scale = 1.0f / std::sqrt(static_cast<float>(d));
    const float *own = queries + first * frames * queryWidth;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans,
                static_cast<int>(count * frames), static_cast<int>(width),
                static_cast<int>(d), scale, own, static_cast<int>(queryWidth),
                keys + lastFrame(), static_cast<int>(frames * keyWidth), 0.0f,
                scores.data(), static_cast<int>(width));
    for (std::int64_t row = 0; row < count * frames; ++row) {
      const float *query = own + row * queryWidth;
      const float *key = keys + (first * frames + row) * keyWidth;
      float sum = 0;
      for (std::int64_t i = 0; i < d; ++i)
        sum += query[i] * key[i];
      line(row)[first + row / frames] = sum * scale;
    }
  }

  float part(std::int64_t frame) const {
    return form.compensated
               ? static_cast<float>(frame + 1) / static_cast<float>(frames)
               : 1.0f;
  }

  /// Scores to weights (digital) or exponentials of all frames of a token.
  void soften(std::int64_t token) {
    const std::int64_t allowed = first + token + 1;
    const std::int64_t top = token * frames;
    for (std::int64_t frame = 0; frame < frames; ++frame) {
      float *x = line(top + frame);
      const float estimate = 1 / part(frame);
      if (estimate != 1)
        for (std::int64_t i = 0; i < allowed; ++i)
          x[i] *= estimate;
      const float largest = reference::maximum(x, allowed);
      if (inner.exponential && inner.firesExponential)
        for (std::int64_t i = 0; i < allowed; ++i)
          x[i] -= largest;
      else
        reference::exponentials(x, allowed, largest);
      std::fill(x + allowed, x + width, 0.0f);
    }
    if (inner.exponential)
      inner.exponential->code({line(top), width, line(top), width, 1, allowed});
    for (std::int64_t frame = 0; frame < frames; ++frame) {
      float *x = line(top + frame);
      float sum = 0;
      for (std::int64_t i = 0; i < allowed; ++i)
        sum += x[i];
      sums[size(top + frame)] = sum;
      if (form.digital) {
        const float factor = sum > 0 ? part(frame) / sum : 0;
        for (std::int64_t i = 0; i < allowed; ++i)
          x[i] *= factor;
      }
    }
    if (form.digital && inner.weights)
      inner.weights->code({line(top), width, line(top), width, 1, allowed});
  }

  void mix(const float *values) {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans,
                static_cast<int>(count * frames), static_cast<int>(d),
                static_cast<int>(width), 1.0f, scores.data(),
                static_cast<int>(width), values + lastFrame(),
                static_cast<int>(frames * keyWidth), 0.0f, mixed.data(),
                static_cast<int>(d));
    for (std::int64_t row = 0; row < count * frames; ++row) {
      const std::int64_t token = row / frames;
      const float weight = line(row)[first + token];
      const float *mine = values + (first * frames + row) * keyWidth;
      const float *final =
          values + (first + token) * frames * keyWidth + lastFrame();
      for (std::int64_t i = 0; i < d; ++i)
        mixed[size(row * d + i)] += weight * (mine[i] - final[i]);
    }
  }

  void finish(float *out) {
    if (!form.digital) {
      if (inner.mix)
        inner.mix->code({mixed.data(), d, mixed.data(), d, count, d});
      for (float &sum : sums)
        sum = sum > 0 ? 1 / sum : 0;
      if (inner.reciprocal)
        inner.reciprocal->code({sums.data(), 1, sums.data(), 1, count, 1});
    }
    for (std::int64_t row = 0; row < count * frames; ++row) {
      const float factor = form.digital ? 1 : sums[size(row)];
      for (std::int64_t i = 0; i < d; ++i)
        out[(first * frames + row) * queryWidth + i] =
            mixed[size(row * d + i)] * factor;
    }
  }

  const StreamForm &form;
  const InnerCoders &inner;
  const std::int64_t frames, d, queryWidth, keyWidth;
  std::int64_t first = 0, count = 0, width = 0;
  std::vector<float> scores, sums, mixed;
};

} // namespace

void streamAttention(const StreamForm &form, const InnerCoders &inner,
                     const ReferenceStep &step, const float *queries,
                     const float *keys, const float *values, float *out,
                     std::int64_t tokens) {
  const std::int64_t d = step.headWidth;
  const std::int64_t perKey = step.heads / step.keyValueHeads;
  HeadBlock block(form, inner, d, step.heads * d, step.keyValueHeads * d);
  for (std::int64_t head = 0; head < step.heads; ++head)
    for (std::int64_t begin = 0; begin < tokens; begin += blockTokens)
      block.run(queries + head * d, keys + head / perKey * d,
                values + head / perKey * d, out + head * d, begin,
                std::min(blockTokens, tokens - begin));
}

} // namespace synfire::calibration

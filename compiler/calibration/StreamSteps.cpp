//===- StreamSteps.cpp - one step of a plan on cumulative rows ------------===//
#include "compiler/calibration/StreamSteps.h"

#include "compiler/reference/Kernels.h"

#include <algorithm>
#include <cblas.h>
#include <cmath>

namespace synfire::calibration {

namespace {

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

/// CONVERSION 6.9: a function sees the estimate of the whole from the part that
/// has come, and gives the same part of its result.
float part(const StreamForm &form, int frame) {
  return form.compensated
             ? static_cast<float>(frame + 1) / static_cast<float>(form.frames)
             : 1.0f;
}

/// Rows of `width` values in place.
void apply(const SiteCoder *coder, float *data, std::int64_t tokens,
           std::int64_t width) {
  if (coder)
    coder->code({data, width, data, width, tokens, width});
}

} // namespace

void streamNorm(const StreamForm &form, const InnerCoders &inner, StepRows x,
                float *out, std::int64_t tokens, float eps) {
  const std::int64_t rows = tokens * form.frames, width = x.width;
  std::vector<float> squares(index(rows * width)), inverse(index(rows));
  for (std::int64_t row = 0; row < rows; ++row) {
    const float estimate = 1 / part(form, static_cast<int>(row % form.frames));
    for (std::int64_t i = 0; i < width; ++i) {
      const float value = x.data[row * width + i] * estimate;
      squares[index(row * width + i)] = value * value;
    }
  }
  apply(inner.square, squares.data(), tokens, width);
  for (std::int64_t row = 0; row < rows; ++row) {
    double sum = 0;
    for (std::int64_t i = 0; i < width; ++i)
      sum += static_cast<double>(squares[index(row * width + i)]);
    inverse[index(row)] =
        1 /
        std::sqrt(static_cast<float>(sum / static_cast<double>(width)) + eps);
  }
  apply(inner.inverseRoot, inverse.data(), tokens, 1);
  for (std::int64_t row = 0; row < rows; ++row)
    for (std::int64_t i = 0; i < width; ++i)
      out[row * width + i] = x.data[row * width + i] * inverse[index(row)];
}

void streamRotary(const StreamForm &form, StepRows x, float *out,
                  std::int64_t tokens, std::int64_t headWidth,
                  const float *cosine, const float *sine) {
  const std::int64_t stride = form.frames * x.width;
  for (std::int64_t frame = 0; frame < form.frames; ++frame)
    reference::rotate({x.data + frame * x.width, stride},
                      {out + frame * x.width, stride}, tokens,
                      x.width / headWidth, headWidth, cosine, sine);
}

void streamSilu(const StreamForm &form, StepRows x, float *out,
                std::int64_t tokens) {
  const std::int64_t stride = form.frames * x.width;
  for (int frame = 0; frame < form.frames; ++frame) {
    const float share = part(form, frame);
    const float *from = x.data + frame * x.width;
    float *to = out + frame * x.width;
    if (share != 1) {
      for (std::int64_t token = 0; token < tokens; ++token)
        for (std::int64_t i = 0; i < x.width; ++i)
          to[token * stride + i] = from[token * stride + i] / share;
      from = to;
    }
    reference::silu({from, stride}, {to, stride}, tokens, x.width);
    if (share != 1)
      for (std::int64_t token = 0; token < tokens; ++token)
        for (std::int64_t i = 0; i < x.width; ++i)
          to[token * stride + i] *= share;
  }
}

void streamLinear(const float *x, std::int64_t stride, std::int64_t rows,
                  const std::vector<float> &matrix, std::int64_t inputs,
                  std::int64_t outputs, float *out) {
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, static_cast<int>(rows),
              static_cast<int>(outputs), static_cast<int>(inputs), 1.0f, x,
              static_cast<int>(stride), matrix.data(), static_cast<int>(inputs),
              0.0f, out, static_cast<int>(outputs));
}

} // namespace synfire::calibration

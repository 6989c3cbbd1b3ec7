//===- Attention.cpp - causal attention in blocks -------------------------===//
#include "compiler/reference/Executable.h"

#include <algorithm>
#include <cblas.h>
#include <cmath>

namespace synfire::reference {

namespace {

/// Queries of a block share the keys up to the block's end, so a smaller block
/// wastes less above the diagonal and a larger one makes better matrix
/// products.
constexpr std::int64_t blockTokens = 32;

void appendToCache(KeyValueCache &cache, std::int64_t heads, ConstRows key,
                   ConstRows value, std::int64_t rows, std::int64_t position) {
  const std::int64_t d = cache.headWidth;
  for (std::int64_t head = 0; head < heads; ++head)
    for (std::int64_t row = 0; row < rows; ++row) {
      const std::int64_t slot = (head * cache.context + position + row) * d;
      std::copy_n(key.data + row * key.stride + head * d, d,
                  cache.keys.data() + slot);
      std::copy_n(value.data + row * value.stride + head * d, d,
                  cache.values.data() + slot);
    }
}

/// The inner sites of one attention step.
struct InnerSites {
  SiteRecorder scores, exp, sum, reciprocal, weights, mix;
};

} // namespace

void attend(const Operation &operation, KeyValueCache &cache, ConstRows query,
            ConstRows key, ConstRows value, Rows out, std::int64_t rows,
            std::int64_t position, AttentionScratch &scratch,
            const Recorder &recorder) {
  const std::int64_t d = operation.headWidth;
  const std::int64_t perKey = operation.heads / operation.keyValueHeads;
  appendToCache(cache, operation.keyValueHeads, key, value, rows, position);

  const std::string site =
      operation.sites.empty() ? "" : operation.sites.front().site;
  auto inner = [&](const char *name) {
    return recorder.at(siblingSite(site, name));
  };
  const bool record = recorder && !site.empty();
  const InnerSites sites =
      record ? InnerSites{inner("scores"),     inner("exp"),     inner("sum"),
                          inner("reciprocal"), inner("weights"), inner("mix")}
             : InnerSites{};

  const std::int64_t block = std::min(rows, blockTokens);
  scratch.queries.resize(static_cast<std::size_t>(block * perKey * d));
  scratch.mixed.resize(static_cast<std::size_t>(block * perKey * d));
  scratch.reciprocals.resize(static_cast<std::size_t>(block * perKey));
  scratch.scores.resize(
      static_cast<std::size_t>(block * perKey * (position + rows)));
  if (record)
    scratch.weights.resize(static_cast<std::size_t>(position + rows));
  float *scores = scratch.scores.data();
  float *mixed = scratch.mixed.data();
  const float scale = 1.0f / std::sqrt(static_cast<float>(d));

  for (std::int64_t head = 0; head < operation.keyValueHeads; ++head) {
    const float *keys = cache.keys.data() + head * cache.context * d;
    const float *values = cache.values.data() + head * cache.context * d;
    for (std::int64_t begin = 0; begin < rows; begin += block) {
      const std::int64_t tokens = std::min(block, rows - begin);
      const std::int64_t width = position + begin + tokens;
      const std::int64_t lines = tokens * perKey;
      for (std::int64_t token = 0; token < tokens; ++token)
        std::copy_n(query.data + (begin + token) * query.stride +
                        head * perKey * d,
                    perKey * d, scratch.queries.data() + token * perKey * d);
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans,
                  static_cast<int>(lines), static_cast<int>(width),
                  static_cast<int>(d), scale, scratch.queries.data(),
                  static_cast<int>(d), keys, static_cast<int>(d), 0.0f, scores,
                  static_cast<int>(width));
      for (std::int64_t line = 0; line < lines; ++line) {
        float *row = scores + line * width;
        const std::int64_t allowed = position + begin + line / perKey + 1;
        const std::int64_t queryHead = head * perKey + line % perKey;
        if (record)
          sites.scores.addToChannel(queryHead, row, allowed);
        const float sum = exponentials(row, allowed, maximum(row, allowed));
        std::fill(row + allowed, row + width, 0.0f);
        const float reciprocal = 1.0f / sum;
        scratch.reciprocals[static_cast<std::size_t>(line)] = reciprocal;
        if (record) {
          sites.exp.addToChannel(queryHead, row, allowed);
          sites.sum.addToChannel(queryHead, &sum, 1);
          sites.reciprocal.addToChannel(queryHead, &reciprocal, 1);
          float *weights = scratch.weights.data();
          for (std::int64_t i = 0; i < allowed; ++i)
            weights[i] = row[i] * reciprocal;
          sites.weights.addToChannel(queryHead, weights, allowed);
        }
      }
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans,
                  static_cast<int>(lines), static_cast<int>(d),
                  static_cast<int>(width), 1.0f, scores,
                  static_cast<int>(width), values, static_cast<int>(d), 0.0f,
                  mixed, static_cast<int>(d));
      for (std::int64_t line = 0; line < lines; ++line) {
        const float *from = mixed + line * d;
        const std::int64_t queryHead = head * perKey + line % perKey;
        float *to =
            out.data + (begin + line / perKey) * out.stride + queryHead * d;
        const float factor =
            scratch.reciprocals[static_cast<std::size_t>(line)];
        for (std::int64_t i = 0; i < d; ++i)
          to[i] = from[i] * factor;
        if (record)
          for (std::int64_t i = 0; i < d; ++i)
            sites.mix.addToChannel(queryHead * d + i, from + i, 1);
      }
    }
  }
}

} // namespace synfire::reference

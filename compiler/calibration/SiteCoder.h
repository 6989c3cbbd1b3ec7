//===- SiteCoder.h - what a site's train delivers ---------------*- C++ -*-===//
//
// Real values in, the real values that the integer unit of the site delivers
// out: membranes are rounded as the compiled network rounds them, then the unit
// itself runs.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_CALIBRATION_SITECODER_H
#define SYNFIRE_COMPILER_CALIBRATION_SITECODER_H

#include "compiler/convert/SiteCoding.h"
#include "runtime/support/Status.h"

#include <cstdint>
#include <memory>

namespace synfire {

/// Values of a run of tokens: row token * frames + frame, `width` values each,
/// rows `stride` apart. Rows hold cumulative values: what has come in all
/// frames up to theirs.
struct CodedRows {
  const float *in = nullptr;
  std::int64_t inStride = 0;
  float *out = nullptr;
  std::int64_t outStride = 0;
  std::int64_t tokens = 0, width = 0;
};

/// Immutable, so that threads share it.
class SiteCoder {
public:
  virtual ~SiteCoder() = default;
  /// In place is allowed.
  virtual void code(const CodedRows &rows) const = 0;
};

/// Fails on a unit that cannot run in `frames` frames (program.md, P11).
Result<std::unique_ptr<SiteCoder>> makeSiteCoder(const SiteUnit &unit,
                                                 int frames);

} // namespace synfire

#endif // SYNFIRE_COMPILER_CALIBRATION_SITECODER_H

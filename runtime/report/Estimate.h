//===- Estimate.h - counts and energy from shapes alone ---------*- C++ -*-===//
//
// What a network costs before there are weights: multiply-accumulates and
// memory traffic of the original, and additions of a spiking version under an
// assumed number of spikes per value. Attention is the full S x S product, as
// the papers' presets have it.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_REPORT_ESTIMATE_H
#define SYNFIRE_RUNTIME_REPORT_ESTIMATE_H

#include "runtime/report/AnnBaseline.h"
#include "runtime/report/ModelShape.h"
#include "runtime/support/Status.h"

#include <cstdint>
#include <string>

namespace synfire {

struct EstimateOptions {
  std::uint64_t sequence = 512;
  int steps = 16; ///< T
  int weightBits = 8;
  /// r; 0: T / 3, which meets what is known of phase codes: 5.27 at T = 16
  /// (LAS's energy table at H = 1) and 2.15 at T = 6 (a Gaussian, full scale at
  /// 4.3 sigma).
  double spikesPerValue = 0;
  std::string method = "phase"; ///< code of the quantised network's activations
};

/// A spiking version: r spikes per value drive what the original multiplies.
struct SnnWork {
  double linear = 0, lmHead = 0, attention = 0; ///< additions
  double other = 0; ///< spikes into elementwise work and residuals
  double macs = 0;  ///< requantisation: one per produced element
  double spikes = 0;
  double neurons = 0;

  double additions() const { return linear + lmHead + attention + other; }
};

struct Estimate {
  ModelShape shape;
  EstimateOptions options;
  AnnWork ann;    ///< the whole sequence at once, full attention
  AnnWork causal; ///< the same, keys up to the token only
  AnnWork decode; ///< one further token that sees the whole sequence
  SnnWork snn;
  AnnPrecision quantised;

  double annComputeJoules() const; ///< P1
  double annTrafficJoules() const; ///< reads and writes of P2
  double quantisedComputeJoules() const;
  double quantisedTrafficJoules() const;
  double snnComputeJoules() const; ///< P1
  double snnTrafficJoules() const; ///< P2 without P1
};

Result<Estimate> estimate(const ModelShape &shape,
                          const EstimateOptions &options);

std::string estimateText(const Estimate &estimate);
/// One JSON object: model, sequence, ann_macs, ann_energy_joules, snn, …
std::string estimateJson(const Estimate &estimate);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_REPORT_ESTIMATE_H

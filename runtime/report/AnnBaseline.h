//===- AnnBaseline.h - the same work without spikes -------------*- C++ -*-===//
//
// Every energy row of a spiking run stands beside two networks that do not
// spike: the FP32 original, and a quantised one whose activations carry as much
// information as the spike trains do (arXiv 2409.08290). A multiply-accumulate
// of a matrix product with weights reads two words; attention products are not
// charged for memory in P2 (as in MGPC's table), and are in P3 and P4.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_REPORT_ANNBASELINE_H
#define SYNFIRE_RUNTIME_REPORT_ANNBASELINE_H

#include "runtime/program/Run.h"
#include "runtime/report/EnergyModel.h"
#include "runtime/report/ModelShape.h"

#include <cstdint>
#include <optional>
#include <string>

namespace synfire {

/// What is executed: how many tokens, how many (query, key) pairs they see in
/// one head, and for how many of them logits are computed.
struct SequenceWork {
  std::uint64_t tokens = 0;
  std::uint64_t keyPairs = 0;
  std::uint64_t logitRows = 0;

  /// Every token sees every other: the papers' presets.
  static SequenceWork full(std::uint64_t length);
  static SequenceWork causal(std::uint64_t length);
  /// One token that sees `length` keys.
  static SequenceWork decode(std::uint64_t length);
};

/// Multiply-accumulates and memory words of a network without spikes.
struct AnnWork {
  std::uint64_t linear = 0, lmHead = 0, queryKey = 0, attentionValue = 0;
  /// Norms: 2 per element (Rms) or 3 (Layer); feed-forward: 3 per element
  /// (GatedSilu: SiLU as 2, the product as 1), 2 (Gelu), 0 (Relu).
  std::uint64_t elementwise = 0;
  std::uint64_t elementwiseOperands = 0; ///< words read by elementwise work
  std::uint64_t productOutputs = 0; ///< elements that matrix products produce
  std::uint64_t outputs = 0;        ///< elements of all tensors produced

  std::uint64_t weighted() const { return linear + lmHead; }
  std::uint64_t attention() const { return queryKey + attentionValue; }
  std::uint64_t macs() const { return weighted() + attention() + elementwise; }
};
AnnWork annWork(const ModelShape &shape, const SequenceWork &sequence);

/// Positions that a run executed; 0 without counts by stage.
std::uint64_t executedTokens(const Run &run);
/// The tokens, pairs and logits that a run really executed, from the active
/// neurons of its stages: embeddings, those with a Scores dendrite, logits.
/// Empty where these do not say how many keys the tokens saw, as without counts
/// by stage: attention without its work would be no baseline.
std::optional<SequenceWork> sequenceWork(const Run &run);
/// Of the run's model over that sequence.
std::optional<AnnWork> annWork(const Run &run);
ModelShape modelShape(const ModelInfo &info);

struct AnnPrecision {
  int weightBits = 32, activationBits = 32;
  bool integer = false; ///< false: fp32 prices
};
/// The bits that a spike train of the run can carry, as the compiler has found
/// them; where there is no Program (an estimate), T for a base-2 phase code and
/// ceil(log2(T L + 1)) for a code that counts spikes of L levels.
AnnPrecision equalInformation(const ConversionInfo &conversion);
std::string toString(const AnnPrecision &precision);

/// Price of one multiply-accumulate into a 32-bit sum.
double macPicoJoules(const AnnPrecision &precision, int aBits, int bBits);

/// Joules under the accounting of the list called `list`; empty for lists that
/// say nothing about a network without spikes ("chip").
std::optional<double> annJoules(const std::string &list, const AnnWork &work,
                                const AnnPrecision &precision,
                                const PriceContext &context);
/// The share of P2 that is memory traffic.
double annTrafficJoules(const AnnWork &work, const AnnPrecision &precision);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_REPORT_ANNBASELINE_H

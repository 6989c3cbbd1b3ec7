//===- CodingSearch.h - the coding of every site, chosen --------*- C++ -*-===//
//
// `--method auto`. First every configuration of a pool is measured whole; the
// best one that meets the goal is the start. Then the coding of each site is
// exchanged alone for that of the pool's other members, which gives its cost in
// nats and joules; since small losses nearly add up, the exchanges that save
// most energy for the loss that is left (or most loss for the energy) are taken
// together, measured, and taken back in part until the goal holds.
//
// Everything is measured on the reserved part of the calibration text, which no
// unit was fitted to; the text that a model is judged by is never seen.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_EXPLORATION_CODINGSEARCH_H
#define SYNFIRE_EXPLORATION_CODINGSEARCH_H

#include "exploration/Measurement.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace synfire {

/// Exactly one of the two.
struct SearchGoal {
  std::optional<double> excess; ///< least energy with perplexity <= (1 +
                                ///< excess) x float
  std::optional<double> joules; ///< best perplexity within joules a token
};

struct SearchOptions {
  SearchGoal goal;
  std::string prices = "P4";      ///< price list that energy means
  std::vector<std::string> pool;  ///< configurations; empty: defaultPool()
  std::size_t predictions = 2048; ///< of calibration text, a measurement
  int exchangesPerSite = 4;       ///< nearest members of the pool tried a site
  std::function<void(const std::string &phase, std::size_t done,
                     std::size_t total)>
      progress;
};

/// The one-shot and streamed codes at the T where their trade-offs lie.
std::vector<std::string> defaultPool();

/// A member of the pool as it was measured.
struct SearchCandidate {
  std::string configuration;
  double nats = 0, joules = 0; ///< a token
  std::string error;           ///< empty: measured
};

struct SearchResult {
  ConversionOptions conversion; ///< of the start
  NetworkPlan plan;
  std::string start; ///< configuration that the exchanges began with
  double startNats = 0, startJoules = 0;
  double nats = 0, joules = 0; ///< of the plan, on calibration text
  double referenceNats = 0;    ///< of the float model there
  std::vector<SearchCandidate> candidates;
  /// Exchanged sites: "layers.0.attn.q: mgpc:steps=5".
  std::vector<std::string> exchanges;

  /// What was chosen and why, for people.
  std::string explanation() const;
};

/// Fails if no configuration meets the goal; the error says how near the
/// nearest came.
Result<SearchResult> searchCodings(const StudyModel &model,
                                   const CompileOptions &compile,
                                   const SearchOptions &options);

} // namespace synfire

#endif // SYNFIRE_EXPLORATION_CODINGSEARCH_H

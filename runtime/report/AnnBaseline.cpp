//===- AnnBaseline.cpp - the same work without spikes ---------------------===//
#include "runtime/report/AnnBaseline.h"

#include "runtime/report/EnergyPrices.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace synfire {

SequenceWork SequenceWork::full(std::uint64_t length) {
  return {length, length * length, length};
}
SequenceWork SequenceWork::causal(std::uint64_t length) {
  return {length, length * (length + 1) / 2, length};
}
SequenceWork SequenceWork::decode(std::uint64_t length) {
  return {1, length, 1};
}

AnnWork annWork(const ModelShape &shape, const SequenceWork &sequence) {
  auto size = [](std::int64_t value) {
    return static_cast<std::uint64_t>(value);
  };
  const std::uint64_t layers = size(shape.layers), hidden = size(shape.hidden);
  const std::uint64_t inner = size(shape.intermediate);
  const std::uint64_t query = size(shape.queryWidth());
  const std::uint64_t keyValue = size(shape.keyValueWidth());
  const std::uint64_t tokens = sequence.tokens;
  const bool gated = shape.feedForward == FeedForward::GatedSilu;

  AnnWork work;
  const std::uint64_t projections = gated ? 3 : 2;
  work.linear = layers * tokens *
                (2 * hidden * query + 2 * hidden * keyValue +
                 projections * hidden * inner);
  const std::uint64_t logits =
      shape.languageModelHead ? sequence.logitRows * size(shape.vocabulary) : 0;
  work.lmHead = logits * hidden;
  work.queryKey = layers * query * sequence.keyPairs;
  work.attentionValue = work.queryKey;

  const std::uint64_t norms = (2 * layers + 1) * tokens * hidden;
  const std::uint64_t innerElements = layers * tokens * inner;
  const std::uint64_t turned =
      shape.rotary ? layers * tokens * (query + keyValue) : 0;
  const std::uint64_t scores = layers * size(shape.heads) * sequence.keyPairs;
  const std::uint64_t residuals = 2 * layers * tokens * hidden;
  const std::uint64_t positions = shape.rotary ? 0 : tokens * hidden;
  const std::uint64_t normMacs = shape.norm == Norm::Rms ? 2 : 3;
  const std::uint64_t activationMacs = gated ? 3
                                       : shape.feedForward == FeedForward::Gelu
                                           ? 2
                                           : 0;
  work.elementwise = normMacs * norms + activationMacs * innerElements;

  const std::uint64_t normOperands = shape.norm == Norm::Rms ? 2 : 3;
  work.elementwiseOperands = normOperands * norms + 4 * turned + scores +
                             (gated ? 3 : 1) * innerElements + 2 * residuals +
                             2 * positions;
  work.productOutputs =
      layers * tokens *
          (2 * query + 2 * keyValue + (gated ? 2 : 1) * inner + 2 * hidden) +
      scores + logits;
  work.outputs = work.productOutputs + tokens * hidden + positions + norms +
                 turned + scores + (gated ? 2 : 1) * innerElements + residuals;
  return work;
}

namespace {

/// Values of the stages for which `wanted(index)` holds.
template <typename Wanted>
std::uint64_t valuesOf(const Run &run, Wanted &&wanted) {
  std::uint64_t sum = 0;
  for (std::size_t s = 0; s < run.stages.size(); ++s)
    if (wanted(s))
      sum += run.stages[s].values;
  return sum;
}

std::uint64_t perUnit(std::uint64_t values, std::int64_t units) {
  return units > 0 ? values / static_cast<std::uint64_t>(units) : 0;
}

std::uint64_t valuesOfRole(const Run &run, StageRole role) {
  return valuesOf(run,
                  [&](std::size_t s) { return run.stageRoles[s] == role; });
}

} // namespace

std::uint64_t executedTokens(const Run &run) {
  return perUnit(valuesOfRole(run, StageRole::Embedding), run.model.hidden);
}

std::optional<SequenceWork> sequenceWork(const Run &run) {
  SequenceWork work;
  work.tokens = executedTokens(run);
  work.keyPairs = perUnit(
      valuesOf(run, [&](std::size_t s) { return run.stages[s].scoresKeys; }),
      std::int64_t{run.model.layers} * run.model.heads);
  work.logitRows =
      perUnit(valuesOfRole(run, StageRole::LmHead), run.model.vocabulary);
  // A token sees at least itself.
  if (work.tokens == 0 || work.keyPairs < work.tokens)
    return std::nullopt;
  return work;
}

std::optional<AnnWork> annWork(const Run &run) {
  const std::optional<SequenceWork> sequence = sequenceWork(run);
  if (!sequence)
    return std::nullopt;
  return annWork(modelShape(run.model), *sequence);
}

ModelShape modelShape(const ModelInfo &info) {
  ModelShape shape;
  shape.name = info.name;
  shape.hidden = info.hidden;
  shape.intermediate = info.intermediate;
  shape.layers = info.layers;
  shape.heads = info.heads;
  shape.keyValueHeads = info.keyValueHeads;
  shape.headWidth = info.headWidth;
  shape.vocabulary = info.vocabulary;
  shape.source = "the program";
  return shape;
}

AnnPrecision equalInformation(const ConversionInfo &conversion) {
  AnnPrecision precision;
  precision.integer = true;
  precision.weightBits = conversion.weightBits;
  if (conversion.activationBits > 0) {
    precision.activationBits = conversion.activationBits;
    return precision;
  }
  const bool phaseCode = conversion.method == "las" ||
                         conversion.method == "phase" ||
                         conversion.method == "mgpc";
  const double counts =
      static_cast<double>(conversion.steps) * conversion.levels + 1;
  precision.activationBits =
      std::max(1, phaseCode ? conversion.steps
                            : static_cast<int>(std::ceil(std::log2(counts))));
  return precision;
}

std::string toString(const AnnPrecision &precision) {
  return precision.integer ? fmt::format("W{}A{}", precision.weightBits,
                                         precision.activationBits)
                           : "FP32";
}

double macPicoJoules(const AnnPrecision &precision, int aBits, int bBits) {
  if (!precision.integer)
    return prices::floatMac.picoJoules;
  return integerMultiplyPicoJoules(aBits, bBits) +
         prices::integerAdd32.picoJoules;
}

namespace {

double computeOf(const AnnWork &work, const AnnPrecision &precision,
                 std::uint64_t elementwise) {
  const int w = precision.weightBits, a = precision.activationBits;
  return macPicoJoules(precision, w, a) * static_cast<double>(work.weighted()) +
         macPicoJoules(precision, a, a) *
             static_cast<double>(work.attention() + elementwise);
}

double picoJoulesPerPaperBit() { return prices::memoryWord.picoJoules / 32; }

} // namespace

double annTrafficJoules(const AnnWork &work, const AnnPrecision &precision) {
  const double w = precision.weightBits, a = precision.activationBits;
  const double bits =
      (w + a) * static_cast<double>(work.weighted()) +
      a * static_cast<double>(work.elementwiseOperands + work.outputs);
  return bits * picoJoulesPerPaperBit() * 1e-12;
}

std::optional<double> annJoules(const std::string &list, const AnnWork &work,
                                const AnnPrecision &precision,
                                const PriceContext &context) {
  const double w = precision.weightBits, a = precision.activationBits;
  const double compute = computeOf(work, precision, work.elementwise) * 1e-12;
  const auto weighted = static_cast<double>(work.weighted());
  const auto attention = static_cast<double>(work.attention());
  if (list == "P1")
    return compute;
  if (list == "P2")
    return compute + annTrafficJoules(work, precision);
  if (list == "P3") {
    const double bits = (w + a) * weighted + 2 * a * attention +
                        a * static_cast<double>(work.productOutputs);
    return (computeOf(work, precision, 0) + bits * picoJoulesPerPaperBit()) *
           1e-12;
  }
  if (list == "P4" || list == "integer45") {
    const double synapseBit = sramPicoJoulesPerBit(context.synapseBytes);
    const double smallBit = sramPicoJoulesPerBit(0);
    // Weights, keys and values come from the large bank.
    const double large = w * weighted + a * attention;
    const double small =
        a * (weighted + attention +
             static_cast<double>(work.elementwiseOperands + work.outputs));
    return compute + (large * synapseBit + small * smallBit) * 1e-12;
  }
  return std::nullopt;
}

} // namespace synfire

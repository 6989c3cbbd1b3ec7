//===- Prefix.cpp - tokens whose keys and values are constants ------------===//
#include "compiler/reference/Prefix.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>
#include <string_view>
#include <utility>

namespace synfire {
namespace {

/// Of down_proj inputs: the largest magnitude of every token of a window, by
/// layer.
using TokenMaxima = std::map<std::string, std::vector<double>>;

bool isDownProjectionInput(std::string_view site) {
  constexpr std::string_view ending = ".mlp.product";
  return site.size() > ending.size() &&
         site.substr(site.size() - ending.size()) == ending;
}

/// Runs one window behind a prefix; shows what comes behind it.
Result<TokenMaxima> maximaOf(FloatModel &model, const std::vector<int> &prefix,
                             const std::vector<int> &window) {
  TokenMaxima maxima;
  model.reset();
  model.observe({});
  if (!prefix.empty())
    SYNFIRE_TRY(model.prefill(prefix, LogitRows::Last));
  model.observe([&](const std::string &site, const float *values,
                    std::int64_t rows, std::int64_t stride,
                    std::int64_t width) {
    if (!isDownProjectionInput(site))
      return;
    std::vector<double> &line = maxima[site];
    for (std::int64_t row = 0; row < rows; ++row) {
      double largest = 0;
      for (std::int64_t i = 0; i < width; ++i)
        largest = std::max(
            largest, std::abs(static_cast<double>(values[row * stride + i])));
      line.push_back(largest);
    }
  });
  const Status fed = model.prefill(window, LogitRows::Last);
  model.observe({});
  model.reset();
  if (!fed.ok())
    return fed.error();
  return maxima;
}

/// Each token's maximum over the (lower) median of all.
std::vector<double> ratiosOf(const std::vector<double> &maxima) {
  std::vector<double> sorted = maxima;
  const auto middle =
      sorted.begin() + static_cast<std::ptrdiff_t>((sorted.size() - 1) / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  const double median = *middle;
  std::vector<double> ratios;
  ratios.reserve(maxima.size());
  for (double maximum : maxima)
    ratios.push_back(median > 0 ? maximum / median : 0);
  return ratios;
}

/// A token of the text, by what it was where it was not the first.
struct Candidate {
  int token = 0;
  int timesOutlier = 0;
  double largestRatio = 0;
};

class Finder {
public:
  Status add(FloatModel &model, const std::vector<int> &window) {
    SYNFIRE_ASSIGN(const TokenMaxima maxima, maximaOf(model, {}, window));
    ++windows;
    for (const auto &[site, line] : maxima) {
      const std::vector<double> ratios = ratiosOf(line);
      for (std::size_t at = 0; at < ratios.size(); ++at) {
        const bool outlier = ratios[at] > outlierRatio;
        outliersOfLayer[site] += outlier;
        if (at == 0) {
          choice.firstRatio = std::max(choice.firstRatio, ratios[at]);
          continue;
        }
        choice.largestRatio = std::max(choice.largestRatio, ratios[at]);
        Candidate &candidate = candidates[window[at]];
        candidate.token = window[at];
        candidate.timesOutlier += outlier;
        candidate.largestRatio = std::max(candidate.largestRatio, ratios[at]);
      }
    }
    return Status::success();
  }

  PrefixChoice choose(int wanted, int firstToken) {
    for (const auto &[site, count] : outliersOfLayer)
      choice.outliers =
          std::max(choice.outliers, static_cast<double>(count) / windows);
    const std::vector<Candidate> ranked = rank(firstToken);
    std::size_t ofText = 0;
    if (wanted < 0) {
      if (choice.outliers == 0)
        return choice;
      ofText = static_cast<std::size_t>(automaticCount(ranked));
    } else if (wanted > 0) {
      ofText = static_cast<std::size_t>(wanted - (firstToken >= 0));
    }
    for (std::size_t i = 0; i < std::min(ofText, ranked.size()); ++i)
      choice.tokens.push_back(ranked[i].token);
    if (firstToken >= 0 && wanted != 0)
      choice.tokens.push_back(firstToken);
    return choice;
  }

private:
  std::vector<Candidate> rank(int firstToken) const {
    std::vector<Candidate> ranked;
    for (const auto &[token, candidate] : candidates)
      if (token != firstToken)
        ranked.push_back(candidate);
    std::sort(ranked.begin(), ranked.end(),
              [](const Candidate &a, const Candidate &b) {
                if (a.timesOutlier != b.timesOutlier)
                  return a.timesOutlier > b.timesOutlier;
                if (a.largestRatio != b.largestRatio)
                  return a.largestRatio > b.largestRatio;
                return a.token < b.token;
              });
    return ranked;
  }

  /// As many outlier tokens as a window has, but only tokens that have been
  /// one, and not a single token that hardly ever was.
  int automaticCount(const std::vector<Candidate> &ranked) const {
    constexpr double rare = 0.1;
    const auto seen =
        std::count_if(ranked.begin(), ranked.end(),
                      [](const Candidate &c) { return c.timesOutlier > 0; });
    if (seen == 1 && ranked.front().timesOutlier < rare * windows)
      return 0;
    return std::min(static_cast<int>(seen),
                    static_cast<int>(std::ceil(choice.outliers)));
  }

  PrefixChoice choice;
  int windows = 0;
  std::map<std::string, int> outliersOfLayer;
  std::map<int, Candidate> candidates; ///< by token
};

} // namespace

Result<PrefixChoice> choosePrefix(FloatModel &model,
                                  const std::vector<std::vector<int>> &windows,
                                  int wanted, int firstToken) {
  Finder finder;
  for (const std::vector<int> &window : windows)
    SYNFIRE_TRY(finder.add(model, window));
  return finder.choose(wanted, firstToken);
}

Result<double>
largestRatioBehind(FloatModel &model, const std::vector<int> &prefix,
                   const std::vector<std::vector<int>> &windows) {
  double largest = 0;
  for (const std::vector<int> &window : windows) {
    SYNFIRE_ASSIGN(const TokenMaxima maxima, maximaOf(model, prefix, window));
    for (const auto &[site, line] : maxima)
      for (double ratio : ratiosOf(line))
        largest = std::max(largest, ratio);
  }
  return largest;
}

Result<PrefixValues> prefixValues(const ReferencePlan &plan,
                                  const Checkpoint &checkpoint,
                                  const std::vector<int> &tokens, int threads) {
  PrefixValues values;
  values.tokens = tokens;
  if (tokens.empty())
    return values;
  if (static_cast<std::int64_t>(tokens.size()) >= plan.context)
    return makeError(fmt::format("a prefix of {} tokens leaves no position of "
                                 "the model's {}",
                                 tokens.size(), plan.context),
                     checkpoint.directory());
  std::map<int, std::string> siteOfValue;
  std::set<std::string> wanted;
  for (const ReferenceStep &step : plan.steps) {
    siteOfValue[step.result] = step.site;
    if (step.kind == StepKind::Attention)
      for (int operand : {step.operands[1], step.operands[2]})
        wanted.insert(siteOfValue[operand]);
  }
  FloatModelOptions options;
  options.threads = threads;
  options.context = static_cast<std::int64_t>(tokens.size());
  SYNFIRE_ASSIGN(auto model, FloatModel::create(plan, checkpoint, options));
  model->observe([&](const std::string &site, const float *data,
                     std::int64_t rows, std::int64_t stride,
                     std::int64_t width) {
    if (wanted.count(site) == 0)
      return;
    std::vector<float> &line = values.rows[site];
    for (std::int64_t row = 0; row < rows; ++row)
      line.insert(line.end(), data + row * stride, data + row * stride + width);
  });
  SYNFIRE_TRY(model->prefill(tokens, LogitRows::Last));
  return values;
}

} // namespace synfire

//===- CodingSearch.cpp - the coding of every site, chosen ----------------===//
#include "exploration/CodingSearch.h"

#include "compiler/convert/Settings.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace synfire {
namespace {

/// A configuration of the pool with its plan.
struct Member {
  ConversionOptions conversion;
  NetworkPlan plan;
  std::string configuration;
  double nats = 0, joules = 0;
};

/// One site coded as another member codes it, against the start.
struct Exchange {
  std::string site;
  const Member *from = nullptr;
  double nats = 0, joules = 0; ///< differences
};

bool sameForm(const NetworkForm &a, const NetworkForm &b) {
  return a.frames == b.frames && a.digital == b.digital &&
         a.inputOnce == b.inputOnce && a.compensated == b.compensated &&
         a.prefixTokens == b.prefixTokens;
}

class Search {
public:
  Search(const StudyModel &judged, const CompileOptions &with,
         const SearchOptions &wanted)
      : model(judged), compile(with), options(wanted) {
    if (options.goal.excess)
      limit = model.referenceNats() + std::log1p(*options.goal.excess);
    else
      limit = *options.goal.joules;
  }

  Result<SearchResult> run() {
    result.referenceNats = model.referenceNats();
    SYNFIRE_TRY(measurePool());
    SYNFIRE_ASSIGN(const Member *start, chooseStart());
    result.conversion = start->conversion;
    result.plan = start->plan;
    result.start = start->configuration;
    result.startNats = result.nats = start->nats;
    result.startJoules = result.joules = start->joules;
    SYNFIRE_ASSIGN(std::vector<Exchange> exchanges, measureExchanges(*start));
    SYNFIRE_TRY(combine(*start, exchanges));
    return std::move(result);
  }

private:
  /// What the goal limits, and what it wants little of.
  double limited(double nats, double joules) const {
    return options.goal.excess ? nats : joules;
  }
  double wanted(double nats, double joules) const {
    return options.goal.excess ? joules : nats;
  }
  void report(const char *phase, std::size_t done, std::size_t total) const {
    if (options.progress)
      options.progress(phase, done, total);
  }

  Status measurePlan(const ConversionOptions &conversion,
                     const NetworkPlan &plan, double &nats,
                     double &joules) const {
    CompileOptions job = compile;
    job.conversion = conversion;
    SYNFIRE_ASSIGN(const std::shared_ptr<const Program> program,
                   compileToMeasure(model, job, plan));
    SYNFIRE_ASSIGN(QuickMeasurement measured, measureQuickly(model, program));
    const auto price = measured.joules.find(options.prices);
    if (price == measured.joules.end())
      return makeError("no price list '" + options.prices + "' for " +
                           compile.hardware,
                       "--prices");
    nats = measured.nats;
    joules = price->second;
    return {};
  }

  Status measureMember(Member &member) const {
    CompileOptions job = compile;
    job.conversion = member.conversion;
    SYNFIRE_ASSIGN(const std::shared_ptr<const Calibration> calibration,
                   model.calibrationFor(member.conversion));
    SYNFIRE_ASSIGN(member.plan,
                   planConversion(model.checkpoint(), job, *calibration));
    return measurePlan(member.conversion, member.plan, member.nats,
                       member.joules);
  }

  Status measurePool() {
    const std::vector<std::string> names =
        options.pool.empty() ? defaultPool() : options.pool;
    ConversionOptions defaults = compile.conversion;
    defaults.steps = 0;
    for (const std::string &name : names) {
      Member member;
      member.configuration = name;
      SYNFIRE_ASSIGN(member.conversion, parseConfiguration(name, defaults));
      SearchCandidate candidate;
      candidate.configuration = name;
      if (Status measured = measureMember(member); !measured.ok())
        candidate.error = measured.error().message();
      candidate.nats = member.nats;
      candidate.joules = member.joules;
      result.candidates.push_back(candidate);
      if (candidate.error.empty())
        members.push_back(std::move(member));
      report("methods", result.candidates.size(), names.size());
    }
    return {};
  }

  Result<const Member *> chooseStart() const {
    const Member *best = nullptr, *nearest = nullptr;
    for (const Member &member : members) {
      if (!nearest || limited(member.nats, member.joules) <
                          limited(nearest->nats, nearest->joules))
        nearest = &member;
      if (limited(member.nats, member.joules) <= limit &&
          (!best || wanted(member.nats, member.joules) <
                        wanted(best->nats, best->joules)))
        best = &member;
    }
    if (best)
      return best;
    if (!nearest)
      return makeError("no method of the pool can convert this model: " +
                           (result.candidates.empty()
                                ? std::string("the pool is empty")
                                : result.candidates.front().error),
                       "auto");
    return makeError(
        options.goal.excess
            ? fmt::format("no method of the pool comes within {:.3g} % of the "
                          "float perplexity; the nearest, {}, loses {:.3g} %",
                          100 * *options.goal.excess, nearest->configuration,
                          100 *
                              std::expm1(nearest->nats - model.referenceNats()))
            : fmt::format("no method of the pool stays within {:.3g} J a "
                          "token; the nearest, {}, takes {:.3g} J",
                          *options.goal.joules, nearest->configuration,
                          nearest->joules),
        "auto", "relax the goal or widen the pool");
  }

  /// Whether another member of the form has less of both loss and energy.
  bool isBeaten(const Member &member) const {
    return std::any_of(
        members.begin(), members.end(), [&](const Member &other) {
          return &other != &member &&
                 sameForm(other.plan.form, member.plan.form) &&
                 other.nats <= member.nats && other.joules <= member.joules;
        });
  }

  /// Members of the start's form that none beats, those nearest in energy
  /// first: codes a little cheaper and a little finer.
  std::vector<const Member *> partners(const Member &start) const {
    std::vector<const Member *> found;
    for (const Member &member : members)
      if (&member != &start && sameForm(member.plan.form, start.plan.form) &&
          !isBeaten(member))
        found.push_back(&member);
    std::sort(found.begin(), found.end(),
              [&](const Member *a, const Member *b) {
                const double left = std::fabs(a->joules - start.joules);
                const double right = std::fabs(b->joules - start.joules);
                return left != right ? left < right
                                     : a->configuration < b->configuration;
              });
    const auto most = static_cast<std::size_t>(options.exchangesPerSite);
    found.resize(std::min(found.size(), most));
    return found;
  }

  Result<std::vector<Exchange>> measureExchanges(const Member &start) const {
    std::vector<Exchange> exchanges;
    const std::vector<const Member *> others = partners(start);
    const std::size_t total = others.size() * start.plan.codings.size();
    std::size_t done = 0;
    for (const auto &[site, unit] : start.plan.codings)
      for (const Member *other : others) {
        report("sites", ++done, total);
        const auto coding = other->plan.codings.find(site);
        if (coding == other->plan.codings.end())
          continue;
        NetworkPlan plan = start.plan;
        plan.codings[site] = coding->second;
        Exchange exchange;
        exchange.site = site;
        exchange.from = other;
        double nats = 0, joules = 0;
        SYNFIRE_TRY(measurePlan(start.conversion, plan, nats, joules));
        exchange.nats = nats - start.nats;
        exchange.joules = joules - start.joules;
        exchanges.push_back(exchange);
      }
    return exchanges;
  }

  /// For a price of the limited quantity in the wanted one, the best exchange
  /// of each site.
  std::map<std::string, const Exchange *>
  pick(const std::vector<Exchange> &exchanges, double price) const {
    std::map<std::string, const Exchange *> chosen;
    std::map<std::string, double> best;
    for (const Exchange &exchange : exchanges) {
      const double value = wanted(exchange.nats, exchange.joules) +
                           price * limited(exchange.nats, exchange.joules);
      if (value < 0 &&
          (!chosen.count(exchange.site) || value < best[exchange.site])) {
        chosen[exchange.site] = &exchange;
        best[exchange.site] = value;
      }
    }
    return chosen;
  }

  /// Bisects the price: the lowest one whose exchanges, measured together, meet
  /// the goal wins. A result is kept only if it is better than the start.
  Status combine(const Member &start, const std::vector<Exchange> &exchanges) {
    constexpr int rounds = 14;
    double low = 0, high = 0;
    for (const Exchange &exchange : exchanges) {
      const double gain = -wanted(exchange.nats, exchange.joules);
      const double loss = limited(exchange.nats, exchange.joules);
      if (gain > 0 && loss > 0)
        high = std::max(high, gain / loss);
    }
    // Beyond the highest ratio only exchanges that gain both ways are left.
    high *= 2;
    for (int round = 0; round < rounds; ++round) {
      report("mixtures", static_cast<std::size_t>(round) + 1, rounds);
      // Ratios span decades.
      const double price = round == 0 ? high : 0.5 * (low + high);
      const auto chosen = pick(exchanges, price);
      NetworkPlan plan = start.plan;
      for (const auto &[site, exchange] : chosen)
        plan.codings[site] = exchange->from->plan.codings.at(site);
      double nats = 0, joules = 0;
      SYNFIRE_TRY(measurePlan(start.conversion, plan, nats, joules));
      const bool holds = limited(nats, joules) <= limit;
      if (holds && wanted(nats, joules) < wanted(result.nats, result.joules)) {
        result.plan = plan;
        result.nats = nats;
        result.joules = joules;
        result.exchanges.clear();
        for (const auto &[site, exchange] : chosen)
          result.exchanges.push_back(site + ": " +
                                     exchange->from->configuration);
      }
      if (round == 0)
        continue;
      (holds ? high : low) = price;
    }
    if (!result.exchanges.empty())
      result.plan.notes.push_back(fmt::format(
          "auto: {} with {} of {} sites coded otherwise", result.start,
          result.exchanges.size(), start.plan.codings.size()));
    return {};
  }

  const StudyModel &model;
  const CompileOptions &compile;
  const SearchOptions &options;
  double limit = 0;
  std::vector<Member> members;
  SearchResult result;
};

} // namespace

std::vector<std::string> defaultPool() {
  std::vector<std::string> pool;
  // The search of MGPC's grains takes ten times as long and gains little.
  for (const char *method : {"las:", "phase:", "rounding:", "las-lite:",
                             "two-spike:", "mgpc:search-grains=off,"})
    for (int steps : {4, 5, 6, 7, 8, 10, 12})
      pool.push_back(fmt::format("{}steps={}", method, steps));
  for (const char *streamed :
       {"dual-is:steps=1", "dual-is:steps=2", "dual-is:steps=4"})
    pool.emplace_back(streamed);
  return pool;
}

std::string SearchResult::explanation() const {
  auto excess = [&](double value) {
    return 100 * std::expm1(value - referenceNats);
  };
  std::string text = fmt::format(
      "measured {} configurations on calibration text; the best that meets "
      "the goal is {}: {:+.2f} % perplexity, {:.3g} J a token\n",
      candidates.size(), start, excess(startNats), startJoules);
  if (exchanges.empty())
    return text + "no mixture of codings was better\n";
  text += fmt::format("exchanging the code of {} sites gives {:+.2f} %, "
                      "{:.3g} J a token:\n",
                      exchanges.size(), excess(nats), joules);
  for (const std::string &exchange : exchanges)
    text += "  " + exchange + "\n";
  return text;
}

Result<SearchResult> searchCodings(const StudyModel &model,
                                   const CompileOptions &compile,
                                   const SearchOptions &options) {
  if (options.goal.excess.has_value() == options.goal.joules.has_value())
    return makeError("a goal is either a perplexity or an energy", "auto",
                     "give one of --goal-perplexity and --goal-joules");
  const double goal =
      options.goal.excess ? *options.goal.excess : *options.goal.joules;
  if (!(goal >= 0) || !std::isfinite(goal))
    return makeError(fmt::format("the goal is {}, but must be finite and not "
                                 "negative",
                                 goal),
                     "auto");
  SYNFIRE_ASSIGN(StudyModel judged,
                 model.onCalibrationText(options.predictions));
  return Search(judged, compile, options).run();
}

} // namespace synfire

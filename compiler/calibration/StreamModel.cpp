//===- StreamModel.cpp - a coded network in floating point ----------------===//
#include "compiler/calibration/StreamModel.h"

#include "compiler/calibration/SiteCoder.h"
#include "compiler/calibration/StreamLayout.h"
#include "compiler/calibration/StreamSteps.h"
#include "compiler/reference/Hadamard.h"
#include "compiler/reference/Kernels.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace synfire {

using namespace calibration;

namespace {
std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }
} // namespace

struct StreamModel::State {
  StreamLayout layout;
  StreamForm form;
  bool inputOnce = false;
  PrefixValues prefix;
  std::map<int, const std::vector<float> *> prefixRows;     ///< by value
  std::map<std::string, std::unique_ptr<SiteCoder>> coders; ///< by site
  std::set<std::string> tables; ///< sites whose unit is a table
  /// By step: the sites that its result and its inner values are coded at.
  std::vector<std::string> resultSites;
  std::vector<const SiteCoder *> results;
  std::vector<InnerCoders> inner;

  const SiteCoder *coderAt(const std::string &site) const {
    const auto found = coders.find(site);
    return found == coders.end() ? nullptr : found->second.get();
  }
  std::string codedSite(std::size_t step) const;
  void bind();
  Status bindPrefix();
  void execute(std::size_t step, BlockValues &values) const;
  void store(std::size_t step, std::vector<float> raw,
             BlockValues &values) const;
  std::vector<float> behindPrefix(int value, const BlockValues &values) const;
  void attendBehindPrefix(std::size_t step, const BlockValues &values,
                          float *out) const;
  std::int64_t rowsOf(const BlockValues &values) const {
    return values.tokens * form.frames;
  }
};

void BlockValues::takeTrial() {
  for (std::size_t id = 0; id < base.size(); ++id)
    if (inTrial[id]) {
      // A trial that only recodes leaves the value before the unit alone.
      if (!trial[id].raw.empty())
        base[id].raw.swap(trial[id].raw);
      base[id].coded.swap(trial[id].coded);
    }
  dropTrial();
}

void BlockValues::dropTrial() {
  for (std::size_t id = 0; id < base.size(); ++id) {
    trial[id].raw.clear();
    inTrial[id] = false;
  }
}

/// The site that codes a step's result: its own, or the value site of the
/// attention that reads it.
std::string StreamModel::State::codedSite(std::size_t step) const {
  const std::vector<ReferenceStep> &steps = layout.plan.steps;
  for (const ReferenceStep &reader : steps)
    if (reader.kind == StepKind::Attention && !reader.site.empty() &&
        reader.operands[2] == steps[step].result) {
      const std::string site = siblingSite(reader.site, "v");
      if (coderAt(site))
        return site;
    }
  const bool coded = step + 1 < steps.size() && coderAt(steps[step].site);
  return coded ? steps[step].site : std::string();
}

void StreamModel::State::bind() {
  const std::vector<ReferenceStep> &steps = layout.plan.steps;
  resultSites.assign(steps.size(), {});
  results.assign(steps.size(), nullptr);
  inner.assign(steps.size(), {});
  for (std::size_t i = 0; i < steps.size(); ++i) {
    resultSites[i] = codedSite(i);
    results[i] = coderAt(resultSites[i]);
    const std::string &site = steps[i].site;
    if (steps[i].kind == StepKind::RmsNorm) {
      inner[i].square = coderAt(site + ".square");
      inner[i].inverseRoot = coderAt(site + ".rsqrt");
    }
    if (steps[i].kind == StepKind::Attention && !site.empty()) {
      inner[i].exponential = coderAt(siblingSite(site, "exp"));
      inner[i].firesExponential = tables.count(siblingSite(site, "exp")) > 0;
      inner[i].weights = coderAt(siblingSite(site, "weights"));
      inner[i].mix = coderAt(siblingSite(site, "mix"));
      inner[i].reciprocal = coderAt(siblingSite(site, "reciprocal"));
    }
  }
}

/// Finds the rows of the prefix for the keys and values of every attention.
Status StreamModel::State::bindPrefix() {
  if (prefix.positions() == 0)
    return Status::success();
  std::map<int, std::string> siteOf;
  for (const ReferenceStep &step : layout.plan.steps) {
    siteOf[step.result] = step.site;
    if (step.kind != StepKind::Attention)
      continue;
    for (int operand : {step.operands[1], step.operands[2]}) {
      const auto rows = prefix.rows.find(siteOf[operand]);
      const std::size_t wanted =
          index(prefix.positions()) * index(layout.widths[index(operand)]);
      if (rows == prefix.rows.end() || rows->second.size() != wanted)
        return makeError(fmt::format("the prefix has no {} values", wanted),
                         siteOf[operand]);
      prefixRows[operand] = &rows->second;
    }
  }
  return Status::success();
}

void StreamModel::State::store(std::size_t step, std::vector<float> raw,
                               BlockValues &values) const {
  const ReferenceStep &made = layout.plan.steps[step];
  BlockValues::Value &value = values.trial[index(made.result)];
  value.raw = std::move(raw);
  if (results[step]) {
    value.coded.resize(value.raw.size());
    results[step]->code({value.raw.data(), made.width, value.coded.data(),
                         made.width, values.tokens, made.width});
  } else {
    value.coded.clear();
  }
  values.inTrial[index(made.result)] = true;
}

/// The rows of keys or values with the prefix, complete in every frame, in
/// front of them; of queries, which a prefix has none of, with zeros.
std::vector<float>
StreamModel::State::behindPrefix(int value, const BlockValues &values) const {
  const auto width = index(layout.widths[index(value)]);
  std::vector<float> rows;
  const auto found = prefixRows.find(value);
  for (int position = 0; position < prefix.positions(); ++position)
    for (int frame = 0; frame < form.frames; ++frame) {
      if (found == prefixRows.end()) {
        rows.resize(rows.size() + width);
        continue;
      }
      const auto row = found->second->begin() +
                       static_cast<std::ptrdiff_t>(index(position) * width);
      rows.insert(rows.end(), row, row + static_cast<std::ptrdiff_t>(width));
    }
  const std::vector<float> &own = values.read(value);
  rows.insert(rows.end(), own.begin(), own.end());
  return rows;
}

void StreamModel::State::attendBehindPrefix(std::size_t step,
                                            const BlockValues &values,
                                            float *out) const {
  const ReferenceStep &todo = layout.plan.steps[step];
  const std::vector<float> queries = behindPrefix(todo.operands[0], values);
  const std::vector<float> keys = behindPrefix(todo.operands[1], values);
  const std::vector<float> contents = behindPrefix(todo.operands[2], values);
  std::vector<float> all(queries.size());
  streamAttention(form, inner[step], todo, queries.data(), keys.data(),
                  contents.data(), all.data(),
                  values.tokens + prefix.positions());
  std::copy(all.end() -
                static_cast<std::ptrdiff_t>(index(rowsOf(values) * todo.width)),
            all.end(), out);
}

void StreamModel::State::execute(std::size_t step, BlockValues &values) const {
  const ReferenceStep &todo = layout.plan.steps[step];
  const std::int64_t rows = rowsOf(values), width = todo.width;
  auto operand = [&](std::size_t i) {
    return StepRows{values.read(todo.operands[i]).data(),
                    layout.widths[index(todo.operands[i])]};
  };
  const bool last = step + 1 == layout.plan.steps.size();
  std::vector<float> out(index((last ? values.tokens : rows) * width));
  switch (todo.kind) {
  case StepKind::Embedding:
    break; // embed() runs it
  case StepKind::RmsNorm:
    streamNorm(form, inner[step], operand(0), out.data(), values.tokens,
               static_cast<float>(todo.eps));
    break;
  case StepKind::Linear: {
    const StepRows x = operand(0);
    if (last) // of the logits the last frame counts alone
      streamLinear(x.data + (form.frames - 1) * x.width, form.frames * x.width,
                   values.tokens, layout.weights[step], x.width, width,
                   out.data());
    else
      streamLinear(x.data, x.width, rows, layout.weights[step], x.width, width,
                   out.data());
    break;
  }
  case StepKind::Rotary:
    streamRotary(form, operand(0), out.data(), values.tokens, todo.headWidth,
                 layout.angles[step].cosine.data() +
                     prefix.positions() * (todo.headWidth / 2),
                 layout.angles[step].sine.data() +
                     prefix.positions() * (todo.headWidth / 2));
    break;
  case StepKind::Hadamard:
    std::copy_n(operand(0).data, out.size(), out.data());
    rotateBlocks(out.data(), static_cast<std::int64_t>(out.size()),
                 todo.headWidth);
    break;
  case StepKind::Attention:
    if (prefix.positions() > 0) {
      attendBehindPrefix(step, values, out.data());
      break;
    }
    streamAttention(form, inner[step], todo, operand(0).data, operand(1).data,
                    operand(2).data, out.data(), values.tokens);
    break;
  case StepKind::Silu:
    streamSilu(form, operand(0), out.data(), values.tokens);
    break;
  case StepKind::Multiply:
    reference::multiply({operand(0).data, width}, {operand(1).data, width},
                        {out.data(), width}, rows, width);
    break;
  case StepKind::Add:
    reference::add({operand(0).data, width}, {operand(1).data, width},
                   {out.data(), width}, rows, width);
    break;
  }
  store(step, std::move(out), values);
}

StreamModel::StreamModel(std::unique_ptr<State> parts)
    : state(std::move(parts)) {}
StreamModel::~StreamModel() = default;

Result<std::unique_ptr<StreamModel>>
StreamModel::create(const ReferencePlan &plan, const Checkpoint &checkpoint,
                    const Options &options) {
  auto parts = std::make_unique<State>();
  SYNFIRE_ASSIGN(
      parts->layout,
      makeStreamLayout(plan, checkpoint, options.weightBits, options.context));
  parts->prefix = options.prefix;
  SYNFIRE_TRY(parts->bindPrefix());
  parts->bind();
  return std::unique_ptr<StreamModel>(new StreamModel(std::move(parts)));
}

Status StreamModel::setPlan(const NetworkPlan &plan) {
  if (plan.form.frames < 1)
    return makeError(
        fmt::format("{} frames, but at least 1", plan.form.frames));
  if (plan.form.compensated && !plan.form.digital)
    return makeError("not supported: expectation compensation of functions "
                     "that spike");
  std::map<std::string, std::unique_ptr<SiteCoder>> coders;
  std::set<std::string> tables;
  for (const auto &[site, unit] : plan.codings) {
    auto coder = makeSiteCoder(unit, plan.form.frames);
    if (!coder) {
      Error error = coder.error();
      error.where = site;
      return error;
    }
    coders[site] = std::move(*coder);
    if (std::holds_alternative<TableUnit>(unit))
      tables.insert(site);
  }
  state->coders = std::move(coders);
  state->tables = std::move(tables);
  state->form.frames = plan.form.frames;
  state->form.digital = plan.form.digital;
  state->form.compensated = plan.form.compensated;
  state->inputOnce = plan.form.inputOnce;
  state->bind();
  return Status::success();
}

Status StreamModel::setUnit(const std::string &site, const SiteUnit &unit) {
  if (!state->coderAt(site))
    return makeError("the plan has no coding for this site", site);
  SYNFIRE_ASSIGN(state->coders[site], makeSiteCoder(unit, state->form.frames));
  if (std::holds_alternative<TableUnit>(unit))
    state->tables.insert(site);
  else
    state->tables.erase(site);
  state->bind();
  return Status::success();
}

int StreamModel::frames() const { return state->form.frames; }
std::int64_t StreamModel::vocabulary() const {
  return state->layout.plan.vocabulary;
}
std::int64_t StreamModel::context() const { return state->layout.context; }
std::size_t StreamModel::blocks() const { return state->layout.blocks.size(); }

std::vector<std::string> StreamModel::codedSites(std::size_t block) const {
  const StreamBlock &range = state->layout.blocks[block];
  std::vector<std::string> sites;
  for (std::size_t step = range.first; step < range.last; ++step)
    if (state->results[step])
      sites.push_back(state->resultSites[step]);
  return sites;
}

Result<std::vector<float>>
StreamModel::embed(const std::vector<int> &tokens) const {
  const ReferenceStep &step = state->layout.plan.steps.front();
  const std::vector<float> &table = state->layout.weights.front();
  const int frames = state->form.frames;
  const std::int64_t most = context() - state->prefix.positions();
  if (tokens.empty() || std::int64_t(tokens.size()) > most)
    return makeError(fmt::format("a window of {} tokens, but 1 to {} fit",
                                 tokens.size(), most));
  std::vector<float> rows;
  rows.reserve(tokens.size() * index(frames * step.width));
  for (std::size_t token = 0; token < tokens.size(); ++token) {
    if (tokens[token] < 0 || tokens[token] >= vocabulary())
      return makeError(fmt::format("token {} at position {} is not in the "
                                   "vocabulary of {}",
                                   tokens[token], token, vocabulary()));
    const float *row = table.data() + tokens[token] * step.width;
    for (int frame = 0; frame < frames; ++frame) {
      const float share = state->inputOnce ? 1.0f
                                           : static_cast<float>(frame + 1) /
                                                 static_cast<float>(frames);
      for (std::int64_t i = 0; i < step.width; ++i)
        rows.push_back(row[i] * share);
    }
  }
  if (state->results.front())
    state->results.front()->code({rows.data(), step.width, rows.data(),
                                  step.width, std::int64_t(tokens.size()),
                                  step.width});
  return rows;
}

BlockValues StreamModel::runBlock(std::size_t block,
                                  std::vector<float> input) const {
  const StreamBlock &range = state->layout.blocks[block];
  const auto count = index(state->layout.plan.values);
  BlockValues values;
  values.base.resize(count);
  values.trial.resize(count);
  values.inTrial.assign(count, false);
  values.tokens =
      std::int64_t(input.size()) /
      (state->form.frames * state->layout.widths[index(range.input)]);
  values.base[index(range.input)].raw = std::move(input);
  for (std::size_t step = range.first; step < range.last; ++step)
    state->execute(step, values);
  values.takeTrial();
  return values;
}

void StreamModel::retry(std::size_t block, const std::string &site,
                        BlockValues &values) const {
  const StreamBlock &range = state->layout.blocks[block];
  values.dropTrial();
  for (std::size_t step = range.first; step < range.last; ++step) {
    const ReferenceStep &todo = state->layout.plan.steps[step];
    if (state->results[step] && state->resultSites[step] == site) {
      const auto id = index(todo.result);
      const std::vector<float> &raw = values.base[id].raw;
      values.trial[id].coded.resize(raw.size());
      state->results[step]->code({raw.data(), todo.width,
                                  values.trial[id].coded.data(), todo.width,
                                  values.tokens, todo.width});
      values.inTrial[id] = true;
      continue;
    }
    if (std::any_of(
            todo.operands.begin(), todo.operands.end(),
            [&](int operand) { return values.inTrial[index(operand)]; }))
      state->execute(step, values);
  }
}

const std::vector<float> &StreamModel::output(std::size_t block,
                                              const BlockValues &values) const {
  return values.read(state->layout.blocks[block].output);
}

Result<std::vector<float>>
StreamModel::logits(const std::vector<int> &tokens) const {
  SYNFIRE_ASSIGN(std::vector<float> stream, embed(tokens));
  for (std::size_t block = 0; block < blocks(); ++block) {
    const BlockValues values = runBlock(block, std::move(stream));
    stream = output(block, values);
  }
  return stream;
}

} // namespace synfire

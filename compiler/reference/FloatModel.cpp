//===- FloatModel.cpp - the float32 reference of a checkpoint -------------===//
#include "compiler/reference/FloatModel.h"

#include "compiler/reference/Executable.h"
#include "compiler/reference/Hadamard.h"

#include <algorithm>
#include <cblas.h>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace synfire {

using namespace reference;

struct FloatModel::State {
  Executable program;
  std::vector<std::vector<float>> buffers;
  AttentionScratch attention;
  std::vector<float> logits;
  std::int64_t logitRows = 0;
  std::int64_t vocabulary = 0, context = 0, position = 0;
  std::int64_t chunk = 0;
  Recorder recorder;

  Rows rows(const View &view, std::int64_t firstRow) {
    return {buffers[static_cast<std::size_t>(view.buffer)].data() +
                firstRow * view.stride + view.offset,
            view.stride};
  }
  const float *weight(const Operation &operation) const {
    return program.weights[static_cast<std::size_t>(operation.weight)]->data();
  }

  void execute(const Operation &operation, const int *tokens,
               std::int64_t firstRow, std::int64_t count);
  void linear(const Operation &operation, ConstRows in, Rows out,
              std::int64_t count) const;
  void record(const Operation &operation, std::int64_t firstRow,
              std::int64_t count);
  void recordNorm(const Operation &operation, const std::string &site,
                  ConstRows in, std::int64_t count);
  void runChunk(const int *tokens, std::int64_t count, bool logitsOfLast,
                bool logitsOfAll, float *logitsOut);
};

void FloatModel::State::linear(const Operation &operation, ConstRows in,
                               Rows out, std::int64_t count) const {
  const int inWidth = static_cast<int>(operation.operands.front().width);
  const int outWidth = static_cast<int>(operation.result.width);
  const float *matrix = weight(operation);
  if (count == 1) {
    cblas_sgemv(CblasRowMajor, CblasNoTrans, outWidth, inWidth, 1.0f, matrix,
                inWidth, in.data, 1, 0.0f, out.data, 1);
    return;
  }
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, static_cast<int>(count),
              outWidth, inWidth, 1.0f, in.data, static_cast<int>(in.stride),
              matrix, inWidth, 0.0f, out.data, static_cast<int>(out.stride));
}

void FloatModel::State::execute(const Operation &operation, const int *tokens,
                                std::int64_t firstRow, std::int64_t count) {
  auto operand = [&](std::size_t i) {
    return rows(operation.operands[i], firstRow);
  };
  const Rows out = rows(operation.result, firstRow);
  const std::int64_t width = operation.result.width;
  switch (operation.kind) {
  case StepKind::Embedding:
    for (std::int64_t row = 0; row < count; ++row)
      std::copy_n(weight(operation) + tokens[firstRow + row] * width, width,
                  out.data + row * out.stride);
    break;
  case StepKind::RmsNorm:
    rmsNorm(operand(0), out, count, width, weight(operation), operation.eps);
    break;
  case StepKind::Linear:
    linear(operation, operand(0), out, count);
    break;
  case StepKind::Rotary: {
    const RotaryTable &table =
        program.rotaryTables[static_cast<std::size_t>(operation.table)];
    const std::int64_t offset =
        (position + firstRow) * (operation.headWidth / 2);
    rotate(operand(0), out, count, operation.heads, operation.headWidth,
           table.cosine.data() + offset, table.sine.data() + offset);
    break;
  }
  case StepKind::Hadamard:
    for (std::int64_t row = 0; row < count; ++row) {
      float *rotated = out.data + row * out.stride;
      std::copy_n(operand(0).data + row * operand(0).stride, width, rotated);
      rotateBlocks(rotated, width, operation.headWidth);
    }
    break;
  case StepKind::Attention:
    attend(operation, program.caches[static_cast<std::size_t>(operation.table)],
           operand(0), operand(1), operand(2), out, count, position + firstRow,
           attention, recorder);
    break;
  case StepKind::Silu:
    silu(operand(0), out, count, width);
    break;
  case StepKind::Multiply:
    multiply(operand(0), operand(1), out, count, width);
    break;
  case StepKind::Add:
    add(operand(0), operand(1), out, count, width);
    break;
  }
}

void FloatModel::State::recordNorm(const Operation &operation,
                                   const std::string &site, ConstRows in,
                                   std::int64_t count) {
  const std::int64_t width = operation.result.width;
  std::vector<float> squares(static_cast<std::size_t>(width)), plain(squares);
  const SiteRecorder squareSite = recorder.at(site + ".square");
  const SiteRecorder meanSite = recorder.at(site + ".mean");
  const SiteRecorder inverseSite = recorder.at(site + ".rsqrt");
  const SiteRecorder normSite = recorder.at(site);
  for (std::int64_t row = 0; row < count; ++row) {
    const float *x = in.data + row * in.stride;
    double sum = 0;
    for (std::int64_t i = 0; i < width; ++i) {
      const float square = x[i] * x[i];
      squares[static_cast<std::size_t>(i)] = square;
      sum += square;
    }
    const auto mean = static_cast<float>(sum / static_cast<double>(width) +
                                         static_cast<double>(operation.eps));
    const float inverse = 1.0f / std::sqrt(mean);
    for (std::int64_t i = 0; i < width; ++i)
      plain[static_cast<std::size_t>(i)] = x[i] * inverse;
    squareSite.addRows({squares.data(), width}, 1, width);
    meanSite.addRows({&mean, 1}, 1, 1);
    inverseSite.addRows({&inverse, 1}, 1, 1);
    normSite.addRows({plain.data(), width}, 1, width);
  }
}

void FloatModel::State::record(const Operation &operation,
                               std::int64_t firstRow, std::int64_t count) {
  for (const SiteView &entry : operation.sites) {
    if (operation.kind == StepKind::RmsNorm) {
      recordNorm(operation, entry.site, rows(operation.operands[0], firstRow),
                 count);
      continue;
    }
    if (operation.kind == StepKind::Attention)
      recorder.at(siblingSite(entry.site, "v"))
          .addRows(rows(operation.operands[2], firstRow), count,
                   operation.operands[2].width);
    recorder.at(entry.site)
        .addRows(rows(entry.view, firstRow), count, entry.view.width);
  }
}

void FloatModel::State::runChunk(const int *tokens, std::int64_t count,
                                 bool logitsOfLast, bool logitsOfAll,
                                 float *logitsOut) {
  const std::size_t head = program.operations.size() - 1;
  // Every token is recorded, whatever logits are asked for.
  const bool wholeTail = logitsOfAll || recorder;
  for (std::size_t i = 0; i < head; ++i) {
    const Operation &operation = program.operations[i];
    const bool inTail = i >= program.tail;
    if (inTail && !wholeTail && !logitsOfLast)
      return;
    const std::int64_t firstRow = inTail && !wholeTail ? count - 1 : 0;
    execute(operation, tokens, firstRow, count - firstRow);
    if (recorder)
      record(operation, firstRow, count - firstRow);
  }
  if (!logitsOfAll && !logitsOfLast)
    return;
  const std::int64_t firstRow = logitsOfAll ? 0 : count - 1;
  const Operation &last = program.operations[head];
  const Rows out = {logitsOut, vocabulary};
  linear(last, rows(last.operands.front(), firstRow), out, count - firstRow);
  if (recorder)
    for (const SiteView &entry : last.sites)
      recorder.at(entry.site).addRows(out, count - firstRow, vocabulary);
}

FloatModel::FloatModel(std::unique_ptr<State> parts)
    : state(std::move(parts)) {}
FloatModel::~FloatModel() = default;

Result<std::unique_ptr<FloatModel>>
FloatModel::create(const Checkpoint &checkpoint, const Options &options) {
  SYNFIRE_TRY(validateLlama(checkpoint));
  return create(planLlama(checkpoint.config()), checkpoint, options);
}

Result<std::unique_ptr<FloatModel>>
FloatModel::create(const ReferencePlan &plan, const Checkpoint &checkpoint,
                   const Options &options) {
  SYNFIRE_TRY(verify(plan));
  if (options.threads < 1 || options.chunk < 1 || options.context < 0)
    return makeError(fmt::format("threads {} and chunk {} must be at least 1, "
                                 "context {} not negative",
                                 options.threads, options.chunk,
                                 options.context));
  if (options.context > plan.context)
    return makeError(fmt::format("context {} exceeds the model's {} positions",
                                 options.context, plan.context),
                     checkpoint.directory());
  for (const ReferenceStep &step : plan.steps)
    if (step.width > std::numeric_limits<int>::max())
      return makeError(
          fmt::format("not supported: width {} of {}", step.width, step.site));
  auto parts = std::make_unique<State>();
  parts->vocabulary = plan.vocabulary;
  parts->context = options.context ? options.context : plan.context;
  parts->chunk = std::min(options.chunk, parts->context);
  SYNFIRE_ASSIGN(parts->program,
                 buildExecutable(plan, checkpoint, parts->context));
  for (std::int64_t width : parts->program.bufferWidths)
    parts->buffers.emplace_back(static_cast<std::size_t>(width * parts->chunk));
  openblas_set_num_threads(options.threads);
  return std::unique_ptr<FloatModel>(new FloatModel(std::move(parts)));
}

void FloatModel::reset() {
  state->position = 0;
  state->logitRows = 0;
}

Status FloatModel::prefill(const int *tokens, std::size_t count,
                           LogitRows wanted) {
  const auto length = static_cast<std::int64_t>(count);
  if (length == 0)
    return makeError("no token to append");
  if (length > state->context - state->position)
    return makeError(fmt::format("{} tokens after {} exceed the context of {}",
                                 length, state->position, state->context));
  for (std::int64_t i = 0; i < length; ++i)
    if (tokens[i] < 0 || tokens[i] >= state->vocabulary)
      return makeError(fmt::format("token {} at position {} is not in the "
                                   "vocabulary of {}",
                                   tokens[i], state->position + i,
                                   state->vocabulary));
  const bool all = wanted == LogitRows::All;
  state->logitRows = all ? length : 1;
  state->logits.resize(
      static_cast<std::size_t>(state->logitRows * state->vocabulary));
  for (std::int64_t begin = 0; begin < length; begin += state->chunk) {
    const std::int64_t rows = std::min(state->chunk, length - begin);
    state->runChunk(tokens + begin, rows, begin + rows == length, all,
                    state->logits.data() +
                        (all ? begin * state->vocabulary : 0));
    state->position += rows;
  }
  return Status::success();
}

Status FloatModel::prefill(const std::vector<int> &tokens, LogitRows wanted) {
  return prefill(tokens.data(), tokens.size(), wanted);
}

Status FloatModel::decode(int token) {
  return prefill(&token, 1, LogitRows::Last);
}

const float *FloatModel::logits() const { return state->logits.data(); }
std::int64_t FloatModel::logitRows() const { return state->logitRows; }
std::int64_t FloatModel::vocabulary() const { return state->vocabulary; }
std::int64_t FloatModel::position() const { return state->position; }
std::int64_t FloatModel::context() const { return state->context; }

void FloatModel::collectStatistics(StatisticsMap *statistics) {
  state->recorder.statistics = statistics;
}

void FloatModel::collectSamples(SampleMap *samples) {
  state->recorder.samples = samples;
}

void FloatModel::observe(SiteObserver observer) {
  state->recorder.observer = std::move(observer);
}

} // namespace synfire

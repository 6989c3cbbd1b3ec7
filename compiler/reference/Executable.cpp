//===- Executable.cpp - a plan laid out in memory -------------------------===//
#include "compiler/reference/Executable.h"

#include "compiler/reference/Hadamard.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace synfire::reference {

namespace {

/// Hands out buffers and takes them back when their last reader has run.
class BufferPool {
public:
  explicit BufferPool(std::vector<std::int64_t> &bufferWidths)
      : widths(bufferWidths) {}

  /// The free buffer that needs to grow least.
  int take(std::int64_t width) {
    int best = -1;
    for (int candidate : unused) {
      if (best < 0) {
        best = candidate;
        continue;
      }
      const std::int64_t bestWidth = widthOf(best), other = widthOf(candidate);
      const bool bestFits = bestWidth >= width, otherFits = other >= width;
      if (otherFits != bestFits
              ? otherFits
              : (otherFits ? other < bestWidth : other > bestWidth))
        best = candidate;
    }
    if (best < 0) {
      widths.push_back(width);
      return static_cast<int>(widths.size()) - 1;
    }
    unused.erase(std::find(unused.begin(), unused.end(), best));
    widths[static_cast<std::size_t>(best)] = std::max(widthOf(best), width);
    return best;
  }

  void give(int buffer) { unused.push_back(buffer); }

private:
  std::int64_t widthOf(int buffer) const {
    return widths[static_cast<std::size_t>(buffer)];
  }

  std::vector<std::int64_t> &widths;
  std::vector<int> unused;
};

class Builder {
public:
  Builder(const ReferencePlan &referencePlan, const Checkpoint &source,
          std::int64_t positions)
      : plan(referencePlan), checkpoint(source), context(positions),
        pool(result.bufferWidths), views(static_cast<std::size_t>(plan.values)),
        lastUse(static_cast<std::size_t>(plan.values), 0),
        done(plan.steps.size(), false) {}

  Result<Executable> run() {
    for (std::size_t step = 0; step < plan.steps.size(); ++step)
      for (int operand : plan.steps[step].operands)
        lastUse[index(operand)] = step;
    for (std::size_t step = 0; step < plan.steps.size(); ++step) {
      if (!done[step])
        SYNFIRE_TRY(lower(step));
      release(step);
    }
    for (std::size_t i = 0; i < result.operations.size(); ++i)
      if (result.operations[i].kind == StepKind::Attention)
        result.tail = i + 1;
    return std::move(result);
  }

private:
  static std::size_t index(int value) {
    return static_cast<std::size_t>(value);
  }

  Status lower(std::size_t first) {
    std::vector<std::size_t> joined = {first};
    if (plan.steps[first].kind == StepKind::Linear)
      for (std::size_t step = first + 1; step < plan.steps.size(); ++step)
        if (joins(plan.steps[first], plan.steps[step]))
          joined.push_back(step);

    const ReferenceStep &step = plan.steps[first];
    Operation operation;
    operation.kind = step.kind;
    for (int operand : step.operands)
      operation.operands.push_back(views[index(operand)]);
    operation.heads = step.heads;
    operation.keyValueHeads = step.keyValueHeads;
    operation.headWidth = step.headWidth;
    operation.eps = static_cast<float>(step.eps);

    std::int64_t width = 0;
    for (std::size_t member : joined)
      width += plan.steps[member].width;
    const int buffer = pool.take(width);
    operation.result = {buffer, 0, width, width};
    std::int64_t offset = 0;
    for (std::size_t member : joined) {
      const ReferenceStep &part = plan.steps[member];
      const View view = {buffer, offset, width, part.width};
      views[index(part.result)] = view;
      if (!part.site.empty())
        operation.sites.push_back({part.site, view});
      offset += part.width;
      done[member] = true;
    }
    readers[buffer] = static_cast<int>(joined.size());

    SYNFIRE_TRY(attachData(joined, operation));
    result.operations.push_back(std::move(operation));
    return Status::success();
  }

  /// Linear steps of one operand become one matrix; the logits stay alone,
  /// since they are computed for fewer rows and go to the caller's buffer.
  bool joins(const ReferenceStep &a, const ReferenceStep &b) const {
    return b.kind == StepKind::Linear && a.operands == b.operands &&
           &a != &plan.steps.back() && &b != &plan.steps.back();
  }

  Status attachData(const std::vector<std::size_t> &joined,
                    Operation &operation) {
    const ReferenceStep &step = plan.steps[joined.front()];
    switch (step.kind) {
    case StepKind::Embedding: {
      SYNFIRE_ASSIGN(operation.weight,
                     weight(step.weight, {plan.vocabulary, step.width}));
      break;
    }
    case StepKind::RmsNorm: {
      SYNFIRE_ASSIGN(operation.weight, weight(step.weight, {step.width}));
      break;
    }
    case StepKind::Linear: {
      SYNFIRE_ASSIGN(operation.weight,
                     matrix(joined, operation.operands.front().width));
      break;
    }
    case StepKind::Rotary:
      operation.table = rotaryTable(step.headWidth, step.theta);
      break;
    case StepKind::Attention: {
      operation.table = static_cast<int>(result.caches.size());
      KeyValueCache cache;
      cache.headWidth = step.headWidth;
      cache.context = context;
      const auto size = static_cast<std::size_t>(step.keyValueHeads * context *
                                                 step.headWidth);
      cache.keys.resize(size);
      cache.values.resize(size);
      result.caches.push_back(std::move(cache));
      break;
    }
    default:
      break;
    }
    return Status::success();
  }

  /// Index of the matrix of one linear step, or of several stacked.
  Result<int> matrix(const std::vector<std::size_t> &joined, std::int64_t in) {
    const ReferenceStep &first = plan.steps[joined.front()];
    if (joined.size() == 1 && first.inputHadamard == 1)
      return weight(first.weight, {first.width, in});
    std::vector<float> stacked;
    for (std::size_t member : joined) {
      const ReferenceStep &part = plan.steps[member];
      SYNFIRE_ASSIGN(const TensorView tensor,
                     checkpoint.tensor(part.weight, {part.width, in}));
      const std::size_t begin = stacked.size();
      stacked.resize(begin + static_cast<std::size_t>(tensor.elements()));
      tensor.read(0, tensor.elements(), stacked.data() + begin);
      tensor.releasePages();
      for (std::size_t row = begin;
           part.inputHadamard > 1 && row < stacked.size();
           row += static_cast<std::size_t>(in))
        rotateBlocks(stacked.data() + row, in, part.inputHadamard);
    }
    result.weights.push_back(
        std::make_shared<const std::vector<float>>(std::move(stacked)));
    return static_cast<int>(result.weights.size()) - 1;
  }

  /// Index of a tensor as float32; tied tensors are held once.
  Result<int> weight(const std::string &name,
                     const std::vector<std::int64_t> &shape) {
    SYNFIRE_ASSIGN(const TensorView tensor, checkpoint.tensor(name, shape));
    const auto found = weightByName.find(name);
    if (found != weightByName.end())
      return found->second;
    const int number = static_cast<int>(result.weights.size());
    result.weights.push_back(
        std::make_shared<const std::vector<float>>(tensor.readAll()));
    tensor.releasePages();
    weightByName[name] = number;
    return number;
  }

  int rotaryTable(std::int64_t headWidth, double theta) {
    for (std::size_t i = 0; i < result.rotaryTables.size(); ++i)
      if (result.rotaryTables[i].headWidth == headWidth &&
          result.rotaryTables[i].theta == theta)
        return static_cast<int>(i);
    RotaryTable table;
    table.headWidth = headWidth;
    table.theta = theta;
    for (std::int64_t position = 0; position < context; ++position)
      for (std::int64_t i = 0; i < headWidth / 2; ++i) {
        const double angle =
            static_cast<double>(position) *
            std::pow(theta, -2.0 * static_cast<double>(i) /
                                static_cast<double>(headWidth));
        table.cosine.push_back(static_cast<float>(std::cos(angle)));
        table.sine.push_back(static_cast<float>(std::sin(angle)));
      }
    result.rotaryTables.push_back(std::move(table));
    return static_cast<int>(result.rotaryTables.size()) - 1;
  }

  /// Gives back the buffers whose last reader is this step.
  void release(std::size_t step) {
    std::vector<int> operands = plan.steps[step].operands;
    std::sort(operands.begin(), operands.end());
    operands.erase(std::unique(operands.begin(), operands.end()),
                   operands.end());
    for (int operand : operands) {
      if (lastUse[index(operand)] != step)
        continue;
      const int buffer = views[index(operand)].buffer;
      if (--readers[buffer] == 0)
        pool.give(buffer);
    }
  }

  const ReferencePlan &plan;
  const Checkpoint &checkpoint;
  std::int64_t context;
  Executable result;
  BufferPool pool;
  std::vector<View> views;          ///< by value
  std::vector<std::size_t> lastUse; ///< by value
  std::vector<bool> done;           ///< by step
  std::map<int, int> readers;       ///< by buffer: values still to be read
  std::map<std::string, int> weightByName;
};

} // namespace

Result<Executable> buildExecutable(const ReferencePlan &plan,
                                   const Checkpoint &checkpoint,
                                   std::int64_t context) {
  return Builder(plan, checkpoint, context).run();
}

} // namespace synfire::reference

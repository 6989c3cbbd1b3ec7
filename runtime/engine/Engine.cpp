//===- Engine.cpp - executes a Program on the host ------------------------===//
#include "runtime/engine/Engine.h"

#include "runtime/engine/Plan.h"
#include "runtime/engine/Worker.h"
#include "runtime/program/Mesh.h"

#include <algorithm>
#include <set>
#include <string>

namespace synfire {

class Engine::Implementation {
public:
  explicit Implementation(std::unique_ptr<Plan> made)
      : plan(std::move(made)), team(plan->options.threads) {
    for (const StoredShape &shape : plan->stored) {
      StoredOperand operand;
      operand.isKey = shape.isKey;
      operand.inDoubles = shape.inDoubles;
      operand.resize(shape.heads, shape.headWidth,
                     static_cast<std::ptrdiff_t>(plan->context));
      shared.stored.push_back(std::move(operand));
    }
    presetPrefix();
    for (int i = 0; i < team.size(); ++i)
      workers.push_back(std::make_unique<Worker>(*plan, shared));
  }

  Status append(const std::vector<int> &tokens, LogitsWanted wanted) {
    SYNFIRE_TRY(check(tokens));
    if (tokens.empty())
      return {};
    const std::size_t vocabulary = plan->stages.back().width;
    const std::size_t wantedRows =
        wanted == LogitsWanted::All ? tokens.size() : 1;
    const std::size_t firstWanted = tokens.size() - wantedRows;
    logits.resize(wantedRows * vocabulary);
    const std::size_t chunk = plan->tokensPerThread * workers.size();
    for (std::size_t start = 0; start < tokens.size(); start += chunk)
      runChunk(tokens.data() + start, start,
               std::min(chunk, tokens.size() - start), firstWanted);
    return {};
  }

  void reset() {
    position = plan->prefix;
    tokensRun = 0;
    logits.clear();
    for (auto &worker : workers)
      worker->clearCounts();
  }

  void fillRun(Run &run) const {
    const Program &program = *plan->program;
    run.executor = "engine";
    run.model = program.model;
    run.model.tokenizerJson.clear();
    run.conversion = program.conversion;
    run.chip = program.mapping.chip;
    fillCores(program.mapping, run);
    run.stageNames.clear();
    run.stageLayers.clear();
    run.stageRoles.clear();
    for (const Stage &stage : program.stages) {
      run.stageNames.push_back(stage.name);
      run.stageLayers.push_back(stage.layer);
      run.stageRoles.push_back(stage.role);
    }
    std::vector<StageTotals> totals(program.stages.size());
    for (const auto &worker : workers)
      for (std::size_t s = 0; s < totals.size(); ++s)
        totals[s].add(worker->stageTotals()[s]);
    fillCounters(program, totals, tokensRun, run);
    if (!plan->options.countByStage)
      run.stages.clear();
  }

  std::vector<StageTimes> times() const {
    std::vector<StageTimes> sum(plan->stages.size());
    for (const auto &worker : workers)
      for (std::size_t s = 0; s < sum.size(); ++s) {
        const StageTimes &part = worker->stageTimes()[s];
        sum[s].accumulate += part.accumulate;
        sum[s].requantise += part.requantise;
        sum[s].fire += part.fire;
        sum[s].store += part.store;
      }
    return sum;
  }

  std::unique_ptr<Plan> plan;
  SharedState shared;
  ThreadTeam team;
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<std::int32_t> logits;
  std::size_t position = 0;
  std::uint64_t tokensRun = 0;

private:
  /// Tokens only ever write behind the prefix, so its rows are set once.
  void presetPrefix() {
    position = plan->prefix;
    std::vector<std::int32_t> row;
    for (const StagePlan &stage : plan->stages)
      for (const DendritePlan &part : stage.dendrites) {
        const int block = part.source->prefixCodes;
        if (block < 0)
          continue;
        row.resize(
            plan->stages[static_cast<std::size_t>(part.source->stored)].width);
        for (std::size_t p = 0; p < plan->prefix; ++p) {
          unpackWeights(plan->program->weights, block,
                        static_cast<std::int64_t>(p), row.data());
          shared.stored[static_cast<std::size_t>(part.stored)].store(
              static_cast<std::ptrdiff_t>(p), row.data());
        }
      }
  }

  Status check(const std::vector<int> &tokens) const {
    if (tokens.size() > plan->context - position) {
      std::string what = "a prompt of " + std::to_string(tokens.size()) +
                         " tokens does not fit the context of " +
                         std::to_string(plan->context);
      if (position > 0)
        what += ", of which " + std::to_string(position) + " are taken";
      if (plan->prefix > 0)
        what += " (" + std::to_string(plan->prefix) + " by the prefix)";
      return makeError(what, plan->program->model.name,
                       "shorten the prompt or compile for a longer context");
    }
    const int vocabulary = plan->program->model.vocabulary;
    for (std::size_t i = 0; i < tokens.size(); ++i)
      if (tokens[i] < 0 || tokens[i] >= vocabulary)
        return makeError("token " + std::to_string(i) + " of the prompt is " +
                             std::to_string(tokens[i]) +
                             ", but the vocabulary has ids 0 to " +
                             std::to_string(vocabulary - 1),
                         plan->program->model.name);
    return {};
  }

  void runChunk(const int *tokens, std::size_t start, std::size_t count,
                std::size_t firstWanted) {
    const std::size_t share = (count + workers.size() - 1) / workers.size();
    const std::size_t members = (count + share - 1) / share;
    const std::size_t vocabulary = plan->stages.back().width;
    shared.barrier.expect(static_cast<int>(members));
    auto job = [&](int member) {
      const std::size_t begin = static_cast<std::size_t>(member) * share;
      TokenRows rows;
      rows.tokens = tokens + begin;
      rows.count = std::min(share, count - begin);
      rows.firstPosition = position + begin;
      const std::size_t first = start + begin;
      rows.firstLogitRow = firstWanted > first ? firstWanted - first : 0;
      if (rows.firstLogitRow < rows.count)
        rows.logits = logits.data() +
                      (first + rows.firstLogitRow - firstWanted) * vocabulary;
      workers[static_cast<std::size_t>(member)]->run(rows);
    };
    team.run(static_cast<int>(members), job);
    position += count;
    tokensRun += count;
  }

  static void fillCores(const Mapping &mapping, Run &run) {
    const Mesh mesh(mapping.chip.mesh, mapping.chipsX, mapping.chipsY);
    std::set<int> cores, chips;
    for (const Tile &tile : mapping.tiles) {
      cores.insert(tile.core);
      chips.insert(mesh.chipNumber(mesh.routerOfCore(tile.core)));
    }
    run.usedCores = static_cast<int>(cores.size());
    run.usedChips = static_cast<int>(chips.size());
  }
};

Engine::Engine(std::unique_ptr<Implementation> made)
    : implementation(std::move(made)) {}
Engine::~Engine() = default;

Result<std::unique_ptr<Engine>>
Engine::create(std::shared_ptr<const Program> program,
               const EngineOptions &options) {
  SYNFIRE_ASSIGN(std::unique_ptr<Plan> plan,
                 makePlan(std::move(program), options));
  return std::unique_ptr<Engine>(
      new Engine(std::make_unique<Implementation>(std::move(plan))));
}

Status Engine::prefill(const std::vector<int> &tokens, LogitsWanted wanted) {
  return implementation->append(tokens, wanted);
}

Status Engine::decode(int token) {
  return implementation->append({token}, LogitsWanted::Last);
}

EngineLogits Engine::logits() const {
  EngineLogits view;
  view.vocabulary = implementation->plan->stages.back().width;
  view.data = implementation->logits.data();
  view.rows = implementation->logits.size() / view.vocabulary;
  return view;
}

double Engine::logitScale() const {
  return implementation->plan->program->stages.back().membraneScale;
}

int Engine::greedyToken() const {
  const EngineLogits view = logits();
  if (view.rows == 0)
    return -1;
  const std::int32_t *last = view.row(view.rows - 1);
  return static_cast<int>(std::max_element(last, last + view.vocabulary) -
                          last);
}

int Engine::position() const {
  return static_cast<int>(implementation->position);
}

void Engine::reset() { implementation->reset(); }

void Engine::fillRun(Run &run) const { implementation->fillRun(run); }

void Engine::setObserver(StageObserver *observer) {
  implementation->shared.observer = observer;
}

void Engine::measure(bool enabled) {
  implementation->shared.measuring = enabled;
}

std::vector<StageTimes> Engine::times() const {
  return implementation->times();
}

} // namespace synfire

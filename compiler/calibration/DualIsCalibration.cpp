//===- DualIsCalibration.cpp - thresholds and v0, block by block ----------===//
#include "compiler/calibration/DualIsCalibration.h"

#include "compiler/calibration/StreamModel.h"

#include <algorithm>
#include <atomic>
#include <cblas.h>
#include <cmath>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace synfire {
namespace {

/// Runs windows side by side, one thread of BLAS each.
class WindowTeam {
public:
  explicit WindowTeam(int count)
      : threads(std::max(1, count)), before(openblas_get_num_threads()) {
    openblas_set_num_threads(1);
  }
  ~WindowTeam() { openblas_set_num_threads(before); }
  WindowTeam(const WindowTeam &) = delete;
  WindowTeam &operator=(const WindowTeam &) = delete;

  void each(std::size_t windows,
            const std::function<void(std::size_t)> &work) const {
    std::atomic<std::size_t> next{0};
    auto run = [&] {
      for (std::size_t window = next++; window < windows; window = next++)
        work(window);
    };
    std::vector<std::thread> others;
    for (int i = 1; i < threads; ++i)
      others.emplace_back(run);
    run();
    for (std::thread &other : others)
      other.join();
  }

private:
  int threads, before;
};

/// First and last steps of the search: log2 of the threshold's factor, and v0
/// in thresholds.
constexpr double firstScaleStep = 0.25, firstInitialStep = 0.125;
constexpr double lastStepShare = 0.125;

/// One parameter of one population.
struct Coordinate {
  std::string site;
  bool isScale = true; ///< false: v0
  double step = 0;
  int direction = 1; ///< the one that helped last
  bool done = false;
};

/// The theta of a streamed unit in membrane units: what its first level takes
/// off.
std::int64_t thresholdUnits(const TableUnit &unit) {
  return unit.config.banks.front().table.decrement.front();
}

/// The unit one step along a coordinate; nothing where v0 would leave
/// [0, theta).
std::optional<TableUnit> moved(TableUnit unit, const Coordinate &coordinate,
                               int direction) {
  const double by = direction * coordinate.step;
  if (coordinate.isScale) {
    unit.membraneScale *= std::exp2(by);
    unit.codeScale *= std::exp2(by);
    return unit;
  }
  const std::int64_t theta = thresholdUnits(unit);
  unit.config.offset += std::llround(by * static_cast<double>(theta));
  if (unit.config.offset < 0 || unit.config.offset >= theta)
    return std::nullopt;
  return unit;
}

class Calibrator {
public:
  Calibrator(const ReferencePlan &referencePlan,
             const std::vector<std::vector<int>> &tokenWindows,
             const DualIsOptions &dualOptions)
      : plan(referencePlan), windows(tokenWindows), options(dualOptions),
        team(dualOptions.threads) {}

  Status run(const Checkpoint &checkpoint, NetworkPlan &network);

private:
  Status begin(const Checkpoint &checkpoint, const NetworkPlan &network);
  void enter(std::size_t block);
  Status search(std::size_t block, NetworkPlan &network);
  std::vector<Coordinate> coordinatesOf(std::size_t block,
                                        const NetworkPlan &network) const;
  Result<bool> attempt(std::size_t block, const std::string &site,
                       const TableUnit &unit, NetworkPlan &network);
  double error(std::size_t block) const;
  double errorOfWindow(std::size_t block, std::size_t window) const;
  Result<double> logitError(const NetworkPlan &network);

  const ReferencePlan &plan;
  const std::vector<std::vector<int>> &windows;
  const DualIsOptions &options;
  WindowTeam team;
  std::unique_ptr<StreamModel> real, coded;
  /// By window: the float stream and the coded one, before or after a block.
  std::vector<std::vector<float>> wanted, stream;
  std::vector<BlockValues> values; ///< by window
  double best = 0;
  bool changed = false; ///< a unit is not what the plan had
};

/// Sum of squares over the final frame, in double.
double Calibrator::errorOfWindow(std::size_t block, std::size_t window) const {
  const std::vector<float> &have = coded->output(block, values[window]);
  const std::vector<float> &want = wanted[window];
  const std::size_t rows = windows[window].size();
  const std::size_t width = want.size() / rows;
  const std::size_t frames = have.size() / want.size();
  double sum = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    const float *x = have.data() + ((row + 1) * frames - 1) * width;
    const float *y = want.data() + row * width;
    for (std::size_t i = 0; i < width; ++i) {
      const double difference =
          static_cast<double>(x[i]) - static_cast<double>(y[i]);
      sum += difference * difference;
    }
  }
  return sum;
}

double Calibrator::error(std::size_t block) const {
  std::vector<double> sums(windows.size());
  team.each(windows.size(), [&](std::size_t window) {
    sums[window] = errorOfWindow(block, window);
  });
  double sum = 0, count = 0;
  for (std::size_t window = 0; window < windows.size(); ++window) {
    sum += sums[window];
    count += static_cast<double>(wanted[window].size());
  }
  return sum / count;
}

/// Keeps the unit if the block's error falls.
Result<bool> Calibrator::attempt(std::size_t block, const std::string &site,
                                 const TableUnit &unit, NetworkPlan &network) {
  SYNFIRE_TRY(coded->setUnit(site, unit));
  team.each(windows.size(), [&](std::size_t window) {
    coded->retry(block, site, values[window]);
  });
  const double now = error(block);
  const bool better = now < best;
  for (BlockValues &window : values)
    better ? window.takeTrial() : window.dropTrial();
  if (!better) {
    SYNFIRE_TRY(coded->setUnit(site, network.codings[site]));
    return false;
  }
  best = now;
  changed = true;
  network.codings[site] = unit;
  return true;
}

std::vector<Coordinate>
Calibrator::coordinatesOf(std::size_t block, const NetworkPlan &network) const {
  std::vector<Coordinate> coordinates;
  for (const std::string &site : coded->codedSites(block)) {
    const auto *unit = std::get_if<TableUnit>(&network.codings.at(site));
    if (!unit || unit->config.input != InputMode::Streamed)
      continue;
    coordinates.push_back({site, true, firstScaleStep});
    // Two-sided neurons have their rounding in the table, not in v0.
    if (unit->config.sign == SignMode::None && thresholdUnits(*unit) > 0)
      coordinates.push_back({site, false, firstInitialStep});
  }
  return coordinates;
}

Status Calibrator::search(std::size_t block, NetworkPlan &network) {
  std::vector<Coordinate> coordinates = coordinatesOf(block, network);
  for (int pass = 0; pass < options.passes; ++pass)
    for (Coordinate &coordinate : coordinates) {
      bool any = false;
      for (int side = 0; side < 2 && !any && !coordinate.done; ++side) {
        const std::optional<TableUnit> next =
            moved(std::get<TableUnit>(network.codings[coordinate.site]),
                  coordinate, coordinate.direction);
        if (next) {
          SYNFIRE_ASSIGN(any, attempt(block, coordinate.site, *next, network));
        }
        if (!any)
          coordinate.direction = -coordinate.direction;
      }
      if (any)
        continue;
      coordinate.step /= 2;
      const double first =
          coordinate.isScale ? firstScaleStep : firstInitialStep;
      coordinate.done = coordinate.step < first * lastStepShare;
    }
  return Status::success();
}

Status Calibrator::begin(const Checkpoint &checkpoint,
                         const NetworkPlan &network) {
  StreamModelOptions modelOptions;
  for (const std::vector<int> &window : windows)
    modelOptions.context = std::max(modelOptions.context,
                                    static_cast<std::int64_t>(window.size()));
  modelOptions.context += options.prefix.positions();
  modelOptions.prefix = options.prefix;
  SYNFIRE_ASSIGN(real, StreamModel::create(plan, checkpoint, modelOptions));
  modelOptions.weightBits = options.weightBits;
  SYNFIRE_ASSIGN(coded, StreamModel::create(plan, checkpoint, modelOptions));
  SYNFIRE_TRY(coded->setPlan(network));
  for (const std::vector<int> &window : windows) {
    SYNFIRE_ASSIGN(std::vector<float> exact, real->embed(window));
    wanted.push_back(std::move(exact));
    SYNFIRE_ASSIGN(std::vector<float> cumulative, coded->embed(window));
    stream.push_back(std::move(cumulative));
  }
  values.resize(windows.size());
  return Status::success();
}

void Calibrator::enter(std::size_t block) {
  team.each(windows.size(), [&](std::size_t window) {
    const BlockValues exact = real->runBlock(block, std::move(wanted[window]));
    wanted[window] = real->output(block, exact);
    values[window] = coded->runBlock(block, std::move(stream[window]));
  });
  best = error(block);
}

/// Of the whole network, after the last block was entered.
Result<double> Calibrator::logitError(const NetworkPlan &network) {
  SYNFIRE_TRY(coded->setPlan(network));
  std::vector<std::optional<Error>> failures(windows.size());
  const std::size_t blocks = coded->blocks();
  team.each(windows.size(), [&](std::size_t window) {
    Result<std::vector<float>> rows = coded->embed(windows[window]);
    if (!rows) {
      failures[window] = rows.error();
      return;
    }
    for (std::size_t block = 0; block < blocks; ++block) {
      values[window] = coded->runBlock(block, std::move(*rows));
      *rows = coded->output(block, values[window]);
    }
  });
  for (const std::optional<Error> &failure : failures)
    if (failure)
      return *failure;
  return error(blocks - 1);
}

Status Calibrator::run(const Checkpoint &checkpoint, NetworkPlan &network) {
  SYNFIRE_TRY(begin(checkpoint, network));
  NetworkPlan found = network;
  const std::size_t blocks = coded->blocks();
  for (std::size_t block = 0; block < blocks; ++block) {
    enter(block);
    const double before = best;
    SYNFIRE_TRY(search(block, found));
    for (std::size_t window = 0; window < windows.size(); ++window)
      stream[window] = coded->output(block, values[window]);
    if (options.progress)
      options.progress(block + 1, blocks, before, best);
  }
  if (!changed)
    return Status::success();
  // Blocks that are closer one by one need not make a network that is.
  const double calibrated = best;
  SYNFIRE_ASSIGN(const double uncalibrated, logitError(network));
  if (calibrated < uncalibrated)
    network = std::move(found);
  else
    network.notes.push_back(
        "block-wise calibration did not bring the logits closer to the float "
        "model's and was dropped");
  return Status::success();
}

} // namespace

BlockCalibration makeBlockCalibration(const Checkpoint &checkpoint,
                                      const ReferencePlan &plan,
                                      std::vector<std::vector<int>> windows,
                                      const DualIsOptions &options) {
  return [&checkpoint, plan, windows = std::move(windows),
          options](NetworkPlan &network) -> Status {
    if (windows.empty())
      return makeError("no calibration text");
    if (options.passes < 0 || options.threads < 1)
      return makeError(fmt::format("{} passes in {} threads, but no fewer than "
                                   "0 and 1",
                                   options.passes, options.threads));
    return Calibrator(plan, windows, options).run(checkpoint, network);
  };
}

} // namespace synfire

//===- PredictionReport.cpp - expected beside counted ---------------------===//
#include "runtime/report/PredictionReport.h"

#include <numeric>

namespace synfire {

std::vector<PredictionRow> predictionRows(const Run &run) {
  const CostPrediction &predicted = run.prediction;
  const std::vector<std::uint64_t> &latencies = run.timing.tokenCycles;
  const auto decoded = static_cast<double>(latencies.size());
  // The last token is not fed back.
  const double executed =
      static_cast<double>(run.promptTokens.size()) + decoded;
  if (predicted.tokenCycles == 0 || executed == 0)
    return {};
  auto perToken = [&](std::uint64_t count) {
    return static_cast<double>(count) / executed;
  };
  std::vector<PredictionRow> rows = {
      {"spikes_sent", predicted.packets,
       perToken(run.total[Counter::SpikeSent])},
      {"hops", predicted.eastWestHops + predicted.northSouthHops,
       perToken(run.total[Counter::HopEastWest] +
                run.total[Counter::HopNorthSouth])},
      {"chip_crossings", predicted.chipCrossings,
       perToken(run.total[Counter::ChipCrossing])}};
  if (decoded > 0)
    rows.push_back({"token_cycles", predicted.tokenCycles,
                    static_cast<double>(std::accumulate(
                        latencies.begin(), latencies.end(), std::uint64_t(0))) /
                        decoded});
  return rows;
}

} // namespace synfire

//===- TinyParts.h - chip, units and schedule of TinyProgram ----*- C++ -*-===//
//
// Each part can be taken alone by a test that builds its own Program.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TESTS_UNIT_PROGRAM_TINYPARTS_H
#define SYNFIRE_TESTS_UNIT_PROGRAM_TINYPARTS_H

#include "runtime/program/Program.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

namespace synfire::tests {

/// The chip of TinyProgram: 4x4 routers of 2 cores, room for anything small.
inline ChipModel generousChip() {
  ChipModel chip;
  chip.name = "generous";
  chip.description = "made by a test";
  chip.mesh = {4, 4, 2, 64, 64};
  chip.core = {1 << 20, 1 << 20, 1 << 22, 1 << 26, 1 << 22, 1 << 22};
  chip.timing = {1e9, 1, 8, 1, 1, 4, 1, 1, 1};
  chip.noc = {1, 1, 4, 10, 20, 1};
  chip.energy = {true, 20, 50, 40, 2, 3, 4, 0.1};
  chip.text = R"(name: "generous"
description: "made by a test"
binary_spikes: false
mesh { chip_width: 4 chip_height: 4 cores_per_router: 2 max_chips_x: 64 max_chips_y: 64 }
core {
  neurons: 1048576 input_axons: 1048576 output_axons: 4194304
  synapse_bytes: 67108864 accumulators: 4194304 lookup_bytes: 4194304
}
timing {
  clock_hz: 1e9 axon_lookup_cycles: 1 accumulate_lanes: 8 row_fetch_cycles: 1
  neuron_update_cycles: 1 neuron_lanes: 4 lookup_cycles: 1 multiply_cycles: 1
  output_axon_cycles: 1
}
noc {
  router_cycles: 1 link_spikes_per_cycle: 1 chip_link_cycles_per_spike: 4
  chip_hop_cycles: 10 barrier_base_cycles: 20
  barrier_cycles_per_router_diameter: 1
}
energy {
  published: true synaptic_operation_pj: 20 neuron_update_pj: 50
  neuron_update_inactive_pj: 40 spike_within_router_pj: 2 hop_east_west_pj: 3
  hop_north_south_pj: 4 static_watts_per_chip: 0.1
}
)";
  return chip;
}

/// Base-2 phase unit: |X| in units of 2^guardBits, `steps` bits, MSB first.
inline NeuronConfig phaseNeuron(int steps, int guardBits, bool banks = false) {
  NeuronConfig config;
  config.steps = steps;
  config.sign = SignMode::Magnitude;
  config.guardBits = guardBits;
  auto table = [&](int scaleBits) {
    FiringTable result;
    for (int t = 0; t < steps; ++t) {
      std::int64_t payload = std::int64_t(1) << (steps - 1 - t + scaleBits);
      result.threshold.push_back(payload << guardBits);
      result.decrement.push_back(payload << guardBits);
      result.payload.push_back(static_cast<std::int32_t>(payload));
    }
    return result;
  };
  constexpr std::int64_t endless = std::int64_t(1) << 32;
  std::int64_t split = std::int64_t(1) << (steps + guardBits);
  if (banks)
    config.banks = {{0, split, table(0)}, {split, endless, table(2)}};
  else
    config.banks = {{0, endless, table(0)}};
  return config;
}

/// `value` sampled at each row's start, sub-tables of 2^mantissaBits rows per
/// octave. Negative membranes use the upper half if `negatives`.
inline LookupTable
sampledTable(const std::string &function, int steps, std::int32_t limit,
             int mantissaBits, bool negatives,
             const std::function<double(std::int64_t)> &value) {
  LookupTable table;
  table.function = function;
  table.steps = steps;
  table.limit = limit;
  table.entryBits = steps + 1;
  const double largest = std::ldexp(1.0, steps) - 1;
  auto add = [&](std::int64_t membrane) {
    double sample = std::clamp(value(membrane), -largest, largest);
    table.entries.push_back(static_cast<std::int32_t>(std::lround(sample)));
  };
  for (int half = 0; half < (negatives ? 2 : 1); ++half)
    for (int e = 0; e < 32; ++e) {
      auto octave = static_cast<std::size_t>(e + 32 * half);
      std::int64_t low = e ? std::int64_t(1) << (e - 1) : 0;
      std::int64_t high =
          std::min<std::int64_t>(limit, e ? (std::int64_t(1) << e) - 1 : 0);
      if (low > high)
        break;
      int shift = std::max(0, e - 1 - mantissaBits);
      table.base[octave] = static_cast<std::int32_t>(table.entries.size());
      table.shift[octave] = static_cast<std::uint8_t>(shift);
      for (std::int64_t a = low; a <= high; a += std::int64_t(1) << shift)
        add(half ? -a : a);
    }
  if (!negatives)
    for (std::size_t octave = 0; octave < 32; ++octave) {
      table.base[32 + octave] = table.base[0];
      table.shift[32 + octave] = 31;
    }
  return table;
}

/// Smallest schedule of P9.
inline Schedule shortestSchedule(const std::vector<Stage> &stages,
                                 const std::vector<int> &stageSteps) {
  Schedule schedule;
  auto at = [](int s) { return static_cast<std::size_t>(s); };
  schedule.fireLevel.assign(stages.size(), 0);
  for (bool changed = true; changed;) {
    changed = false;
    auto raise = [&](int stage, int level) {
      if (schedule.fireLevel[at(stage)] < level) {
        schedule.fireLevel[at(stage)] = level;
        changed = true;
      }
    };
    for (std::size_t s = 0; s < stages.size(); ++s)
      for (const Dendrite &d : stages[s].dendrites) {
        for (int operand : {d.driver, d.stored})
          if (operand >= 0)
            raise(static_cast<int>(s), schedule.fireLevel[at(operand)] + 1);
        if (d.stored >= 0 && d.form == ProductForm::Stored)
          raise(d.driver, schedule.fireLevel[at(d.stored)] + 1);
      }
  }
  for (std::size_t s = 0; s < stages.size(); ++s) {
    int level = schedule.fireLevel[s], first = level;
    for (const Dendrite &d : stages[s].dendrites) {
      if (d.driver < 0)
        first = 0;
      for (int operand : {d.driver, d.stored})
        if (operand >= 0)
          first = std::min(first, schedule.fireLevel[at(operand)]);
    }
    schedule.slots.push_back(level - first + 1);
    if (level >= schedule.levels())
      schedule.levelSteps.resize(static_cast<std::size_t>(level) + 1, 1);
    int &steps = schedule.levelSteps[at(level)];
    steps = std::max(steps, stageSteps[s]);
  }
  return schedule;
}

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_PROGRAM_TINYPARTS_H

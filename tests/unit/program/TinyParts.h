//===- TinyParts.h - what small Programs of tests are made of ---*- C++ -*-===//
//
// Chip, units, weights, schedule and tiles. Each part can be taken alone by a
// test that builds its own Program.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TESTS_UNIT_PROGRAM_TINYPARTS_H
#define SYNFIRE_TESTS_UNIT_PROGRAM_TINYPARTS_H

#include "runtime/program/Program.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace synfire::tests {

/// The chip of TinyProgram: 4x4 routers of 2 cores, room for anything small.
inline ChipModel generousChip() {
  ChipModel chip;
  chip.name = "generous";
  chip.description = "made by a test";
  chip.mesh = {4, 4, 2, 64, 64};
  chip.core = {1 << 20, 1 << 20, 1 << 22, 1 << 26, 1 << 22, 1 << 22};
  // Clock, axon look-up, row fetch, memory (bits, cycles), accumulation (lanes,
  // cycles), neurons (update, spike, lanes), look-up, multiply, output, queue.
  chip.timing = {1e9, 1, 1, 64, 1, 8, 1, 1, 0, 4, 1, 1, 1, 16};
  chip.noc.periodCycles = 1;
  // A hop takes one cycle.
  chip.noc.router = {2, 4, 0, 0, 0, false, 0, 1, 1, 1};
  chip.noc.flitsPerPacket = 1;
  chip.noc.chipLinkCyclesPerFlit = 4;
  chip.noc.chipHopCycles = 10;
  chip.noc.barrierBaseCycles = 20;
  chip.noc.barrierCyclesPerRouterDiameter = 1;
  chip.energy = {true, 20, 50, 40, 0, 0, 2, 3, 4, 0.1};
  chip.text = R"(name: "generous"
description: "made by a test"
binary_spikes: false
mesh { chip_width: 4 chip_height: 4 cores_per_router: 2 max_chips_x: 64 max_chips_y: 64 }
core {
  neurons: 1048576 input_axons: 1048576 output_axons: 4194304
  synapse_bytes: 67108864 accumulators: 4194304 lookup_bytes: 4194304
  weight_bits: 32 writes_synapses: true
}
timing {
  clock_hz: 1e9 axon_lookup_cycles: 1 row_fetch_cycles: 1 synapse_word_bits: 64
  synapse_word_cycles: 1 accumulate_lanes: 8 accumulate_cycles: 1
  neuron_update_cycles: 1 neuron_spike_cycles: 0 neuron_lanes: 4 lookup_cycles: 1
  multiply_cycles: 1 output_axon_cycles: 1 input_queue_packets: 16
}
noc {
  period_cycles: 1
  router {
    virtual_channels: 2 buffer_flits: 4 routing_cycles: 0 vc_allocation_cycles: 0
    switch_allocation_cycles: 0 speculative_switch_allocation: false
    switch_traversal_cycles: 0 link_cycles_east_west: 1 link_cycles_north_south: 1
    credit_cycles: 1
  }
  multicast: UNICAST flits_per_packet: 1 chip_link_cycles_per_flit: 4
  chip_hop_cycles: 10 barrier_base_cycles: 20
  barrier_cycles_per_router_diameter: 1
}
energy {
  published: true synaptic_operation_pj: 20 neuron_update_pj: 50
  neuron_update_inactive_pj: 40 spike_fired_pj: 0 message_received_pj: 0
  spike_within_router_pj: 2 hop_east_west_pj: 3
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

/// Smallest schedule of P9. With several frames, `rehearsing` names the stages
/// that hear all frames before they fire; none may be missing then.
inline Schedule shortestSchedule(const std::vector<Stage> &stages,
                                 const std::vector<int> &stageSteps,
                                 int frames = 1,
                                 const std::vector<bool> &rehearsing = {}) {
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
    for (std::size_t s = 0; s < stages.size(); ++s) {
      const int distance = frames > 1 && rehearsing[s] ? frames : 1;
      for (const Dendrite &d : stages[s].dendrites) {
        if (d.driver < 0)
          raise(static_cast<int>(s), distance - 1);
        for (int operand : {d.driver, d.stored})
          if (operand >= 0)
            raise(static_cast<int>(s),
                  schedule.fireLevel[at(operand)] + distance);
        if (d.stored >= 0 && d.form == ProductForm::Stored)
          raise(d.driver, schedule.fireLevel[at(d.stored)] + 1);
        if (d.stored >= 0 && frames > 1) {
          raise(d.driver, schedule.fireLevel[at(d.stored)]);
          raise(d.stored, schedule.fireLevel[at(d.driver)]);
        }
      }
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

/// Signed bits that hold +-bound.
inline int bitsFor(std::int64_t bound) {
  int bits = 1;
  while (bits < 64 && (bound >> (bits - 1)) != 0)
    ++bits;
  return bits;
}

/// P6 by shapes alone, for weights that never are the most negative number of
/// their width.
inline std::int64_t shapeBound(const Program &program, const Dendrite &d) {
  auto stage = [&](int s) -> const Stage & {
    return program.stages[static_cast<std::size_t>(s)];
  };
  std::int64_t weight = 0;
  if (d.weights >= 0)
    weight =
        (std::int64_t(1)
         << (program.weights.blocks[static_cast<std::size_t>(d.weights)].bits -
             1)) -
        1;
  std::int64_t x = d.driver < 0 ? 1 : stage(d.driver).codeLimit;
  std::int64_t y = d.stored < 0 ? 1 : stage(d.stored).codeLimit;
  switch (d.kind) {
  case DendriteKind::Embed:
    return weight * (d.everyFrame ? program.frames : 1);
  case DendriteKind::Static:
    return weight * stage(d.driver).width() * x;
  case DendriteKind::Identity:
    return x;
  case DendriteKind::Sum:
    return stage(d.driver).groupWidth * x;
  case DendriteKind::Rotary:
    return 2 * 32768 * x;
  case DendriteKind::Product:
    return x * y;
  case DendriteKind::Scores:
    return d.headWidth * x * y;
  case DendriteKind::Mix:
    return program.model.context * x * y;
  case DendriteKind::Hadamard:
    return d.headWidth * x;
  }
  return 0;
}

/// Width of the widest Hadamard block of at most `most` in a row of `width`.
inline int hadamardBlock(std::int64_t width, int most) {
  int block = 1;
  while (2 * block <= most && width % (2 * block) == 0)
    block *= 2;
  return block;
}

/// Appends a stage whose dendrites get the narrowest accumulators and stored
/// words that their shapes allow; returns its index.
inline int addStage(Program &program, Stage stage) {
  auto limit = [&](int s) {
    return program.stages[static_cast<std::size_t>(s)].codeLimit;
  };
  for (Dendrite &d : stage.dendrites) {
    d.accumulatorBits = bitsFor(shapeBound(program, d));
    if (d.stored >= 0) {
      std::int64_t words = limit(d.stored);
      if (d.form == ProductForm::Concurrent)
        words = std::max(words, limit(d.driver));
      d.storedBits = bitsFor(words);
    }
  }
  program.stages.push_back(std::move(stage));
  return static_cast<int>(program.stages.size()) - 1;
}

/// Index of an equal table of the program, which is added if there is none.
inline int findOrAddTable(Program &program, LookupTable made) {
  for (std::size_t i = 0; i < program.lookupTables.size(); ++i)
    if (program.lookupTables[i].function == made.function &&
        program.lookupTables[i].entries == made.entries)
      return static_cast<int>(i);
  program.lookupTables.push_back(std::move(made));
  return static_cast<int>(program.lookupTables.size()) - 1;
}

/// Largest |entry|.
inline std::int64_t largestEntry(const LookupTable &table) {
  std::int64_t largest = 0;
  for (std::int32_t entry : table.entries)
    largest = std::max<std::int64_t>(largest, std::abs(std::int64_t(entry)));
  return largest;
}

/// Weight blocks of a Program that is being built in memory.
class TinyWeights {
public:
  /// Seeded weights of every value but the most negative one.
  int addRandom(Program &program, int rows, int columns, int bits,
                std::mt19937 &random) {
    WeightBlock made = open(rows, columns, bits);
    bytes.resize(bytes.size() + made.bytes());
    const int largest = (1 << (bits - 1)) - 1;
    std::uint8_t *row = bytes.data() + made.offset;
    for (int r = 0; r < rows; ++r, row += made.rowBytes())
      for (int c = 0; c < columns; ++c) {
        int w =
            static_cast<int>(random() % (2 * unsigned(largest) + 1)) - largest;
        auto u = static_cast<unsigned>(w);
        if (bits == 4)
          row[c / 2] =
              static_cast<std::uint8_t>(row[c / 2] | ((u & 15) << (c % 2 * 4)));
        else
          for (int byte = 0; byte < bits / 8; ++byte)
            row[c * (bits / 8) + byte] =
                static_cast<std::uint8_t>(u >> (8 * byte));
      }
    return close(program, made);
  }

  /// Rotations of all positions; 16384 is 1.
  int addRotary(Program &program, int context, int headWidth) {
    WeightBlock made = open(context, headWidth, 16);
    for (int p = 0; p < context; ++p)
      for (int i = 0; i < headWidth; ++i) {
        double angle =
            p * std::pow(10000.0, -2.0 * (i % (headWidth / 2)) / headWidth);
        double value = i < headWidth / 2 ? std::cos(angle) : std::sin(angle);
        auto u =
            static_cast<unsigned>(static_cast<int>(std::lround(value * 16384)));
        bytes.push_back(static_cast<std::uint8_t>(u));
        bytes.push_back(static_cast<std::uint8_t>(u >> 8));
      }
    return close(program, made);
  }

  void moveInto(Program &program) {
    program.weights.memory =
        std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
  }

private:
  WeightBlock open(int rows, int columns, int bits) {
    bytes.resize((bytes.size() + 63) / 64 * 64);
    WeightBlock made;
    made.offset = bytes.size();
    made.rows = rows;
    made.columns = columns;
    made.bits = bits;
    return made;
  }
  int close(Program &program, const WeightBlock &made) {
    program.weights.blocks.push_back(made);
    return static_cast<int>(program.weights.blocks.size()) - 1;
  }

  std::vector<std::uint8_t> bytes;
};

/// Tile k lies on core k of a generous chip: heads first, then columns, even
/// halves of at most `tileNeurons` (0: one tile a stage).
inline void mapInTiles(Program &program, int tileNeurons) {
  Mapping &mapping = program.mapping;
  mapping.chip = generousChip();
  mapping.placement = "row-major";
  int core = 0;
  for (std::size_t s = 0; s < program.stages.size(); ++s) {
    const Stage &made = program.stages[s];
    int columns = made.groupWidth, groups = made.groups;
    if (tileNeurons > 0) {
      columns = std::min(columns, tileNeurons);
      groups = std::clamp(tileNeurons / made.groupWidth, 1, groups);
    }
    for (int g = 0; g < made.groups; g += groups)
      for (int c = 0; c < made.groupWidth; c += columns)
        mapping.tiles.push_back({static_cast<int>(s), core++, g,
                                 std::min(made.groups, g + groups), c,
                                 std::min(made.groupWidth, c + columns)});
  }
  const auto perChip = static_cast<int>(mapping.chip.coresPerChip());
  while (mapping.chipsX * mapping.chipsY * perChip < core)
    ++(mapping.chipsX <= mapping.chipsY ? mapping.chipsX : mapping.chipsY);
}

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_PROGRAM_TINYPARTS_H

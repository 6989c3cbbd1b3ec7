//===- ScaleBenchmark.cpp - the machine against the memory it streams -----===//
//
//   ScaleBenchmark [millions of synapses ...]        1 10 100 1000
//
// Dense layers of 8-bit weights whose neurons fire base-2 trains of random
// 16-bit codes, on cores of 256 neurons, by the same call that `synfire
// simulate` makes (SystemC, NoC "burst", every counter). Each network is saved,
// loaded and run in a process of its own, for that is what SystemC allows and
// what makes its memory its own. Columns:
//
//   th        threads
//   load      loadProgram: checksums, proofs; file in the page cache
//   create    Machine::create
//   loaded    growth of the process's own memory by loading, bytes a synapse
//   B/syn     growth of all its memory, mapped files included, until the
//             machine stands, bytes a synapse
//   GSOP/s    synaptic operations of the simulation, by the processor time of
//             the calling thread, which waits for the others while it computes
//   wall      the same by the clock on the wall: what threads gain, where
//             nothing else runs
//   wght      bytes of weights that have to be read: each once a token, however
//             many of its operations the steps of a window hold
//   mem       bytes that plainly adding up all weights reads, in this process
//   ratio     wght / mem
//
// load and create are processor time. A wrong logit or two different digests
// fail the run.
//
//===----------------------------------------------------------------------===//
#include "runtime/support/Simd.h"
#include "simulator/sysc/Simulation.h"
#include "tests/unit/simulator/Spread.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace synfire;
using namespace synfire::tests;

namespace {

constexpr int steps = 16, neuronsACore = 256;

struct Size {
  int layers, width;
  std::int64_t synapses() const { return std::int64_t(layers) * width * width; }
};

Size sizeOf(int millions) {
  const int width = millions >= 64 ? 4096 : 1024;
  const double perLayer = double(width) * width;
  return {std::max(1, static_cast<int>(std::lround(millions * 1e6 / perLayer))),
          width};
}

std::int32_t codeOf(int layer, int neuron) {
  std::uint32_t x =
      static_cast<std::uint32_t>(layer * 8191 + neuron) * 2654435761u;
  return static_cast<std::int32_t>(x >> 16);
}

/// Every layer fires codes that its biases set, whatever drives it, so that all
/// of them are as active as the first; the output shows the last product.
Program denseLayers(const Size &size) {
  Program program;
  program.model.name = "scale";
  program.model.vocabulary = size.width;
  program.model.context = 2000;
  program.mapping.chip = generousChip();
  program.neurons.push_back(phaseNeuron(steps, 0));

  auto bytes = std::make_shared<std::vector<std::uint8_t>>();
  const auto width = static_cast<std::size_t>(size.width);
  bytes->resize(static_cast<std::size_t>(size.synapses()));
  std::mt19937_64 random(1);
  for (std::size_t i = 0; i + 8 <= bytes->size(); i += 8) {
    const std::uint64_t word = random();
    std::memcpy(bytes->data() + i, &word, 8);
  }
  program.weights.memory = bytes;
  for (int layer = 0; layer < size.layers; ++layer)
    program.weights.blocks.push_back(
        {static_cast<std::uint64_t>(layer) * width * width, size.width,
         size.width, 8});

  std::vector<int> stageSteps;
  for (int layer = 0; layer <= size.layers; ++layer) {
    Stage stage;
    stage.name = "layer" + std::to_string(layer);
    stage.groupWidth = size.width;
    Dendrite dendrite;
    dendrite.weights = std::max(0, layer - 1);
    dendrite.accumulatorBits = 36;
    // Every sum rounds to zero, but for the one that is looked at.
    dendrite.shift = layer < size.layers ? 40 : 8;
    if (layer == 0) {
      dendrite.kind = DendriteKind::Embed;
    } else {
      dendrite.driver = layer - 1;
    }
    stage.dendrites = {dendrite};
    if (layer == size.layers) {
      stage.fire = FireKind::Output;
    } else {
      stage.unit = 0;
      stage.codeLimit = (1 << steps) - 1;
      for (int n = 0; n < size.width; ++n)
        stage.bias.push_back(codeOf(layer, n));
    }
    program.stages.push_back(std::move(stage));
    stageSteps.push_back(layer < size.layers ? steps : 1);
    for (int first = 0; first < size.width; first += neuronsACore)
      program.mapping.tiles.push_back(
          {layer, static_cast<int>(program.mapping.tiles.size()), 0, 1, first,
           first + neuronsACore});
  }
  const auto perChip =
      static_cast<std::size_t>(program.mapping.chip.coresPerChip());
  while (static_cast<std::size_t>(program.mapping.chipsX) * perChip <
         program.mapping.tiles.size())
    ++program.mapping.chipsX;
  program.mapping.schedule = shortestSchedule(program.stages, stageSteps);
  return program;
}

SYNFIRE_MULTIVERSION
std::uint64_t sumOf(const std::uint64_t *words, std::size_t count) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < count; ++i)
    sum += words[i];
  return sum;
}

bool logitsAreRight(const Program &program, const Size &size,
                    const std::vector<std::int32_t> &logits) {
  if (logits.size() != static_cast<std::size_t>(size.width))
    return false;
  for (int j = 0; j < size.width; j += 97) {
    std::int64_t sum = 0;
    for (int i = 0; i < size.width; ++i)
      sum += std::int64_t(codeOf(size.layers - 1, i)) *
             weightAt(program.weights, size.layers - 1, i, j);
    if (logits[static_cast<std::size_t>(j)] != (sum + 128) >> 8)
      return false;
  }
  return true;
}

double seconds(clockid_t clock) {
  timespec time = {};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) +
         1e-9 * static_cast<double>(time.tv_nsec);
}
double threadSeconds() { return seconds(CLOCK_THREAD_CPUTIME_ID); }
double wallSeconds() { return seconds(CLOCK_MONOTONIC); }

/// Bytes of this process in memory: its own, and those of mapped files.
struct Resident {
  double own = 0, files = 0;
};
Resident resident() {
  std::ifstream status("/proc/self/status");
  Resident found;
  for (std::string word; status >> word;) {
    if (word == "RssAnon:")
      status >> found.own;
    else if (word == "RssFile:")
      status >> found.files;
  }
  return {found.own * 1024, found.files * 1024};
}

/// Bytes a second of the plainest thing to do with all weights, best of three.
double memorySpeed(const WeightStore &weights) {
  const std::size_t words = weights.size() / 8;
  SynapseMemory memory;
  auto *copy = reinterpret_cast<std::uint64_t *>(memory.allocate(words * 8));
  std::memcpy(copy, weights.file->data(), words * 8);
  double best = 0;
  for (int round = 0; round < 3; ++round) {
    const double begin = threadSeconds();
    // Small networks are read so often that the clock can tell.
    const std::size_t times = (std::size_t(1) << 26) / words + 1;
    for (std::size_t i = 0; i < times; ++i)
      benchmark::DoNotOptimize(sumOf(copy, words));
    best = std::max(best, static_cast<double>(times * words * 8) /
                              (threadSeconds() - begin));
  }
  return best;
}

struct Speed {
  double thread = 0, wall = 0; ///< operations a second
  std::uint64_t operations = 0, digest = 0;
};

/// From the end of the first window, in which no weight is read, to the end of
/// the last.
bool run(const Program &program, const Size &size, int tokens, int threads,
         Speed &speed) {
  std::vector<std::int32_t> logits;
  double threadBegin = 0, wallBegin = 0, threadEnd = 0, wallEnd = 0;
  SimulationOptions options;
  options.threads = threads;
  options.sampler = [&](const std::vector<std::int32_t> &last, double) {
    logits = last;
    return 0;
  };
  options.progress = [&](const SimulationProgress &) {
    threadEnd = threadSeconds();
    wallEnd = wallSeconds();
    if (wallBegin == 0) {
      threadBegin = threadEnd;
      wallBegin = wallEnd;
    }
  };
  auto made =
      simulate(program, std::vector<int>(static_cast<std::size_t>(tokens), 0),
               1, options);
  if (!made.ok()) {
    fmt::print(stderr, "{}\n", made.error().message());
    return false;
  }
  if (!logitsAreRight(program, size, logits)) {
    fmt::print(stderr, "wrong logits\n");
    return false;
  }
  speed.operations = made->total[Counter::SopLinear];
  speed.digest = made->digest;
  const auto operations = static_cast<double>(speed.operations);
  speed.thread = operations / (threadEnd - threadBegin);
  speed.wall = operations / (wallEnd - wallBegin);
  return true;
}

/// What the run before this one, in another process, has left.
bool sameAsBefore(const std::string &path, std::uint64_t digest) {
  std::uint64_t before = digest;
  std::ifstream(path) >> before;
  std::ofstream(path) << digest;
  if (before != digest)
    fmt::print(stderr, "the digest depends on the number of threads\n");
  return before == digest;
}

/// In a process of its own.
bool measure(const Size &size, const std::string &path, int threads) {
  const auto synapses = static_cast<double>(size.synapses());
  const int tokens = static_cast<int>(std::clamp(4e9 / synapses, 20.0, 2000.0));
  const Resident before = resident();
  double begin = threadSeconds();
  auto program = loadProgram(path);
  if (!program.ok()) {
    fmt::print(stderr, "{}\n", program.error().message());
    return false;
  }
  const double load = threadSeconds() - begin;
  const Resident loaded = resident();
  begin = threadSeconds();
  auto machine = Machine::create(*program, false, nullptr);
  if (!machine.ok()) {
    fmt::print(stderr, "{}\n", machine.error().message());
    return false;
  }
  const double create = threadSeconds() - begin;
  const Resident created = resident();
  machine->reset();
  const double memory = memorySpeed(program->weights);
  Speed speed;
  if (!run(*program, size, tokens, threads, speed))
    return false;
  const double weights =
      speed.thread * synapses * tokens / static_cast<double>(speed.operations);
  fmt::print("{:>11} {:>2} {:>9.1f} {:>9.1f} {:>6.2f} {:>6.2f} {:>8.1f} "
             "{:>8.1f} {:>9.1f} {:>8.1f} {:>6.2f}  {:016x}\n",
             size.synapses(), threads, 1e3 * load, 1e3 * create,
             (loaded.own - before.own) / synapses,
             (created.own + created.files - before.own - before.files) /
                 synapses,
             speed.thread / 1e9, speed.wall / 1e9, weights / 1e9, memory / 1e9,
             weights / memory, speed.digest);
  std::fflush(stdout);
  return sameAsBefore(path + ".digest", speed.digest);
}

/// Runs `body` in a process of its own.
bool apart(const std::function<bool()> &body) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0)
    std::_Exit(body() ? EXIT_SUCCESS : EXIT_FAILURE);
  int status = 0;
  return child > 0 && waitpid(child, &status, 0) == child &&
         WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

} // namespace

int main(int count, char **arguments) {
  std::vector<int> millions;
  for (int i = 1; i < count; ++i)
    millions.push_back(std::atoi(arguments[i]));
  if (millions.empty())
    millions = {1, 10, 100, 1000};
  fmt::print(
      "{:>11} {:>2} {:>9} {:>9} {:>6} {:>6} {:>8} {:>8} {:>9} {:>8} {:>6}  "
      "digest\n",
      "synapses", "th", "load ms", "create ms", "loaded", "B/syn", "GSOP/s",
      "wall", "wght GB/s", "mem GB/s", "ratio");
  const std::string path =
      (std::filesystem::temp_directory_path() /
       ("synfire_scale_" + std::to_string(getpid()) + ".sfp"))
          .string();
  bool right = true;
  for (int m : millions) {
    if (m < 1) {
      fmt::print(stderr, "give sizes in millions of synapses\n");
      right = false;
      break;
    }
    const Size size = sizeOf(m);
    right = apart([&] {
              const Status saved = saveProgram(denseLayers(size), path);
              if (!saved)
                fmt::print(stderr, "{}\n", saved.error().message());
              return saved.ok();
            }) &&
            right;
    std::filesystem::remove(path + ".digest");
    for (int threads : {1, 2})
      right = apart([&] { return measure(size, path, threads); }) && right;
  }
  std::filesystem::remove(path);
  std::filesystem::remove(path + ".weights");
  std::filesystem::remove(path + ".digest");
  return right ? EXIT_SUCCESS : EXIT_FAILURE;
}

//===- SimulationTest.cpp - SystemC around the machine --------------------===//
#include "simulator/sysc/Simulation.h"

#include "tests/unit/program/TinyStreamed.h"
#include "tests/unit/simulator/MachineDriver.h"
#include "tests/unit/simulator/Spread.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <functional>
#include <ostream>
#include <sys/wait.h>
#include <unistd.h>

using namespace synfire;
using namespace synfire::tests;

namespace {

Program spreadProgram() {
  TinyOptions options;
  options.intermediate = 20;
  options.form = ProductForm::Concurrent;
  Program program = buildTinyProgram(options);
  SpreadOptions cut;
  cut.mostGroups = 1;
  cut.mostColumns = 5;
  cut.chipsX = 2;
  spread(program, cut);
  return program;
}

Program streamedProgram() {
  StreamedOptions options;
  options.codedWeights = true;
  Program program = tinyStreamedProgram(3, options);
  SpreadOptions cut;
  cut.mostColumns = 5;
  spread(program, cut);
  return program;
}

/// SystemC elaborates once in a process, so each simulation gets its own.
/// Returns the child's exit code; `written` is all that it printed.
int inChild(const std::function<int()> &body, std::string &written) {
  std::FILE *file = std::tmpfile();
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    dup2(fileno(file), STDOUT_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    const int code = body();
    std::fflush(nullptr);
    _exit(code);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(std::fseek(file, 0, SEEK_SET), 0);
  for (int c; (c = std::fgetc(file)) != EOF;)
    written.push_back(static_cast<char>(c));
  std::fclose(file);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

const std::vector<int> prompt = {1, 6, 11, 28};

struct ClockCase {
  const char *noc;
  int threads;
  bool streamed = false;
};
void PrintTo(const ClockCase &given, std::ostream *out) {
  *out << given.noc << " with " << given.threads << " threads"
       << (given.streamed ? ", streamed" : "");
}

class ClockedTest : public testing::TestWithParam<ClockCase> {};

TEST_P(ClockedTest, RunsAsTheUntimedDriverDoes) {
  const bool streamed = GetParam().streamed;
  const Program program = streamed ? streamedProgram() : spreadProgram();
  const synfire::Run expected = drive(program, prompt, 4, GetParam().noc).run;
  const std::string path = testing::TempDir() + "clocked_" + GetParam().noc +
                           std::to_string(GetParam().threads) +
                           (streamed ? "s" : "") + ".binpb";
  std::string written;
  const int code = inChild(
      [&] {
        SimulationOptions options;
        options.noc = GetParam().noc;
        options.threads = GetParam().threads;
        options.membraneDigest = true;
        auto run = simulate(program, prompt, 4, options);
        if (!run.ok())
          std::fputs(run.error().message().c_str(), stderr);
        return run.ok() && saveRun(*run, path).ok() ? 0 : 1;
      },
      written);
  EXPECT_EQ(written, "");
  ASSERT_EQ(code, 0);
  auto loaded = loadRun(path);
  std::remove(path.c_str());
  ASSERT_TRUE(loaded.ok()) << loaded.error().message();
  const synfire::Run &run = *loaded;
  EXPECT_TRUE(verify(run).ok());
  EXPECT_EQ(run.executor, "machine");
  EXPECT_EQ(run.timing.noc, GetParam().noc);
  EXPECT_EQ(run.promptTokens, prompt);
  EXPECT_EQ(run.outputTokens, expected.outputTokens);
  EXPECT_EQ(run.digest, expected.digest);
  EXPECT_EQ(run.membraneDigest, expected.membraneDigest);
  EXPECT_EQ(run.total, expected.total);
  EXPECT_EQ(run.timing.cycles, expected.timing.cycles);
  EXPECT_EQ(run.timing.stepCycles, expected.timing.stepCycles);
  EXPECT_EQ(run.timing.prefillCycles, expected.timing.prefillCycles);
  EXPECT_EQ(run.timing.tokenCycles, expected.timing.tokenCycles);
  EXPECT_EQ(run.timing.stepBounds, expected.timing.stepBounds);
  EXPECT_EQ(run.timing.stepCauses, expected.timing.stepCauses);
  EXPECT_EQ(run.timing.stepPlaces, expected.timing.stepPlaces);
  ASSERT_EQ(run.cores.size(), expected.cores.size());
  for (std::size_t i = 0; i < run.cores.size(); ++i) {
    EXPECT_EQ(run.cores[i].counters, expected.cores[i].counters);
    EXPECT_EQ(run.cores[i].busyCycles, expected.cores[i].busyCycles);
    EXPECT_EQ(run.cores[i].stageCycles, expected.cores[i].stageCycles);
    EXPECT_EQ(run.cores[i].stallCycles, expected.cores[i].stallCycles);
    EXPECT_EQ(run.cores[i].peakInputQueue, expected.cores[i].peakInputQueue);
  }
  ASSERT_EQ(run.links.size(), expected.links.size());
  for (std::size_t i = 0; i < run.links.size(); ++i)
    EXPECT_EQ(run.links[i].busyCycles, expected.links[i].busyCycles);
}

INSTANTIATE_TEST_SUITE_P(
    Modes, ClockedTest,
    testing::Values(ClockCase{"ideal", 1}, ClockCase{"ideal", 2},
                    ClockCase{"burst", 1}, ClockCase{"burst", 2},
                    ClockCase{"burst", 5}, ClockCase{"packet", 1},
                    ClockCase{"packet", 2}, ClockCase{"ideal", 1, true},
                    ClockCase{"burst", 1, true}, ClockCase{"burst", 2, true}));

/// The message of a simulation in a process of its own; "" if it succeeds.
std::string outcome(const std::function<std::string()> &body) {
  std::string written;
  EXPECT_EQ(inChild(
                [&] {
                  std::fputs(body().c_str(), stdout);
                  return 0;
                },
                written),
            0);
  return written;
}

template <typename T> std::string messageOf(const Result<T> &result) {
  return result.ok() ? "" : result.error().message();
}

TEST(Simulation, ASecondOneInAProcessIsRefused) {
  EXPECT_EQ(outcome([] {
              const Program program = spreadProgram();
              const std::string first = messageOf(simulate(program, {1}, 1));
              return first + messageOf(simulate(program, {1}, 1));
            }),
            "systemc: not supported: a second simulation in one process "
            "(start another process for it)");
}

TEST(Simulation, RequestsAreCheckedBeforeElaboration) {
  const Program program = spreadProgram();
  EXPECT_EQ(messageOf(simulate(program, {}, 1)),
            "the prompt holds no token (start with the bos token)");
  EXPECT_EQ(messageOf(simulate(program, {1, 32}, 1)),
            "prompt token 32 is outside the vocabulary of 32");
  EXPECT_EQ(messageOf(simulate(program, {1}, -1)), "cannot generate -1 tokens");
  EXPECT_EQ(messageOf(simulate(program, std::vector<int>(15, 1), 3)),
            "a prompt of 15 tokens and 3 generated ones need 17 positions, but "
            "the program holds 16 (shorten the prompt or compile with a larger "
            "context)");
  SimulationOptions options;
  options.noc = "wormhole";
  EXPECT_EQ(messageOf(simulate(program, {1}, 1, options)),
            "not supported: noc 'wormhole' (known: ideal, burst, packet)");
  options.noc = "ideal";
  options.threads = 0;
  EXPECT_EQ(messageOf(simulate(program, {1}, 1, options)),
            "cannot run on 0 threads");
}

TEST(Simulation, TheSamplerChoosesAndMayEnd) {
  EXPECT_EQ(outcome([] {
              SimulationOptions options;
              int calls = 0;
              options.sampler = [&](const std::vector<std::int32_t> &logits,
                                    double) {
                return ++calls == 3 ? -1 : static_cast<int>(logits.size()) - 1;
              };
              auto run = simulate(spreadProgram(), {1, 2}, 9, options);
              if (!run.ok())
                return run.error().message();
              return std::to_string(run->outputTokens.size()) + " of token " +
                     std::to_string(run->outputTokens.front());
            }),
            "2 of token 31");
}

TEST(Simulation, AnImpossibleSampleIsAnError) {
  EXPECT_EQ(outcome([] {
              SimulationOptions options;
              options.sampler = [](const std::vector<std::int32_t> &, double) {
                return 32;
              };
              return messageOf(simulate(spreadProgram(), {1}, 2, options));
            }),
            "the sampler chose token 32, but the vocabulary holds 32");
}

TEST(Simulation, ProgressEndsWithEveryTokenDone) {
  EXPECT_EQ(outcome([] {
              SimulationOptions options;
              SimulationProgress last;
              bool ascending = true;
              options.progress = [&](const SimulationProgress &now) {
                ascending = ascending && now.cycles > last.cycles &&
                            now.tokensDone >= last.tokensDone;
                last = now;
              };
              auto run = simulate(spreadProgram(), prompt, 3, options);
              if (!run.ok())
                return run.error().message();
              return std::to_string(last.tokensDone) + "/" +
                     std::to_string(last.tokensExpected) +
                     (ascending && last.cycles == run->timing.cycles &&
                              last.steps == run->timing.steps
                          ? " consistent"
                          : " inconsistent");
            }),
            "6/6 consistent");
}

} // namespace

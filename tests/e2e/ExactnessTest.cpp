//===- ExactnessTest.cpp - engine and machine are one function ------------===//
//
// Contract 1 of the architecture on real models: every train, membrane, logit
// and counter that does not speak of placement is the same from the engine and
// from the machine, whatever the chip, the placement, the NoC and the threads.
//
//===----------------------------------------------------------------------===//
#include "compiler/convert/Settings.h"
#include "compiler/pipelines/Compile.h"
#include "runtime/session/Session.h"
#include "runtime/text/Tokenizer.h"
#include "simulator/sysc/Simulation.h"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <tuple>

namespace synfire {
namespace {

constexpr int promptLength = 16;
constexpr int generatedTokens = 8;
constexpr int context = 32;

struct ModelFiles {
  std::string directory, text;
};

ModelFiles filesOf(const std::string &model) {
  const std::string source = SYNFIRE_SOURCE_DIR, shared = SYNFIRE_SHARED_DIR;
  if (model == "shipped")
    return {source + "/models/fable-0.9M",
            source + "/models/fable-0.9M/evaluation.txt"};
  return {shared + "/models/" + model, shared + "/data/tinystories.txt"};
}

/// "tiny with faults": a core, two links and a chip of it do not work. The test
/// gets a file, as a user would write it.
Result<std::string> hardwareFile(const std::string &hardware) {
  const std::string suffix = " with faults";
  const std::size_t end = hardware.find(suffix);
  if (end == std::string::npos)
    return hardware;
  const std::string name = hardware.substr(0, end);
  SYNFIRE_ASSIGN(ChipModel chip, loadChipModel(name));
  const std::string path =
      testing::TempDir() + "/" + name + "_with_faults.textproto";
  SYNFIRE_TRY(writeFileAtomically(path, chip.text + R"(
faults {
  dead_core { router_x: 0 router_y: 0 slot: 0 }
  dead_link { router_x: 2 router_y: 1 side: EAST }
  dead_link { router_x: 5 router_y: 5 side: SOUTH }
  disabled_chip { chip_x: 1 chip_y: 1 }
}
)"));
  return path;
}

// model, hw-model, NoC, threads, placement, conversion
using Case = std::tuple<std::string, std::string, std::string, int, std::string,
                        std::string>;

class ExactnessTest : public testing::TestWithParam<Case> {};

TEST_P(ExactnessTest, EngineAndMachineAgreeToTheLastBit) {
  const auto &[model, hardware, noc, threads, placement, conversion] =
      GetParam();
  const ModelFiles files = filesOf(model);
  if (!std::filesystem::exists(files.directory))
    GTEST_SKIP() << "model " << files.directory << " is not there";
  Result<Checkpoint> checkpoint = Checkpoint::open(files.directory);
  ASSERT_TRUE(checkpoint.ok()) << checkpoint.error().message();
  Result<std::string> text = readFile(files.text);
  ASSERT_TRUE(text.ok()) << text.error().message();

  CompileOptions options;
  Result<std::string> chip = hardwareFile(hardware);
  ASSERT_TRUE(chip.ok()) << chip.error().message();
  options.hardware = *chip;
  options.mapping.placement = placement;
  ConversionOptions defaults;
  defaults.context = context;
  defaults.steps = 0;
  Result<ConversionOptions> parsed = parseConfiguration(conversion, defaults);
  ASSERT_TRUE(parsed.ok()) << parsed.error().message();
  options.conversion = *parsed;
  options.calibration.file = files.text;
  options.calibration.tokens = 512;
  Result<Program> compiled = compileModel(*checkpoint, options);
  ASSERT_TRUE(compiled.ok()) << compiled.error().message();
  auto program = std::make_shared<const Program>(std::move(*compiled));

  Result<std::vector<int>> prompt =
      promptTokens(*program, text->substr(0, 1000));
  ASSERT_TRUE(prompt.ok()) << prompt.error().message();
  prompt->resize(promptLength);

  GenerationOptions engineOptions;
  engineOptions.tokens = generatedTokens;
  engineOptions.threads = threads;
  engineOptions.membraneDigest = true;
  Result<synfire::Run> engine = generate(program, *prompt, engineOptions);
  ASSERT_TRUE(engine.ok()) << engine.error().message();

  SimulationOptions machineOptions;
  machineOptions.noc = noc;
  machineOptions.threads = threads;
  machineOptions.membraneDigest = true;
  machineOptions.sampler = [&](const std::vector<std::int32_t> &logits,
                               double) {
    const int token = greedyToken(logits);
    return endsText(*program, token) ? -1 : token;
  };
  Result<synfire::Run> machine =
      simulate(*program, *prompt, generatedTokens, machineOptions);
  ASSERT_TRUE(machine.ok()) << machine.error().message();

  const int wanted = options.conversion.prefixTokens;
  EXPECT_EQ(program->prefix, wanted);
  EXPECT_EQ(program->conversion.prefixTokens.size(),
            static_cast<std::size_t>(wanted));
  EXPECT_NE(engine->digest, 0u);
  EXPECT_EQ(engine->digest, machine->digest);
  EXPECT_NE(engine->membraneDigest, 0u);
  EXPECT_EQ(engine->membraneDigest, machine->membraneDigest);
  EXPECT_EQ(engine->outputTokens, machine->outputTokens);
  ASSERT_EQ(engine->stages.size(), machine->stages.size());
  for (std::size_t stage = 0; stage < engine->stages.size(); ++stage) {
    SCOPED_TRACE(engine->stageNames[stage]);
    EXPECT_EQ(engine->stages[stage].spikesByStep,
              machine->stages[stage].spikesByStep);
    EXPECT_EQ(engine->stages[stage].values, machine->stages[stage].values);
    for (int i = 0; i < static_cast<int>(firstMappedCounter); ++i) {
      const auto counter = static_cast<Counter>(i);
      EXPECT_EQ(engine->stages[stage].counters[counter],
                machine->stages[stage].counters[counter])
          << info(counter).name;
    }
  }
  EXPECT_TRUE(verify(*machine).ok()) << verify(*machine).error().message();
  EXPECT_GT(machine->timing.cycles, 0u);
  if (hardware == "tiny") {
    EXPECT_GT(machine->usedCores, 200);
    EXPECT_GT(machine->usedChips, 1);
  }
  fmt::print("{} on {} cores of {} ({} chips), {}, {} threads, {}: digest "
             "{:016x}, {} SOPs, {} cycles\n",
             model, machine->usedCores, hardware, machine->usedChips, noc,
             threads, placement, machine->digest,
             machine->total[Counter::SopLinear] +
                 machine->total[Counter::SopAttention] +
                 machine->total[Counter::SopOther],
             machine->timing.cycles);
}

std::string nameOf(const testing::TestParamInfo<Case> &test) {
  std::string name = fmt::format(
      "{}_{}_{}_{}threads_{}_{}", std::get<0>(test.param),
      std::get<1>(test.param), std::get<2>(test.param), std::get<3>(test.param),
      std::get<4>(test.param), std::get<5>(test.param));
  for (char &letter : name)
    if (!std::isalnum(static_cast<unsigned char>(letter)))
      letter = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(
    Models, ExactnessTest,
    testing::Combine(testing::Values("shipped", "stories260K"),
                     testing::Values("loihi2", "tiny"),
                     testing::Values("ideal", "burst"), testing::Values(1, 2),
                     testing::Values("optimised", "random:7"),
                     testing::Values("las")),
    nameOf);

// Every packet by itself; copied on its way on spinnaker2; round what does not
// work.
INSTANTIATE_TEST_SUITE_P(
    Networks, ExactnessTest,
    testing::Combine(testing::Values("shipped"),
                     testing::Values("loihi1", "spinnaker2", "tiny",
                                     "tiny with faults"),
                     testing::Values("burst", "packet"), testing::Values(1),
                     testing::Values("optimised"),
                     testing::Values("las", "rounding:steps=8")),
    nameOf);

INSTANTIATE_TEST_SUITE_P(
    Conversions, ExactnessTest,
    testing::Combine(
        testing::Values("shipped", "stories260K"),
        testing::Values("loihi1", "tiny"), testing::Values("burst"),
        testing::Values(2), testing::Values("row-major"),
        testing::Values("las:levels=5,weight-bits=16",
                        "las:hg=fs,weight-bits=4", "las:online-hadamard=on",
                        "las:saa=concurrent,steps=8", "phase:steps=10")),
    nameOf);

// Keys and values that are there before the first token.
INSTANTIATE_TEST_SUITE_P(
    Prefixes, ExactnessTest,
    testing::Combine(testing::Values("shipped", "stories260K"),
                     testing::Values("loihi2", "tiny"),
                     testing::Values("burst"), testing::Values(2),
                     testing::Values("hilbert"),
                     testing::Values("las:prefix-tokens=1",
                                     "rounding:steps=8,prefix-tokens=3",
                                     "dual-is:steps=2,prefix-tokens=2",
                                     "dual-is:steps=2,nonlinear=hg,"
                                     "prefix-tokens=4",
                                     "sta:steps=8,prefix-tokens=1")),
    nameOf);

// Single spikes on a chip whose spikes are one bit.
INSTANTIATE_TEST_SUITE_P(
    BinaryChip, ExactnessTest,
    testing::Combine(
        testing::Values("shipped"), testing::Values("loihi1"),
        testing::Values("burst"), testing::Values(1),
        testing::Values("hilbert"),
        testing::Values("dual-is:steps=4,activation-bits=4,unfold=on",
                        "dual-is:steps=4,activation-bits=4")),
    nameOf);

INSTANTIATE_TEST_SUITE_P(
    Methods, ExactnessTest,
    testing::Combine(
        testing::Values("shipped", "stories260K"), testing::Values("tiny"),
        testing::Values("burst"), testing::Values(2),
        testing::Values("random:7"),
        testing::Values(
            "las:nonlinear=digital", "las-lite:steps=6", "rounding:steps=6",
            "rounding:steps=6,online-hadamard=on",
            "dual-is:steps=2,nonlinear=hg,online-hadamard=on",
            "fas:steps=8,online-hadamard=on", "mgpc:steps=6,search-grains=off",
            "mgpc:steps=6,nonlinear=hg,search-grains=off",
            "mgpc:steps=6,cap=2,search-grains=off", "spiked-attention:base=1.4",
            "two-spike:steps=8", "ttfs:steps=32", "spikellm:activation-bits=4",
            "dual-is:steps=1", "dual-is:steps=4",
            "dual-is:steps=4,alpha=released", "dual-is:steps=2,nonlinear=hg",
            "dual-is:steps=2,average=on",
            "dual-is:steps=4,activation-bits=4,unfold=on", "if:steps=8",
            "qcfs:steps=8", "srp:steps=8", "cos:steps=8", "fas:steps=8",
            "spikezip:steps=16", "ecmt:steps=8", "sta:steps=8")),
    nameOf);

} // namespace
} // namespace synfire

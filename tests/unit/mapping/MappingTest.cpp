//===- MappingTest.cpp - every mapping is valid or refused with a reason --===//
#include "compiler/mapping/Problem.h"

#include "runtime/program/Demand.h"
#include "runtime/program/Routing.h"
#include "tests/unit/program/TinyProgram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

using namespace synfire;
using namespace synfire::tests;
using testing::AllOf;
using testing::HasSubstr;

namespace {

TinyOptions mediumProgram() {
  TinyOptions options;
  options.layers = 2;
  options.width = 64;
  options.heads = 8;
  options.keyValueHeads = 4;
  options.vocabulary = 256;
  options.context = 64;
  options.intermediate = 172;
  return options;
}

ChipModel builtin(const std::string &name) {
  auto chip = loadChipModel(name);
  EXPECT_TRUE(chip.ok()) << chip.error().message();
  return chip.ok() ? *chip : generousChip();
}

std::string errorOf(const Program &program, const ChipModel &chip,
                    const MappingOptions &options = {}) {
  auto mapping = mapProgram(program, chip, options);
  return mapping.ok() ? "no error" : mapping.error().message();
}

std::size_t usedCores(const Mapping &mapping) {
  std::set<int> cores;
  for (const Tile &tile : mapping.tiles)
    cores.insert(tile.core);
  return cores.size();
}

std::vector<int> numbersOf(const Mapping &mapping) {
  std::vector<int> numbers = {mapping.chipsX, mapping.chipsY};
  for (const Tile &t : mapping.tiles)
    numbers.insert(numbers.end(), {t.stage, t.core, t.groupBegin, t.groupEnd,
                                   t.columnBegin, t.columnEnd});
  return numbers;
}

std::int64_t crossingsOf(const Program &program, const Mapping &mapping) {
  const Routing routing =
      *Routing::create(mapping.chip, mapping.chipsX, mapping.chipsY);
  std::int64_t hops = 0;
  for (const Tile &reader : mapping.tiles)
    for (const Dendrite &d :
         program.stages[static_cast<std::size_t>(reader.stage)].dendrites)
      for (const Tile &source : mapping.tiles)
        if (source.stage == d.driver)
          hops += routing.routeBetweenCores(source.core, reader.core).hops();
  return hops;
}

TEST(Mapping, everyBuiltinChipTakesAMediumProgram) {
  Program program = buildTinyProgram(mediumProgram());
  for (const char *name : {"halapoint", "loihi1", "loihi1-sanafe", "loihi2",
                           "mesh45", "spinnaker2", "tiny"}) {
    auto mapping = mapProgram(program, builtin(name));
    ASSERT_TRUE(mapping.ok()) << mapping.error().message();
    EXPECT_EQ(mapping->chip.name, name);
    program.mapping = *mapping;
    EXPECT_TRUE(verify(program).ok());
  }
  // Forty neurons a core: the tiny chip needs many, on several chips.
  EXPECT_GT(usedCores(program.mapping), 50u);
  EXPECT_GT(program.mapping.chipsX * program.mapping.chipsY, 1);
}

TEST(Mapping, whatAChipCannotHoldIsNamedFirst) {
  Program program = buildTinyProgram(mediumProgram());
  EXPECT_THAT(errorOf(program, builtin("truenorth")),
              AllOf(HasSubstr("not supported: 8-bit weights on truenorth, "
                              "whose widest have 1 bit"),
                    HasSubstr("P8")));
  ChipModel chip = builtin("tiny");
  chip.core.writesSynapses = false;
  EXPECT_THAT(errorOf(program, chip),
              AllOf(HasSubstr("not supported: "),
                    HasSubstr("on tiny, whose synapses spikes cannot write")));
  chip.core.writesSynapses = true;
  chip.core.weightBits = 8;
  EXPECT_EQ(errorOf(program, chip), "no error");
}

TEST(Mapping, aSmallLanguageModelFitsAFewLoihi2Chips) {
  TinyOptions options;
  options.layers = 4;
  options.width = 128;
  options.heads = 8;
  options.keyValueHeads = 4;
  options.vocabulary = 4096;
  options.context = 256;
  options.intermediate = 352;
  auto mapping = mapProgram(buildTinyProgram(options), builtin("loihi2"));
  ASSERT_TRUE(mapping.ok()) << mapping.error().message();
  EXPECT_LE(mapping->chipsX * mapping->chipsY, 4);
}

TEST(Mapping, sameInputsGiveTheSameMapping) {
  Program program = buildTinyProgram(mediumProgram());
  ChipModel chip = builtin("tiny");
  std::set<std::vector<int>> distinct;
  for (const char *placement :
       {"optimised", "hilbert", "row-major", "random:1", "random:2"}) {
    auto first = mapProgram(program, chip, {placement, true});
    auto second = mapProgram(program, chip, {placement, true});
    ASSERT_TRUE(first.ok() && second.ok());
    EXPECT_EQ(numbersOf(*first), numbersOf(*second));
    EXPECT_EQ(first->placement, placement);
    distinct.insert(numbersOf(*first));
  }
  EXPECT_EQ(distinct.size(), 5u);
}

TEST(Mapping, theCurveKeepsNeighboursTogether) {
  Program program = buildTinyProgram(mediumProgram());
  ChipModel chip = builtin("tiny");
  auto hops = [&](const char *placement) {
    auto mapping = mapProgram(program, chip, {placement, true});
    return mapping.ok() ? crossingsOf(program, *mapping) : -1;
  };
  std::int64_t hilbert = hops("hilbert");
  EXPECT_GT(hilbert, 0);
  EXPECT_LT(hilbert, hops("row-major"));
  EXPECT_LT(hilbert, hops("random:1"));
}

TEST(Mapping, packingSavesCores) {
  Program program = buildTinyProgram(mediumProgram());
  for (const char *name : {"tiny", "loihi2"}) {
    MappingOptions options = {"hilbert", true, 0, Objective::Cores};
    auto packed = mapProgram(program, builtin(name), options);
    options.pack = false;
    auto alone = mapProgram(program, builtin(name), options);
    ASSERT_TRUE(packed.ok() && alone.ok());
    EXPECT_LT(usedCores(*packed), usedCores(*alone));
    EXPECT_EQ(usedCores(*alone), alone->tiles.size());
  }
}

TEST(Mapping, outputAxonsForceFurtherSplits) {
  Program program = buildTinyProgram(mediumProgram());
  ChipModel chip = builtin("tiny");
  auto roomy = mapProgram(program, chip, {"hilbert", false});
  chip.core.outputAxons = 200;
  auto tight = mapProgram(program, chip, {"hilbert", false});
  ASSERT_TRUE(roomy.ok()) << roomy.error().message();
  ASSERT_TRUE(tight.ok()) << tight.error().message();
  EXPECT_GT(tight->tiles.size(), roomy->tiles.size());
  chip.core.outputAxons = 2;
  EXPECT_THAT(errorOf(program, chip),
              AllOf(HasSubstr("output axons on one core"),
                    HasSubstr("but tiny holds 2")));
}

TEST(Mapping, aCapacityMayBeUsedUpToItsLastUnit) {
  Program program = buildTinyProgram(mediumProgram());
  ChipModel chip = builtin("tiny");
  chip.core.inputAxons = 65;
  EXPECT_EQ(errorOf(program, chip), "no error");
  chip.core.inputAxons = 64;
  EXPECT_THAT(errorOf(program, chip), HasSubstr("needs 65 input axons"));
}

TEST(Mapping, fanInBeyondACoreIsSplit) {
  Program program = buildTinyProgram(mediumProgram());
  ChipModel chip = builtin("tiny");
  chip.core.inputAxons = 100;
  for (Objective objective : {Objective::Cores, Objective::Time}) {
    MappingOptions options;
    options.objective = objective;
    auto mapping = mapProgram(program, chip, options);
    ASSERT_TRUE(mapping.ok()) << mapping.error().message();
    int parts = 0;
    for (const Tile &tile : mapping->tiles)
      if (program.stages[static_cast<std::size_t>(tile.stage)].name ==
          "layers.0.mlp.residual")
        parts = std::max(parts, tile.inputParts);
    // 172 inputs of 100 axons, of which one part also has the residual's; more
    // parts where that takes fewer cores or less time.
    EXPECT_GE(parts, 2);
  }
}

TEST(Mapping, fanInThatIsNotStaticIsNotSplit) {
  Program program = buildTinyProgram(mediumProgram());
  ChipModel chip = builtin("tiny");
  chip.core.inputAxons = 60;
  EXPECT_THAT(
      errorOf(program, chip),
      AllOf(HasSubstr("input axons on one core, but tiny holds 60"),
            HasSubstr("not supported: splitting the inputs of one neuron over "
                      "cores where they are not static")));
}

TEST(Mapping, tooLongAContextNamesOneThatFits) {
  TinyOptions options;
  options.context = 600;
  Program program = buildTinyProgram(options);
  std::string error = errorOf(program, builtin("tiny"));
  EXPECT_THAT(error,
              AllOf(HasSubstr("layers.0.attn.sum needs 600 input axons on one "
                              "core, but tiny holds 512"),
                    HasSubstr("use --context 512 or less")));
  options.context = 512;
  EXPECT_THAT(errorOf(buildTinyProgram(options), builtin("tiny")),
              AllOf(HasSubstr("layers.0.attn.mix needs 513 input axons"),
                    HasSubstr("use --context 511 or less")));
  options.context = 511;
  EXPECT_EQ(errorOf(buildTinyProgram(options), builtin("tiny")), "no error");
}

TEST(Mapping, tablesAndAccumulatorsBeyondACore) {
  Program program = buildTinyProgram(mediumProgram());
  ChipModel chip = builtin("tiny");
  chip.core.lookupBytes = 1000;
  EXPECT_THAT(errorOf(program, chip),
              AllOf(HasSubstr("look-up bytes on one core, but tiny holds 1000"),
                    HasSubstr("fewer --lookup-entries")));
  chip = builtin("tiny");
  chip.core.accumulators = 20;
  EXPECT_THAT(
      errorOf(program, chip),
      HasSubstr("needs 26 accumulators on one core, but tiny holds 20"));
}

TEST(Mapping, tooFewCoresInTheLargestSystem) {
  Program program = buildTinyProgram(mediumProgram());
  ChipModel chip = builtin("tiny");
  chip.mesh.maxChipsX = chip.mesh.maxChipsY = 2;
  EXPECT_THAT(errorOf(program, chip),
              AllOf(HasSubstr("cores, but tiny has 64 (2x2 chips of 16 cores)"),
                    HasSubstr("--context")));
}

TEST(Mapping, checkRefusesBadInputs) {
  Program program = buildTinyProgram();
  EXPECT_THAT(errorOf(program, generousChip(), {"spiral", true}),
              HasSubstr("unknown placement 'spiral'"));
  program.stages[3].codeLimit = 1;
  EXPECT_THAT(errorOf(program, generousChip()), HasSubstr("code limit is 1"));
}

TEST(Mapping, aBudgetOfCoresIsKept) {
  Program program = buildTinyProgram(mediumProgram());
  const ChipModel chip = builtin("loihi2");
  MappingOptions options;
  options.objective = Objective::Cores;
  const auto fewest = mapProgram(program, chip, options);
  ASSERT_TRUE(fewest.ok());
  const auto needed = static_cast<std::int64_t>(usedCores(*fewest));
  options.objective = Objective::Time;
  options.cores = needed;
  const auto tight = mapProgram(program, chip, options);
  ASSERT_TRUE(tight.ok());
  EXPECT_LE(static_cast<std::int64_t>(usedCores(*tight)), needed);
  options.cores = needed - 1;
  EXPECT_THAT(errorOf(program, chip, options),
              AllOf(HasSubstr("cores of loihi2, but"),
                    HasSubstr("allow " + std::to_string(needed))));
}

TEST(Mapping, timeIsBoughtWithCores) {
  Program program = buildTinyProgram(mediumProgram());
  const ChipModel chip = builtin("loihi2");
  MappingOptions options;
  const auto fast = mapProgram(program, chip, options);
  options.objective = Objective::Cores;
  const auto small = mapProgram(program, chip, options);
  ASSERT_TRUE(fast.ok() && small.ok());
  EXPECT_GE(usedCores(*fast), usedCores(*small));
  EXPECT_LT(fast->prediction.tokenCycles + fast->prediction.windowCycles,
            small->prediction.tokenCycles + small->prediction.windowCycles);
  program.mapping = *fast;
  const auto again = predictCost(program);
  ASSERT_TRUE(again.ok());
  EXPECT_DOUBLE_EQ(again->tokenCycles, fast->prediction.tokenCycles);
  EXPECT_EQ(again->levelCycles, fast->prediction.levelCycles);
}

TEST(Mapping, badOptionsAreRefused) {
  Program program = buildTinyProgram();
  MappingOptions options;
  options.effort = 4;
  EXPECT_THAT(errorOf(program, generousChip(), options),
              HasSubstr("effort 4, but it goes from 0 to 3"));
  options.effort = 1;
  options.cores = -1;
  EXPECT_THAT(errorOf(program, generousChip(), options),
              HasSubstr("at most -1 cores"));
  EXPECT_FALSE(parseObjective("speed").ok());
}

/// Either a mapping that the independent verifier accepts, or an error that
/// names a resource; never a mapping beyond a capacity.
TEST(Mapping, randomProgramsOnRandomChips) {
  std::mt19937 random(5);
  auto pick = [&](int low, int high) {
    return low +
           static_cast<int>(random() % static_cast<unsigned>(high - low + 1));
  };
  int mapped = 0, refused = 0, splits = 0;
  for (int round = 0; round < 300; ++round) {
    TinyOptions options;
    options.layers = pick(1, 2);
    options.keyValueHeads = pick(1, 3);
    options.heads = options.keyValueHeads * pick(1, 3);
    options.width = options.heads * 2 * pick(1, 6);
    options.vocabulary = pick(4, 100);
    options.context = pick(2, 80);
    options.intermediate = pick(0, 1) * pick(1, 400);
    options.form = pick(0, 1) ? ProductForm::Stored : ProductForm::Concurrent;
    options.banks = pick(0, 1);
    options.weightBits = 4 << pick(0, 2);
    options.seed = static_cast<unsigned>(round);
    Program program = buildTinyProgram(options);
    ChipModel chip = generousChip();
    chip.mesh = {pick(1, 5), pick(1, 5), pick(1, 4), pick(1, 6), pick(1, 6)};
    chip.core.neurons = pick(1, 100);
    chip.core.inputAxons = pick(20, 600);
    chip.core.outputAxons = pick(10, 3000);
    chip.core.synapseBytes = pick(100, 20000);
    chip.core.accumulators = chip.core.neurons * pick(1, 30);
    chip.core.lookupBytes = pick(5000, 40000);
    chip.noc.multicast = pick(0, 1) ? Multicast::Tree : Multicast::Unicast;
    for (int dead = pick(-4, 4); dead > 0; --dead)
      chip.faults.deadCores.push_back({pick(0, chip.mesh.chipWidth - 1),
                                       pick(0, chip.mesh.chipHeight - 1),
                                       pick(0, chip.mesh.coresPerRouter - 1)});
    MappingOptions mappingOptions;
    mappingOptions.placement =
        pick(0, 1) ? "optimised" : "random:" + std::to_string(round);
    mappingOptions.pack = pick(0, 3) != 0;
    mappingOptions.effort = pick(0, 1);
    mappingOptions.objective = static_cast<Objective>(pick(0, 2));
    auto mapping = mapProgram(program, chip, mappingOptions);
    if (!mapping.ok()) {
      ++refused;
      EXPECT_THAT(mapping.error().message(),
                  testing::AnyOf(HasSubstr("on one core, but generous holds"),
                                 HasSubstr("cores, but generous has")))
          << mapping.error().message();
      continue;
    }
    ++mapped;
    splits += std::any_of(mapping->tiles.begin(), mapping->tiles.end(),
                          [](const Tile &tile) { return tile.inputPart > 0; });
    program.mapping = *mapping;
    Status status = verify(program);
    EXPECT_TRUE(status.ok()) << status.error().message();
    for (const CoreDemand &demand : coreDemands(program)) {
      EXPECT_LE(demand.sum.outputAxons, chip.core.outputAxons);
      EXPECT_LE(demand.sum.synapseBytes, chip.core.synapseBytes);
    }
  }
  // The distribution exercises both outcomes.
  EXPECT_GT(mapped, 50);
  EXPECT_GT(refused, 50);
  EXPECT_GT(splits, 10);
}

TEST(Mapping, activityOfAnotherNetworkIsRefused) {
  const Program program = buildTinyProgram(mediumProgram());
  MappingOptions options;
  options.activity["layers.7.other"].perNeuron = 1;
  auto mapping = mapProgram(program, builtin("tiny"), options);
  ASSERT_FALSE(mapping.ok());
  EXPECT_THAT(mapping.error().message(), HasSubstr("does not name stage"));
  for (const Stage &stage : program.stages)
    options.activity[stage.name].perNeuron = 1.0;
  EXPECT_TRUE(mapProgram(program, builtin("tiny"), options).ok());
}

TEST(Mapping, energyWithoutPricesIsNoObjective) {
  const Program program = buildTinyProgram(mediumProgram());
  MappingOptions options;
  options.objective = Objective::Energy;
  ChipModel chip = builtin("tiny");
  chip.energy.published = false;
  auto mapping = mapProgram(program, chip, options);
  ASSERT_FALSE(mapping.ok());
  EXPECT_THAT(mapping.error().message(), HasSubstr("chip tiny states no"));
}

} // namespace

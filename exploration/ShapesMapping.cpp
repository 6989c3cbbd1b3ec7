//===- ShapesMapping.cpp - would this model fit that machine? -------------===//
#include "exploration/ShapesMapping.h"

#include "runtime/program/Capacity.h"
#include "runtime/program/Demand.h"
#include "runtime/program/Mesh.h"
#include "runtime/report/NumberText.h"
#include "runtime/report/TextTable.h"

#include <chrono>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string_view>

namespace synfire {
namespace {

Result<Program> mapLayers(const ModelShape &shape, const ChipModel &chip,
                          ShapesOptions shapes, const MappingOptions &options,
                          std::int64_t layers) {
  shapes.layers = static_cast<int>(layers);
  SYNFIRE_ASSIGN(Program program, shapesProgram(shape, shapes));
  SYNFIRE_ASSIGN(program.mapping, mapProgram(program, chip, options));
  return program;
}

/// The most layers that fit, looked for without any effort to place them well,
/// and why one more does not.
Result<std::int64_t> mostLayers(const ModelShape &shape, const ChipModel &chip,
                                const ShapesOptions &shapes,
                                const MappingOptions &options,
                                std::string &unfit) {
  MappingOptions quick = options;
  quick.placement = "row-major";
  quick.objective = Objective::Cores;
  quick.effort = 0;
  std::int64_t fit = 0, tooMany = shape.layers + 1;
  auto none = mapLayers(shape, chip, shapes, quick, 0);
  if (!none)
    return none.error();
  while (tooMany - fit > 1) {
    const std::int64_t middle =
        tooMany > shape.layers ? shape.layers : fit + (tooMany - fit) / 2;
    auto mapped = mapLayers(shape, chip, shapes, quick, middle);
    if (mapped) {
      fit = middle;
      if (middle == shape.layers)
        break;
    } else {
      tooMany = middle;
      unfit = mapped.error().message();
    }
  }
  if (fit == shape.layers)
    unfit.clear();
  return fit;
}

void addShares(const Program &program, ShapesMapping &mapping) {
  const ChipModel &chip = program.mapping.chip;
  TileDemand total;
  for (const Tile &tile : program.mapping.tiles)
    total = total + tileDemand(program, tile);
  for (const ResourceUse &use : resourceUses(total, chip.core)) {
    // Destinations depend on the placement; the verifier has counted them.
    if (std::string_view(use.field) == "output_axons")
      continue;
    const double needed = static_cast<double>(use.needed);
    const double ofOne = static_cast<double>(use.held);
    mapping.shares.push_back(
        {use.name, use.field,
         needed / (ofOne * static_cast<double>(mapping.usedCores)),
         needed / (ofOne * static_cast<double>(mapping.systemCores))});
  }
}

std::int64_t staticWeights(const Program &program) {
  std::int64_t weights = 0;
  for (const Stage &stage : program.stages)
    for (const Dendrite &dendrite : stage.dendrites)
      if (dendrite.kind == DendriteKind::Static ||
          dendrite.kind == DendriteKind::Embed) {
        const WeightBlock &block =
            program.weights.blocks[static_cast<std::size_t>(dendrite.weights)];
        weights += block.rows * block.columns;
      }
  return weights;
}

} // namespace

double ShapesMapping::decodeTokensPerSecond() const {
  return prediction.tokenCycles > 0 ? clockHz / prediction.tokenCycles : 0;
}

double ShapesMapping::prefillTokensPerSecond() const {
  return prediction.windowCycles > 0 ? clockHz / prediction.windowCycles : 0;
}

Result<ShapesMapping> mapShapes(const ModelShape &shape, const ChipModel &chip,
                                const ShapesOptions &shapes,
                                const MappingOptions &options) {
  const auto start = std::chrono::steady_clock::now();
  ShapesMapping result;
  result.model = shape.name;
  result.chip = chip.name;
  result.shapes = shapes;
  result.layers = shapes.layers < 0 ? shape.layers : shapes.layers;
  std::optional<Program> program;
  if (auto whole = mapLayers(shape, chip, shapes, options, result.layers)) {
    program = std::move(*whole);
    result.layersMapped = result.layers;
  } else {
    ModelShape wanted = shape;
    wanted.layers = result.layers;
    SYNFIRE_ASSIGN(result.layersMapped,
                   mostLayers(wanted, chip, shapes, options, result.unfit));
    SYNFIRE_ASSIGN(
        program, mapLayers(shape, chip, shapes, options, result.layersMapped));
  }

  const Mapping &mapping = program->mapping;
  std::set<int> cores, chips;
  const Mesh mesh(chip.mesh, mapping.chipsX, mapping.chipsY);
  for (const Tile &tile : mapping.tiles) {
    cores.insert(tile.core);
    chips.insert(mesh.chipNumber(mesh.routerOfCore(tile.core)));
  }
  result.synapses = staticWeights(*program);
  result.stages = static_cast<std::int64_t>(program->stages.size());
  result.tiles = static_cast<std::int64_t>(mapping.tiles.size());
  result.usedCores = static_cast<std::int64_t>(cores.size());
  result.usedChips = static_cast<std::int64_t>(chips.size());
  result.systemChips = std::int64_t(chip.mesh.maxChipsX) * chip.mesh.maxChipsY;
  result.systemCores = result.systemChips * chip.coresPerChip();
  result.prediction = mapping.prediction;
  result.clockHz = chip.timing.clockHz;
  result.pricedEvents = chip.energy.published;
  result.staticWatts =
      chip.energy.staticWattsPerChip * static_cast<double>(result.usedChips);
  addShares(*program, result);
  result.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count();
  return result;
}

std::string shapesMappingText(const ShapesMapping &mapping) {
  auto count = [](std::int64_t value) {
    return shortNumber(static_cast<double>(value));
  };
  TextTable table({mapping.model + " on " + mapping.chip, "mapped", "of"});
  table.row({"layers", fmt::format("{}", mapping.layersMapped),
             fmt::format("{}", mapping.layers)});
  table.row({"weights",
             fmt::format("{} of {} bits", count(mapping.synapses),
                         mapping.shapes.weightBits),
             ""});
  table.row({"positions", fmt::format("{}", mapping.shapes.context), ""});
  table.row(
      {"steps T, wide sites",
       fmt::format("{}, {}", mapping.shapes.steps, mapping.shapes.wideSteps),
       ""});
  table.row({"stages, tiles",
             fmt::format("{}, {}", mapping.stages, mapping.tiles), ""});
  table.row({"cores", fmt::format("{}", mapping.usedCores),
             fmt::format("{}", mapping.systemCores)});
  table.row({"chips", fmt::format("{}", mapping.usedChips),
             fmt::format("{}", mapping.systemChips)});
  table.rule();
  for (const ResourceShare &share : mapping.shares)
    table.row({share.resource, percent(share.ofUsedCores) + " of used cores",
               percent(share.ofSystem) + " of the system"});
  std::string text = table.text();
  const CostPrediction &cost = mapping.prediction;
  const std::string joules = shortNumber(cost.picojoules * 1e-12, "J");
  const std::string energy =
      mapping.pricedEvents
          ? fmt::format("{} a generated token with {:.3g} W static", joules,
                        mapping.staticWatts)
          : fmt::format("{} static a generated token ({:.3g} W); the chip "
                        "states no energy of an event",
                        joules, mapping.staticWatts);
  text +=
      fmt::format("\nexpected: {} tokens/s generating, {} tokens/s of prompt\n"
                  "          {}\n"
                  "          {} packets a token, {} hops, {} chip crossings\n",
                  shortNumber(mapping.decodeTokensPerSecond()),
                  shortNumber(mapping.prefillTokensPerSecond()), energy,
                  shortNumber(cost.packets),
                  shortNumber(cost.eastWestHops + cost.northSouthHops),
                  shortNumber(cost.chipCrossings));
  text += fmt::format("mapped in {:.1f} s\n", mapping.seconds);
  if (!mapping.unfit.empty())
    text += "as far as it fits: " + mapping.unfit + "\n";
  return text;
}

std::string shapesMappingJson(const ShapesMapping &mapping) {
  using Json = nlohmann::ordered_json;
  Json out = Json::object();
  out["model"] = mapping.model;
  out["chip"] = mapping.chip;
  out["layers"] = {{"mapped", mapping.layersMapped}, {"of", mapping.layers}};
  out["weights"] = mapping.synapses;
  out["weight_bits"] = mapping.shapes.weightBits;
  out["context"] = mapping.shapes.context;
  out["steps"] = mapping.shapes.steps;
  out["stages"] = mapping.stages;
  out["tiles"] = mapping.tiles;
  out["cores"] = {{"used", mapping.usedCores}, {"of", mapping.systemCores}};
  out["chips"] = {{"used", mapping.usedChips}, {"of", mapping.systemChips}};
  Json shares = Json::object();
  for (const ResourceShare &share : mapping.shares)
    shares[share.field] = {{"of_used_cores", share.ofUsedCores},
                           {"of_system", share.ofSystem}};
  out["utilisation"] = std::move(shares);
  out["predicted"] = {
      {"decode_tokens_per_second", mapping.decodeTokensPerSecond()},
      {"prefill_tokens_per_second", mapping.prefillTokensPerSecond()},
      {"packets_per_token", mapping.prediction.packets},
      {"hops_per_token",
       mapping.prediction.eastWestHops + mapping.prediction.northSouthHops},
      {"chip_crossings_per_token", mapping.prediction.chipCrossings},
      {"static_watts", mapping.staticWatts}};
  out["predicted"]
     [mapping.pricedEvents ? "joules_per_token" : "static_joules_per_token"] =
         mapping.prediction.picojoules * 1e-12;
  out["seconds"] = mapping.seconds;
  if (!mapping.unfit.empty())
    out["unfit"] = mapping.unfit;
  return out.dump(2);
}

} // namespace synfire

//===- Decode.cpp - protobuf to Program -----------------------------------===//
#include "runtime/program/Messages.h"

#include "program.pb.h"
#include "runtime/program/ProtoFields.h"

#include <fmt/format.h>

namespace synfire {
namespace {

/// A number that an enumeration of `count` enumerators must hold.
template <typename Enum>
Status decodeEnum(int number, int count, const char *name, Enum &value,
                  const std::string &where) {
  if (number < 0 || number >= count)
    return makeError(fmt::format("{} {} is unknown", name, number), where);
  value = static_cast<Enum>(number);
  return Status::success();
}

Result<NeuronConfig> decode(const pb::NeuronConfig &message,
                            const std::string &where) {
  NeuronConfig config;
  config.steps = message.steps();
  config.levels = message.levels();
  SYNFIRE_TRY(decodeEnum(message.comparison(), 2, "comparison",
                         config.comparison, where));
  SYNFIRE_TRY(decodeEnum(message.sign(), 3, "sign mode", config.sign, where));
  SYNFIRE_TRY(
      decodeEnum(message.input(), 2, "input mode", config.input, where));
  config.cap = message.cap();
  config.offset = message.offset();
  config.bias = asVector<std::int64_t>(message.bias());
  SYNFIRE_TRY(decodeEnum(message.negative(), 3, "negative rule",
                         config.negative, where));
  config.tracerOn = message.tracer_on();
  config.tracerMinimum = message.tracer_minimum();
  config.tracerMaximum = message.tracer_maximum();
  config.clamp = message.clamp();
  config.guardBits = message.guard_bits();
  SYNFIRE_TRY(
      decodeEnum(message.rehearsal(), 4, "rehearsal", config.rehearsal, where));
  config.rehearsalSteps = message.rehearsal_steps();
  config.rehearsalMargin = message.rehearsal_margin();
  for (const pb::NeuronBank &bank : message.banks())
    config.banks.push_back({bank.low(),
                            bank.high(),
                            {asVector<std::int64_t>(bank.table().threshold()),
                             asVector<std::int64_t>(bank.table().decrement()),
                             asVector<std::int32_t>(bank.table().payload()),
                             bank.table().rest()}});
  return config;
}

Result<LookupTable> decode(const pb::LookupTable &message,
                           const std::string &where) {
  LookupTable table;
  table.function = message.function();
  table.steps = message.steps();
  table.limit = message.limit();
  constexpr int octaves = 64;
  if (message.base_size() != octaves || message.shift_size() != octaves)
    return makeError(fmt::format("{} bases and {} shifts for {} octaves",
                                 message.base_size(), message.shift_size(),
                                 octaves),
                     where);
  for (int i = 0; i < octaves; ++i) {
    auto octave = static_cast<std::size_t>(i);
    table.base[octave] = message.base(i);
    if (message.shift(i) > 31)
      return makeError(fmt::format("shift {} of octave {}, but must be from 0 "
                                   "to 31",
                                   message.shift(i), i),
                       where);
    table.shift[octave] = static_cast<std::uint8_t>(message.shift(i));
  }
  table.entries = asVector<std::int32_t>(message.entries());
  table.entryBits = message.entry_bits();
  return table;
}

Result<Dendrite> decode(const pb::Dendrite &message, const std::string &where) {
  Dendrite dendrite;
  SYNFIRE_TRY(decodeEnum(message.kind(), pb::DendriteKind_ARRAYSIZE,
                         "dendrite kind", dendrite.kind, where));
  SYNFIRE_TRY(decodeEnum(message.form(), pb::ProductForm_ARRAYSIZE,
                         "product form", dendrite.form, where));
  dendrite.driver = message.driver();
  dendrite.stored = message.stored();
  dendrite.weights = message.weights();
  dendrite.headWidth = message.head_width();
  dendrite.queryPerKey = message.query_per_key();
  dendrite.multiplier = asVector<std::int32_t>(message.multiplier());
  dendrite.shift = message.shift();
  dendrite.accumulatorBits = message.accumulator_bits();
  dendrite.storedBits = message.stored_bits();
  dendrite.everyFrame = message.every_frame();
  dendrite.prefixCodes = message.prefix_codes();
  return dendrite;
}

Result<Stage> decode(const pb::Stage &message, const std::string &where) {
  Stage stage;
  stage.name = message.name();
  stage.layer = message.layer();
  SYNFIRE_TRY(decodeEnum(message.role(), pb::StageRole_ARRAYSIZE, "role",
                         stage.role, where));
  stage.groups = message.groups();
  stage.groupWidth = message.group_width();
  stage.perKey = message.per_key();
  for (const pb::Dendrite &dendrite : message.dendrites()) {
    SYNFIRE_ASSIGN(Dendrite made, decode(dendrite, where));
    stage.dendrites.push_back(std::move(made));
  }
  stage.bias = asVector<std::int32_t>(message.bias());
  stage.subtractGroupMaximum = message.subtract_group_maximum();
  SYNFIRE_TRY(decodeEnum(message.fire(), pb::FireKind_ARRAYSIZE, "fire kind",
                         stage.fire, where));
  stage.unit = message.unit();
  stage.codeLimit = message.code_limit();
  stage.codeScale = message.code_scale();
  stage.membraneScale = message.membrane_scale();
  stage.digital = message.digital();
  stage.averagedInput = message.averaged_input();
  stage.accumulatedOutput = message.accumulated_output();
  return stage;
}

Result<Mapping> decode(const pb::Mapping &message, const std::string &where) {
  Mapping mapping;
  SYNFIRE_ASSIGN(mapping.chip,
                 parseChipModel(message.chip_text(), where + ": chip model"));
  mapping.chipsX = message.chips_x();
  mapping.chipsY = message.chips_y();
  mapping.placement = message.placement();
  const pb::Tiles &tiles = message.tiles();
  for (int size :
       {tiles.core_size(), tiles.group_begin_size(), tiles.group_end_size(),
        tiles.column_begin_size(), tiles.column_end_size()})
    if (size != tiles.stage_size())
      return makeError(fmt::format("tiles have {} stages, but {} of another "
                                   "number",
                                   tiles.stage_size(), size),
                       where);
  const bool split =
      tiles.input_part_size() > 0 || tiles.input_parts_size() > 0;
  for (int size : {tiles.input_part_size(), tiles.input_parts_size()})
    if (split && size != tiles.stage_size())
      return makeError(fmt::format("tiles have {} stages, but {} parts of "
                                   "inputs",
                                   tiles.stage_size(), size),
                       where);
  mapping.tiles.reserve(static_cast<std::size_t>(tiles.stage_size()));
  for (int i = 0; i < tiles.stage_size(); ++i)
    mapping.tiles.push_back(
        {tiles.stage(i), tiles.core(i), tiles.group_begin(i),
         tiles.group_end(i), tiles.column_begin(i), tiles.column_end(i),
         split ? tiles.input_part(i) : 0, split ? tiles.input_parts(i) : 1});
  const pb::Schedule &schedule = message.schedule();
  mapping.schedule.fireLevel = asVector<int>(schedule.fire_level());
  mapping.schedule.levelSteps = asVector<int>(schedule.level_steps());
  mapping.schedule.slots = asVector<int>(schedule.slots());
  mapping.prediction = synfire::decode(message.prediction());
  return mapping;
}

} // namespace

CostPrediction decode(const pb::Prediction &prediction) {
  CostPrediction cost;
  cost.tokenCycles = prediction.token_cycles();
  cost.windowCycles = prediction.window_cycles();
  cost.packets = prediction.packets();
  cost.eastWestHops = prediction.east_west_hops();
  cost.northSouthHops = prediction.north_south_hops();
  cost.chipCrossings = prediction.chip_crossings();
  cost.picojoules = prediction.picojoules();
  cost.levelCycles = asVector<double>(prediction.level_cycles());
  return cost;
}

ModelInfo decode(const pb::ModelInfo &message) {
  ModelInfo model;
  model.name = message.name();
  model.architecture = message.architecture();
  model.source = message.source();
  model.sourceChecksum = message.source_checksum();
  model.vocabulary = message.vocabulary();
  model.hidden = message.hidden();
  model.intermediate = message.intermediate();
  model.layers = message.layers();
  model.heads = message.heads();
  model.keyValueHeads = message.key_value_heads();
  model.headWidth = message.head_width();
  model.context = message.context();
  model.bosToken = message.bos_token();
  model.eosTokens = asVector<int>(message.eos_tokens());
  model.tokenizerJson = message.tokenizer_json();
  return model;
}

ConversionInfo decode(const pb::ConversionInfo &message) {
  ConversionInfo conversion;
  conversion.method = message.method();
  conversion.steps = message.steps();
  conversion.wideSteps = message.wide_steps();
  conversion.levels = message.levels();
  conversion.weightBits = message.weight_bits();
  conversion.hg = message.hg();
  conversion.saa = message.saa();
  conversion.outlierAware = message.outlier_aware();
  conversion.calibration = message.calibration();
  conversion.activationBits = message.activation_bits();
  conversion.prefixTokens = asVector<int>(message.prefix_tokens());
  conversion.notes.assign(message.notes().begin(), message.notes().end());
  return conversion;
}

Result<Program> decode(const pb::Program &message, const std::string &where) {
  Program program;
  program.model = decode(message.model());
  program.conversion = decode(message.conversion());
  for (const pb::NeuronConfig &config : message.neurons()) {
    SYNFIRE_ASSIGN(NeuronConfig made,
                   decode(config, fmt::format("{}: neuron unit {}", where,
                                              program.neurons.size())));
    program.neurons.push_back(std::move(made));
  }
  for (const pb::LookupTable &table : message.lookup_tables()) {
    SYNFIRE_ASSIGN(LookupTable made,
                   decode(table, fmt::format("{}: look-up table {}", where,
                                             program.lookupTables.size())));
    program.lookupTables.push_back(std::move(made));
  }
  for (const pb::Stage &stage : message.stages()) {
    SYNFIRE_ASSIGN(Stage made,
                   decode(stage, fmt::format("{}: stage {} ({})", where,
                                             std::string(stage.name()),
                                             program.stages.size())));
    program.stages.push_back(std::move(made));
  }
  program.frames = message.frames();
  program.prefix = message.prefix();
  SYNFIRE_ASSIGN(program.mapping, decode(message.mapping(), where));
  for (const pb::WeightBlock &block : message.weights().blocks())
    program.weights.blocks.push_back(
        {block.offset(), block.rows(), block.columns(), block.bits()});
  return program;
}

} // namespace synfire

//===- Encode.cpp - Program to protobuf -----------------------------------===//
#include "runtime/program/Messages.h"

#include "program.pb.h"
#include "runtime/program/ProtoFields.h"

namespace synfire {
namespace {

void encode(const NeuronConfig &config, pb::NeuronConfig &message) {
  message.set_steps(config.steps);
  message.set_levels(config.levels);
  message.set_comparison(static_cast<int>(config.comparison));
  message.set_sign(static_cast<int>(config.sign));
  message.set_input(static_cast<int>(config.input));
  message.set_cap(config.cap);
  message.set_offset(config.offset);
  addAll(message.mutable_bias(), config.bias);
  message.set_negative(static_cast<int>(config.negative));
  message.set_tracer_on(config.tracerOn);
  message.set_tracer_minimum(config.tracerMinimum);
  message.set_tracer_maximum(config.tracerMaximum);
  message.set_clamp(config.clamp);
  message.set_guard_bits(config.guardBits);
  message.set_rehearsal(static_cast<int>(config.rehearsal));
  message.set_rehearsal_steps(config.rehearsalSteps);
  message.set_rehearsal_margin(config.rehearsalMargin);
  for (const NeuronBank &bank : config.banks) {
    pb::NeuronBank &made = *message.add_banks();
    made.set_low(bank.low);
    made.set_high(bank.high);
    addAll(made.mutable_table()->mutable_threshold(), bank.table.threshold);
    addAll(made.mutable_table()->mutable_decrement(), bank.table.decrement);
    addAll(made.mutable_table()->mutable_payload(), bank.table.payload);
    made.mutable_table()->set_rest(bank.table.rest);
  }
}

void encode(const LookupTable &table, pb::LookupTable &message) {
  message.set_function(table.function);
  message.set_steps(table.steps);
  message.set_limit(table.limit);
  addAll(message.mutable_base(), table.base);
  addAll(message.mutable_shift(), table.shift);
  addAll(message.mutable_entries(), table.entries);
  message.set_entry_bits(table.entryBits);
}

void encode(const Dendrite &dendrite, pb::Dendrite &message) {
  message.set_kind(static_cast<pb::DendriteKind>(dendrite.kind));
  message.set_driver(dendrite.driver);
  message.set_stored(dendrite.stored);
  message.set_form(static_cast<pb::ProductForm>(dendrite.form));
  message.set_weights(dendrite.weights);
  message.set_head_width(dendrite.headWidth);
  message.set_query_per_key(dendrite.queryPerKey);
  addAll(message.mutable_multiplier(), dendrite.multiplier);
  message.set_shift(dendrite.shift);
  message.set_accumulator_bits(dendrite.accumulatorBits);
  message.set_stored_bits(dendrite.storedBits);
  message.set_every_frame(dendrite.everyFrame);
  message.set_prefix_codes(dendrite.prefixCodes);
}

void encode(const Stage &stage, pb::Stage &message) {
  message.set_name(stage.name);
  message.set_layer(stage.layer);
  message.set_role(static_cast<pb::StageRole>(stage.role));
  message.set_groups(stage.groups);
  message.set_group_width(stage.groupWidth);
  message.set_per_key(stage.perKey);
  for (const Dendrite &dendrite : stage.dendrites)
    encode(dendrite, *message.add_dendrites());
  addAll(message.mutable_bias(), stage.bias);
  message.set_subtract_group_maximum(stage.subtractGroupMaximum);
  message.set_fire(static_cast<pb::FireKind>(stage.fire));
  message.set_unit(stage.unit);
  message.set_code_limit(stage.codeLimit);
  message.set_code_scale(stage.codeScale);
  message.set_membrane_scale(stage.membraneScale);
  message.set_digital(stage.digital);
  message.set_averaged_input(stage.averagedInput);
  message.set_accumulated_output(stage.accumulatedOutput);
}

void encode(const Mapping &mapping, pb::Mapping &message) {
  message.set_chip_text(mapping.chip.text);
  message.set_chips_x(mapping.chipsX);
  message.set_chips_y(mapping.chipsY);
  message.set_placement(mapping.placement);
  pb::Tiles &tiles = *message.mutable_tiles();
  for (const Tile &tile : mapping.tiles) {
    tiles.add_stage(tile.stage);
    tiles.add_core(tile.core);
    tiles.add_group_begin(tile.groupBegin);
    tiles.add_group_end(tile.groupEnd);
    tiles.add_column_begin(tile.columnBegin);
    tiles.add_column_end(tile.columnEnd);
  }
  if (std::any_of(mapping.tiles.begin(), mapping.tiles.end(),
                  [](const Tile &tile) { return tile.inputParts != 1; }))
    for (const Tile &tile : mapping.tiles) {
      tiles.add_input_part(tile.inputPart);
      tiles.add_input_parts(tile.inputParts);
    }
  pb::Schedule &schedule = *message.mutable_schedule();
  addAll(schedule.mutable_fire_level(), mapping.schedule.fireLevel);
  addAll(schedule.mutable_level_steps(), mapping.schedule.levelSteps);
  addAll(schedule.mutable_slots(), mapping.schedule.slots);
  encode(mapping.prediction, *message.mutable_prediction());
}

} // namespace

void encode(const CostPrediction &cost, pb::Prediction &prediction) {
  prediction.set_token_cycles(cost.tokenCycles);
  prediction.set_window_cycles(cost.windowCycles);
  prediction.set_packets(cost.packets);
  prediction.set_east_west_hops(cost.eastWestHops);
  prediction.set_north_south_hops(cost.northSouthHops);
  prediction.set_chip_crossings(cost.chipCrossings);
  prediction.set_picojoules(cost.picojoules);
  addAll(prediction.mutable_level_cycles(), cost.levelCycles);
}

void encode(const ModelInfo &model, pb::ModelInfo &message) {
  message.set_name(model.name);
  message.set_architecture(model.architecture);
  message.set_source(model.source);
  message.set_source_checksum(model.sourceChecksum);
  message.set_vocabulary(model.vocabulary);
  message.set_hidden(model.hidden);
  message.set_intermediate(model.intermediate);
  message.set_layers(model.layers);
  message.set_heads(model.heads);
  message.set_key_value_heads(model.keyValueHeads);
  message.set_head_width(model.headWidth);
  message.set_context(model.context);
  message.set_bos_token(model.bosToken);
  addAll(message.mutable_eos_tokens(), model.eosTokens);
  message.set_tokenizer_json(model.tokenizerJson);
}

void encode(const ConversionInfo &conversion, pb::ConversionInfo &message) {
  message.set_method(conversion.method);
  message.set_steps(conversion.steps);
  message.set_wide_steps(conversion.wideSteps);
  message.set_levels(conversion.levels);
  message.set_weight_bits(conversion.weightBits);
  message.set_hg(conversion.hg);
  message.set_saa(conversion.saa);
  message.set_outlier_aware(conversion.outlierAware);
  message.set_calibration(conversion.calibration);
  message.set_activation_bits(conversion.activationBits);
  addAll(message.mutable_prefix_tokens(), conversion.prefixTokens);
  for (const std::string &note : conversion.notes)
    message.add_notes(note);
}

void encode(const Program &program, pb::Program &message) {
  encode(program.model, *message.mutable_model());
  encode(program.conversion, *message.mutable_conversion());
  for (const NeuronConfig &config : program.neurons)
    encode(config, *message.add_neurons());
  for (const LookupTable &table : program.lookupTables)
    encode(table, *message.add_lookup_tables());
  for (const Stage &stage : program.stages)
    encode(stage, *message.add_stages());
  message.set_frames(program.frames);
  message.set_prefix(program.prefix);
  encode(program.mapping, *message.mutable_mapping());
  for (const WeightBlock &block : program.weights.blocks) {
    pb::WeightBlock &made = *message.mutable_weights()->add_blocks();
    made.set_offset(block.offset);
    made.set_rows(block.rows);
    made.set_columns(block.columns);
    made.set_bits(block.bits);
  }
}

} // namespace synfire

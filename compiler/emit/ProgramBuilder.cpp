#include "compiler/emit/ProgramBuilder.h"

#include "compiler/emit/WeightQuantizer.h"
#include "compiler/reference/Hadamard.h"
#include "runtime/program/Widths.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>

namespace synfire {
namespace {

/// Rotary coefficients are Q14, so that 1.0 is exact in 16 bits.
constexpr int rotaryFractionBits = 14;
/// Multipliers carry as many bits as a float's significand, and more where the
/// ratio itself is larger (coarse weights into a fine membrane), as far as the
/// accumulator leaves room; fewer than the minimum would bend the scales.
constexpr int usualMultiplierBits = 24;
constexpr int mostMultiplierBits = 31;

/// Chooses shift and multipliers for real ratios accumulator unit / membrane
/// unit.
Status setMultipliers(const std::vector<double> &ratio, const Stage &stage,
                      Dendrite &dendrite) {
  const double largest = *std::max_element(ratio.begin(), ratio.end());
  if (!std::all_of(ratio.begin(), ratio.end(),
                   [](double r) { return std::isfinite(r) && r >= 0; }))
    return makeError(fmt::format("the scale ratio of a {} dendrite is no "
                                 "finite number",
                                 toString(dendrite.kind)),
                     stage.name, "look for extreme weights or activations");
  dendrite.shift = 0;
  if (std::all_of(ratio.begin(), ratio.end(),
                  [](double r) { return r == 1.0; })) {
    dendrite.multiplier = {1};
    return {};
  }
  int exponent = 0;
  std::frexp(largest, &exponent); // largest < 2^exponent
  const int room =
      std::min(mostMultiplierBits, neuronInputBits - dendrite.accumulatorBits);
  const int bits = std::min(std::max(usualMultiplierBits, exponent), room);
  if (room < fewestMultiplierBits)
    return makeError(
        fmt::format("a {} accumulator needs {} bits, which leaves {} of {} for "
                    "the multiplier",
                    toString(dendrite.kind), dendrite.accumulatorBits,
                    neuronInputBits - dendrite.accumulatorBits,
                    neuronInputBits),
        stage.name, "use fewer steps, fewer levels or narrower weights");
  const int shift = std::min(bits - exponent, neuronInputBits - 1);
  if (shift < 0)
    return makeError(
        fmt::format("the scale ratio {:.3g} of a {} dendrite exceeds {} bits",
                    largest, toString(dendrite.kind), bits),
        stage.name,
        "use fewer --wide-steps, more --weight-bits, or calibration text that "
        "resembles the input");
  dendrite.shift = shift;
  dendrite.multiplier.clear();
  const double ceiling = std::ldexp(1.0, bits) - 1;
  for (double r : ratio)
    dendrite.multiplier.push_back(static_cast<std::int32_t>(
        std::min(std::nearbyint(std::ldexp(r, shift)), ceiling)));
  return {};
}

} // namespace

ProgramBuilder::ProgramBuilder(ModelInfo model, TensorReader tensorReader,
                               BlockWriter *blockWriter, int frames,
                               PrefixSource prefixSource)
    : reader(std::move(tensorReader)), writer(blockWriter),
      prefix(std::move(prefixSource)) {
  built.model = std::move(model);
  built.frames = frames;
  built.prefix = prefix.positions;
}

Result<int> ProgramBuilder::addBlock(const std::vector<std::uint8_t> &bytes,
                                     std::int64_t rows, std::int64_t columns,
                                     int bits) {
  int index = static_cast<int>(built.weights.blocks.size());
  if (writer && reader) {
    SYNFIRE_ASSIGN(index, writer->add(bytes, rows, columns, bits));
  }
  WeightBlock block;
  block.rows = rows;
  block.columns = columns;
  block.bits = bits;
  built.weights.blocks.push_back(block);
  return index;
}

Status ProgramBuilder::addRotaryTable(const DendriteSpec &spec,
                                      Dendrite &dendrite) {
  auto key = std::make_pair(spec.headWidth, spec.theta);
  if (auto known = rotaryBlocks.find(key); known != rotaryBlocks.end()) {
    dendrite.weights = known->second;
    return {};
  }
  QuantizedMatrix table;
  table.inputs = built.model.context;
  table.outputs = spec.headWidth;
  table.bits = 16;
  const int half = spec.headWidth / 2;
  const int positions = reader ? built.model.context : 0;
  for (int position = 0; position < positions; ++position) {
    std::vector<std::int32_t> sines;
    for (int i = 0; i < half; ++i) {
      double angle = position * std::pow(spec.theta, -2.0 * i / spec.headWidth);
      auto quantized = [](double value) {
        return static_cast<std::int32_t>(
            std::nearbyint(std::ldexp(value, rotaryFractionBits)));
      };
      table.values.push_back(quantized(std::cos(angle)));
      sines.push_back(quantized(std::sin(angle)));
    }
    table.values.insert(table.values.end(), sines.begin(), sines.end());
  }
  SYNFIRE_ASSIGN(
      dendrite.weights,
      addBlock(reader ? packWeights(table) : std::vector<std::uint8_t>(),
               built.model.context, spec.headWidth, 16));
  rotaryBlocks[key] = dendrite.weights;
  return {};
}

/// P14: the float model's values of the prefix, rounded to codes of the stage
/// that is stored.
Status ProgramBuilder::addPrefix(const DendriteSpec &spec, Dendrite &dendrite) {
  if (auto known = prefixBlocks.find(spec.stored);
      known != prefixBlocks.end()) {
    dendrite.prefixCodes = known->second;
    return {};
  }
  const Stage &stored = built.stages[static_cast<std::size_t>(spec.stored)];
  QuantizedMatrix codes;
  codes.inputs = prefix.positions;
  codes.outputs = stored.width();
  codes.bits = 8;
  while (codes.bits < 32 && codes.bits < signedBits(stored.codeLimit))
    codes.bits *= 2;
  if (reader) {
    SYNFIRE_ASSIGN(const std::vector<float> values, prefix.rows(stored.name));
    if (static_cast<std::int64_t>(values.size()) !=
        codes.inputs * codes.outputs)
      return makeError(fmt::format("the prefix has {} values, but {} positions "
                                   "of {} neurons need {}",
                                   values.size(), codes.inputs, codes.outputs,
                                   codes.inputs * codes.outputs),
                       stored.name);
    const auto limit = static_cast<double>(stored.codeLimit);
    for (float value : values) {
      const double code =
          std::nearbyint(static_cast<double>(value) / stored.codeScale);
      if (!std::isfinite(code))
        return makeError("a value of the prefix is no finite number",
                         stored.name);
      limitedCodes += std::abs(code) > limit;
      codes.values.push_back(
          static_cast<std::int32_t>(std::clamp(code, -limit, limit)));
    }
    codesOfPrefix += values.size();
  }
  SYNFIRE_ASSIGN(
      dendrite.prefixCodes,
      addBlock(reader ? packWeights(codes) : std::vector<std::uint8_t>(),
               codes.inputs, codes.outputs, codes.bits));
  prefixBlocks[spec.stored] = dendrite.prefixCodes;
  return {};
}

/// Quantises the tensor of an Embed or Static dendrite into its block.
Result<std::vector<double>> ProgramBuilder::addWeights(const DendriteSpec &spec,
                                                       const Stage &stage,
                                                       Dendrite &dendrite) {
  const bool embed = spec.kind == DendriteKind::Embed;
  const std::int64_t outputs = stage.width();
  const double driverScale = embed ? 1.0 : built.stages[spec.driver].codeScale;
  const std::int64_t inputs =
      embed ? built.model.vocabulary : built.stages[spec.driver].width();
  if (!reader) {
    SYNFIRE_ASSIGN(dendrite.weights,
                   addBlock({}, inputs, outputs, spec.weightBits));
    dendrite.accumulatorBits =
        signedBits(accumulatorBoundByShape(built, dendrite));
    return std::vector<double>{1.0};
  }
  SYNFIRE_ASSIGN(std::vector<float> matrix, reader(spec.weight));
  std::vector<float> gain;
  if (!spec.gain.empty()) {
    SYNFIRE_ASSIGN(gain, reader(spec.gain));
  }
  if (static_cast<std::int64_t>(matrix.size()) != inputs * outputs ||
      (!gain.empty() && static_cast<std::int64_t>(gain.size()) != inputs))
    return makeError(fmt::format("tensor has {} values, but {} inputs and {} "
                                 "outputs need {}",
                                 matrix.size(), inputs, outputs,
                                 inputs * outputs),
                     spec.weight);
  if (embed) {
    std::vector<float> transposed(matrix.size());
    for (std::int64_t in = 0; in < inputs; ++in)
      for (std::int64_t out = 0; out < outputs; ++out)
        transposed[out * inputs + in] = matrix[in * outputs + out];
    matrix = std::move(transposed);
  }
  for (std::int64_t out = 0; spec.inputHadamard > 1 && out < outputs; ++out)
    rotateBlocks(matrix.data() + out * inputs, inputs, spec.inputHadamard);
  if (!embed && !channelScale(spec.driver).empty()) {
    gain.resize(static_cast<std::size_t>(inputs), 1.0f);
    for (std::size_t i = 0; i < gain.size(); ++i)
      gain[i] = static_cast<float>(gain[i] * channelScale(spec.driver)[i]);
  }
  QuantizedMatrix quantized =
      quantizeWeights(matrix, outputs, inputs, gain, spec.weightBits);
  SYNFIRE_ASSIGN(dendrite.weights, addBlock(packWeights(quantized), inputs,
                                            outputs, spec.weightBits));
  std::int64_t bound = accumulatorBoundByShape(built, dendrite);
  std::int64_t actual = 0;
  if (!embed &&
      !__builtin_mul_overflow(quantized.largestAbsoluteSum,
                              built.stages[spec.driver].codeLimit, &actual))
    bound = std::min(bound, actual);
  dendrite.accumulatorBits = signedBits(bound);
  for (double &scale : quantized.scale)
    scale *= driverScale / (spec.everyFrame ? built.frames : 1);
  return std::move(quantized.scale);
}

Result<std::vector<double>> ProgramBuilder::accumulate(const DendriteSpec &spec,
                                                       const Stage &stage,
                                                       Dendrite &dendrite) {
  const Stage *driver = spec.driver >= 0 ? &built.stages[spec.driver] : nullptr;
  const Stage *stored = spec.stored >= 0 ? &built.stages[spec.stored] : nullptr;
  double scale = 1;
  switch (spec.kind) {
  case DendriteKind::Embed:
  case DendriteKind::Static:
    return addWeights(spec, stage, dendrite);
  case DendriteKind::Identity:
  case DendriteKind::Sum:
  case DendriteKind::Hadamard:
    scale = driver->codeScale;
    break;
  case DendriteKind::Rotary:
    SYNFIRE_TRY(addRotaryTable(spec, dendrite));
    scale = std::ldexp(driver->codeScale, -rotaryFractionBits);
    break;
  case DendriteKind::Product:
  case DendriteKind::Scores:
  case DendriteKind::Mix:
    scale = driver->codeScale * stored->codeScale;
    dendrite.storedBits =
        signedBits(dendrite.form == ProductForm::Concurrent
                       ? std::max(driver->codeLimit, stored->codeLimit)
                       : stored->codeLimit);
    if (prefix.positions > 0 && spec.kind != DendriteKind::Product)
      SYNFIRE_TRY(addPrefix(spec, dendrite));
    break;
  }
  dendrite.accumulatorBits =
      signedBits(accumulatorBoundByShape(built, dendrite));
  return std::vector<double>{scale};
}

/// `scales`: the real value of a membrane unit, one for all neurons or by
/// neuron.
Status ProgramBuilder::addDendrite(const DendriteSpec &spec, Stage &stage,
                                   const std::vector<double> &scales) {
  Dendrite dendrite;
  dendrite.kind = spec.kind;
  dendrite.driver = spec.driver;
  dendrite.stored = spec.stored;
  // P12.
  dendrite.form = spec.stored >= 0 && built.frames > 1 ? ProductForm::Concurrent
                                                       : spec.form;
  dendrite.headWidth = spec.headWidth;
  dendrite.queryPerKey = spec.queryPerKey;
  dendrite.everyFrame = spec.everyFrame;
  if (spec.kind != DendriteKind::Static)
    for (int operand : {spec.driver, spec.stored})
      if (operand >= 0 && !channelScale(operand).empty())
        return makeError(
            fmt::format("a {} dendrite reads {}, whose channels have scales of "
                        "their own: only weights can take them in",
                        toString(spec.kind),
                        built.stages[static_cast<std::size_t>(operand)].name),
            stage.name);
  SYNFIRE_ASSIGN(std::vector<double> ratio, accumulate(spec, stage, dendrite));
  if (reader) {
    if (scales.size() > ratio.size())
      ratio.resize(scales.size(), ratio.front());
    for (std::size_t i = 0; i < ratio.size(); ++i)
      ratio[i] *= spec.factor / scales[scales.size() > 1 ? i : 0];
    SYNFIRE_TRY(setMultipliers(ratio, stage, dendrite));
  }
  stage.dendrites.push_back(std::move(dendrite));
  return {};
}

Status ProgramBuilder::add(const StageSpec &spec) {
  Stage stage;
  stage.name = spec.name;
  stage.layer = spec.layer;
  stage.role = spec.role;
  stage.groups = spec.groups;
  stage.groupWidth = spec.groupWidth;
  stage.perKey = spec.perKey;
  stage.subtractGroupMaximum = spec.subtractGroupMaximum;
  stage.averagedInput = spec.averagedInput;
  stage.accumulatedOutput = spec.accumulatedOutput;
  if (Status set = setUnit(spec, stage); !set.ok()) {
    Error error = set.error();
    error.where =
        error.where.empty() ? stage.name : stage.name + ": " + error.where;
    return error;
  }
  std::vector<double> scales = {stage.membraneScale};
  std::vector<double> channels;
  if (const auto *table = std::get_if<TableUnit>(&spec.unit);
      table && !table->channelScale.empty()) {
    channels = table->channelScale;
    if (static_cast<std::int64_t>(channels.size()) != stage.width())
      return makeError(fmt::format("{} factors for the channels of {} neurons",
                                   channels.size(), stage.width()),
                       stage.name);
    scales.clear();
    for (double factor : channels)
      scales.push_back(stage.membraneScale * factor);
  }
  if (spec.bias != 0)
    for (double scale : scales)
      stage.bias.push_back(static_cast<std::int32_t>(std::clamp(
          std::nearbyint(spec.bias / scale), -2147483647.0, 2147483647.0)));
  for (const DendriteSpec &dendrite : spec.dendrites)
    SYNFIRE_TRY(addDendrite(dendrite, stage, scales));
  built.stages.push_back(std::move(stage));
  channelScales.push_back(std::move(channels));
  return {};
}

} // namespace synfire

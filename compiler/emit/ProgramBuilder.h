//===- ProgramBuilder.h - real-valued stages to integer stages --*- C++ -*-===//
//
// The arithmetic half of emission, free of MLIR: takes a stage as the snn
// dialect describes it (real thresholds, real factors, weights by name) and
// appends the integer stage of a Program: tables, quantised weights, one
// multiplier and shift per dendrite, proven widths (CONVERSION section 7).
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_EMIT_PROGRAMBUILDER_H
#define SYNFIRE_COMPILER_EMIT_PROGRAMBUILDER_H

#include "compiler/convert/Functions.h"
#include "compiler/convert/SiteCoding.h"
#include "compiler/emit/BlockWriter.h"
#include "runtime/program/Program.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

namespace synfire {

/// A nonlinearity (HG) whose output leaves as a base-2 phase code of real full
/// scale `fullScale`, or as a number; real inputs reach |x| <= inputLimit.
struct NonlinearUnit {
  Nonlinearity function = Nonlinearity::Exp;
  bool lookup = true; ///< look-up unit; false: gated FS banks
  int steps = 16;
  double fullScale = 1;
  double inputLimit = 1;
  int entries = 8192;   ///< look-up rows, or 64 rows per FS bank
  bool digital = false; ///< a number leaves (look-up unit only)
};

/// The logits.
struct OutputUnit {
  double membraneScale = 1; ///< real value of one unit
};

using StageUnit =
    std::variant<PhaseUnit, TableUnit, NumberUnit, NonlinearUnit, OutputUnit>;

struct DendriteSpec {
  DendriteKind kind = DendriteKind::Static;
  int driver = -1; ///< stage numbers as in Dendrite
  int stored = -1;
  ProductForm form = ProductForm::Stored;
  double factor = 1;  ///< real factor on the sum
  std::string weight; ///< Embed [in][out]; Static [out][in]: tensor name
  std::string gain;   ///< Static: tensor that scales the inputs; may be empty
  /// Static: block width of the rotation that the inputs went through and the
  /// weights undo; 1: none. Not together with a gain.
  std::int64_t inputHadamard = 1;
  int weightBits = 8;
  int headWidth = 0; ///< Rotary, Scores, Mix; Hadamard: of a block
  int queryPerKey = 1;
  double theta = 10000;    ///< Rotary base
  bool everyFrame = false; ///< Embed
};

struct StageSpec {
  std::string name;
  int layer = -1;
  StageRole role = StageRole::Linear;
  int groups = 1;
  int groupWidth = 0;
  bool perKey = false;
  std::vector<DendriteSpec> dendrites;
  double bias = 0; ///< real, the same for every neuron
  bool subtractGroupMaximum = false;
  StageUnit unit;
  int averagedInput = 0;
  bool accumulatedOutput = false; ///< a digital nonlinearity
};

/// Reads a whole tensor as float32; the builder asks for one at a time.
using TensorReader =
    std::function<Result<std::vector<float>>(const std::string &name)>;

/// Real values of a stored site's neurons at the positions of a prefix:
/// [position][neuron].
using PrefixReader =
    std::function<Result<std::vector<float>>(const std::string &site)>;

/// The prefix of a Program (program.md, P14).
struct PrefixSource {
  int positions = 0;
  PrefixReader rows; ///< asked only by a builder with a TensorReader
};

class ProgramBuilder {
public:
  /// Without a reader the builder works from shapes alone: blocks have sizes
  /// but no data and multipliers are not meaningful; enough for mapping.
  /// `model.context` is the number of positions that rotary tables hold,
  /// `frames` the number of frames in which a token streams through.
  ProgramBuilder(ModelInfo model, TensorReader reader, BlockWriter *writer,
                 int frames = 1, PrefixSource prefix = {});

  /// Appends a stage; its number is program().stages.size() before the call.
  Status add(const StageSpec &spec);
  const Program &program() const { return built; }
  Program take() { return std::move(built); }
  /// Codes of the prefix, and those among them that were limited to the largest
  /// of their site.
  std::size_t prefixCodes() const { return codesOfPrefix; }
  std::size_t limitedPrefixCodes() const { return limitedCodes; }

private:
  Status setUnit(const StageSpec &spec, Stage &stage);
  Status setUnit(const PhaseUnit &unit, Stage &stage);
  Status setUnit(const TableUnit &unit, Stage &stage);
  Status setUnit(const NumberUnit &unit, Stage &stage);
  Status setUnit(const OutputUnit &unit, Stage &stage);
  Status setNonlinear(const StageSpec &spec, const NonlinearUnit &unit,
                      Stage &stage);
  /// The number of an equal config, or of this one, added.
  int shareNeuron(NeuronConfig config);
  /// Factors on the scales of a stage by neuron; empty: 1.
  const std::vector<double> &channelScale(int stage) const {
    return channelScales[static_cast<std::size_t>(stage)];
  }
  Status addDendrite(const DendriteSpec &spec, Stage &stage,
                     const std::vector<double> &scales);
  /// Both fill kind, weights and widths of the dendrite and return the real
  /// value of one unit of its accumulators: one for all, or one a neuron.
  Result<std::vector<double>>
  addWeights(const DendriteSpec &spec, const Stage &stage, Dendrite &dendrite);
  Result<std::vector<double>>
  accumulate(const DendriteSpec &spec, const Stage &stage, Dendrite &dendrite);
  Result<int> addBlock(const std::vector<std::uint8_t> &bytes,
                       std::int64_t rows, std::int64_t columns, int bits);
  Status addRotaryTable(const DendriteSpec &spec, Dendrite &dendrite);
  Status addPrefix(const DendriteSpec &spec, Dendrite &dendrite);

  TensorReader reader;
  BlockWriter *writer;
  PrefixSource prefix;
  Program built;
  std::vector<std::vector<double>> channelScales;     ///< by stage
  std::map<std::pair<int, double>, int> rotaryBlocks; ///< by head width, theta
  std::map<int, int> prefixBlocks;                    ///< by stored stage
  std::size_t codesOfPrefix = 0, limitedCodes = 0;
  using NonlinearKey = std::tuple<int, bool, int, double, double, double, int>;
  std::map<NonlinearKey, int> nonlinearUnits;
};

} // namespace synfire

#endif // SYNFIRE_COMPILER_EMIT_PROGRAMBUILDER_H

//===- SiteCoding.h - how each value of a network is coded ------*- C++ -*-===//
//
// What a conversion method decides: the shape of the spiking network and the
// unit of every site (docs/spec/sites.md), in real numbers. The compiler turns
// it into IR, whatever the method was.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_CONVERT_SITECODING_H
#define SYNFIRE_COMPILER_CONVERT_SITECODING_H

#include "runtime/neuron/Neuron.h"
#include "runtime/support/Status.h"

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace synfire {

/// Sign-magnitude phase code, MT or OAT: real full scale `threshold` of the
/// normal bank, threshold * 2^outlierShift of the outlier bank.
struct PhaseUnit {
  int steps = 16;
  int levels = 1;
  double threshold = 1;
  int outlierShift = 0;
  bool rounding = false;
};

/// Any configuration of the neuron unit, with the real values that its integers
/// stand for.
struct TableUnit {
  NeuronConfig config;
  double membraneScale = 1; ///< real value of one membrane unit
  double codeScale = 1;     ///< real value of one code unit
  /// Real factor on both scales, by channel; empty: 1. The synapses that read
  /// the train absorb it, so only linear layers may.
  std::vector<double> channelScale;
};

/// The digital unit: the value itself, rounded to fullScale * 2^-bits and
/// limited to +-fullScale.
struct NumberUnit {
  int bits = 20; ///< 2..24
  double fullScale = 1;
};

using SiteUnit = std::variant<PhaseUnit, TableUnit, NumberUnit>;

/// What a site is, whatever its layer; the order of enumerators has no meaning.
enum class SiteKind : std::uint8_t {
  Embedding,    ///< embed
  Residual,     ///< *.residual
  Square,       ///< *.norm.square
  InverseRoot,  ///< *.norm.rsqrt
  Norm,         ///< *.norm, final.norm
  Projection,   ///< *.q_proj, *.k_proj: before RoPE
  Query,        ///< *.q, *.q_rotated
  Key,          ///< *.k, *.k_rotated
  Value,        ///< *.v (v_proj)
  Exponential,  ///< *.exp
  Reciprocal,   ///< *.reciprocal
  Weights,      ///< *.weights: exp * reciprocal
  Mix,          ///< *.mix: exp * v, not normalised
  AttentionOut, ///< *.out
  Gate,         ///< *.gate: before SiLU
  Activation,   ///< *.act
  Up,           ///< *.up
  Product,      ///< *.product, mlp.rotated
  Logits,       ///< logits
  Other
};
SiteKind siteKind(std::string_view site);
/// Whether the network rotates while it runs decides what is coded: with
/// `onlineHadamard` a value before its rotation is a Projection, which a
/// rotation turns, otherwise the rotated sites do not exist.
SiteKind siteKind(std::string_view site, bool onlineHadamard);

/// The shape of the network around the coded sites.
struct NetworkForm {
  int frames = 1; ///< Program::frames
  /// Nonlinear functions, residuals and every site without a coding of its own
  /// are the digital unit's, and softmax divides before AV (a site `weights`).
  /// Otherwise they spike: HG for functions, the phase code of the options for
  /// values, and softmax divides after AV.
  bool digital = false;
  bool inputOnce = false;   ///< the embedding enters at the first frame alone
  bool compensated = false; ///< expectation compensation (program.md, P13)
  /// Tokens whose keys and values are constants (program.md, P14), in order.
  std::vector<int> prefixTokens;
};

/// By site. A site of kind Exponential fires its table on score - max itself;
/// other functions are computed first and then coded.
using SiteCodings = std::map<std::string, SiteUnit>;

struct NetworkPlan {
  NetworkForm form;
  SiteCodings codings;
  /// What a reader of the figures must know, for ConversionInfo::notes.
  std::vector<std::string> notes;
  double trainingSeconds = 0; ///< spent on neurons' parameters
};

/// Whether a coding belongs to a site that only online rotations make.
bool rotatesOnline(const NetworkPlan &plan);

/// JSON text and back: `synfire compile --emit plan` writes it, --plan reads
/// it, and the pass convert-ann-to-snn takes it as an option.
std::string toJson(const NetworkPlan &plan);
Result<NetworkPlan> networkPlanFromJson(const std::string &json,
                                        const std::string &where);

} // namespace synfire

#endif // SYNFIRE_COMPILER_CONVERT_SITECODING_H

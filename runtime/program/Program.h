//===- Program.h - the artefact that engine and machine execute -*- C++ -*-===//
//
// Plain-value form of a Program (docs/spec/program.md gives its meaning with
// numbered constraints). A Program is an integer dataflow network: *stages* of
// neurons joined by *dendrites* (synapse groups), executed once per token, plus
// a *mapping* of every stage onto the cores of a mesh. Static weights live in a
// separate memory-mapped file.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_PROGRAM_PROGRAM_H
#define SYNFIRE_RUNTIME_PROGRAM_PROGRAM_H

#include "hw-models/ChipModel.h"
#include "runtime/neuron/LookupTable.h"
#include "runtime/neuron/Neuron.h"
#include "runtime/support/Files.h"
#include "runtime/support/Status.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace synfire {

/// Version of the artefact; a loader accepts exactly its own.
constexpr int programVersion = 3;

/// What the accumulator of a dendrite sums. X: codes of the driver train; Y:
/// codes of the stored (partner) train; p: position of the token; all sums are
/// exact integers (program.md, P3).
enum class DendriteKind : std::uint8_t {
  Embed, ///< acc[j] = W[token][j]; no driver: the token's own neuron fires once
  Static,   ///< SAW: acc[j] = sum_i W[i][j] X[i]
  Identity, ///< acc[j] = X[j]
  Sum,      ///< acc[g] = sum of X over group g of the driver (its groupWidth)
  Rotary,   ///< RoPE, pairs (i, i + headWidth/2) within each head, weights
            ///< cos/sin of p
  Product,  ///< SAA: acc[i] = X[i / (n/nX)] * Y[i / (n/nY)] (either side may
            ///< broadcast)
  Scores,   ///< SAA, stored: acc[h][j] = sum_d X[h*headWidth+d] *
            ///< Y_j[kv(h)*headWidth+d], j <= p
  Mix,      ///< SAA, stored: acc[h*headWidth+d] = sum_{j<=p} X[h][j] *
            ///< Y_j[kv(h)*headWidth+d]
  Hadamard  ///< acc[b*headWidth+j] = sum_i (-1)^popcount(i & j) *
            ///< X[b*headWidth+i]; headWidth a power of two
};

/// How a product of trains is executed; both give the same accumulator.
/// Concurrent: both operands fire in one window (two-sided sum; of Scores and
/// Mix this concerns the token's own key, P12). Stored: the partner Y is
/// complete one window earlier and the driver X reads it.
enum class ProductForm : std::uint8_t { Concurrent, Stored };

/// A block in the weights file: row-major [rows][columns], rows = input axons.
/// bits 4 (two per byte, low nibble first, each row padded to a byte), 8, 16
/// (little-endian) or 32; two's complement.
struct WeightBlock {
  std::uint64_t offset = 0; ///< bytes from the start of the file, 64-aligned
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  int bits = 8;

  std::uint64_t rowBytes() const {
    return (static_cast<std::uint64_t>(columns) * bits + 7) / 8;
  }
  std::uint64_t bytes() const { return rowBytes() * rows; }
};

struct Dendrite {
  DendriteKind kind = DendriteKind::Static;
  int driver = -1; ///< stage whose train drives (-1 for Embed)
  int stored = -1; ///< stage whose train is the partner (Product, Scores, Mix)
  ProductForm form = ProductForm::Stored;
  int weights =
      -1; ///< Embed, Static: index of a WeightBlock [in][out].
          ///< Rotary: 16-bit block [context][headWidth]: cos then sin halves
  int headWidth = 0;   ///< Rotary, Scores, Mix; Hadamard: of a block
  int queryPerKey = 1; ///< Scores, Mix: kv(h) = h / queryPerKey
  /// Neuron input: (acc * multiplier + 2^(shift-1)) >> shift, arithmetic;
  /// shift 0: no rounding term. One multiplier for all (size 1) or per neuron.
  std::vector<std::int32_t> multiplier = {1};
  int shift = 0;
  /// Signed width that no accumulator of this dendrite can exceed, proven by
  /// the compiler; |acc * multiplier| < 2^62 is proven as well.
  int accumulatorBits = 64;
  /// Concurrent or stored partner width: bits of one stored word, for memory.
  int storedBits = 0;
  /// Embed in a Program of several frames: the row enters at every frame, not
  /// at the first alone.
  bool everyFrame = false;
  /// Scores, Mix in a Program with a prefix: index of a WeightBlock
  /// [prefix][stored width], the codes Y_j of its positions (P14). -1: none.
  int prefixCodes = -1;
};

enum class FireKind : std::uint8_t {
  Neuron, ///< NeuronConfig
  Lookup, ///< LookupTable
  Output, ///< no spikes: the membranes are the model's logits
  Number  ///< the membrane itself leaves, as a number of the digital unit
};

/// What a stage is in the transformer; reports group by it.
enum class StageRole : std::uint8_t {
  Embedding,
  Norm,
  Linear,
  Rope,
  Attention,
  Activation,
  Product,
  Residual,
  LmHead
};
const char *toString(StageRole role);
const char *toString(DendriteKind kind);

/// A population of neurons with its input synapses. Neuron index = group *
/// groupWidth + column. A stage with a `Scores` dendrite has one group per
/// head, groupWidth = context, and only columns <= p are active for a token at
/// p.
struct Stage {
  std::string name; ///< "layers.0.attn.q_proj"
  int layer =
      -1; ///< transformer layer; -1: embedding, layers: final norm and lm_head
  StageRole role = StageRole::Linear;
  int groups = 1;
  int groupWidth = 0;
  bool perKey = false; ///< columns are key positions: active iff column <= p
  std::vector<Dendrite> dendrites;
  std::vector<std::int32_t> bias; ///< membrane units; empty, 1 or width entries
  /// Subtract the maximum over the active columns of each group before firing.
  bool subtractGroupMaximum = false;
  FireKind fire = FireKind::Neuron;
  int unit = -1; ///< index into neurons or lookupTables; -1: Output, Number
  /// The digital unit's work, not spikes: whole numbers leave, one event each,
  /// and what they drive is counted as multiply-accumulate (Number always,
  /// Lookup by choice).
  bool digital = false;
  /// Expectation compensation (P13): the input of frame f is scaled by
  /// (F / (f + 1))^averagedInput, the output by f + 1.
  int averagedInput = 0; ///< 0..2
  bool accumulatedOutput = false;
  /// Largest |code| that the stage can emit, proven; accumulator proofs use it.
  std::int64_t codeLimit = 0;
  double codeScale = 1;     ///< real value of one code unit (reports, logits)
  double membraneScale = 1; ///< real value of one membrane unit

  std::int64_t width() const { return std::int64_t(groups) * groupWidth; }
  bool scoresKeys() const {
    return std::any_of(dendrites.begin(), dendrites.end(),
                       [](const Dendrite &dendrite) {
                         return dendrite.kind == DendriteKind::Scores;
                       });
  }
};

/// Shape of the source model, for reports and the ANN baseline.
struct ModelInfo {
  std::string name;
  std::string architecture;
  std::string source; ///< directory of the checkpoint: eval's float reference
  /// Checkpoint::checksum() of it: eval refuses weights that have changed
  /// since.
  std::uint64_t sourceChecksum = 0;
  int vocabulary = 0, hidden = 0, intermediate = 0, layers = 0, heads = 0,
      keyValueHeads = 0, headWidth = 0;
  int context = 0; ///< positions that this Program can hold, prefix included
  int bosToken = -1;
  std::vector<int> eosTokens;
  std::string tokenizerJson;
};

/// How the Program was made; reports print it, nothing executes it.
struct ConversionInfo {
  std::string method; ///< "las", "phase"
  int steps = 0;      ///< T of the coded sites
  int wideSteps = 0;  ///< steps of the residual and other wide sites
  int levels = 1;     ///< H
  int weightBits = 8;
  std::string hg;           ///< "lut" or "fs"
  std::string saa;          ///< "stored" or "concurrent"
  bool outlierAware = true; ///< OAT banks on
  std::string calibration;  ///< file name and number of tokens
  /// Bits that a train of a coded site can carry: ceil(log2 of its codes). The
  /// quantised ANN of equal information (arXiv 2409.08290) has as many.
  int activationBits = 0;
  /// Tokens whose keys and values are the prefix; as many as Program::prefix.
  std::vector<int> prefixTokens;
  /// What a reader of the figures must know: "the ANN was not retrained", ...
  std::vector<std::string> notes;
};

/// A rectangle of one stage's neurons on one core: groups [groupBegin,
/// groupEnd) x columns [columnBegin, columnEnd). Where the inputs are split
/// (P15), `inputParts` tiles share a rectangle: each adds up the part of its
/// Static dendrites' inputs that `inputPart` says, part 0 has the neurons and
/// everything else.
struct Tile {
  int stage = 0;
  int core = 0; ///< ChipModel.h numbering over the used system
  int groupBegin = 0, groupEnd = 0;
  int columnBegin = 0, columnEnd = 0;
  int inputPart = 0, inputParts = 1;

  bool hasNeurons() const { return inputPart == 0; }
  /// Of the rectangle, whichever part.
  std::int64_t neurons() const {
    return std::int64_t(groupEnd - groupBegin) * (columnEnd - columnBegin);
  }
};

/// When a stage fires. Frame f of a token that enters at window w fires stage s
/// in window w + f + fireLevel[s]. In prefill a new token enters every
/// Program::frames windows.
struct Schedule {
  std::vector<int> fireLevel; ///< per stage
  std::vector<int>
      levelSteps; ///< per level: steps of its window (max over its stages)
  std::vector<int>
      slots; ///< per stage: frames whose accumulators are alive at once
  int levels() const { return static_cast<int>(levelSteps.size()); }
};

/// What the mapper expects its mapping to cost, per generated token unless
/// stated (docs/spec/mapping.md). Reports print it beside what a simulation
/// counts; nothing executes it.
struct CostPrediction {
  double tokenCycles = 0;  ///< from entry to logits; 0: no prediction
  double windowCycles = 0; ///< prefill: between the logits of two tokens
  double packets = 0;      ///< as SpikeSent counts them
  double eastWestHops = 0, northSouthHops = 0, chipCrossings = 0;
  double picojoules = 0; ///< the chip's own prices, static power included
  /// Cycles of each level's window, barriers included.
  std::vector<double> levelCycles;
};

struct Mapping {
  ChipModel chip;
  int chipsX = 1, chipsY = 1;
  std::string placement; ///< "optimised", "hilbert", "row-major", "random:7"
  /// Grouped by stage, stages ascending; parts of one rectangle follow each
  /// other.
  std::vector<Tile> tiles;
  Schedule schedule;
  CostPrediction prediction;
};

/// The weights file, mapped, or a buffer built in memory. A network that is
/// only mapped, not executed, has blocks without data (shapes only).
struct WeightStore {
  std::shared_ptr<const MappedFile> file;
  std::shared_ptr<const std::vector<std::uint8_t>> memory;
  std::vector<WeightBlock> blocks;

  bool hasData() const { return file || memory; }
  const std::uint8_t *data(int block) const {
    const std::uint8_t *base = file ? file->data() : memory->data();
    return base + blocks[static_cast<std::size_t>(block)].offset;
  }
  std::uint64_t size() const {
    return file ? file->size() : memory ? memory->size() : 0;
  }
};

struct Program {
  ModelInfo model;
  ConversionInfo conversion;
  std::vector<NeuronConfig> neurons;
  std::vector<LookupTable> lookupTables;
  std::vector<Stage> stages; ///< topological order; the last one is the Output
  /// F: in how many parts a token streams through the network (P10). 1: every
  /// train is complete before the next stage fires.
  int frames = 1;
  /// P: positions whose keys and values are constants (P14); the first token
  /// is at position P. 0: there are none.
  int prefix = 0;
  Mapping mapping;
  WeightStore weights;
};

/// Static weight of row i, column j of a block.
std::int32_t weightAt(const WeightStore &store, int block, std::int64_t row,
                      std::int64_t column);

/// All constraints of docs/spec/program.md: topology, shapes, table validity,
/// proven widths re-proven, tiles cover every stage exactly once and no core
/// exceeds the chip's capacities. Errors name the stage or core.
Status verify(const Program &program);

/// Writes PATH (protobuf) and PATH.weights; both appear atomically.
Status saveProgram(const Program &program, const std::string &path);
/// Loads, checks version, size and checksums of both files, then verify().
Result<Program> loadProgram(const std::string &path);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_PROGRAM_PROGRAM_H

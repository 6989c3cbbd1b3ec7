//===- ChipOps.td - systems of chips and the groups on them ---------------===//
#ifndef SYNFIRE_DIALECTS_CHIP_CHIPOPS_TD
#define SYNFIRE_DIALECTS_CHIP_CHIPOPS_TD

include "dialects/ann/AnnAttributes.td"
include "dialects/chip/ChipDialect.td"
include "dialects/snn/SnnInterfaces.td"
include "dialects/snn/SnnTypes.td"
include "dialects/support/Parameters.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Chip_Op<string mnemonic, list<Trait> traits = []>
    : Op<Chip_Dialect, mnemonic, traits>;

def Chip_SystemOp : Chip_Op<"system", [IsolatedFromAbove, Symbol, SingleBlock,
                                       NoTerminator, Snn_FramesOpInterface]> {
  let summary = "a network on a system of chips";
  let description = [{
    Holds the groups in topological order. `hw` names the hw-model, `chips` is the
    size of the system in chips, east-west by north-south, and `cores_per_chip`
    what the hw-model says, so that core numbers can be checked without it.
    `placement` says how cores were chosen ("optimised", "hilbert",
    "row-major", "random:7").
    `frames` and `prefix` are those of the network.

    Example:
    ```mlir
    chip.system @tiny config<vocabulary = 32, hidden = 8, intermediate = 16,
                             layers = 1, heads = 2, key_value_heads = 1,
                             head_width = 4, positions = 16,
                             rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>
        hw("loihi2") chips(1x1) cores_per_chip(128) placement("hilbert") {
      %embed = chip.group "embed" fire_level(0) slots(1) block(1x4) cores([0 to 1]) {
        %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
        %x = snn.fire %c unit(#snn.phase<steps = 16, threshold = 1.0>)
          site("embed") role<embedding> layer(-1) : (!snn.current<1x8>) -> !snn.train<1x8>
        chip.yield %x : !snn.train<1x8>
      } : !snn.train<1x8>
      chip.group "logits" fire_level(1) slots(2) block(1x32) cores([2]) {
        %c = snn.saw %embed {weight = #ann.weight<"lm_head", [32, 8]>}
          : !snn.train<1x8> -> !snn.current<1x32>
        snn.output %c site("logits") : !snn.current<1x32>
      }
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Ann_ConfigAttr:$config,
                       StrAttr:$hw, DenseI64ArrayAttr:$chips,
                       PositiveAttr:$cores_per_chip, StrAttr:$placement,
                       DefaultValuedAttr<IntegerNumberAttr, "1">:$frames,
                       OptionalAttr<DenseI64ArrayAttr>:$prefix_tokens);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name `config` `` $config (`frames` `(` $frames^ `)`)?
      (`prefix` `(` $prefix_tokens^ `)`)? `hw` `(` $hw `)`
      `chips` `(` custom<Rectangle>($chips) `)`
      `cores_per_chip` `(` $cores_per_chip `)` `placement` `(` $placement `)`
      attr-dict-with-keyword $body
  }];
  let extraClassDeclaration = [{
    int64_t getCores() {
      return getChips()[0] * getChips()[1] * getCoresPerChip();
    }
  }];
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}

def Chip_GroupOp : Chip_Op<"group", [HasParent<"SystemOp">, SingleBlock]> {
  let summary = "one population on its cores";
  let description = [{
    The region holds the dendrites of a population and its `snn.fire`, and yields
    the train; the last group ends with `snn.output` instead and has no result.
    Trains of earlier groups are used directly.

    Neurons are cut into equal rectangles of `block` groups by columns, row-major;
    those at the far edges are smaller where the block does not divide the
    population. Entry k of `cores` is the core of rectangle k. In text, `4 to 7`
    stands for 4, 5, 6, 7. Where the inputs are split (P15), each rectangle has
    as many entries as `input_parts` says, one behind the other.

    `fire_level` is the window, counted from the one in which a token enters, in
    which the population fires its first frame; `slots` is the number of frames
    whose accumulators are alive at once (P9).

    Example: see `chip.system`.
  }];
  let arguments = (ins StrAttr:$site,
                       ConfinedAttr<IntegerNumberAttr, [IntNonNegative]>:$fire_level,
                       PositiveAttr:$slots, DenseI64ArrayAttr:$block,
                       OptionalAttr<PositiveAttr>:$input_parts,
                       DenseI32ArrayAttr:$cores);
  let results = (outs Optional<Snn_TrainType>:$train);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $site `fire_level` `(` $fire_level `)` `slots` `(` $slots `)`
      `block` `(` custom<Rectangle>($block) `)`
      (`input_parts` `(` $input_parts^ `)`)? `cores` `(` custom<Cores>($cores) `)`
      attr-dict-with-keyword $body (`:` qualified(type($train))^)?
  }];
  let extraClassDeclaration = [{
    /// The population, or null in the group of the output.
    ::synfire::snn::FireOp getFire();
    /// The output, or null in all other groups.
    ::synfire::snn::OutputOp getOutput();
    /// Groups and columns of the population.
    ::std::pair<int64_t, int64_t> getPopulationShape();
    /// All rectangles, in the order of `cores`; of split inputs one a part.
    ::llvm::SmallVector<::synfire::chip::Rectangle> getRectangles();
  }];
  let hasRegionVerifier = 1;
}

def Chip_YieldOp : Chip_Op<"yield", [Pure, Terminator, HasParent<"GroupOp">]> {
  let summary = "the train of a group";
  let description = [{
    Example: `chip.yield %x : !snn.train<1x64>`
  }];
  let arguments = (ins Snn_TrainType:$train);
  let assemblyFormat = "$train attr-dict `:` qualified(type($train))";
}

#endif // SYNFIRE_DIALECTS_CHIP_CHIPOPS_TD

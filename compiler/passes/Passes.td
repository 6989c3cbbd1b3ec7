//===- Passes.td - the passes of synfire ----------------------------------===//
#ifndef SYNFIRE_COMPILER_PASSES_PASSES_TD
#define SYNFIRE_COMPILER_PASSES_PASSES_TD

include "mlir/Pass/PassBase.td"

def SnnProveWidths : Pass<"snn-prove-widths", "::synfire::snn::NetworkOp"> {
  let summary = "prove the widths of all accumulators";
  let description = [{
    Sets `accumulator_bits` of each dendrite to the signed width that none of its
    sums can exceed (P6 of docs/spec/program.md): from the largest weight
    magnitude `2^(bits - 1) - 1`, the fan-in by the shapes, and the code limits of
    the units whose trains come in.

    Fails where that width and the 10 bits that a multiplier needs at least exceed the 62 bits of a
    neuron input.

    Precondition: none. Postcondition: each dendrite of the network has
    `accumulator_bits` of at most 52.

    Example (tests/lit/passes/snn-prove-widths.mlir):
    ```mlir
    // 2^4 codes, 8 inputs, weights up to 127: 16 * 8 * 127 = 16256 < 2^14
    %c = snn.saw %x {weight = #ann.weight<"w", [4, 8]>} : !snn.train<1x8> -> !snn.current<1x4>
    ```
    becomes
    ```mlir
    %c = snn.saw %x {accumulator_bits = 15 : i64, weight = #ann.weight<"w", [4, 8]>} : !snn.train<1x8> -> !snn.current<1x4>
    ```
  }];
}

def AnnRotateOnline : Pass<"ann-rotate-online", "::synfire::ann::ModelOp"> {
  let summary = "rotate values that no rewritten weight can rotate";
  let description = [{
    Inserts an `ann.hadamard` where outliers hide from a rotated checkpoint: at
    products of activations before the linear layers that read them, whose
    weights then get `input_hadamard`, and at queries and keys before attention,
    whose scores do not change. The site of a rotated value is the last
    component of its name replaced by `rotated`, or with `_rotated` after `q` and `k`. A block is the
    largest power of two that divides the width of a product, or of a head, and
    at most `most-width`. Computes what it computed before.

    Fails at a value whose width is odd.
  }];
  let options = [
    Option<"mostWidth", "most-width", "int", "128",
           "widest block: an event causes as many additions">];
}

def ConvertAnnToSnn : Pass<"convert-ann-to-snn", "::mlir::ModuleOp"> {
  let summary = "convert a trained transformer to spiking populations";
  let description = [{
    Replaces each `ann.model` by an `snn.network` of the same name. Linear layers
    become synapses (`snn.saw`), products of activations become `snn.product`,
    `snn.scores` and `snn.mix`, nonlinearities become populations with an
    `#snn.hg` unit, and every value between them a population with an
    `#snn.phase` unit. Gains of normalisations move into the synapses that
    follow, a projection that ends in a residual sum accumulates in the sum's own
    membrane, and softmax divides after the values have been mixed.

    Thresholds and full scales come from `statistics`, the JSON that
    `synfire compile --emit statistics` writes (docs/spec/sites.md names the sites).

    `plan` is the JSON that `synfire compile --emit plan` writes: what a method
    decided. Its codings become `#snn.table`, `#snn.number` and `#snn.phase` units
    of their sites. Functions whose results it codes are computed first, in a
    population `SITE.function`; a neuron for exponentials fires by itself. In the
    digital form functions and all other values are numbers, and softmax divides
    before the values are mixed. In several frames a train that must be there
    beside a result of its own is repeated by a population (`SITE.input`,
    `exp.repeated`).

    Precondition: statistics for every site without a coding. Postcondition: no op
    of the ann dialect is left.

    Fails at the op whose site has no statistics, at ops that no rule converts,
    and where a coding does not fit its site or the frames of the network.

    Example (tests/lit/passes/convert-ann-to-snn.mlir):
    ```mlir
    %q = ann.linear %n weight<"q", [8, 8]> site("layers.0.attn.q_proj") : tensor<?x8xf32> -> tensor<?x8xf32>
    ```
    after a normalisation with the gain "norm1" becomes
    ```mlir
    %c = snn.saw %n {gain = #ann.weight<"norm1", [8]>, weight = #ann.weight<"q", [8, 8]>} : !snn.train<1x8> -> !snn.current<1x8>
    ```
    and a population that fires this current.
  }];
  let options = [
    Option<"statistics", "statistics", "std::string", "",
           "JSON file of calibration statistics">,
    Option<"plan", "plan", "std::string", "",
           "JSON file of a network plan; none: the method's options say all">,
    Option<"method", "method", "std::string", "\"las\"",
           "las, or phase: the rounding phase code">,
    Option<"steps", "steps", "int", "16", "T">,
    Option<"wideSteps", "wide-steps", "int", "20",
           "T of the residual stream, squares, mixes and values before RoPE, "
           "which always have one level">,
    Option<"levels", "levels", "int", "1", "H (las)">,
    Option<"weightBits", "weight-bits", "int", "8", "4, 8 or 16">,
    Option<"lookup", "lookup", "bool", "true",
           "nonlinearities by the look-up unit, otherwise by FS banks">,
    Option<"concurrent", "concurrent", "bool", "false",
           "products of trains in one window instead of stored">,
    Option<"outlierAware", "outlier-aware", "bool", "true",
           "a second bank for outliers (las)">,
    Option<"lookupEntries", "lookup-entries", "int", "8192",
           "most rows of one look-up table">,
    Option<"margin", "margin", "double", "1.25",
           "full scale over the largest value of the statistics">,
    Option<"context", "context", "int", "0",
           "positions; 0: the model's own, at most 1024">];
  let dependentDialects = ["::synfire::snn::SnnDialect"];
}

def SnnMapToChip : Pass<"snn-map-to-chip", "::mlir::ModuleOp"> {
  let summary = "partition, schedule and place a network on a chip";
  let description = [{
    Replaces each `snn.network` by a `chip.system` of the same name: one
    `chip.group` a population, cut into equal blocks that respect every capacity
    of the hw-model, with the window in which it fires and the cores that hold
    it. Shapes decide alone; weights are not read.

    Precondition: a verified network. Postcondition: no op outside a group.

    Fails if the network does not fit and says which resource, by how much, and
    what would make it fit.
  }];
  let options = [
    Option<"hw", "hw", "std::string", "\"loihi2\"",
           "name of a built-in hw-model or a .textproto file">,
    Option<"placement", "placement", "std::string", "\"optimised\"",
           "optimised, hilbert, row-major or random:SEED">,
    Option<"objective", "objective", "std::string", "\"time\"",
           "time, energy or cores">,
    Option<"effort", "effort", "int", "1",
           "0 to 3: work that goes into an optimised placement">,
    Option<"cores", "cores", "int64_t", "0",
           "most cores; 0: those of the chips that the fewest cores need">];
  let dependentDialects = ["::synfire::chip::ChipDialect"];
}

#endif // SYNFIRE_COMPILER_PASSES_PASSES_TD

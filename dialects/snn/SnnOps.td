//===- SnnOps.td - populations and their networks -------------------------===//
#ifndef SYNFIRE_DIALECTS_SNN_SNNOPS_TD
#define SYNFIRE_DIALECTS_SNN_SNNOPS_TD

include "dialects/ann/AnnAttributes.td"
include "dialects/snn/SnnDendrites.td"
include "dialects/snn/SnnDialect.td"
include "dialects/snn/SnnTypes.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Snn_NetworkOp : Snn_Op<"network", [IsolatedFromAbove, Symbol, SingleBlock,
                                       Snn_FramesOpInterface]> {
  let summary = "a spiking network";
  let description = [{
    Dendrites and populations in topological order (P1), executed once per token;
    ends with `snn.output`. `config` is that of the model that was converted. With
    more than one of `frames` a token streams through in so many parts (P10): each
    population fires in every frame, and elementwise products are concurrent.

    Keys and values at the first positions are constants where there are
    `prefix` tokens (P14): those of the float model for these tokens, which
    emission rounds to codes. The first token of a text follows behind them.

    Example:
    ```mlir
    snn.network @tiny config<vocabulary = 32, hidden = 8, intermediate = 16,
                             layers = 1, heads = 2, key_value_heads = 1,
                             head_width = 4, positions = 16,
                             rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4> {
      %c0 = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
      %embed = snn.fire %c0 unit(#snn.phase<steps = 16, threshold = 1.0>)
        site("embed") role<embedding> layer(-1) : (!snn.current<1x8>) -> !snn.train<1x8>
      %c1 = snn.saw %embed {weight = #ann.weight<"lm_head", [32, 8]>}
        : !snn.train<1x8> -> !snn.current<1x32>
      snn.output %c1 site("logits") : !snn.current<1x32>
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Ann_ConfigAttr:$config,
                       DefaultValuedAttr<IntegerNumberAttr, "1">:$frames,
                       OptionalAttr<DenseI64ArrayAttr>:$prefix_tokens);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name `config` `` $config (`frames` `(` $frames^ `)`)?
      (`prefix` `(` $prefix_tokens^ `)`)? attr-dict-with-keyword $body
  }];
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}

def Snn_FireOp : Snn_Op<"fire", [Pure]> {
  let summary = "a population: currents in, spikes out";
  let description = [{
    Adds the currents and `bias` (a real number, the same for all neurons) to the
    membrane, subtracts the largest membrane among the active neurons of each
    group if `subtract_group_maximum`, and fires by `unit` (P4, P5).
    `membrane_scale` is the real value of one membrane unit where a pass has
    chosen it. `layer` is -1 for the embedding and the number of layers for what
    follows the last one.

    `channel_scale` holds a factor for each neuron, on the real value of its
    membrane and of its code; only `snn.saw`, whose weights take it in, may read
    such a train. In a network of F frames `averaged_input` a scales the input of
    frame f by `(F / (f + 1))^a`, so that a function sees an estimate of the whole
    value, and `accumulated_output` the result by `f + 1`, so that it streams out
    in F even parts (P13).

    Example:
    ```mlir
    %r = snn.fire %a, %b unit(#snn.phase<steps = 16, threshold = 4.5, outlier_shift = 2>)
      site("layers.0.attn.residual") role<residual> layer(0)
      : (!snn.current<1x64>, !snn.current<1x64>) -> !snn.train<1x64>
    ```
  }];
  let arguments = (ins Variadic<Snn_CurrentType>:$currents,
                       Snn_UnitAttrInterface:$unit, StrAttr:$site,
                       Snn_RoleAttr:$role, IntegerNumberAttr:$layer,
                       OptionalAttr<RealAttr>:$bias,
                       UnitAttr:$subtract_group_maximum,
                       OptionalAttr<RealAttr>:$membrane_scale,
                       OptionalAttr<DenseF64ArrayAttr>:$channel_scale,
                       DefaultValuedAttr<IntegerNumberAttr, "0">:$averaged_input,
                       UnitAttr:$accumulated_output);
  let results = (outs Snn_TrainType:$train);
  let assemblyFormat = [{
    $currents `unit` `(` $unit `)` `site` `(` $site `)` `role` `` $role
      `layer` `(` $layer `)` attr-dict `:` functional-type($currents, $train)
  }];
  let extraClassDeclaration = [{
    /// No cumulative code of the train has a larger magnitude.
    int64_t getCodeLimit();
  }];
  let hasVerifier = 1;
}

def Snn_OutputOp : Snn_Op<"output", [Terminator]> {
  let summary = "the logits: membranes that do not fire";
  let description = [{
    Ends a network. The membranes of these neurons are the logits;
    `membrane_scale` is the real value of one membrane unit where a pass has
    chosen it.

    Example: `snn.output %c site("logits") : !snn.current<1x512>`
  }];
  let arguments = (ins Snn_CurrentType:$current, StrAttr:$site,
                       OptionalAttr<RealAttr>:$membrane_scale);
  let assemblyFormat = "$current `site` `(` $site `)` attr-dict `:` qualified(type($current))";
  let hasVerifier = 1;
}

#endif // SYNFIRE_DIALECTS_SNN_SNNOPS_TD

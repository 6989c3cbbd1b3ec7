//===- AnnAttributes.td - weights and shapes of a model -------------------===//
#ifndef SYNFIRE_DIALECTS_ANN_ANNATTRIBUTES_TD
#define SYNFIRE_DIALECTS_ANN_ANNATTRIBUTES_TD

include "dialects/ann/AnnDialect.td"
include "dialects/support/Parameters.td"

class Ann_Attr<string cppName, string attrMnemonic> : AttrDef<Ann_Dialect, cppName> {
  let mnemonic = attrMnemonic;
  let genVerifyDecl = 1;
}

def Ann_WeightAttr : Ann_Attr<"Weight", "weight"> {
  let summary = "a tensor of the checkpoint, by name";
  let description = [{
    Names a tensor of the checkpoint and states the shape that the model expects
    of it. A matrix `[out, in]` computes `y = W x`.

    Example: `#ann.weight<"model.layers.0.self_attn.q_proj.weight", [64, 64]>`
  }];
  let parameters = (ins
    StringRefParameter<"name of the tensor in the checkpoint">:$name,
    ArrayRefParameter<"int64_t", "shape, outermost first">:$shape);
  let assemblyFormat = "`<` $name `,` `[` $shape `]` `>`";
  let extraClassDeclaration = [{
    int64_t getRank() const { return static_cast<int64_t>(getShape().size()); }
  }];
}

def Ann_ConfigAttr : Ann_Attr<"Config", "config"> {
  let summary = "shape and constants of a model";
  let description = [{
    What a transformer of the LLaMA family is, apart from its weights. The
    conversion copies it from `ann.model` to `snn.network` and `chip.system`.
    `positions` is the context: the longest text that the model may be run on.

    Example:
    ```mlir
    #ann.config<vocabulary = 512, hidden = 64, intermediate = 172, layers = 5,
                heads = 8, key_value_heads = 4, head_width = 8, positions = 512,
                rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>
    ```
  }];
  let parameters = (ins
    IntegerParameter<"tokens">:$vocabulary,
    IntegerParameter<"width of the residual stream">:$hidden,
    IntegerParameter<"width inside the MLP">:$intermediate,
    IntegerParameter<"transformer blocks">:$layers,
    IntegerParameter<"query heads">:$heads,
    IntegerParameter<"key/value heads">:$key_value_heads,
    IntegerParameter<"components of a head">:$head_width,
    IntegerParameter<"positions that a text may have">:$positions,
    RealParameter<"added to the mean square">:$rms_norm_eps,
    RealParameter<"base of the rotary angles">:$rope_theta);
  let assemblyFormat = "`<` struct(params) `>`";
}

#endif // SYNFIRE_DIALECTS_ANN_ANNATTRIBUTES_TD

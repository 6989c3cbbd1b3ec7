//===- SnnAttributes.td - units: how a membrane becomes spikes ------------===//
#ifndef SYNFIRE_DIALECTS_SNN_SNNATTRIBUTES_TD
#define SYNFIRE_DIALECTS_SNN_SNNATTRIBUTES_TD

include "dialects/snn/SnnDialect.td"
include "dialects/snn/SnnInterfaces.td"
include "dialects/support/Parameters.td"
include "mlir/IR/EnumAttr.td"

class Snn_Enum<string cppName, string text, list<I32EnumAttrCase> cases>
    : I32EnumAttr<cppName, text, cases> {
  let cppNamespace = "::synfire::snn";
  let genSpecializedAttr = 0;
}

// In the order of StageRole in runtime/program/Program.h.
def Snn_Role : Snn_Enum<"Role", "what a population is in the transformer", [
  I32EnumAttrCase<"Embedding", 0, "embedding">, I32EnumAttrCase<"Norm", 1, "norm">,
  I32EnumAttrCase<"Linear", 2, "linear">, I32EnumAttrCase<"Rope", 3, "rope">,
  I32EnumAttrCase<"Attention", 4, "attention">,
  I32EnumAttrCase<"Activation", 5, "activation">,
  I32EnumAttrCase<"Product", 6, "product">, I32EnumAttrCase<"Residual", 7, "residual">,
  I32EnumAttrCase<"LmHead", 8, "lm_head">]>;
class Snn_WordAttr<EnumAttrInfo info, string mnemonic>
    : EnumAttr<Snn_Dialect, info, mnemonic> {
  let assemblyFormat = "`<` $value `>`";
}
def Snn_RoleAttr : Snn_WordAttr<Snn_Role, "role">;

// In the order of ProductForm in runtime/program/Program.h.
def Snn_ProductForm : Snn_Enum<"ProductForm", "how a product is executed", [
  I32EnumAttrCase<"Concurrent", 0, "concurrent">,
  I32EnumAttrCase<"Stored", 1, "stored">]>;
def Snn_ProductFormAttr : Snn_WordAttr<Snn_ProductForm, "product_form">;

def Snn_Function : Snn_Enum<"Function", "a nonlinear function", [
  I32EnumAttrCase<"Square", 0, "square">, I32EnumAttrCase<"Rsqrt", 1, "rsqrt">,
  I32EnumAttrCase<"Exp", 2, "exp">, I32EnumAttrCase<"Reciprocal", 3, "reciprocal">,
  I32EnumAttrCase<"Silu", 4, "silu">]>;

def Snn_Realisation : Snn_Enum<"Realisation", "how a nonlinearity is made", [
  I32EnumAttrCase<"Lut", 0, "lut">, I32EnumAttrCase<"Fs", 1, "fs">]>;

class Snn_UnitAttr<string cppName, string unitMnemonic, list<string> overrides = []>
    : AttrDef<Snn_Dialect, cppName, [DeclareAttrInterfaceMethods<
        Snn_UnitAttrInterface, !listconcat(["getCodeLimit", "getCodeScale"],
                                           overrides)>]> {
  let mnemonic = unitMnemonic;
  let genVerifyDecl = 1;
}

def Snn_PhaseAttr : Snn_UnitAttr<"Phase", "phase", ["whyNotInFrames"]> {
  let summary = "a sign-magnitude phase code";
  let description = [{
    All-at-once phase code in base 2 with `levels` sub-levels a step (the MT
    neuron; 1 is plain phase coding): at step t = 1..steps the largest of
    `threshold * 2^-t * (1 + k / levels)`, k = 0..levels-1, that the magnitude
    reaches is sent, with the sign, and subtracted. One code unit stands for
    `threshold * 2^-steps / levels`.

    With `outlier_shift` s > 0 the neuron is outlier-aware (OAT): magnitudes from
    `threshold` on use a second bank of full scale `threshold * 2^s`, whose
    payloads are 2^s times as large. `rounding` adds half a code unit to the
    magnitude first, so that codes are rounded and not truncated.

    Example: `#snn.phase<steps = 16, levels = 1, threshold = 4.5, outlier_shift = 2>`
  }];
  let parameters = (ins
    IntegerParameter<"T, 1..30">:$steps,
    IntegerParameter<"H, 1..15", "1">:$levels,
    RealParameter<"real full scale of the normal bank">:$threshold,
    IntegerParameter<"log2 of the outlier bank's full scale over the normal bank's, 0..16; 0: no outlier bank", "0">:$outlier_shift,
    BooleanParameter<"half a code unit is added before coding", "false">:$rounding);
  let assemblyFormat = "`<` struct(params) `>`";
}

def Snn_HgAttr : Snn_UnitAttr<"Hg", "hg", ["isDigital", "whyNotInFrames"]> {
  let summary = "a nonlinearity (hierarchically gated)";
  let description = [{
    Applies a function to the membrane; the result leaves as a base-2 phase code
    of real full scale `full_scale`, sent most significant bit first. `lut` is the
    look-up unit with `entries` rows over the inputs that `input_limit` bounds:
    `[-input_limit, input_limit]` (square, silu), `[-input_limit, 0]` (exp),
    `(0, input_limit]` (rsqrt, reciprocal); inputs beyond are clamped. `fs`
    approximates the function by gated banks of firing tables. With `digital` the
    result of the look-up leaves as one number instead, by the digital unit.

    Example: `#snn.hg<exp, lut, steps = 16, full_scale = 1.0, input_limit = 16.0>`
  }];
  let parameters = (ins
    EnumParameter<Snn_Function>:$function,
    EnumParameter<Snn_Realisation>:$realisation,
    IntegerParameter<"steps of the output code, 1..30">:$steps,
    RealParameter<"real full scale of the output code">:$full_scale,
    RealParameter<"largest input magnitude">:$input_limit,
    IntegerParameter<"rows of the look-up table, 2..2^20", "8192">:$entries,
    BooleanParameter<"the result leaves as a number", "false">:$digital);
  let assemblyFormat = [{
    `<` $function `,` $realisation `,`
        struct($steps, $full_scale, $input_limit, $entries, $digital) `>`
  }];
}

#endif // SYNFIRE_DIALECTS_SNN_SNNATTRIBUTES_TD

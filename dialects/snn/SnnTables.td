//===- SnnTables.td - the neuron unit and the digital unit ----------------===//
#ifndef SYNFIRE_DIALECTS_SNN_SNNTABLES_TD
#define SYNFIRE_DIALECTS_SNN_SNNTABLES_TD

include "dialects/snn/SnnAttributes.td"
include "dialects/snn/SnnDialect.td"
include "dialects/support/Parameters.td"

class Snn_EnumParameter<EnumAttrInfo info, string default> : EnumParameter<info> {
  let defaultValue = "::synfire::snn::" # info.className # "::" # default;
}

// In the orders of runtime/neuron/Neuron.h.
def Snn_Comparison : Snn_Enum<"Comparison", "when a threshold is reached", [
  I32EnumAttrCase<"GreaterEqual", 0, "greater_equal">,
  I32EnumAttrCase<"Greater", 1, "greater">]>;
def Snn_SignMode : Snn_Enum<"SignMode", "what of the membrane is tested", [
  I32EnumAttrCase<"None", 0, "none">, I32EnumAttrCase<"Magnitude", 1, "magnitude">,
  I32EnumAttrCase<"Bipolar", 2, "bipolar">]>;
def Snn_InputMode : Snn_Enum<"InputMode", "when the input enters", [
  I32EnumAttrCase<"AllAtOnce", 0, "all_at_once">,
  I32EnumAttrCase<"Streamed", 1, "streamed">]>;
def Snn_NegativeRule : Snn_Enum<"NegativeRule", "what a negative spike needs", [
  I32EnumAttrCase<"Off", 0, "off">, I32EnumAttrCase<"BelowZero", 1, "below_zero">,
  I32EnumAttrCase<"FromTracer", 2, "from_tracer">]>;
def Snn_Rehearsal : Snn_Enum<"Rehearsal", "the silent first pass", [
  I32EnumAttrCase<"Off", 0, "off">,
  I32EnumAttrCase<"ResidualMask", 1, "residual_mask">,
  I32EnumAttrCase<"OptimalShift", 2, "optimal_shift">,
  I32EnumAttrCase<"Average", 3, "average">]>;

def Snn_BankAttr : AttrDef<Snn_Dialect, "Bank"> {
  let mnemonic = "bank";
  let summary = "one firing table and its gate";
  let description = [{
    Thresholds, decrements and payloads of a `#snn.table`, by step and then by
    level, for inputs in `[low, high)`. `rest` is delivered at a step without a
    spike.

    Example: `#snn.bank<threshold = [4, 2], decrement = [4, 2], payload = [2, 1]>`
  }];
  let parameters = (ins
    IntegerParameter<"first input of the gate", "::std::numeric_limits<int64_t>::min()">:$low,
    IntegerParameter<"first input beyond it", "::std::numeric_limits<int64_t>::max()">:$high,
    IntegerListParameter<"in membrane units">:$threshold,
    IntegerListParameter<"in membrane units">:$decrement,
    IntegerListParameter<"in code units, 32 bits">:$payload,
    IntegerParameter<"in code units, 32 bits", "0">:$rest);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def Snn_BankListParameter : ArrayRefParameter<"::synfire::snn::BankAttr", "firing tables by gate"> {
  let parser = "::synfire::snn::parseBanks($_parser)";
  let printer = "::synfire::snn::printBanks($_printer, $_self)";
}

def Snn_TableAttr : Snn_UnitAttr<"Table", "table", ["isRehearsed", "whyNotInFrames"]> {
  let summary = "any configuration of the neuron unit";
  let description = [{
    The neuron unit of docs/spec/neuron.md, field by field, in the integers that
    it computes with. `membrane_scale` and `code_scale` are the real values of one
    unit of the membrane and of one unit of the code.

    Example: an IF neuron of four steps that sends half a threshold early
    ```
    #snn.table<steps = 4, input = streamed, offset = 8,
               banks = [<threshold = [16, 16, 16, 16], decrement = [16, 16, 16, 16], payload = [1, 1, 1, 1]>],
               membrane_scale = 6.25E-2, code_scale = 1.0>
    ```
  }];
  let parameters = (ins
    IntegerParameter<"of the whole train, 1..256">:$steps,
    IntegerParameter<"1..255", "1">:$levels,
    Snn_EnumParameter<Snn_Comparison, "GreaterEqual">:$comparison,
    Snn_EnumParameter<Snn_SignMode, "None">:$sign,
    Snn_EnumParameter<Snn_InputMode, "AllAtOnce">:$input,
    IntegerParameter<"most spikes of a train; 0: no limit", "0">:$cap,
    IntegerParameter<"of the membrane before the first step", "0">:$offset,
    IntegerListParameter<"added at each step", "::llvm::SmallVector<int64_t>()">:$bias,
    Snn_EnumParameter<Snn_NegativeRule, "Off">:$negative,
    BooleanParameter<"positive spikes need a tracer below its maximum", "false">:$tracer,
    IntegerParameter<"smallest tracer", "0">:$tracer_minimum,
    IntegerParameter<"largest tracer", "0">:$tracer_maximum,
    Snn_EnumParameter<Snn_Rehearsal, "Off">:$rehearsal,
    IntegerParameter<"steps of the rehearsal", "0">:$rehearsal_steps,
    IntegerParameter<"in membrane units", "0">:$rehearsal_margin,
    IntegerParameter<"largest input magnitude; 0: no limit", "0">:$clamp,
    IntegerParameter<"bits of the membrane below a code unit", "0">:$guard_bits,
    Snn_BankListParameter:$banks,
    RealParameter<"real value of a membrane unit">:$membrane_scale,
    RealParameter<"real value of a code unit">:$code_scale);
  let assemblyFormat = "`<` struct(params) `>`";
  let extraClassDeclaration = [{
    /// The unit as runtime/neuron knows it.
    ::synfire::NeuronConfig getConfig() const;
    /// The attribute of a unit, or null with an error that says why there is
    /// none.
    static TableAttr fromConfig(
        ::llvm::function_ref<::mlir::InFlightDiagnostic()> emitError,
        ::mlir::MLIRContext *context, const ::synfire::NeuronConfig &config,
        double membraneScale, double codeScale);
  }];
}

def Snn_NumberAttr : Snn_UnitAttr<"Number", "number", ["isDigital"]> {
  let summary = "the digital unit: the value itself";
  let description = [{
    The membrane leaves as one number of `bits` bits and a sign: the value rounded
    to `full_scale * 2^-bits` and limited to `full_scale`. What is left to it is
    digital arithmetic, and counted as such.

    Example: `#snn.number<bits = 20, full_scale = 8.0>`
  }];
  let parameters = (ins
    IntegerParameter<"2..24">:$bits,
    RealParameter<"largest magnitude">:$full_scale);
  let assemblyFormat = "`<` struct(params) `>`";
}

#endif // SYNFIRE_DIALECTS_SNN_SNNTABLES_TD

//===- SnnTypes.td - trains and currents ----------------------------------===//
#ifndef SYNFIRE_DIALECTS_SNN_SNNTYPES_TD
#define SYNFIRE_DIALECTS_SNN_SNNTYPES_TD

include "dialects/snn/SnnDialect.td"
include "mlir/IR/AttrTypeBase.td"

class Snn_ShapedType<string cppName, string typeMnemonic> : TypeDef<Snn_Dialect, cppName> {
  let mnemonic = typeMnemonic;
  let parameters = (ins "int64_t":$groups, "int64_t":$columns, "bool":$per_key);
  let genVerifyDecl = 1;
  let assemblyFormat = "`<` custom<PopulationShape>($groups, $columns, $per_key) `>`";
  let builders = [TypeBuilder<(ins "int64_t":$groups, "int64_t":$columns), [{
    return $_get($_ctxt, groups, columns, /*per_key=*/false);
  }]>];
  let extraClassDeclaration = [{
    /// Neurons of all groups.
    int64_t getWidth() const { return getGroups() * getColumns(); }
  }];
}

def Snn_TrainType : Snn_ShapedType<"Train", "train"> {
  let summary = "the spikes of a population for one token";
  let description = [{
    `!snn.train<GROUPSxCOLUMNS>`; neuron = group * columns + column. With
    `per_key` the columns are key positions, and only columns up to the token's
    position are active.

    Examples: `!snn.train<1x64>`, `!snn.train<8x512 per_key>`
  }];
}

def Snn_CurrentType : Snn_ShapedType<"Current", "current"> {
  let summary = "what a dendrite accumulates for the neurons of a population";
  let description = [{
    Shaped like the train of the population that it drives.

    Examples: `!snn.current<1x64>`, `!snn.current<8x512 per_key>`
  }];
}

#endif // SYNFIRE_DIALECTS_SNN_SNNTYPES_TD

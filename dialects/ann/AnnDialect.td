//===- AnnDialect.td - the dialect of the trained transformer -------------===//
#ifndef SYNFIRE_DIALECTS_ANN_ANNDIALECT_TD
#define SYNFIRE_DIALECTS_ANN_ANNDIALECT_TD

include "mlir/IR/OpBase.td"

def Ann_Dialect : Dialect {
  let name = "ann";
  let cppNamespace = "::synfire::ann";
  let summary = "the trained transformer";
  let description = [{
    A trained transformer as its authors define it, in real numbers, before any
    spike. Values are `tensor<?xNxf32>`: one row per token. Weights are
    references into the checkpoint (`#ann.weight`), never data, so the size of
    the IR grows with the layers and not with the weights. Each op names the
    value that it produces by a site of docs/spec/sites.md; calibration
    statistics are looked up by these names.

    Constraints are numbered in docs/spec/dialects.md (A1, ...).
  }];
  let useDefaultAttributePrinterParser = 1;
  let extraClassDeclaration = [{
    void registerAttributes();
  }];
}

#endif // SYNFIRE_DIALECTS_ANN_ANNDIALECT_TD

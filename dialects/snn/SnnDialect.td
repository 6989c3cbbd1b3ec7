//===- SnnDialect.td - the dialect of spiking networks --------------------===//
#ifndef SYNFIRE_DIALECTS_SNN_SNNDIALECT_TD
#define SYNFIRE_DIALECTS_SNN_SNNDIALECT_TD

include "mlir/IR/OpBase.td"

def Snn_Dialect : Dialect {
  let name = "snn";
  let cppNamespace = "::synfire::snn";
  let summary = "spiking networks";
  let description = [{
    A network of spiking populations. A population is one `snn.fire`: it takes
    the currents that its dendrites accumulate, and gives a spike train. Each
    dendrite op (`snn.saw`, `snn.scores`, ...) is one kind of synapse group; its
    current is what DendriteKind of runtime/program/Program.h accumulates, by
    constraint P3 of docs/spec/program.md.

    Real numbers (thresholds, factors, full scales) say what values the spikes
    stand for; integers are chosen from them when the network is emitted as a
    Program. A dendrite's current stands for `factor` times the real value of its
    sum.

    Constraints are numbered in docs/spec/dialects.md (S1, ...).
  }];
  let dependentDialects = ["::synfire::ann::AnnDialect"];
  let useDefaultAttributePrinterParser = 1;
  let useDefaultTypePrinterParser = 1;
  let extraClassDeclaration = [{
    void registerAttributes();
    void registerTypes();
  }];
}

#endif // SYNFIRE_DIALECTS_SNN_SNNDIALECT_TD

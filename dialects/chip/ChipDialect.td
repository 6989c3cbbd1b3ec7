//===- ChipDialect.td - the dialect of mapped networks --------------------===//
#ifndef SYNFIRE_DIALECTS_CHIP_CHIPDIALECT_TD
#define SYNFIRE_DIALECTS_CHIP_CHIPDIALECT_TD

include "mlir/IR/OpBase.td"

def Chip_Dialect : Dialect {
  let name = "chip";
  let cppNamespace = "::synfire::chip";
  let summary = "networks on neuron cores";
  let description = [{
    A spiking network on the cores of a mesh: which neurons of each population
    live on which core, and in which window each population fires. What travels
    where follows from the uses of the trains, so there is no op for routes.

    The verifier checks what is true on any chip; whether a core's memory holds
    its share is for the pass that has the hw-model.

    Constraints are numbered in docs/spec/dialects.md (C1, ...).
  }];
  let dependentDialects = ["::synfire::ann::AnnDialect",
                           "::synfire::snn::SnnDialect"];
}

#endif // SYNFIRE_DIALECTS_CHIP_CHIPDIALECT_TD

//===- SnnInterfaces.td - what units and dendrites can be asked -----------===//
#ifndef SYNFIRE_DIALECTS_SNN_SNNINTERFACES_TD
#define SYNFIRE_DIALECTS_SNN_SNNINTERFACES_TD

include "mlir/IR/Interfaces.td"

def Snn_UnitAttrInterface : AttrInterface<"UnitAttrInterface"> {
  let cppNamespace = "::synfire::snn";
  let description = [{
    What makes spikes, or numbers, out of a membrane. A train's code is the signed
    sum of its payloads (P2).
  }];
  let methods = [
    InterfaceMethod<"No train has a code of larger magnitude.",
                    "int64_t", "getCodeLimit">,
    InterfaceMethod<"Real value of a code of one.", "double", "getCodeScale">,
    InterfaceMethod<"True if whole numbers leave and no spikes (P13).",
                    "bool", "isDigital", (ins), [{}], [{ return false; }]>,
    InterfaceMethod<[{True if the unit hears a token's whole input before it
                      fires (P11).}],
                    "bool", "isRehearsed", (ins), [{}], [{ return false; }]>,
    InterfaceMethod<[{What keeps the unit from a network of so many frames; empty:
                      nothing (P11).}],
                    "::std::string", "whyNotInFrames", (ins "int64_t":$frames),
                    [{}], [{ return {}; }]>
  ];
}

def Snn_FramesOpInterface : OpInterface<"FramesOpInterface"> {
  let cppNamespace = "::synfire::snn";
  let description = [{
    A network through which a token streams in frames (P10).
  }];
  let methods = [
    InterfaceMethod<"In how many parts a token streams through.",
                    "int64_t", "getFrames">
  ];
}

def Snn_DendriteOpInterface : OpInterface<"DendriteOpInterface"> {
  let cppNamespace = "::synfire::snn";
  let description = [{
    A synapse group: gives the current that drives and stored trains accumulate
    (P3).
  }];
  let methods = [
    InterfaceMethod<"The train whose spikes drive the accumulation, or null.",
                    "::mlir::Value", "getDriverTrain">,
    InterfaceMethod<"The train that the driver is multiplied with, or null.",
                    "::mlir::Value", "getStoredTrain">,
    InterfaceMethod<[{True if the stored train must be complete one window before
                      the driver fires (P9).}],
                    "bool", "readsStoredBeforeDriver", (ins), [{}], [{
      return $_op.getStoredTrain() != nullptr;
    }]>,
    InterfaceMethod<[{Largest magnitude that an accumulator can reach when the
                      codes of the operands stay within the limits (P6); the
                      limit of an operand that does not exist is not read.}],
                    "::llvm::APInt", "getSumBound",
                    (ins "const ::llvm::APInt &":$driverLimit,
                         "const ::llvm::APInt &":$storedLimit)>,
    InterfaceMethod<"Real value of the current for a sum of one.",
                    "double", "getFactor">,
    InterfaceMethod<"Signed width of the accumulator, once proven.",
                    "::std::optional<int64_t>", "getProvenBits", (ins), [{}], [{
      return $_op.getAccumulatorBits();
    }]>,
    InterfaceMethod<"Records the width of the accumulator.",
                    "void", "setProvenBits", (ins "int64_t":$bits), [{}], [{
      $_op.setAccumulatorBits(bits);
    }]>,
    InterfaceMethod<"The shape of the result.",
                    "::synfire::snn::CurrentType", "getCurrentType", (ins), [{}], [{
      return $_op.getCurrent().getType();
    }]>
  ];
}

#endif // SYNFIRE_DIALECTS_SNN_SNNINTERFACES_TD

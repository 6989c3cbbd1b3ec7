// RUN: synfire-opt %s | synfire-opt | FileCheck %s
// RUN: synfire-opt %s --mlir-print-op-generic | synfire-opt | FileCheck %s
// RUN: synfire-opt %s --emit-bytecode | synfire-opt | FileCheck %s
// RUN: synfire-opt %s --snn-map-to-chip='hw=loihi2' | synfire-opt | FileCheck %s --check-prefix=MAPPED

#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// CHECK-LABEL: snn.network @prefixed
// CHECK-SAME: rope_theta = 1.000000e+04> prefix([7, 1]) {
// MAPPED-LABEL: chip.system @prefixed
// MAPPED-SAME: rope_theta = 1.000000e+04> prefix([7, 1]) hw("loihi2")
snn.network @prefixed config#tiny prefix([7, 1]) {
  %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
  %x = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  %l = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
  snn.output %l site("logits") : !snn.current<1x32>
}

// CHECK-LABEL: snn.network @streamed
// CHECK-SAME: rope_theta = 1.000000e+04> frames(2) prefix([3]) attributes {method = "dual-is"} {
// MAPPED-LABEL: chip.system @streamed
// MAPPED-SAME: frames(2) prefix([3]) hw("loihi2")
snn.network @streamed config#tiny frames(2) prefix([3]) attributes {method = "dual-is"} {
  %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
  %x = snn.fire %c unit(#snn.number<bits = 8, full_scale = 1.0>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  %l = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
  snn.output %l site("logits") : !snn.current<1x32>
}

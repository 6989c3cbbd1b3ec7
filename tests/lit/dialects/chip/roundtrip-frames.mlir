// RUN: synfire-opt %s | synfire-opt | FileCheck %s
// RUN: synfire-opt %s --mlir-print-op-generic | synfire-opt | FileCheck %s

#tiny = #ann.config<vocabulary = 4, hidden = 8, intermediate = 2, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>
#number = #snn.number<bits = 8, full_scale = 1.0>

// CHECK-LABEL: chip.system @streamed
// CHECK-SAME: rope_theta = 1.000000e+04> frames(4) hw("loihi2")
chip.system @streamed config#tiny frames(4) hw("loihi2") chips(1x1) cores_per_chip(8) placement("hilbert") {
  %x = chip.group "embed" fire_level(0) slots(1) block(1x8) cores([0]) {
    %c = snn.embed {every_frame, weight = #ann.weight<"embed", [4, 8]>} : !snn.current<1x8>
    %t = snn.fire %c unit(#number) site("embed") role<embedding> layer(-1) : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  %k = chip.group "k" fire_level(1) slots(2) block(1x4) cores([1]) {
    %c = snn.saw %x {weight = #ann.weight<"k", [4, 8]>} : !snn.train<1x8> -> !snn.current<1x4>
    %t = snn.fire %c unit(#number) site("k") role<linear> layer(0) : (!snn.current<1x4>) -> !snn.train<1x4>
    chip.yield %t : !snn.train<1x4>
  } : !snn.train<1x4>
  %q = chip.group "q" fire_level(1) slots(2) block(1x8) cores([2]) {
    %c = snn.identity %x : !snn.train<1x8> -> !snn.current<1x8>
    %t = snn.fire %c unit(#number) site("q") role<linear> layer(0) : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  // In several frames keys and queries stream in one window.
  // CHECK: chip.group "exp" fire_level(2) slots(2)
  %e = chip.group "exp" fire_level(2) slots(2) block(4x16) cores([3]) {
    %c = snn.scores %q, %k {head_width = 2 : i64, query_per_key = 2 : i64, positions = 16 : i64}
      : !snn.train<1x8>, !snn.train<1x4> -> !snn.current<4x16 per_key>
    %t = snn.fire %c unit(#number) site("exp") role<attention> layer(0) {subtract_group_maximum}
      : (!snn.current<4x16 per_key>) -> !snn.train<4x16 per_key>
    chip.yield %t : !snn.train<4x16 per_key>
  } : !snn.train<4x16 per_key>
  %s = chip.group "sum" fire_level(3) slots(2) block(1x4) cores([4]) {
    %c = snn.group_sum %e : !snn.train<4x16 per_key> -> !snn.current<1x4>
    %t = snn.fire %c unit(#number) site("sum") role<attention> layer(0) : (!snn.current<1x4>) -> !snn.train<1x4>
    chip.yield %t : !snn.train<1x4>
  } : !snn.train<1x4>
  chip.group "logits" fire_level(4) slots(2) block(1x4) cores([5]) {
    %c = snn.saw %s {weight = #ann.weight<"lm_head", [4, 4]>} : !snn.train<1x4> -> !snn.current<1x4>
    snn.output %c site("logits") : !snn.current<1x4>
  }
}

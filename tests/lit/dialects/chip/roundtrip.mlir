// RUN: synfire-opt %s | synfire-opt | FileCheck %s
// RUN: synfire-opt %s --mlir-print-op-generic | synfire-opt | FileCheck %s
// RUN: synfire-opt %s --emit-bytecode | synfire-opt | FileCheck %s

#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// CHECK-LABEL: chip.system @tiny
// CHECK-SAME: hw("loihi2") chips(2x1) cores_per_chip(4) placement("hilbert") attributes {tried = 3 : i64} {
chip.system @tiny config#tiny hw("loihi2") chips(2x1) cores_per_chip(4) placement("hilbert") attributes {tried = 3 : i64} {
  // The last of three blocks is narrower than the others.
  // CHECK: %[[X:.*]] = chip.group "embed" fire_level(0) slots(1) block(1x3) cores([0 to 1, 5]) {
  %x = chip.group "embed" fire_level(0) slots(1) block(1x3) cores([0, 1, 5]) {
    // CHECK: %[[C:.*]] = snn.embed
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    // CHECK: %[[T:.*]] = snn.fire %[[C]]
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    // CHECK: chip.yield %[[T]] : !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  // CHECK-NEXT: } : !snn.train<1x8>
  } : !snn.train<1x8>
  // CHECK: %[[Y:.*]] = chip.group "layers.0.attn.q" fire_level(1) slots(2) block(1x8) cores([4]) {
  %y = chip.group "layers.0.attn.q" fire_level(1) slots(2) block(1x8) cores([4]) {
    // CHECK: snn.identity %[[X]]
    %c = snn.identity %x : !snn.train<1x8> -> !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("layers.0.attn.q") role<linear> layer(0)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  // The partner of a stored product is complete one level before its driver; that of a concurrent one need not be.
  // CHECK: chip.group "layers.0.mlp.product" fire_level(2) slots(3)
  %z = chip.group "layers.0.mlp.product" fire_level(2) slots(3) block(1x8) cores([4]) {
    // CHECK: snn.product %[[Y]], %[[X]] form<stored>
    %c = snn.product %y, %x form<stored> : !snn.train<1x8>, !snn.train<1x8> -> !snn.current<1x8>
    // CHECK: snn.product %[[X]], %[[Y]] form<concurrent>
    %d = snn.product %x, %y form<concurrent> : !snn.train<1x8>, !snn.train<1x8> -> !snn.current<1x8>
    %t = snn.fire %c, %d unit(#snn.phase<steps = 8, threshold = 1.0>) site("layers.0.mlp.product") role<product> layer(0)
      : (!snn.current<1x8>, !snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  // Two cores for each block: the inputs are split.
  // CHECK: chip.group "logits" fire_level(3) slots(2) block(1x8) input_parts(2) cores([7, 6, 0 to 5]) {
  chip.group "logits" fire_level(3) slots(2) block(1x8) input_parts(2) cores([7, 6, 0 to 5]) {
    %c = snn.saw %z {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    // CHECK: snn.output %{{.*}} site("logits") : !snn.current<1x32>
    // CHECK-NEXT: }
    snn.output %c site("logits") : !snn.current<1x32>
  }
}

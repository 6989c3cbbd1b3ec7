// RUN: synfire-opt %s --snn-map-to-chip='hw=tiny' | FileCheck %s
// RUN: synfire-opt %s --snn-map-to-chip='hw=tiny placement=random:3' | FileCheck %s --check-prefix=RANDOM
// RUN: synfire-opt %s --snn-map-to-chip='hw=tiny placement=random:3' > %t.first
// RUN: synfire-opt %s --snn-map-to-chip='hw=tiny placement=random:3' > %t.second
// RUN: diff %t.first %t.second

#tiny = #ann.config<vocabulary = 4, hidden = 100, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// CHECK-NOT: snn.network
// CHECK-LABEL: chip.system @two_populations
// CHECK-SAME: hw("tiny")
// RANDOM: placement("random:3")
snn.network @two_populations config#tiny {
  // 100 neurons need several cores of 40.
  // CHECK: %[[X:.+]] = chip.group "embed" fire_level(0) slots(1) block(1x{{[0-9]+}}) cores([{{.+}}])
  // CHECK: snn.embed
  // CHECK: chip.yield
  %c0 = snn.embed {weight = #ann.weight<"embed", [4, 100]>} : !snn.current<1x100>
  %x = snn.fire %c0 unit(#snn.phase<steps = 4, threshold = 1.0>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x100>) -> !snn.train<1x100>
  // CHECK: chip.group "logits" fire_level(1)
  // CHECK: snn.saw %[[X]]
  // CHECK: snn.output
  %c1 = snn.saw %x {weight = #ann.weight<"lm_head", [4, 100]>} : !snn.train<1x100> -> !snn.current<1x4>
  snn.output %c1 site("logits") : !snn.current<1x4>
}

// A dendrite that two populations share gets a copy in each group.
// CHECK-LABEL: chip.system @shared_dendrite
snn.network @shared_dendrite config#tiny {
  // CHECK: chip.group "first"
  // CHECK: snn.embed
  // CHECK: chip.group "second"
  // CHECK: snn.embed
  %c0 = snn.embed {weight = #ann.weight<"embed", [4, 8]>} : !snn.current<1x8>
  %x = snn.fire %c0 unit(#snn.phase<steps = 4, threshold = 1.0>) site("first") role<embedding> layer(-1)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  %y = snn.fire %c0 unit(#snn.phase<steps = 6, threshold = 1.0>) site("second") role<embedding> layer(-1)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  %c1 = snn.product %x, %y form<concurrent> : !snn.train<1x8>, !snn.train<1x8> -> !snn.current<1x8>
  %z = snn.fire %c1 unit(#snn.phase<steps = 4, threshold = 1.0>) site("product") role<product> layer(0)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  %c2 = snn.saw %z {weight = #ann.weight<"lm_head", [4, 8]>} : !snn.train<1x8> -> !snn.current<1x4>
  snn.output %c2 site("logits") : !snn.current<1x4>
}

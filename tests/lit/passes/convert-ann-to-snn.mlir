// RUN: synfire-opt %s --convert-ann-to-snn='statistics=%S/Inputs/one-layer-statistics.json steps=8 wide-steps=12' | FileCheck %s
// RUN: synfire-opt %s --convert-ann-to-snn='statistics=%S/Inputs/one-layer-statistics.json method=phase concurrent=true lookup=false weight-bits=16' | FileCheck %s --check-prefix=PHASE

// CHECK-NOT: ann.model
// CHECK-LABEL: snn.network @one_layer
// PHASE-LABEL: snn.network @one_layer
ann.model @one_layer config<vocabulary = 32, hidden = 8, intermediate = 16, layers = 1, heads = 2,
                            key_value_heads = 1, head_width = 4, positions = 16, rms_norm_eps = 1.0E-5,
                            rope_theta = 1.0E+4> {
^bb0(%tokens: tensor<?xi32>):
  // The embedding is a synapse row of the token's own neuron; the residual stream is coded in wide steps.
  // CHECK: %[[EMBED:.+]] = snn.embed
  // CHECK: %[[X:.+]] = snn.fire %[[EMBED]] unit(#snn.phase<steps = 12
  // CHECK-SAME: site("embed")
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  // CHECK: %[[SQUARE:.+]] = snn.fire %{{.+}} unit(#snn.hg<square, lut, steps = 12
  // CHECK: %[[MEAN:.+]] = snn.group_sum %[[SQUARE]] {factor = 1.250000e-01 : f64}
  // CHECK: %[[RSQRT:.+]] = snn.fire %[[MEAN]] unit(#snn.hg<rsqrt, lut, steps = 8
  // CHECK-SAME: bias = 1.000000e-05
  // CHECK: snn.product %[[RSQRT]], %[[X]] form<stored>
  // PHASE: snn.hg<square, fs
  // PHASE: snn.product {{.+}} form<concurrent>
  %n = ann.rms_norm %x gain<"norm1", [8]> eps(1.0E-5) site("layers.0.attn.norm") : tensor<?x8xf32>
  // The gain moves into the weights; what RoPE turns is coded in wide steps.
  // CHECK: %{{.+}} = snn.saw %{{.+}} {gain = #ann.weight<"norm1", [8]>, weight = #ann.weight<"q", [8, 8]>} : !snn.train<1x8> -> !snn.current<1x8>
  // PHASE: snn.fire {{.+}} unit(#snn.phase<steps = 16, {{.*}}rounding = true>) site("layers.0.attn.norm")
  // PHASE: snn.saw %{{.+}} {bits = 16 : i64, gain = #ann.weight<"norm1", [8]>, weight = #ann.weight<"q", [8, 8]>}
  %q0 = ann.linear %n weight<"q", [8, 8]> site("layers.0.attn.q_proj") : tensor<?x8xf32> -> tensor<?x8xf32>
  %k0 = ann.linear %n weight<"k", [4, 8]> site("layers.0.attn.k_proj") : tensor<?x8xf32> -> tensor<?x4xf32>
  %v = ann.linear %n weight<"v", [4, 8]> site("layers.0.attn.v_proj") : tensor<?x8xf32> -> tensor<?x4xf32>
  // CHECK: %[[Q0:.+]] = snn.fire %{{.+}} unit(#snn.phase<steps = 12{{.*}}site("layers.0.attn.q_proj")
  // CHECK: snn.rotary %[[Q0]]
  %q = ann.rotary %q0 heads(2) head_width(4) theta(1.0E+4) site("layers.0.attn.q") : tensor<?x8xf32>
  %k = ann.rotary %k0 heads(1) head_width(4) theta(1.0E+4) site("layers.0.attn.k") : tensor<?x4xf32>
  // Softmax: exp of the distance to the maximum, and one division after the values are mixed.
  // CHECK: %[[SCORES:.+]] = snn.scores {{.+}} {factor = 5.000000e-01 : f64
  // CHECK: %[[EXP:.+]] = snn.fire %[[SCORES]] unit(#snn.hg<exp
  // CHECK-SAME: subtract_group_maximum
  // CHECK: %[[SUM:.+]] = snn.group_sum %[[EXP]]
  // CHECK: %[[MIX:.+]] = snn.mix %[[EXP]]
  // CHECK: %[[RECIPROCAL:.+]] = snn.fire %[[SUM]] unit(#snn.hg<reciprocal
  // CHECK: %[[MIXED:.+]] = snn.fire %[[MIX]] unit(#snn.phase<steps = 12
  // CHECK: snn.product %[[RECIPROCAL]], %[[MIXED]]
  %o = ann.attention %q, %k, %v heads(2) key_value_heads(1) site("layers.0.attn.out") : tensor<?x8xf32>, tensor<?x4xf32>, tensor<?x4xf32> -> tensor<?x8xf32>
  // A heavy-tailed site gets an outlier bank, and in the phase code none.
  // CHECK: snn.fire {{.+}} unit(#snn.phase<steps = 8, {{.*}}outlier_shift = {{[1-9]}}{{.*}}site("layers.0.attn.out")
  %p = ann.linear %o weight<"o", [8, 8]> site("layers.0.attn.o_proj") : tensor<?x8xf32> -> tensor<?x8xf32>
  // The projection ends in the membrane of the sum.
  // CHECK: %[[O:.+]] = snn.saw %{{.+}} {weight = #ann.weight<"o", [8, 8]>}
  // CHECK: snn.fire %{{.+}}, %{{.+}} unit({{.*}}site("layers.0.attn.residual")
  %r = ann.add %x, %p site("layers.0.attn.residual") : tensor<?x8xf32>
  %m = ann.rms_norm %r gain<"norm2", [8]> eps(1.0E-5) site("layers.0.mlp.norm") : tensor<?x8xf32>
  %g = ann.linear %m weight<"gate", [16, 8]> site("layers.0.mlp.gate") : tensor<?x8xf32> -> tensor<?x16xf32>
  // CHECK: snn.fire {{.+}} unit(#snn.hg<silu{{.*}}site("layers.0.mlp.act")
  %a = ann.silu %g site("layers.0.mlp.act") : tensor<?x16xf32>
  %u = ann.linear %m weight<"up", [16, 8]> site("layers.0.mlp.up") : tensor<?x8xf32> -> tensor<?x16xf32>
  %h = ann.mul %a, %u site("layers.0.mlp.product") : tensor<?x16xf32>
  %d = ann.linear %h weight<"down", [8, 16]> site("layers.0.mlp.down_proj") : tensor<?x16xf32> -> tensor<?x8xf32>
  %y = ann.add %r, %d site("layers.0.mlp.residual") : tensor<?x8xf32>
  %f = ann.rms_norm %y gain<"norm3", [8]> eps(1.0E-5) site("final.norm") : tensor<?x8xf32>
  // CHECK: snn.saw {{.+}}weight = #ann.weight<"embed", [32, 8]>
  // CHECK: snn.output %{{.+}} site("logits")
  %logits = ann.linear %f weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %logits : tensor<?x32xf32>
}

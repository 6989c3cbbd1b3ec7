// RUN: synfire-opt %s --pass-pipeline='builtin.module(ann.model(ann-rotate-online))' | FileCheck %s
// RUN: synfire-opt %s --pass-pipeline='builtin.module(ann.model(ann-rotate-online,ann-rotate-online))' | FileCheck %s
// RUN: synfire-opt %s --pass-pipeline='builtin.module(ann.model(ann-rotate-online{most-width=7}))' | FileCheck %s --check-prefix=MOST
// RUN: synfire-opt %s --pass-pipeline='builtin.module(ann.model(ann-rotate-online),convert-ann-to-snn{statistics=%S/Inputs/one-layer-statistics.json steps=8 wide-steps=12})' | FileCheck %s --check-prefix=SNN

// CHECK-LABEL: ann.model @one_layer
ann.model @one_layer config<vocabulary = 32, hidden = 8, intermediate = 16, layers = 1, heads = 2,
                            key_value_heads = 1, head_width = 4, positions = 16, rms_norm_eps = 1.0E-5,
                            rope_theta = 1.0E+4> {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  %n = ann.rms_norm %x gain<"norm1", [8]> eps(1.0E-5) site("layers.0.attn.norm") : tensor<?x8xf32>
  // A product of a norm's gain is none of activations.
  // CHECK: ann.linear %{{.+}} weight<"q", [8, 8]> site("layers.0.attn.q_proj") : tensor
  %q0 = ann.linear %n weight<"q", [8, 8]> site("layers.0.attn.q_proj") : tensor<?x8xf32> -> tensor<?x8xf32>
  %k0 = ann.linear %n weight<"k", [4, 8]> site("layers.0.attn.k_proj") : tensor<?x8xf32> -> tensor<?x4xf32>
  %v = ann.linear %n weight<"v", [4, 8]> site("layers.0.attn.v_proj") : tensor<?x8xf32> -> tensor<?x4xf32>
  // CHECK: %[[Q:.+]] = ann.rotary {{.+}} site("layers.0.attn.q")
  // CHECK-NEXT: %[[QR:.+]] = ann.hadamard %[[Q]] block(4) site("layers.0.attn.q_rotated") : tensor<?x8xf32>
  // CHECK: %[[K:.+]] = ann.rotary {{.+}} site("layers.0.attn.k")
  // CHECK-NEXT: %[[KR:.+]] = ann.hadamard %[[K]] block(4) site("layers.0.attn.k_rotated") : tensor<?x4xf32>
  // MOST: ann.hadamard {{.+}} block(4) site("layers.0.attn.q_rotated")
  // What turns twice is coded in wide steps until the last turn; a block of 4 has the factor 1/2.
  // SNN: %[[Q0:.+]] = snn.rotary
  // SNN: %[[Q:.+]] = snn.fire %[[Q0]] unit(#snn.phase<steps = 12{{.*}}site("layers.0.attn.q") role<rope>
  // SNN: %[[K:.+]] = snn.fire {{.+}} unit(#snn.phase<steps = 12{{.*}}site("layers.0.attn.k") role<rope>
  %q = ann.rotary %q0 heads(2) head_width(4) theta(1.0E+4) site("layers.0.attn.q") : tensor<?x8xf32>
  %k = ann.rotary %k0 heads(1) head_width(4) theta(1.0E+4) site("layers.0.attn.k") : tensor<?x4xf32>
  // CHECK: ann.attention %[[QR]], %[[KR]], %{{.+}} heads(2)
  %o = ann.attention %q, %k, %v heads(2) key_value_heads(1) site("layers.0.attn.out") : tensor<?x8xf32>, tensor<?x4xf32>, tensor<?x4xf32> -> tensor<?x8xf32>
  // CHECK: ann.linear %{{.+}} weight<"o", [8, 8]> site("layers.0.attn.o_proj") : tensor
  %p = ann.linear %o weight<"o", [8, 8]> site("layers.0.attn.o_proj") : tensor<?x8xf32> -> tensor<?x8xf32>
  %r = ann.add %x, %p site("layers.0.attn.residual") : tensor<?x8xf32>
  %m = ann.rms_norm %r gain<"norm2", [8]> eps(1.0E-5) site("layers.0.mlp.norm") : tensor<?x8xf32>
  %g = ann.linear %m weight<"gate", [16, 8]> site("layers.0.mlp.gate") : tensor<?x8xf32> -> tensor<?x16xf32>
  %a = ann.silu %g site("layers.0.mlp.act") : tensor<?x16xf32>
  %u = ann.linear %m weight<"up", [16, 8]> site("layers.0.mlp.up") : tensor<?x8xf32> -> tensor<?x16xf32>
  // CHECK: %[[H:.+]] = ann.mul
  // CHECK-NEXT: %[[HR:.+]] = ann.hadamard %[[H]] block(16) site("layers.0.mlp.rotated") : tensor<?x16xf32>
  // CHECK-NEXT: ann.linear %[[HR]] weight<"down", [8, 16]> site("layers.0.mlp.down_proj") {input_hadamard = 16 : i64}
  // MOST: ann.hadamard {{.+}} block(4) site("layers.0.mlp.rotated")
  // MOST-NEXT: input_hadamard = 4 : i64
  // SNN: %[[H:.+]] = snn.fire {{.+}} unit(#snn.phase<steps = 12{{.*}}site("layers.0.mlp.product")
  // SNN: %[[C:.+]] = snn.hadamard %[[H]] {block = 16 : i64, factor = 2.500000e-01 : f64}
  // SNN: %[[HR:.+]] = snn.fire %[[C]] unit(#snn.phase<steps = 8{{.*}}site("layers.0.mlp.rotated") role<product>
  // SNN: snn.saw %[[HR]] {input_hadamard = 16 : i64, weight = #ann.weight<"down", [8, 16]>}
  %h = ann.mul %a, %u site("layers.0.mlp.product") : tensor<?x16xf32>
  %d = ann.linear %h weight<"down", [8, 16]> site("layers.0.mlp.down_proj") : tensor<?x16xf32> -> tensor<?x8xf32>
  // CHECK-NOT: ann.hadamard
  %y = ann.add %r, %d site("layers.0.mlp.residual") : tensor<?x8xf32>
  %f = ann.rms_norm %y gain<"norm3", [8]> eps(1.0E-5) site("final.norm") : tensor<?x8xf32>
  %logits = ann.linear %f weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %logits : tensor<?x32xf32>
}

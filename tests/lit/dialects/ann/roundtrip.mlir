// RUN: synfire-opt %s | synfire-opt | FileCheck %s
// RUN: synfire-opt %s --mlir-print-op-generic | synfire-opt | FileCheck %s
// RUN: synfire-opt %s --emit-bytecode | synfire-opt | FileCheck %s

#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-6, rope_theta = 500000.0>

// CHECK-LABEL: ann.model @tiny
// CHECK-SAME: config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1, heads = 4, key_value_heads = 2, head_width = 2, positions = 16, rms_norm_eps = 9.9999999999999995E-7, rope_theta = 5.000000e+05> {
// CHECK-NEXT: ^bb0(%[[TOKENS:.*]]: tensor<?xi32>):
ann.model @tiny config#tiny {
^bb0(%tokens: tensor<?xi32>):
  // CHECK: %[[X:.*]] = ann.embedding %[[TOKENS]] weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  // CHECK: %[[N:.*]] = ann.rms_norm %[[X]] gain<"gain", [8]> eps(9.9999999999999995E-7) site("layers.0.attn.norm") : tensor<?x8xf32>
  %n = ann.rms_norm %x gain<"gain", [8]> eps(1.0E-6) site("layers.0.attn.norm") : tensor<?x8xf32>
  // CHECK: %[[Q:.*]] = ann.linear %[[N]] weight<"q", [8, 8]> site("layers.0.attn.q_proj") : tensor<?x8xf32> -> tensor<?x8xf32>
  %q = ann.linear %n weight<"q", [8, 8]> site("layers.0.attn.q_proj") : tensor<?x8xf32> -> tensor<?x8xf32>
  // CHECK: %[[K:.*]] = ann.linear %[[N]] weight<"k", [4, 8]> site("layers.0.attn.k_proj") : tensor<?x8xf32> -> tensor<?x4xf32>
  %k = ann.linear %n weight<"k", [4, 8]> site("layers.0.attn.k_proj") : tensor<?x8xf32> -> tensor<?x4xf32>
  // CHECK: %[[R:.*]] = ann.rotary %[[Q]] heads(4) head_width(2) theta(5.000000e+05) site("layers.0.attn.q") : tensor<?x8xf32>
  %r = ann.rotary %q heads(4) head_width(2) theta(5.0E+5) site("layers.0.attn.q") : tensor<?x8xf32>
  // CHECK: %[[O:.*]] = ann.attention %[[R]], %[[K]], %[[K]] heads(4) key_value_heads(2) site("layers.0.attn.out") : tensor<?x8xf32>, tensor<?x4xf32>, tensor<?x4xf32> -> tensor<?x8xf32>
  %o = ann.attention %r, %k, %k heads(4) key_value_heads(2) site("layers.0.attn.out")
    : tensor<?x8xf32>, tensor<?x4xf32>, tensor<?x4xf32> -> tensor<?x8xf32>
  // CHECK: %[[S:.*]] = ann.add %[[X]], %[[O]] site("layers.0.attn.residual") : tensor<?x8xf32>
  %s = ann.add %x, %o site("layers.0.attn.residual") : tensor<?x8xf32>
  // CHECK: %[[A:.*]] = ann.silu %[[S]] site("layers.0.mlp.act") : tensor<?x8xf32>
  %a = ann.silu %s site("layers.0.mlp.act") : tensor<?x8xf32>
  // CHECK: %[[P:.*]] = ann.mul %[[A]], %[[S]] site("layers.0.mlp.product") {note = "kept"} : tensor<?x8xf32>
  %p = ann.mul %a, %s site("layers.0.mlp.product") {note = "kept"} : tensor<?x8xf32>
  // CHECK: %[[H:.*]] = ann.hadamard %[[P]] block(4) site("layers.0.mlp.rotated") : tensor<?x8xf32>
  %h = ann.hadamard %p block(4) site("layers.0.mlp.rotated") : tensor<?x8xf32>
  // CHECK: %{{.*}} = ann.linear %[[H]] weight<"down", [8, 8]> site("layers.0.mlp.down_proj") {input_hadamard = 4 : i64} : tensor<?x8xf32> -> tensor<?x8xf32>
  %d = ann.linear %h weight<"down", [8, 8]> site("layers.0.mlp.down_proj") {input_hadamard = 4 : i64} : tensor<?x8xf32> -> tensor<?x8xf32>
  // CHECK: %[[L:.*]] = ann.linear %[[P]] weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  %l = ann.linear %p weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  // CHECK: ann.return %[[L]] : tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

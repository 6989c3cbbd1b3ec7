// RUN: synfire-opt %s --canonicalize --cse | FileCheck %s

#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// A value that nothing uses goes; two sites of one value both stay, because
// statistics and reports look for either.
// CHECK-LABEL: ann.model @tiny
// CHECK-NOT: "unused"
// CHECK: site("layers.0.mlp.gate")
// CHECK: site("layers.0.mlp.up")
ann.model @tiny config#tiny {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  %unused = ann.silu %x site("unused") : tensor<?x8xf32>
  %a = ann.linear %x weight<"w", [8, 8]> site("layers.0.mlp.gate") : tensor<?x8xf32> -> tensor<?x8xf32>
  %b = ann.linear %x weight<"w", [8, 8]> site("layers.0.mlp.up") : tensor<?x8xf32> -> tensor<?x8xf32>
  %p = ann.mul %a, %b site("layers.0.mlp.product") : tensor<?x8xf32>
  %l = ann.linear %p weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

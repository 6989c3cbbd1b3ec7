// RUN: synfire-opt %s --verify-diagnostics --pass-pipeline='builtin.module(ann.model(ann-rotate-online))'
// RUN: not synfire-opt %s --pass-pipeline='builtin.module(ann.model(ann-rotate-online{most-width=1}))' 2>&1 | FileCheck %s

// CHECK: a block has at least 2 values, but most-width is 1

ann.model @odd config<vocabulary = 32, hidden = 8, intermediate = 15, layers = 1, heads = 2,
                      key_value_heads = 1, head_width = 4, positions = 16, rms_norm_eps = 1.0E-5,
                      rope_theta = 1.0E+4> {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  %a = ann.linear %x weight<"a", [15, 8]> site("layers.0.mlp.act") : tensor<?x8xf32> -> tensor<?x15xf32>
  %u = ann.linear %x weight<"up", [15, 8]> site("layers.0.mlp.up") : tensor<?x8xf32> -> tensor<?x15xf32>
  // expected-error@below {{not supported: an online rotation of 15 values, which no power of two divides}}
  %h = ann.mul %a, %u site("layers.0.mlp.product") : tensor<?x15xf32>
  %d = ann.linear %h weight<"down", [8, 15]> site("layers.0.mlp.down_proj") : tensor<?x15xf32> -> tensor<?x8xf32>
  %l = ann.linear %d weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// RUN: synfire-opt %s | synfire-opt | FileCheck %s
// RUN: synfire-opt %s --mlir-print-op-generic | synfire-opt | FileCheck %s
// RUN: synfire-opt %s --emit-bytecode | synfire-opt | FileCheck %s

#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// CHECK-LABEL: snn.network @tiny
// CHECK-SAME: config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
snn.network @tiny config#tiny attributes {method = "las"} {
  // CHECK: %[[C0:.*]] = snn.embed {bits = 16 : i64, weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
  %c0 = snn.embed {weight = #ann.weight<"embed", [32, 8]>, bits = 16 : i64} : !snn.current<1x8>
  // CHECK: %[[X:.*]] = snn.fire %[[C0]] unit(#snn.phase<steps = 24, threshold = 4.200000e+00, outlier_shift = 2>) site("embed") role<embedding> layer(-1) {membrane_scale = 2.500000e-01 : f64} : (!snn.current<1x8>) -> !snn.train<1x8>
  %x = snn.fire %c0 unit(#snn.phase<steps = 24, levels = 1, threshold = 4.2, outlier_shift = 2, rounding = false>)
    site("embed") role<embedding> layer(-1) {membrane_scale = 0.25 : f64} : (!snn.current<1x8>) -> !snn.train<1x8>
  // CHECK: %[[C1:.*]] = snn.identity %[[X]] : !snn.train<1x8> -> !snn.current<1x8>
  %c1 = snn.identity %x : !snn.train<1x8> -> !snn.current<1x8>
  // CHECK: %[[SQUARE:.*]] = snn.fire %[[C1]] unit(#snn.hg<square, fs, steps = 16, full_scale = 3.000000e+00, input_limit = 8.000000e+00, entries = 512>) site("layers.0.attn.norm.square") role<norm> layer(0) : (!snn.current<1x8>) -> !snn.train<1x8>
  %square = snn.fire %c1 unit(#snn.hg<square, fs, steps = 16, full_scale = 3.0, input_limit = 8.0, entries = 512>)
    site("layers.0.attn.norm.square") role<norm> layer(0) : (!snn.current<1x8>) -> !snn.train<1x8>
  // CHECK: %[[C2:.*]] = snn.group_sum %[[SQUARE]] {factor = 1.250000e-01 : f64} : !snn.train<1x8> -> !snn.current<1x1>
  %c2 = snn.group_sum %square {factor = 0.125 : f64} : !snn.train<1x8> -> !snn.current<1x1>
  // CHECK: %[[RSQRT:.*]] = snn.fire %[[C2]] unit(#snn.hg<rsqrt, lut, steps = 16, full_scale = 2.000000e+00, input_limit = 4.000000e+00>) site("layers.0.attn.norm.rsqrt") role<norm> layer(0) {bias = 1.000000e-01 : f64} : (!snn.current<1x1>) -> !snn.train<1x1>
  %rsqrt = snn.fire %c2 unit(#snn.hg<rsqrt, lut, steps = 16, full_scale = 2.0, input_limit = 4.0>)
    site("layers.0.attn.norm.rsqrt") role<norm> layer(0) {bias = 0.1 : f64} : (!snn.current<1x1>) -> !snn.train<1x1>
  // CHECK: %[[C3:.*]] = snn.product %[[X]], %[[RSQRT]] form<concurrent> {accumulator_bits = 44 : i64} : !snn.train<1x8>, !snn.train<1x1> -> !snn.current<1x8>
  %c3 = snn.product %x, %rsqrt form<concurrent> {accumulator_bits = 44 : i64}
    : !snn.train<1x8>, !snn.train<1x1> -> !snn.current<1x8>
  // CHECK: %[[N:.*]] = snn.fire %[[C3]] unit(#snn.phase<steps = 16, levels = 5, threshold = 4.000000e+00, rounding = true>) site("layers.0.attn.norm") role<norm> layer(0) : (!snn.current<1x8>) -> !snn.train<1x8>
  %n = snn.fire %c3 unit(#snn.phase<steps = 16, levels = 5, threshold = 4.0, rounding = true>)
    site("layers.0.attn.norm") role<norm> layer(0) : (!snn.current<1x8>) -> !snn.train<1x8>
  // CHECK: %[[C4:.*]] = snn.saw %[[N]] {gain = #ann.weight<"gain", [8]>, weight = #ann.weight<"k", [4, 8]>} : !snn.train<1x8> -> !snn.current<1x4>
  %c4 = snn.saw %n {weight = #ann.weight<"k", [4, 8]>, gain = #ann.weight<"gain", [8]>, bits = 8 : i64, factor = 1.0 : f64}
    : !snn.train<1x8> -> !snn.current<1x4>
  // CHECK: %[[K:.*]] = snn.fire %[[C4]]
  %k = snn.fire %c4 unit(#snn.phase<steps = 16, threshold = 4.0>)
    site("layers.0.attn.k_proj") role<linear> layer(0) : (!snn.current<1x4>) -> !snn.train<1x4>
  // CHECK: %[[C5:.*]] = snn.rotary %[[N]] {head_width = 2 : i64, positions = 16 : i64, theta = 1.000000e+04 : f64} : !snn.train<1x8> -> !snn.current<1x8>
  %c5 = snn.rotary %n {head_width = 2 : i64, theta = 1.0E+4 : f64, positions = 16 : i64} : !snn.train<1x8> -> !snn.current<1x8>
  // CHECK: %[[Q:.*]] = snn.fire %[[C5]]
  %q = snn.fire %c5 unit(#snn.phase<steps = 16, threshold = 4.0>)
    site("layers.0.attn.q") role<rope> layer(0) : (!snn.current<1x8>) -> !snn.train<1x8>
  // CHECK: %[[C6:.*]] = snn.scores %[[Q]], %[[K]] {factor = 7.071000e-01 : f64, head_width = 2 : i64, positions = 16 : i64, query_per_key = 2 : i64} : !snn.train<1x8>, !snn.train<1x4> -> !snn.current<4x16 per_key>
  %c6 = snn.scores %q, %k {head_width = 2 : i64, query_per_key = 2 : i64, positions = 16 : i64, factor = 0.7071 : f64}
    : !snn.train<1x8>, !snn.train<1x4> -> !snn.current<4x16 per_key>
  // CHECK: %[[E:.*]] = snn.fire %[[C6]] unit(#snn.hg<exp, lut, steps = 16, full_scale = 1.000000e+00, input_limit = 1.200000e+01>) site("layers.0.attn.exp") role<attention> layer(0) {subtract_group_maximum} : (!snn.current<4x16 per_key>) -> !snn.train<4x16 per_key>
  %e = snn.fire %c6 unit(#snn.hg<exp, lut, steps = 16, full_scale = 1.0, input_limit = 12.0>)
    site("layers.0.attn.exp") role<attention> layer(0) {subtract_group_maximum} : (!snn.current<4x16 per_key>) -> !snn.train<4x16 per_key>
  // CHECK: %[[C7:.*]] = snn.mix %[[E]], %[[K]] {head_width = 2 : i64, query_per_key = 2 : i64} : !snn.train<4x16 per_key>, !snn.train<1x4> -> !snn.current<1x8>
  %c7 = snn.mix %e, %k {head_width = 2 : i64, query_per_key = 2 : i64}
    : !snn.train<4x16 per_key>, !snn.train<1x4> -> !snn.current<1x8>
  // CHECK: %[[R:.*]] = snn.fire %[[C1]], %[[C7]] unit({{.*}}) site("layers.0.attn.residual") role<residual> layer(0) : (!snn.current<1x8>, !snn.current<1x8>) -> !snn.train<1x8>
  %r = snn.fire %c1, %c7 unit(#snn.phase<steps = 16, threshold = 4.0>)
    site("layers.0.attn.residual") role<residual> layer(0) : (!snn.current<1x8>, !snn.current<1x8>) -> !snn.train<1x8>
  // CHECK: %[[H:.*]] = snn.hadamard %[[R]] {block = 4 : i64, factor = 5.000000e-01 : f64} : !snn.train<1x8> -> !snn.current<1x8>
  %h = snn.hadamard %r {block = 4 : i64, factor = 0.5 : f64} : !snn.train<1x8> -> !snn.current<1x8>
  %s = snn.fire %h unit(#snn.phase<steps = 16, threshold = 4.0>)
    site("layers.0.mlp.rotated") role<product> layer(0) : (!snn.current<1x8>) -> !snn.train<1x8>
  // CHECK: snn.saw %{{.*}} {input_hadamard = 4 : i64, weight = #ann.weight<"down", [8, 8]>} : !snn.train<1x8> -> !snn.current<1x8>
  %w = snn.saw %s {weight = #ann.weight<"down", [8, 8]>, input_hadamard = 4 : i64} : !snn.train<1x8> -> !snn.current<1x8>
  %c8 = snn.saw %r {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
  // CHECK: snn.output %{{.*}} site("logits") {membrane_scale = 1.000000e-03 : f64} : !snn.current<1x32>
  snn.output %c8 site("logits") {membrane_scale = 0.001 : f64} : !snn.current<1x32>
}

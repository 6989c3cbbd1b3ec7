// RUN: synfire-opt %s --snn-prove-widths | FileCheck %s

#tiny = #ann.config<vocabulary = 4, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// CHECK-LABEL: snn.network @kinds
snn.network @kinds config#tiny {
  // weights up to 2^15 - 1
  // CHECK: snn.embed {accumulator_bits = 16 : i64
  %c0 = snn.embed {weight = #ann.weight<"embed", [4, 8]>, bits = 16 : i64} : !snn.current<1x8>
  %x = snn.fire %c0 unit(#snn.phase<steps = 4, threshold = 1.0>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  // 2^4 codes: 16 = 2^4
  // CHECK: snn.identity %{{.*}} {accumulator_bits = 6 : i64}
  %c1 = snn.identity %x : !snn.train<1x8> -> !snn.current<1x8>
  // 2^6 * 3 codes of an outlier-aware unit of three levels
  %o = snn.fire %c1 unit(#snn.phase<steps = 4, levels = 3, threshold = 1.0, outlier_shift = 2>) site("outliers") role<linear> layer(0)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  // 8 * 192 = 1536 < 2^11
  // CHECK: snn.group_sum %{{.*}} {accumulator_bits = 12 : i64}
  %c2 = snn.group_sum %o : !snn.train<1x8> -> !snn.current<1x1>
  %g = snn.fire %c2 unit(#snn.hg<rsqrt, lut, steps = 10, full_scale = 1.0, input_limit = 8.0>) site("rsqrt") role<norm> layer(0)
    : (!snn.current<1x1>) -> !snn.train<1x1>
  // 192 * 2^10 < 2^18
  // CHECK: snn.product {{.*}} {accumulator_bits = 19 : i64}
  %c3 = snn.product %o, %g form<stored> : !snn.train<1x8>, !snn.train<1x1> -> !snn.current<1x8>
  // 2 * (2^15 - 1) * 2^4 < 2^20
  // CHECK: snn.rotary {{.*}} {accumulator_bits = 21 : i64
  %c4 = snn.rotary %x {head_width = 2 : i64, theta = 1.0E+4 : f64, positions = 16 : i64} : !snn.train<1x8> -> !snn.current<1x8>
  %q = snn.fire %c3, %c4 unit(#snn.phase<steps = 5, threshold = 1.0>) site("q") role<rope> layer(0)
    : (!snn.current<1x8>, !snn.current<1x8>) -> !snn.train<1x8>
  %c5 = snn.saw %x {weight = #ann.weight<"k", [4, 8]>} : !snn.train<1x8> -> !snn.current<1x4>
  %k = snn.fire %c5 unit(#snn.phase<steps = 4, threshold = 1.0>) site("k") role<linear> layer(0)
    : (!snn.current<1x4>) -> !snn.train<1x4>
  // 2 * 2^5 * 2^4 = 2^10
  // CHECK: snn.scores {{.*}} {accumulator_bits = 12 : i64
  %c6 = snn.scores %q, %k {head_width = 2 : i64, query_per_key = 2 : i64, positions = 16 : i64}
    : !snn.train<1x8>, !snn.train<1x4> -> !snn.current<4x16 per_key>
  %e = snn.fire %c6 unit(#snn.hg<exp, lut, steps = 8, full_scale = 1.0, input_limit = 8.0>) site("exp") role<attention> layer(0)
    : (!snn.current<4x16 per_key>) -> !snn.train<4x16 per_key>
  // 16 keys * 2^8 * 2^4 = 2^16
  // CHECK: snn.mix {{.*}} {accumulator_bits = 18 : i64
  %c7 = snn.mix %e, %k {head_width = 2 : i64, query_per_key = 2 : i64}
    : !snn.train<4x16 per_key>, !snn.train<1x4> -> !snn.current<1x8>
  %y = snn.fire %c7 unit(#snn.phase<steps = 4, threshold = 1.0>) site("mix") role<attention> layer(0)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  // 4 * 2^4 = 2^6
  // CHECK: snn.hadamard {{.*}} {accumulator_bits = 8 : i64
  %h = snn.hadamard %y {block = 4 : i64, factor = 0.5 : f64} : !snn.train<1x8> -> !snn.current<1x8>
  %z = snn.fire %h unit(#snn.phase<steps = 4, threshold = 1.0>) site("rotated") role<product> layer(0)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  // What was proven before is proven anew.
  // CHECK: snn.saw {{.*}} {accumulator_bits = 15 : i64
  %l = snn.saw %y {weight = #ann.weight<"lm_head", [4, 8]>, accumulator_bits = 64 : i64} : !snn.train<1x8> -> !snn.current<1x4>
  snn.output %l site("logits") : !snn.current<1x4>
}

// The example of the pass's description.
// CHECK-LABEL: snn.network @doctest
snn.network @doctest config#tiny {
  %e = snn.embed {weight = #ann.weight<"embed", [4, 8]>} : !snn.current<1x8>
  %x = snn.fire %e unit(#snn.phase<steps = 4, threshold = 1.0>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  // 2^4 codes, 8 inputs, weights up to 127: 16 * 8 * 127 = 16256 < 2^14
  %c = snn.saw %x {weight = #ann.weight<"w", [4, 8]>} : !snn.train<1x8> -> !snn.current<1x4>
  // CHECK: %[[C:.*]] = snn.saw %{{.*}} {accumulator_bits = 15 : i64, weight = #ann.weight<"w", [4, 8]>} : !snn.train<1x8> -> !snn.current<1x4>
  // CHECK: snn.output %[[C]]
  snn.output %c site("logits") : !snn.current<1x4>
}

// The widest that fits: 52 bits.
// CHECK-LABEL: snn.network @widest
snn.network @widest config#tiny {
  %e = snn.embed {weight = #ann.weight<"embed", [4, 8]>} : !snn.current<1x8>
  %x = snn.fire %e unit(#snn.phase<steps = 30, threshold = 1.0, outlier_shift = 11>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  // CHECK: snn.saw {{.*}} {accumulator_bits = 52 : i64
  %c = snn.saw %x {weight = #ann.weight<"w", [4, 8]>} : !snn.train<1x8> -> !snn.current<1x4>
  snn.output %c site("logits") : !snn.current<1x4>
}

// Codes of tables and numbers, and what frames add to them.
// CHECK-LABEL: snn.network @frames
snn.network @frames config#tiny frames(4) {
  // four times a weight up to 127
  // CHECK: snn.embed {accumulator_bits = 10 : i64
  %c0 = snn.embed {every_frame, weight = #ann.weight<"embed", [4, 8]>} : !snn.current<1x8>
  %x = snn.fire %c0 unit(#snn.number<bits = 6, full_scale = 1.0>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  // 2^6
  // CHECK: snn.identity %{{.*}} {accumulator_bits = 8 : i64}
  %c1 = snn.identity %x : !snn.train<1x8> -> !snn.current<1x8>
  %s = snn.fire %c1 unit(#snn.hg<silu, lut, steps = 5, full_scale = 1.0, input_limit = 1.0, digital = true>)
    site("silu") role<activation> layer(0) {accumulated_output, averaged_input = 1 : i64}
    : (!snn.current<1x8>) -> !snn.train<1x8>
  // 4 * 2^5 codes of a compensated function
  // CHECK: snn.identity %{{.*}} {accumulator_bits = 9 : i64}
  %c2 = snn.identity %s : !snn.train<1x8> -> !snn.current<1x8>
  %y = snn.fire %c2 unit(#snn.table<steps = 4, levels = 2, input = streamed,
      banks = [<threshold = [4, 8, 4, 8, 4, 8, 4, 8], decrement = [4, 8, 4, 8, 4, 8, 4, 8], payload = [1, 2, 1, 2, 1, 2, 1, 2]>],
      membrane_scale = 0.25, code_scale = 1.0>) site("coded") role<linear> layer(0)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  // 4 frames of at most 2, 8 inputs, weights up to 127: 8 * 8 * 127 < 2^13
  // CHECK: snn.saw {{.*}} {accumulator_bits = 14 : i64
  %l = snn.saw %y {weight = #ann.weight<"lm_head", [4, 8]>} : !snn.train<1x8> -> !snn.current<1x4>
  snn.output %l site("logits") : !snn.current<1x4>
}

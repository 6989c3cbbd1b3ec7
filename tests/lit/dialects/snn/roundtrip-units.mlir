// RUN: synfire-opt %s | synfire-opt | FileCheck %s
// RUN: synfire-opt %s --mlir-print-op-generic | synfire-opt | FileCheck %s
// RUN: synfire-opt %s --emit-bytecode | synfire-opt | FileCheck %s

#tiny = #ann.config<vocabulary = 4, hidden = 2, intermediate = 2, layers = 1,
                    heads = 1, key_value_heads = 1, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// A table prints what differs from a plain unit, under a name of its own.
// CHECK-DAG: #[[PLAIN:table.*]] = #snn.table<steps = 2, banks = [<threshold = [4, 2], decrement = [4, 2], payload = [2, 1]>], membrane_scale = 5.000000e-01, code_scale = 1.000000e+00>
// CHECK-DAG: #[[STREAMED:table.*]] = #snn.table<steps = 4, levels = 2, comparison = greater, input = streamed, cap = 3, offset = 8, bias = [1, 0, -1, 0], negative = from_tracer, tracer = true, tracer_minimum = -2, tracer_maximum = 5, banks = [<threshold = [4, 8, 4, 8, 4, 8, 4, 8], decrement = [4, 8, 4, 8, 4, 8, 4, 8], payload = [1, 2, 1, 2, 1, 2, 1, 2]>], membrane_scale = 2.500000e-01, code_scale = 1.000000e+00>
// CHECK-DAG: #[[REHEARSED:table.*]] = #snn.table<steps = 2, input = streamed, rehearsal = average, rehearsal_steps = 2, banks = [<threshold = [4, 4], decrement = [4, 4], payload = [1, 1], rest = -1>], membrane_scale = 2.500000e-01, code_scale = 1.000000e+00>
// CHECK-DAG: #[[BANKS:table.*]] = #snn.table<steps = 1, sign = magnitude, clamp = 64, guard_bits = 1, banks = [<low = 0, high = 8, threshold = [4], decrement = [4], payload = [2]>, <low = 8, high = 100, threshold = [32], decrement = [32], payload = [16]>], membrane_scale = 5.000000e-01, code_scale = 1.000000e+00>

// CHECK-LABEL: snn.network @one_frame
// CHECK-SAME: rope_theta = 1.000000e+04> {
snn.network @one_frame config#tiny frames(1) {
  %c = snn.embed {weight = #ann.weight<"embed", [4, 2]>} : !snn.current<1x2>
  // CHECK: unit(#snn.number<bits = 20, full_scale = 8.000000e+00>)
  %x = snn.fire %c unit(#snn.number<bits = 20, full_scale = 8.0>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x2>) -> !snn.train<1x2>
  %i = snn.identity %x : !snn.train<1x2> -> !snn.current<1x2>
  // CHECK: unit(#snn.hg<silu, lut, steps = 20, full_scale = 8.000000e+00, input_limit = 9.000000e+00, digital = true>)
  %s = snn.fire %i unit(#snn.hg<silu, lut, steps = 20, full_scale = 8.0, input_limit = 9.0, entries = 8192, digital = true>)
    site("silu") role<activation> layer(0) : (!snn.current<1x2>) -> !snn.train<1x2>
  // CHECK: unit(#[[PLAIN]]) site("plain") role<linear> layer(0) {channel_scale = array<f64: 1.000000e+00, 2.500000e-01>}
  %y = snn.fire %i unit(#snn.table<steps = 2, levels = 1, comparison = greater_equal, sign = none, input = all_at_once, cap = 0,
      offset = 0, bias = [], negative = off, tracer = false, tracer_minimum = 0, tracer_maximum = 0, rehearsal = off,
      rehearsal_steps = 0, rehearsal_margin = 0, clamp = 0, guard_bits = 0,
      banks = [#snn.bank<threshold = [4, 2], decrement = [4, 2], payload = [2, 1], rest = 0>], membrane_scale = 0.5, code_scale = 1.0>)
    site("plain") role<linear> layer(0) {channel_scale = array<f64: 1.0, 0.25>} : (!snn.current<1x2>) -> !snn.train<1x2>
  %w = snn.saw %y {weight = #ann.weight<"w", [2, 2]>} : !snn.train<1x2> -> !snn.current<1x2>
  // CHECK: unit(#[[BANKS]])
  %b = snn.fire %w unit(#snn.table<steps = 1, sign = magnitude, clamp = 64, guard_bits = 1,
      banks = [<low = 0, high = 8, threshold = [4], decrement = [4], payload = [2]>,
               <low = 8, high = 100, threshold = [32], decrement = [32], payload = [16]>], membrane_scale = 0.5, code_scale = 1.0>)
    site("banks") role<linear> layer(0) : (!snn.current<1x2>) -> !snn.train<1x2>
  %l = snn.saw %b {weight = #ann.weight<"lm_head", [4, 2]>} : !snn.train<1x2> -> !snn.current<1x4>
  snn.output %l site("logits") : !snn.current<1x4>
}

// CHECK-LABEL: snn.network @two_frames
// CHECK-SAME: frames(2)
snn.network @two_frames config#tiny frames(2) {
  // CHECK: snn.embed {every_frame, weight
  %c = snn.embed {every_frame, weight = #ann.weight<"embed", [4, 2]>} : !snn.current<1x2>
  // CHECK: unit(#[[STREAMED]])
  %x = snn.fire %c unit(#snn.table<steps = 4, levels = 2, comparison = greater, input = streamed, cap = 3, offset = 8,
      bias = [1, 0, -1, 0], negative = from_tracer, tracer = true, tracer_minimum = -2, tracer_maximum = 5,
      banks = [<threshold = [4, 8, 4, 8, 4, 8, 4, 8], decrement = [4, 8, 4, 8, 4, 8, 4, 8], payload = [1, 2, 1, 2, 1, 2, 1, 2]>],
      membrane_scale = 0.25, code_scale = 1.0>)
    site("embed") role<embedding> layer(-1) : (!snn.current<1x2>) -> !snn.train<1x2>
  %i = snn.identity %x : !snn.train<1x2> -> !snn.current<1x2>
  // CHECK: site("square") role<norm> layer(0) {accumulated_output, averaged_input = 1 : i64}
  %s = snn.fire %i unit(#snn.hg<square, lut, steps = 20, full_scale = 8.0, input_limit = 9.0, digital = true>)
    site("square") role<norm> layer(0) {accumulated_output, averaged_input = 1 : i64} : (!snn.current<1x2>) -> !snn.train<1x2>
  %p = snn.product %x, %s form<concurrent> : !snn.train<1x2>, !snn.train<1x2> -> !snn.current<1x2>
  // CHECK: unit(#[[REHEARSED]])
  %r = snn.fire %p unit(#snn.table<steps = 2, input = streamed, rehearsal = average, rehearsal_steps = 2,
      banks = [<threshold = [4, 4], decrement = [4, 4], payload = [1, 1], rest = -1>], membrane_scale = 0.25, code_scale = 1.0>)
    site("product") role<product> layer(0) : (!snn.current<1x2>) -> !snn.train<1x2>
  %l = snn.saw %r {weight = #ann.weight<"lm_head", [4, 2]>} : !snn.train<1x2> -> !snn.current<1x4>
  snn.output %l site("logits") : !snn.current<1x4>
}

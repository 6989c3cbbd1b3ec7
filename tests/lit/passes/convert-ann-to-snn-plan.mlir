// RUN: synfire-opt %s --convert-ann-to-snn='statistics=%S/Inputs/one-layer-statistics.json plan=%S/Inputs/digital-plan.json' | FileCheck %s --check-prefix=DIGITAL
// RUN: synfire-opt %s --convert-ann-to-snn='statistics=%S/Inputs/one-layer-statistics.json plan=%S/Inputs/digital-plan.json' | synfire-opt --snn-prove-widths --snn-map-to-chip='hw=loihi2'
// RUN: synfire-opt %s --convert-ann-to-snn='statistics=%S/Inputs/one-layer-statistics.json plan=%S/Inputs/streamed-plan.json' | FileCheck %s --check-prefix=STREAMED
// RUN: synfire-opt %s --convert-ann-to-snn='statistics=%S/Inputs/one-layer-statistics.json plan=%S/Inputs/streamed-plan.json' | synfire-opt --snn-prove-widths --snn-map-to-chip='hw=loihi2' | FileCheck %s --check-prefix=MAPPED
// RUN: synfire-opt %s --convert-ann-to-snn='statistics=%S/Inputs/one-layer-statistics.json plan=%S/Inputs/compensated-plan.json' | FileCheck %s --check-prefix=COMPENSATED
// RUN: synfire-opt %s --convert-ann-to-snn='statistics=%S/Inputs/one-layer-statistics.json plan=%S/Inputs/compensated-plan.json' | synfire-opt --snn-prove-widths --snn-map-to-chip='hw=loihi2'
// RUN: synfire-opt %s --convert-ann-to-snn='statistics=%S/Inputs/one-layer-statistics.json plan=%S/Inputs/streamed-spiking-plan.json' | FileCheck %s --check-prefix=SPIKING
// RUN: synfire-opt %s --convert-ann-to-snn='statistics=%S/Inputs/one-layer-statistics.json plan=%S/Inputs/streamed-spiking-plan.json' | synfire-opt --snn-prove-widths --snn-map-to-chip='hw=loihi2'

// A plan may be for a prefix.
// RUN: sed 's/"compensated": false}/"compensated": false, "prefix_tokens": [7, 1]}/' %S/Inputs/streamed-plan.json > %t.prefix.json
// RUN: synfire-opt %s --convert-ann-to-snn='statistics=%S/Inputs/one-layer-statistics.json plan=%t.prefix.json' | synfire-opt --snn-prove-widths --snn-map-to-chip='hw=loihi2' | FileCheck %s --check-prefix=PREFIX
// PREFIX-LABEL: chip.system @one_layer
// PREFIX-SAME: frames(4) prefix([7, 1]) hw("loihi2")

// One frame: codes where the plan has them, numbers of power-of-two full scale elsewhere.
// DIGITAL-LABEL: snn.network @one_layer
// DIGITAL-NOT: frames
// DIGITAL: %[[X:.+]] = snn.fire %{{.+}} unit(#snn.number<bits = 22, full_scale = 2.000000e+00>) site("embed")
// DIGITAL: unit(#snn.hg<square, lut, steps = 20, full_scale = 1.562500e+00, {{.*}}digital = true>) site("layers.0.attn.norm.square")
// DIGITAL: %[[RSQRT:.+]] = snn.fire %{{.+}} unit(#snn.hg<rsqrt, lut, steps = 20, full_scale = 4.000000e+00, {{.*}}digital = true>) site("layers.0.attn.norm.rsqrt")
// DIGITAL: snn.product %[[RSQRT]], %[[X]] form<stored>
// DIGITAL: unit(#table) site("layers.0.attn.norm") role<norm> layer(0) {channel_scale = array<f64: 1.000000e+00, 1.000000e+00, 5.000000e-01
// The two names of attention's values are one site.
// DIGITAL: %[[V:.+]] = snn.fire %{{.+}} unit(#snn.phase<steps = 8, threshold = 4.000000e+00, rounding = true>) site("layers.0.attn.v_proj")
// A neuron for exponentials fires by itself; softmax divides before it mixes, and the mix is the result.
// DIGITAL: %[[EXP:.+]] = snn.fire %{{.+}} unit(#table{{[0-9]+}}) site("layers.0.attn.exp") role<attention> layer(0) {subtract_group_maximum}
// DIGITAL: %[[RECIPROCAL:.+]] = snn.fire %{{.+}} unit(#snn.hg<reciprocal, lut, {{.*}}digital = true>) site("layers.0.attn.reciprocal")
// DIGITAL: snn.product %[[RECIPROCAL]], %[[EXP]] form<stored> : !snn.train<1x2>, !snn.train<2x16 per_key> -> !snn.current<2x16 per_key>
// DIGITAL: %[[WEIGHTS:.+]] = snn.fire %{{.+}} unit(#snn.phase<steps = 8, threshold = 1.000000e+00, rounding = true>) site("layers.0.attn.weights")
// DIGITAL: %[[MIX:.+]] = snn.mix %[[WEIGHTS]], %[[V]]
// DIGITAL: snn.fire %[[MIX]] unit(#snn.number<bits = 20, {{.*}}>) site("layers.0.attn.out")
// A coded result of a function is a population after it, and so is its coded input.
// DIGITAL: site("layers.0.mlp.norm.rsqrt.function")
// DIGITAL: unit(#snn.number<bits = 16, full_scale = 4.000000e+00>) site("layers.0.mlp.norm.rsqrt")
// DIGITAL: %[[GATE:.+]] = snn.fire %{{.+}} site("layers.0.mlp.gate")
// DIGITAL: snn.identity %[[GATE]]
// DIGITAL: %[[SILU:.+]] = snn.fire %{{.+}} unit(#snn.hg<silu{{.*}} site("layers.0.mlp.act.function")
// DIGITAL: snn.identity %[[SILU]]
// DIGITAL: unit(#snn.phase<steps = 8, {{.*}}>) site("layers.0.mlp.act")

// Four frames: the embedding enters in each, and operands of a product fire side by side.
// STREAMED: #table = #snn.table<steps = 4, input = streamed
// STREAMED-LABEL: snn.network @one_layer
// STREAMED-SAME: frames(4)
// STREAMED: snn.embed {every_frame
// STREAMED: %[[X:.+]] = snn.fire %{{.+}} site("embed")
// What has come in the first frame is a quarter: its mean square a sixteenth, the root's inverse fourfold.
// STREAMED: %[[RSQRT:.+]] = snn.fire %{{.+}} unit(#snn.hg<rsqrt, lut, steps = 22, full_scale = 1.600000e+01
// STREAMED: snn.identity %[[X]]
// STREAMED: %[[INPUT:.+]] = snn.fire %{{.+}} unit(#snn.number<bits = 22, full_scale = 2.000000e+00>) site("layers.0.attn.norm.input")
// STREAMED: snn.product %[[RSQRT]], %[[INPUT]] form<concurrent>
// STREAMED-NOT: averaged_input
// STREAMED: unit(#table) site("layers.0.attn.norm")
// STREAMED: %[[EXP:.+]] = snn.fire %{{.+}} site("layers.0.attn.exp")
// STREAMED: snn.identity %[[EXP]]
// STREAMED: %[[REPEATED:.+]] = snn.fire %{{.+}} unit(#snn.number<bits = 18, full_scale = 1.000000e+00>) site("layers.0.attn.exp.repeated")
// STREAMED: snn.product %{{.+}}, %[[REPEATED]] form<concurrent>
// STREAMED: unit(#snn.number<bits = 20, full_scale = 1.000000e+00>) site("layers.0.attn.weights")
// STREAMED: unit(#table) site("layers.0.attn.out")

// MAPPED-LABEL: chip.system @one_layer
// MAPPED-SAME: frames(4)
// MAPPED: chip.group "layers.0.attn.norm.rsqrt" fire_level(2)
// MAPPED: chip.group "layers.0.attn.norm.input" fire_level(2)
// MAPPED: chip.group "layers.0.attn.norm" fire_level(3)

// Compensated: functions see estimates of the whole and send F even parts; products of two streams come back to one.
// COMPENSATED: site("layers.0.attn.norm.square") role<norm> layer(0) {accumulated_output, averaged_input = 1 : i64}
// COMPENSATED: unit(#snn.hg<rsqrt, lut, steps = 18, full_scale = 4.000000e+00, {{.*}} site("layers.0.attn.norm.rsqrt") role<norm> layer(0) {accumulated_output, averaged_input = 1 : i64, bias
// COMPENSATED: site("layers.0.attn.norm.input") role<norm> layer(0) :
// COMPENSATED: site("layers.0.attn.norm") role<norm> layer(0) {averaged_input = 1 : i64}
// COMPENSATED: site("layers.0.attn.q") role<rope> layer(0) :
// COMPENSATED: steps = 18, {{.*}} site("layers.0.attn.exp") role<attention> layer(0) {accumulated_output, averaged_input = 1 : i64, subtract_group_maximum}
// COMPENSATED: steps = 18, {{.*}} site("layers.0.attn.reciprocal") role<attention> layer(0) {accumulated_output, averaged_input = 1 : i64}
// Each of four frames repeats the exponential: two more bits.
// COMPENSATED: unit(#snn.number<bits = 20, full_scale = 1.000000e+00>) site("layers.0.attn.exp.repeated") role<attention> layer(0) :
// COMPENSATED: site("layers.0.attn.weights") role<attention> layer(0) {averaged_input = 1 : i64}
// COMPENSATED: site("layers.0.attn.out") role<attention> layer(0) :
// COMPENSATED: site("layers.0.attn.residual") role<residual> layer(0) :
// COMPENSATED: site("layers.0.mlp.act.function") role<activation> layer(0) {accumulated_output, averaged_input = 1 : i64}
// COMPENSATED: unit(#table) site("layers.0.mlp.act") role<activation> layer(0) :
// COMPENSATED: site("layers.0.mlp.product") role<product> layer(0) {averaged_input = 1 : i64}

// Everything spikes in frames: functions send the bits of differences, and softmax divides last.
// SPIKING-LABEL: snn.network @one_layer
// SPIKING: snn.embed {weight
// SPIKING: unit(#snn.hg<square, lut, steps = 20, full_scale = 1.562500e+00, input_limit = 1.250000e+00>)
// SPIKING: unit(#snn.hg<rsqrt, lut, steps = 18, full_scale = 1.600000e+01
// SPIKING: unit(#table) site("layers.0.attn.norm.input")
// SPIKING: unit(#snn.hg<exp, lut, steps = 16
// SPIKING: unit(#table) site("layers.0.attn.mix")
// SPIKING: snn.product %{{.+}}, %{{.+}} form<concurrent>
// SPIKING: unit(#table) site("layers.0.attn.out")

ann.model @one_layer config<vocabulary = 32, hidden = 8, intermediate = 16, layers = 1, heads = 2,
                            key_value_heads = 1, head_width = 4, positions = 16, rms_norm_eps = 1.0E-5,
                            rope_theta = 1.0E+4> {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  %n = ann.rms_norm %x gain<"norm1", [8]> eps(1.0E-5) site("layers.0.attn.norm") : tensor<?x8xf32>
  %q0 = ann.linear %n weight<"q", [8, 8]> site("layers.0.attn.q_proj") : tensor<?x8xf32> -> tensor<?x8xf32>
  %k0 = ann.linear %n weight<"k", [4, 8]> site("layers.0.attn.k_proj") : tensor<?x8xf32> -> tensor<?x4xf32>
  %v = ann.linear %n weight<"v", [4, 8]> site("layers.0.attn.v_proj") : tensor<?x8xf32> -> tensor<?x4xf32>
  %q = ann.rotary %q0 heads(2) head_width(4) theta(1.0E+4) site("layers.0.attn.q") : tensor<?x8xf32>
  %k = ann.rotary %k0 heads(1) head_width(4) theta(1.0E+4) site("layers.0.attn.k") : tensor<?x4xf32>
  %o = ann.attention %q, %k, %v heads(2) key_value_heads(1) site("layers.0.attn.out") : tensor<?x8xf32>, tensor<?x4xf32>, tensor<?x4xf32> -> tensor<?x8xf32>
  %p = ann.linear %o weight<"o", [8, 8]> site("layers.0.attn.o_proj") : tensor<?x8xf32> -> tensor<?x8xf32>
  %r = ann.add %x, %p site("layers.0.attn.residual") : tensor<?x8xf32>
  %m = ann.rms_norm %r gain<"norm2", [8]> eps(1.0E-5) site("layers.0.mlp.norm") : tensor<?x8xf32>
  %g = ann.linear %m weight<"gate", [16, 8]> site("layers.0.mlp.gate") : tensor<?x8xf32> -> tensor<?x16xf32>
  %a = ann.silu %g site("layers.0.mlp.act") : tensor<?x16xf32>
  %u = ann.linear %m weight<"up", [16, 8]> site("layers.0.mlp.up") : tensor<?x8xf32> -> tensor<?x16xf32>
  %h = ann.mul %a, %u site("layers.0.mlp.product") : tensor<?x16xf32>
  %d = ann.linear %h weight<"down", [8, 16]> site("layers.0.mlp.down_proj") : tensor<?x16xf32> -> tensor<?x8xf32>
  %y = ann.add %r, %d site("layers.0.mlp.residual") : tensor<?x8xf32>
  %f = ann.rms_norm %y gain<"norm3", [8]> eps(1.0E-5) site("final.norm") : tensor<?x8xf32>
  %logits = ann.linear %f weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %logits : tensor<?x32xf32>
}

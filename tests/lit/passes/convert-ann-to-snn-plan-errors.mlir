// RUN: not synfire-opt %s --convert-ann-to-snn='statistics=%S/Inputs/one-layer-statistics.json plan=%S/Inputs/absent.json' 2>&1 | FileCheck %s --check-prefix=ABSENT
// RUN: not synfire-opt %s --convert-ann-to-snn='statistics=%S/Inputs/one-layer-statistics.json plan=%S/Inputs/one-layer-statistics.json' 2>&1 | FileCheck %s --check-prefix=NOPLAN
// RUN: not synfire-opt %s --convert-ann-to-snn='statistics=%S/Inputs/one-layer-statistics.json plan=%S/Inputs/unknown-site-plan.json' 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not synfire-opt %s --convert-ann-to-snn='statistics=%S/Inputs/one-layer-statistics.json plan=%S/Inputs/one-sided-plan.json' 2>&1 | FileCheck %s --check-prefix=SIDED
// RUN: not synfire-opt %s --convert-ann-to-snn='statistics=%S/Inputs/one-layer-statistics.json plan=%S/Inputs/streamed-uncoded-plan.json' 2>&1 | FileCheck %s --check-prefix=UNCODED
// RUN: not synfire-opt %s --convert-ann-to-snn='statistics=%S/Inputs/one-layer-statistics.json plan=%S/Inputs/compensated-spiking-plan.json' 2>&1 | FileCheck %s --check-prefix=COMPENSATED
// RUN: not synfire-opt %s --convert-ann-to-snn='statistics=%S/Inputs/one-layer-statistics.json plan=%S/Inputs/streamed-spiking-plan.json lookup=false' 2>&1 | FileCheck %s --check-prefix=BANKS

// RUN: sed 's/"compensated": false}/"compensated": false, "prefix_tokens": [7, 99]}/' %S/Inputs/digital-plan.json > %t.prefix.json
// RUN: not synfire-opt %s --convert-ann-to-snn='statistics=%S/Inputs/one-layer-statistics.json plan=%t.prefix.json' 2>&1 | FileCheck %s --check-prefix=PREFIX

// ABSENT: absent.json: cannot open
// PREFIX: error: 'snn.network' op has token 99 in its prefix, but the vocabulary has tokens 0 to 31
// NOPLAN: one-layer-statistics.json
// UNKNOWN: error: a coding is given for site 'layers.0.attn.nrom', which the network does not have
// SIDED: error: site 'layers.0.mlp.act' takes values down to -2.700000e-01: the code is one-sided
// SIDED: note: a two-sided code sends negative spikes too; or leave the site without a coding
// UNCODED: error: site 'embed' has no coding, and a phase code needs its whole input at once
// UNCODED: note: code it by a streamed neuron, or leave what the method does not code to the digital unit
// COMPENSATED: error: not supported: expectation compensation of functions that spike
// BANKS: error: not supported: banks of firing tables as functions of a network of several frames

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

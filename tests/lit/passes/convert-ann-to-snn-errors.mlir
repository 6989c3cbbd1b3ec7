// RUN: synfire-opt %s --split-input-file --verify-diagnostics --convert-ann-to-snn='statistics=%S/Inputs/one-layer-statistics.json'
// RUN: not synfire-opt %s --split-input-file --convert-ann-to-snn 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: not synfire-opt %s --split-input-file --convert-ann-to-snn='statistics=%S/Inputs/absent.json' 2>&1 | FileCheck %s --check-prefix=ABSENT
// RUN: not synfire-opt %s --split-input-file --convert-ann-to-snn='statistics=%S/Inputs/one-layer-statistics.json steps=77' 2>&1 | FileCheck %s --check-prefix=STEPS

// NONE: no calibration statistics (name a JSON file
// ABSENT: absent.json: cannot open
// STEPS: steps is 77, but must lie in 2..20

ann.model @no_statistics config<vocabulary = 32, hidden = 8, intermediate = 16, layers = 1, heads = 2,
                                key_value_heads = 1, head_width = 4, positions = 16, rms_norm_eps = 1.0E-5,
                                rope_theta = 1.0E+4> {
^bb0(%tokens: tensor<?xi32>):
  // expected-error@+1 {{no calibration statistics for site 'somewhere'}}
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("somewhere") : tensor<?x8xf32>
  %y = ann.linear %x weight<"w", [8, 8]> site("layers.0.mlp.gate") : tensor<?x8xf32> -> tensor<?x8xf32>
  %z = ann.silu %y site("layers.0.mlp.act") : tensor<?x8xf32>
  %l = ann.linear %z weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

ann.model @silu_of_a_shared_value config<vocabulary = 32, hidden = 8, intermediate = 16, layers = 1, heads = 2,
                                         key_value_heads = 1, head_width = 4, positions = 16,
                                         rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4> {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  %y = ann.linear %x weight<"w", [8, 8]> site("layers.0.mlp.gate") : tensor<?x8xf32> -> tensor<?x8xf32>
  %u = ann.linear %y weight<"w", [8, 8]> site("layers.0.mlp.up") : tensor<?x8xf32> -> tensor<?x8xf32>
  // expected-error@+1 {{not supported: the input of silu is used elsewhere}}
  %z = ann.silu %y site("layers.0.mlp.act") : tensor<?x8xf32>
  %p = ann.mul %z, %u site("layers.0.mlp.product") : tensor<?x8xf32>
  %l = ann.linear %p weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// RUN: synfire-opt %s --verify-diagnostics --snn-map-to-chip='hw=tiny'
// RUN: not synfire-opt %s --snn-map-to-chip='hw=loihi9' 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// RUN: not synfire-opt %s --snn-map-to-chip='hw=tiny objective=speed' 2>&1 | FileCheck %s --check-prefix=OBJECTIVE

// UNKNOWN: loihi9
// OBJECTIVE: unknown objective 'speed' (use time, energy or cores)

#wide = #ann.config<vocabulary = 4, hidden = 6000, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// Inputs of a sum cannot be split.
// expected-error@+1 {{input axons}}
snn.network @too_wide config#wide {
  %c0 = snn.embed {weight = #ann.weight<"embed", [4, 6000]>} : !snn.current<1x6000>
  %x = snn.fire %c0 unit(#snn.phase<steps = 4, threshold = 1.0>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x6000>) -> !snn.train<1x6000>
  %s = snn.group_sum %x {factor = 1.0 : f64} : !snn.train<1x6000> -> !snn.current<1x1>
  %y = snn.fire %s unit(#snn.phase<steps = 4, threshold = 1.0>) site("sum") role<norm> layer(0)
    : (!snn.current<1x1>) -> !snn.train<1x1>
  %c1 = snn.saw %y {weight = #ann.weight<"lm_head", [4, 1]>} : !snn.train<1x1> -> !snn.current<1x4>
  snn.output %c1 site("logits") : !snn.current<1x4>
}

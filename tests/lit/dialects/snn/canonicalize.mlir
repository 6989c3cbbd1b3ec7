// RUN: synfire-opt %s --canonicalize --cse | FileCheck %s

#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// A population that nothing hears goes, with its dendrites.
// CHECK-LABEL: snn.network @silent
// CHECK-NOT: snn.identity
// CHECK-NOT: "unheard"
// CHECK: snn.output
snn.network @silent config#tiny {
  %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
  %x = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  %i = snn.identity %x : !snn.train<1x8> -> !snn.current<1x8>
  %y = snn.fire %i unit(#snn.phase<steps = 8, threshold = 1.0>) site("unheard") role<linear> layer(0)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  %l = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
  snn.output %l site("logits") : !snn.current<1x32>
}

// Populations of different sites stay, even if they hear the same.
// CHECK-LABEL: snn.network @twins
// CHECK: site("embed")
// CHECK: site("layers.0.attn.q")
// CHECK: site("layers.0.attn.k")
snn.network @twins config#tiny {
  %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
  %x = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  %i = snn.identity %x : !snn.train<1x8> -> !snn.current<1x8>
  %q = snn.fire %i unit(#snn.phase<steps = 8, threshold = 1.0>) site("layers.0.attn.q") role<linear> layer(0)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  %k = snn.fire %i unit(#snn.phase<steps = 8, threshold = 1.0>) site("layers.0.attn.k") role<linear> layer(0)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  %p = snn.product %q, %k form<stored> : !snn.train<1x8>, !snn.train<1x8> -> !snn.current<1x8>
  %y = snn.fire %p unit(#snn.phase<steps = 8, threshold = 1.0>) site("layers.0.mlp.product") role<product> layer(0)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  %l = snn.saw %y {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
  snn.output %l site("logits") : !snn.current<1x32>
}

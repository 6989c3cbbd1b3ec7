// RUN: synfire-opt %s --split-input-file --verify-diagnostics --snn-prove-widths

#tiny = #ann.config<vocabulary = 4, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

snn.network @one_bit_too_wide config#tiny {
  %e = snn.embed {weight = #ann.weight<"embed", [4, 8]>} : !snn.current<1x8>
  // expected-note@below {{driver 'embed' has codes of magnitude up to 4398046511104}}
  %x = snn.fire %e unit(#snn.phase<steps = 30, threshold = 1.0, outlier_shift = 12>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  // expected-error@+2 {{accumulates 53 bits and has a multiplier of 10: needs 63 bits, but neuron inputs hold 62}}
  // expected-note@+1 {{fewer weight bits, fewer steps, a smaller outlier shift or fewer positions make it narrower}}
  %c = snn.saw %x {weight = #ann.weight<"w", [4, 8]>} : !snn.train<1x8> -> !snn.current<1x4>
  snn.output %c site("logits") : !snn.current<1x4>
}

// -----

#tiny = #ann.config<vocabulary = 4, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

snn.network @product_of_wide_codes config#tiny {
  %e = snn.embed {weight = #ann.weight<"embed", [4, 8]>} : !snn.current<1x8>
  // expected-note@+2 {{driver 'embed' has codes of magnitude up to 1073741824}}
  // expected-note@+1 {{stored train 'embed' has codes of magnitude up to 1073741824}}
  %x = snn.fire %e unit(#snn.phase<steps = 30, threshold = 1.0>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  // expected-error@+2 {{accumulates 62 bits and has a multiplier of 10: needs 72 bits, but neuron inputs hold 62}}
  // expected-note@+1 {{fewer steps, a smaller outlier shift or fewer positions make it narrower}}
  %p = snn.product %x, %x form<stored> : !snn.train<1x8>, !snn.train<1x8> -> !snn.current<1x8>
  %y = snn.fire %p unit(#snn.phase<steps = 4, threshold = 1.0>) site("product") role<product> layer(0)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  %c = snn.saw %y {weight = #ann.weight<"w", [4, 8]>} : !snn.train<1x8> -> !snn.current<1x4>
  snn.output %c site("logits") : !snn.current<1x4>
}

// -----

#tiny = #ann.config<vocabulary = 4, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// The largest codes and weights that the verifier lets through are still counted without overflow.
snn.network @largest_codes config#tiny {
  %e = snn.embed {weight = #ann.weight<"embed", [4, 8]>} : !snn.current<1x8>
  // expected-note@+2 {{driver 'embed' has codes of magnitude up to 1055531162664960}}
  // expected-note@+1 {{stored train 'embed' has codes of magnitude up to 1055531162664960}}
  %x = snn.fire %e unit(#snn.phase<steps = 30, levels = 15, threshold = 1.0, outlier_shift = 16>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  // expected-error@+2 {{accumulates 101 bits and has a multiplier of 10: needs 111 bits, but neuron inputs hold 62}}
  // expected-note@+1 {{make it narrower}}
  %p = snn.product %x, %x form<stored> : !snn.train<1x8>, !snn.train<1x8> -> !snn.current<1x8>
  %y = snn.fire %p unit(#snn.phase<steps = 4, threshold = 1.0>) site("product") role<product> layer(0)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  %c = snn.saw %y {weight = #ann.weight<"w", [4, 8]>} : !snn.train<1x8> -> !snn.current<1x4>
  snn.output %c site("logits") : !snn.current<1x4>
}

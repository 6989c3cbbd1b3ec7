// RUN: synfire-opt %s --split-input-file --verify-diagnostics --allow-unregistered-dialect

// S6: a current
// expected-error@below {{needs a current}}
%bad = snn.fire unit(#snn.phase<steps = 8, threshold = 1.0>) site("y") role<linear> layer(0) : () -> !snn.train<1x8>

// -----

// S6: shapes
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

snn.network @n config#tiny {
  %e = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
  %x = snn.fire %e unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  %l = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
  // expected-note@below {{accumulated here}}
  %s = snn.group_sum %x : !snn.train<1x8> -> !snn.current<1x1>
  // expected-error@below {{current 1 has type '!snn.current<1x1>', but the population needs '!snn.current<1x8>'}}
  %y = snn.fire %e, %s unit(#snn.phase<steps = 8, threshold = 1.0>) site("y") role<linear> layer(0)
    : (!snn.current<1x8>, !snn.current<1x1>) -> !snn.train<1x8>
  snn.output %l site("logits") : !snn.current<1x32>
}

// -----

// S6: a site
%e = builtin.unrealized_conversion_cast to !snn.current<1x8>
// expected-error@below {{needs a site: the name of the value it produces}}
%bad = snn.fire %e unit(#snn.phase<steps = 8, threshold = 1.0>) site("") role<linear> layer(0) : (!snn.current<1x8>) -> !snn.train<1x8>

// -----

// S6: bias
%e = builtin.unrealized_conversion_cast to !snn.current<1x8>
// expected-error@below {{bias must be finite}}
%bad = snn.fire %e unit(#snn.phase<steps = 8, threshold = 1.0>) site("y") role<linear> layer(0) {bias = 0x7FF0000000000000 : f64} : (!snn.current<1x8>) -> !snn.train<1x8>

// -----

// S6: membrane scale
%e = builtin.unrealized_conversion_cast to !snn.current<1x8>
// expected-error@below {{membrane_scale must be positive and finite}}
%bad = snn.fire %e unit(#snn.phase<steps = 8, threshold = 1.0>) site("y") role<linear> layer(0) {membrane_scale = 0.0 : f64} : (!snn.current<1x8>) -> !snn.train<1x8>

// -----

// S6: site of the output
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

snn.network @n config#tiny {
  %e = snn.embed {weight = #ann.weight<"embed", [32, 32]>} : !snn.current<1x32>
  // expected-error@below {{needs a site: the name of the value it produces}}
  snn.output %e site("") : !snn.current<1x32>
}

// -----

// S6: scale of the output
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

snn.network @n config#tiny {
  %e = snn.embed {weight = #ann.weight<"embed", [32, 32]>} : !snn.current<1x32>
  // expected-error@below {{membrane_scale must be positive and finite}}
  snn.output %e site("logits") {membrane_scale = -1.0 : f64} : !snn.current<1x32>
}

// -----

// S6: output per key
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

snn.network @n config#tiny {
  %e = snn.embed {weight = #ann.weight<"embed", [32, 32]>} : !snn.current<1x32>
  %k = builtin.unrealized_conversion_cast to !snn.current<1x32 per_key>
  // expected-error@below {{cannot give logits per key}}
  snn.output %k site("logits") : !snn.current<1x32 per_key>
}

// -----

// S7: layer before the model
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

snn.network @n config#tiny {
  %e = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
  %x = snn.fire %e unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  %l = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
  // expected-error@below {{is of layer -2, but the model has layers 0 to 0 (-1: before, 1: after them)}}
  %y = snn.fire %e unit(#snn.phase<steps = 8, threshold = 1.0>) site("y") role<linear> layer(-2) : (!snn.current<1x8>) -> !snn.train<1x8>
  snn.output %l site("logits") : !snn.current<1x32>
}

// -----

// S7: layer after the model
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

snn.network @n config#tiny {
  %e = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
  %x = snn.fire %e unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  %l = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
  // expected-error@below {{is of layer 2, but the model has layers 0 to 0 (-1: before, 1: after them)}}
  %y = snn.fire %e unit(#snn.phase<steps = 8, threshold = 1.0>) site("y") role<linear> layer(2) : (!snn.current<1x8>) -> !snn.train<1x8>
  snn.output %l site("logits") : !snn.current<1x32>
}

// -----

// S7: different sites
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

snn.network @n config#tiny {
  %e = snn.embed {weight = #ann.weight<"embed", [32, 32]>} : !snn.current<1x32>
  // expected-note@below {{produced here}}
  %x = snn.fire %e unit(#snn.phase<steps = 8, threshold = 1.0>) site("logits") role<embedding> layer(-1)
    : (!snn.current<1x32>) -> !snn.train<1x32>
  %l = snn.identity %x : !snn.train<1x32> -> !snn.current<1x32>
  // expected-error@below {{produces site 'logits', which has a producer already}}
  snn.output %l site("logits") : !snn.current<1x32>
}

// -----

// S8: arguments
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// expected-error@below {{takes no block arguments: the token drives 'snn.embed'}}
snn.network @n config#tiny {
^bb0(%token: i32):
  %e = snn.embed {weight = #ann.weight<"embed", [32, 32]>} : !snn.current<1x32>
  snn.output %e site("logits") : !snn.current<1x32>
}

// -----

// S8: end
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// expected-error@below {{must end with 'snn.output'}}
snn.network @n config#tiny {
  "other.end"() : () -> ()
}

// -----

// S8: dendrites and populations only
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

snn.network @n config#tiny {
  %e = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
  %x = snn.fire %e unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  %l = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
  // expected-error@below {{is neither a dendrite nor a population}}
  "other.op"() : () -> ()
  snn.output %l site("logits") : !snn.current<1x32>
}

// -----

// S8: logits
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

snn.network @n config#tiny {
  %e = snn.embed {weight = #ann.weight<"embed", [32, 32]>} : !snn.current<1x32>
  %s = snn.embed {weight = #ann.weight<"small", [32, 8]>} : !snn.current<1x8>
  // expected-error@below {{gives 8 logits, but the vocabulary has 32 tokens}}
  snn.output %s site("logits") : !snn.current<1x8>
}

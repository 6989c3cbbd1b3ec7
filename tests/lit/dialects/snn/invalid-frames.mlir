// RUN: synfire-opt %s --split-input-file --verify-diagnostics

#tiny = #ann.config<vocabulary = 4, hidden = 2, intermediate = 2, layers = 1,
                    heads = 1, key_value_heads = 1, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// S11: frames
// expected-error@+1 {{frames is 0, but must lie in 1 to 256}}
snn.network @no_frames config#tiny frames(0) {
  %c = snn.embed {weight = #ann.weight<"embed", [4, 2]>} : !snn.current<1x2>
  %x = snn.fire %c unit(#snn.number<bits = 8, full_scale = 1.0>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x2>) -> !snn.train<1x2>
  %l = snn.saw %x {weight = #ann.weight<"lm_head", [4, 2]>} : !snn.train<1x2> -> !snn.current<1x4>
  snn.output %l site("logits") : !snn.current<1x4>
}

// -----

#tiny = #ann.config<vocabulary = 4, hidden = 2, intermediate = 2, layers = 1,
                    heads = 1, key_value_heads = 1, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// S11: frames
// expected-error@+1 {{frames is 257, but must lie in 1 to 256}}
snn.network @too_many_frames config#tiny frames(257) {
  %c = snn.embed {weight = #ann.weight<"embed", [4, 2]>} : !snn.current<1x2>
  %x = snn.fire %c unit(#snn.number<bits = 8, full_scale = 1.0>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x2>) -> !snn.train<1x2>
  %l = snn.saw %x {weight = #ann.weight<"lm_head", [4, 2]>} : !snn.train<1x2> -> !snn.current<1x4>
  snn.output %l site("logits") : !snn.current<1x4>
}

// -----

#tiny = #ann.config<vocabulary = 4, hidden = 2, intermediate = 2, layers = 1,
                    heads = 1, key_value_heads = 1, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// S11: a phase code
snn.network @phase_in_frames config#tiny frames(2) {
  %c = snn.embed {weight = #ann.weight<"embed", [4, 2]>} : !snn.current<1x2>
  // expected-error@+1 {{cannot be part of a network of 2 frame(s): a phase code needs its whole input at once}}
  %x = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x2>) -> !snn.train<1x2>
  %l = snn.saw %x {weight = #ann.weight<"lm_head", [4, 2]>} : !snn.train<1x2> -> !snn.current<1x4>
  snn.output %l site("logits") : !snn.current<1x4>
}

// -----

#tiny = #ann.config<vocabulary = 4, hidden = 2, intermediate = 2, layers = 1,
                    heads = 1, key_value_heads = 1, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// S11: FS banks
snn.network @banks_in_frames config#tiny frames(2) {
  %c = snn.embed {weight = #ann.weight<"embed", [4, 2]>} : !snn.current<1x2>
  // expected-error@+1 {{cannot be part of a network of 2 frame(s): banks of firing tables need their whole input at once}}
  %x = snn.fire %c unit(#snn.hg<silu, fs, steps = 8, full_scale = 1.0, input_limit = 1.0>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x2>) -> !snn.train<1x2>
  %l = snn.saw %x {weight = #ann.weight<"lm_head", [4, 2]>} : !snn.train<1x2> -> !snn.current<1x4>
  snn.output %l site("logits") : !snn.current<1x4>
}

// -----

#tiny = #ann.config<vocabulary = 4, hidden = 2, intermediate = 2, layers = 1,
                    heads = 1, key_value_heads = 1, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>
#whole = #snn.table<steps = 1, banks = [<threshold = [4], decrement = [4], payload = [1]>], membrane_scale = 0.25, code_scale = 1.0>

// S11: a neuron of the whole input
snn.network @whole_in_frames config#tiny frames(2) {
  %c = snn.embed {weight = #ann.weight<"embed", [4, 2]>} : !snn.current<1x2>
  // expected-error@+1 {{cannot be part of a network of 2 frame(s): the neuron needs its whole input at once}}
  %x = snn.fire %c unit(#whole) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x2>) -> !snn.train<1x2>
  %l = snn.saw %x {weight = #ann.weight<"lm_head", [4, 2]>} : !snn.train<1x2> -> !snn.current<1x4>
  snn.output %l site("logits") : !snn.current<1x4>
}

// -----

#tiny = #ann.config<vocabulary = 4, hidden = 2, intermediate = 2, layers = 1,
                    heads = 1, key_value_heads = 1, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>
#streamed = #snn.table<steps = 4, input = streamed, banks = [<threshold = [4, 4, 4, 4], decrement = [4, 4, 4, 4], payload = [1, 1, 1, 1]>],
                       membrane_scale = 0.25, code_scale = 1.0>

// S11: a streamed neuron
snn.network @streamed_in_one_frame config#tiny {
  %c = snn.embed {weight = #ann.weight<"embed", [4, 2]>} : !snn.current<1x2>
  // expected-error@+1 {{cannot be part of a network of 1 frame(s): a streamed neuron needs a network of several frames}}
  %x = snn.fire %c unit(#streamed) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x2>) -> !snn.train<1x2>
  %l = snn.saw %x {weight = #ann.weight<"lm_head", [4, 2]>} : !snn.train<1x2> -> !snn.current<1x4>
  snn.output %l site("logits") : !snn.current<1x4>
}

// -----

#tiny = #ann.config<vocabulary = 4, hidden = 2, intermediate = 2, layers = 1,
                    heads = 1, key_value_heads = 1, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>
#streamed = #snn.table<steps = 4, input = streamed, banks = [<threshold = [4, 4, 4, 4], decrement = [4, 4, 4, 4], payload = [1, 1, 1, 1]>],
                       membrane_scale = 0.25, code_scale = 1.0>

// S11: steps
snn.network @uneven_steps config#tiny frames(3) {
  %c = snn.embed {weight = #ann.weight<"embed", [4, 2]>} : !snn.current<1x2>
  // expected-error@+1 {{cannot be part of a network of 3 frame(s): its 4 steps are no multiple of the frames}}
  %x = snn.fire %c unit(#streamed) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x2>) -> !snn.train<1x2>
  %l = snn.saw %x {weight = #ann.weight<"lm_head", [4, 2]>} : !snn.train<1x2> -> !snn.current<1x4>
  snn.output %l site("logits") : !snn.current<1x4>
}

// -----

#tiny = #ann.config<vocabulary = 4, hidden = 2, intermediate = 2, layers = 1,
                    heads = 1, key_value_heads = 1, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>
#streamed = #snn.table<steps = 4, input = streamed, banks = [<threshold = [4, 4, 4, 4], decrement = [4, 4, 4, 4], payload = [1, 1, 1, 1]>],
                       membrane_scale = 0.25, code_scale = 1.0>

// S11: averaged input
snn.network @averaged_too_often config#tiny frames(2) {
  %c = snn.embed {weight = #ann.weight<"embed", [4, 2]>} : !snn.current<1x2>
  // expected-error@+1 {{averaged_input is 3, but must lie in 0 to 2}}
  %x = snn.fire %c unit(#streamed) site("embed") role<embedding> layer(-1) {averaged_input = 3 : i64}
    : (!snn.current<1x2>) -> !snn.train<1x2>
  %l = snn.saw %x {weight = #ann.weight<"lm_head", [4, 2]>} : !snn.train<1x2> -> !snn.current<1x4>
  snn.output %l site("logits") : !snn.current<1x4>
}

// -----

#tiny = #ann.config<vocabulary = 4, hidden = 2, intermediate = 2, layers = 1,
                    heads = 1, key_value_heads = 1, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// S11: accumulated output
snn.network @accumulated_number config#tiny frames(2) {
  %c = snn.embed {weight = #ann.weight<"embed", [4, 2]>} : !snn.current<1x2>
  // expected-error@+1 {{has accumulated_output, but its unit is no digital function}}
  %x = snn.fire %c unit(#snn.number<bits = 8, full_scale = 1.0>) site("embed") role<embedding> layer(-1) {accumulated_output}
    : (!snn.current<1x2>) -> !snn.train<1x2>
  %l = snn.saw %x {weight = #ann.weight<"lm_head", [4, 2]>} : !snn.train<1x2> -> !snn.current<1x4>
  snn.output %l site("logits") : !snn.current<1x4>
}

// -----

#tiny = #ann.config<vocabulary = 4, hidden = 2, intermediate = 2, layers = 1,
                    heads = 1, key_value_heads = 1, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// S11: compensation
snn.network @compensated_in_one_frame config#tiny {
  %c = snn.embed {weight = #ann.weight<"embed", [4, 2]>} : !snn.current<1x2>
  // expected-error@+1 {{compensates for parts of a value, but a network of one frame has none}}
  %x = snn.fire %c unit(#snn.number<bits = 8, full_scale = 1.0>) site("embed") role<embedding> layer(-1) {averaged_input = 1 : i64}
    : (!snn.current<1x2>) -> !snn.train<1x2>
  %l = snn.saw %x {weight = #ann.weight<"lm_head", [4, 2]>} : !snn.train<1x2> -> !snn.current<1x4>
  snn.output %l site("logits") : !snn.current<1x4>
}

// -----

#tiny = #ann.config<vocabulary = 4, hidden = 2, intermediate = 2, layers = 1,
                    heads = 1, key_value_heads = 1, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// S11: embedding
snn.network @every_frame_of_one config#tiny {
  // expected-error@+1 {{enters in every frame, but the network has one alone}}
  %c = snn.embed {every_frame, weight = #ann.weight<"embed", [4, 2]>} : !snn.current<1x2>
  %x = snn.fire %c unit(#snn.number<bits = 8, full_scale = 1.0>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x2>) -> !snn.train<1x2>
  %l = snn.saw %x {weight = #ann.weight<"lm_head", [4, 2]>} : !snn.train<1x2> -> !snn.current<1x4>
  snn.output %l site("logits") : !snn.current<1x4>
}

// -----

#tiny = #ann.config<vocabulary = 4, hidden = 2, intermediate = 2, layers = 1,
                    heads = 1, key_value_heads = 1, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>
#streamed = #snn.table<steps = 4, input = streamed, banks = [<threshold = [4, 4, 4, 4], decrement = [4, 4, 4, 4], payload = [1, 1, 1, 1]>],
                       membrane_scale = 0.25, code_scale = 1.0>

// S11: products
snn.network @stored_in_frames config#tiny frames(2) {
  %c = snn.embed {weight = #ann.weight<"embed", [4, 2]>} : !snn.current<1x2>
  %x = snn.fire %c unit(#streamed) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x2>) -> !snn.train<1x2>
  // expected-error@+1 {{is stored, but operands that stream in 2 frames are concurrent}}
  %p = snn.product %x, %x form<stored> : !snn.train<1x2>, !snn.train<1x2> -> !snn.current<1x2>
  %y = snn.fire %p unit(#streamed) site("product") role<product> layer(0) : (!snn.current<1x2>) -> !snn.train<1x2>
  %l = snn.saw %y {weight = #ann.weight<"lm_head", [4, 2]>} : !snn.train<1x2> -> !snn.current<1x4>
  snn.output %l site("logits") : !snn.current<1x4>
}

// -----

#tiny = #ann.config<vocabulary = 4, hidden = 2, intermediate = 2, layers = 1,
                    heads = 1, key_value_heads = 1, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>
#whole = #snn.table<steps = 1, banks = [<threshold = [4], decrement = [4], payload = [1]>], membrane_scale = 0.25, code_scale = 1.0>

// S12: one factor a neuron
snn.network @one_scale config#tiny {
  %c = snn.embed {weight = #ann.weight<"embed", [4, 2]>} : !snn.current<1x2>
  // expected-error@+1 {{has channel_scale of 1 factors, but 2 neurons}}
  %x = snn.fire %c unit(#whole) site("embed") role<embedding> layer(-1) {channel_scale = array<f64: 1.0>}
    : (!snn.current<1x2>) -> !snn.train<1x2>
  %l = snn.saw %x {weight = #ann.weight<"lm_head", [4, 2]>} : !snn.train<1x2> -> !snn.current<1x4>
  snn.output %l site("logits") : !snn.current<1x4>
}

// -----

#tiny = #ann.config<vocabulary = 4, hidden = 2, intermediate = 2, layers = 1,
                    heads = 1, key_value_heads = 1, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>
#whole = #snn.table<steps = 1, banks = [<threshold = [4], decrement = [4], payload = [1]>], membrane_scale = 0.25, code_scale = 1.0>

// S12: positive
snn.network @no_scale config#tiny {
  %c = snn.embed {weight = #ann.weight<"embed", [4, 2]>} : !snn.current<1x2>
  // expected-error@+1 {{channel_scale must be positive and finite}}
  %x = snn.fire %c unit(#whole) site("embed") role<embedding> layer(-1) {channel_scale = array<f64: 1.0, 0.0>}
    : (!snn.current<1x2>) -> !snn.train<1x2>
  %l = snn.saw %x {weight = #ann.weight<"lm_head", [4, 2]>} : !snn.train<1x2> -> !snn.current<1x4>
  snn.output %l site("logits") : !snn.current<1x4>
}

// -----

#tiny = #ann.config<vocabulary = 4, hidden = 2, intermediate = 2, layers = 1,
                    heads = 1, key_value_heads = 1, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// S12: tables alone
snn.network @scaled_number config#tiny {
  %c = snn.embed {weight = #ann.weight<"embed", [4, 2]>} : !snn.current<1x2>
  // expected-error@+1 {{has channel_scale, but its unit is no '#snn.table'}}
  %x = snn.fire %c unit(#snn.number<bits = 8, full_scale = 1.0>) site("embed") role<embedding> layer(-1) {channel_scale = array<f64: 1.0, 1.0>}
    : (!snn.current<1x2>) -> !snn.train<1x2>
  %l = snn.saw %x {weight = #ann.weight<"lm_head", [4, 2]>} : !snn.train<1x2> -> !snn.current<1x4>
  snn.output %l site("logits") : !snn.current<1x4>
}

// -----

#tiny = #ann.config<vocabulary = 4, hidden = 2, intermediate = 2, layers = 1,
                    heads = 1, key_value_heads = 1, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>
#whole = #snn.table<steps = 1, banks = [<threshold = [4], decrement = [4], payload = [1]>], membrane_scale = 0.25, code_scale = 1.0>

// S12: readers
snn.network @scaled_and_summed config#tiny {
  %c = snn.embed {weight = #ann.weight<"embed", [4, 2]>} : !snn.current<1x2>
  // expected-error@+1 {{has channel_scale, but its train is read by 'snn.identity', which has no weights to take it in}}
  %x = snn.fire %c unit(#whole) site("embed") role<embedding> layer(-1) {channel_scale = array<f64: 1.0, 2.0>}
    : (!snn.current<1x2>) -> !snn.train<1x2>
  // expected-note@+1 {{read here}}
  %i = snn.identity %x : !snn.train<1x2> -> !snn.current<1x2>
  %y = snn.fire %i unit(#whole) site("sum") role<residual> layer(0) : (!snn.current<1x2>) -> !snn.train<1x2>
  %l = snn.saw %y {weight = #ann.weight<"lm_head", [4, 2]>} : !snn.train<1x2> -> !snn.current<1x4>
  snn.output %l site("logits") : !snn.current<1x4>
}

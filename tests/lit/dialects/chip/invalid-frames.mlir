// RUN: synfire-opt %s --split-input-file --verify-diagnostics

#tiny = #ann.config<vocabulary = 4, hidden = 2, intermediate = 2, layers = 1,
                    heads = 1, key_value_heads = 1, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// S11: the network's constraints hold on cores, too
chip.system @phase_in_frames config#tiny frames(2) hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  %x = chip.group "embed" fire_level(0) slots(1) block(1x2) cores([0]) {
    %c = snn.embed {weight = #ann.weight<"embed", [4, 2]>} : !snn.current<1x2>
    // expected-error@+1 {{cannot be part of a network of 2 frame(s): a phase code needs its whole input at once}}
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x2>) -> !snn.train<1x2>
    chip.yield %t : !snn.train<1x2>
  } : !snn.train<1x2>
  chip.group "logits" fire_level(1) slots(2) block(1x4) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"lm_head", [4, 2]>} : !snn.train<1x2> -> !snn.current<1x4>
    snn.output %c site("logits") : !snn.current<1x4>
  }
}

// -----

#tiny = #ann.config<vocabulary = 4, hidden = 2, intermediate = 2, layers = 1,
                    heads = 1, key_value_heads = 1, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>
#whole = #snn.table<steps = 1, banks = [<threshold = [4], decrement = [4], payload = [1]>], membrane_scale = 0.25, code_scale = 1.0>

// S12: readers of the group's train
chip.system @scaled_and_summed config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  %x = chip.group "embed" fire_level(0) slots(1) block(1x2) cores([0]) {
    %c = snn.embed {weight = #ann.weight<"embed", [4, 2]>} : !snn.current<1x2>
    // expected-error@+1 {{has channel_scale, but its train is read by 'snn.identity', which has no weights to take it in}}
    %t = snn.fire %c unit(#whole) site("embed") role<embedding> layer(-1) {channel_scale = array<f64: 1.0, 2.0>}
      : (!snn.current<1x2>) -> !snn.train<1x2>
    chip.yield %t : !snn.train<1x2>
  } : !snn.train<1x2>
  %y = chip.group "sum" fire_level(1) slots(2) block(1x2) cores([1]) {
    // expected-note@+1 {{read here}}
    %c = snn.identity %x : !snn.train<1x2> -> !snn.current<1x2>
    %t = snn.fire %c unit(#whole) site("sum") role<residual> layer(0) : (!snn.current<1x2>) -> !snn.train<1x2>
    chip.yield %t : !snn.train<1x2>
  } : !snn.train<1x2>
  chip.group "logits" fire_level(2) slots(2) block(1x4) cores([3]) {
    %c = snn.saw %y {weight = #ann.weight<"lm_head", [4, 2]>} : !snn.train<1x2> -> !snn.current<1x4>
    snn.output %c site("logits") : !snn.current<1x4>
  }
}

// -----

#tiny = #ann.config<vocabulary = 4, hidden = 2, intermediate = 2, layers = 1,
                    heads = 1, key_value_heads = 1, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>
#number = #snn.number<bits = 8, full_scale = 1.0>

// C5: operands of a product stream in one window
chip.system @product_of_two_windows config#tiny frames(4) hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  // expected-note@+1 {{'embed' fires here}}
  %x = chip.group "embed" fire_level(0) slots(1) block(1x2) cores([0]) {
    %c = snn.embed {every_frame, weight = #ann.weight<"embed", [4, 2]>} : !snn.current<1x2>
    %t = snn.fire %c unit(#number) site("embed") role<embedding> layer(-1) : (!snn.current<1x2>) -> !snn.train<1x2>
    chip.yield %t : !snn.train<1x2>
  } : !snn.train<1x2>
  %y = chip.group "copy" fire_level(1) slots(2) block(1x2) cores([1]) {
    %c = snn.identity %x : !snn.train<1x2> -> !snn.current<1x2>
    %t = snn.fire %c unit(#number) site("copy") role<linear> layer(0) : (!snn.current<1x2>) -> !snn.train<1x2>
    chip.yield %t : !snn.train<1x2>
  } : !snn.train<1x2>
  %z = chip.group "product" fire_level(2) slots(3) block(1x2) cores([2]) {
    // expected-error@+1 {{multiplies 'copy' of fire level 1 with 'embed' of level 0, but both must stream in one window}}
    %c = snn.product %y, %x form<concurrent> : !snn.train<1x2>, !snn.train<1x2> -> !snn.current<1x2>
    %t = snn.fire %c unit(#number) site("product") role<product> layer(0) : (!snn.current<1x2>) -> !snn.train<1x2>
    chip.yield %t : !snn.train<1x2>
  } : !snn.train<1x2>
  chip.group "logits" fire_level(3) slots(2) block(1x4) cores([3]) {
    %c = snn.saw %z {weight = #ann.weight<"lm_head", [4, 2]>} : !snn.train<1x2> -> !snn.current<1x4>
    snn.output %c site("logits") : !snn.current<1x4>
  }
}

// -----

#tiny = #ann.config<vocabulary = 4, hidden = 2, intermediate = 2, layers = 1,
                    heads = 1, key_value_heads = 1, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>
#rehearsed = #snn.table<steps = 4, input = streamed, rehearsal = average, rehearsal_steps = 4,
                        banks = [<threshold = [4, 4, 4, 4], decrement = [4, 4, 4, 4], payload = [1, 1, 1, 1]>],
                        membrane_scale = 0.25, code_scale = 1.0>

// C5: a rehearsal waits for all frames
chip.system @early_rehearsal config#tiny frames(4) hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  %x = chip.group "embed" fire_level(0) slots(1) block(1x2) cores([0]) {
    %c = snn.embed {every_frame, weight = #ann.weight<"embed", [4, 2]>} : !snn.current<1x2>
    %t = snn.fire %c unit(#snn.number<bits = 8, full_scale = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x2>) -> !snn.train<1x2>
    chip.yield %t : !snn.train<1x2>
  } : !snn.train<1x2>
  // expected-error@+1 {{rehearses 4 frames of an operand of fire level 0, but fires at level 3}}
  %y = chip.group "rehearsed" fire_level(3) slots(4) block(1x2) cores([1]) {
    %c = snn.identity %x : !snn.train<1x2> -> !snn.current<1x2>
    %t = snn.fire %c unit(#rehearsed) site("rehearsed") role<linear> layer(0) : (!snn.current<1x2>) -> !snn.train<1x2>
    chip.yield %t : !snn.train<1x2>
  } : !snn.train<1x2>
  chip.group "logits" fire_level(4) slots(2) block(1x4) cores([3]) {
    %c = snn.saw %y {weight = #ann.weight<"lm_head", [4, 2]>} : !snn.train<1x2> -> !snn.current<1x4>
    snn.output %c site("logits") : !snn.current<1x4>
  }
}

// RUN: synfire-opt %s --split-input-file --verify-diagnostics --allow-unregistered-dialect

// C3: arguments
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

chip.system @s config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  // expected-error@below {{takes no block arguments}}
  %x = chip.group "embed" fire_level(0) slots(1) block(1x4) cores([0 to 1]) {
  ^bb0(%a: i32):
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  chip.group "logits" fire_level(9) slots(10) block(1x32) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    snn.output %c site("logits") : !snn.current<1x32>
  }
}

// -----

// C3: end
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

chip.system @s config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  // expected-error@below {{must end with 'chip.yield' or 'snn.output'}}
  %x = chip.group "embed" fire_level(0) slots(1) block(1x4) cores([0 to 1]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    "other.end"() : () -> ()
  } : !snn.train<1x8>
  chip.group "logits" fire_level(9) slots(10) block(1x32) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    snn.output %c site("logits") : !snn.current<1x32>
  }
}

// -----

// C3: own train
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

chip.system @s config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  %x = chip.group "embed" fire_level(0) slots(1) block(1x4) cores([0 to 1]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  // expected-error@below {{must yield the train of its own 'snn.fire'}}
  %y = chip.group "y" fire_level(1) slots(1) block(1x8) cores([2]) {
    chip.yield %x : !snn.train<1x8>
  } : !snn.train<1x8>
  chip.group "logits" fire_level(9) slots(10) block(1x32) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    snn.output %c site("logits") : !snn.current<1x32>
  }
}

// -----

// C3: body
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

chip.system @s config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  %x = chip.group "embed" fire_level(0) slots(1) block(1x4) cores([0 to 1]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    // expected-error@below {{is neither a dendrite nor the population of the group}}
    builtin.unrealized_conversion_cast to i32
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  chip.group "logits" fire_level(9) slots(10) block(1x32) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    snn.output %c site("logits") : !snn.current<1x32>
  }
}

// -----

// C3: site
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

chip.system @s config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  // expected-error@below {{is named 'other', but its population is 'embed'}}
  %x = chip.group "other" fire_level(0) slots(1) block(1x4) cores([0 to 1]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  chip.group "logits" fire_level(9) slots(10) block(1x32) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    snn.output %c site("logits") : !snn.current<1x32>
  }
}

// -----

// C3: result
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

chip.system @s config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  // expected-error@below {{must have the result '!snn.train<1x8>'}}
  chip.group "embed" fire_level(0) slots(1) block(1x4) cores([0 to 1]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  }
  chip.group "logits" fire_level(0) slots(1) block(1x32) cores([3]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 32]>} : !snn.current<1x32>
    snn.output %c site("logits") : !snn.current<1x32>
  }
}

// -----

// C3: no result of the output
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

chip.system @s config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  %x = chip.group "embed" fire_level(0) slots(1) block(1x4) cores([0 to 1]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  // expected-error@below {{must have no result, since it ends with 'snn.output'}}
  %y = chip.group "logits" fire_level(9) slots(10) block(1x32) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    snn.output %c site("logits") : !snn.current<1x32>
  } : !snn.train<1x32>
}

// -----

// C4: positive block
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

chip.system @s config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  // expected-error@below {{block must be two positive sizes}}
  %x = chip.group "embed" fire_level(0) slots(1) block(1x0) cores([0 to 1]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  chip.group "logits" fire_level(9) slots(10) block(1x32) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    snn.output %c site("logits") : !snn.current<1x32>
  }
}

// -----

// C4: size of the block
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

chip.system @s config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  // expected-error@below {{block 1x16 exceeds the population of 1x8 neurons}}
  %x = chip.group "embed" fire_level(0) slots(1) block(1x16) cores([0 to 1]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  chip.group "logits" fire_level(9) slots(10) block(1x32) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    snn.output %c site("logits") : !snn.current<1x32>
  }
}

// -----

// C4: a core for each block
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

chip.system @s config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  // expected-error@below {{2 cores for 3 blocks of 1x3 that cover 1x8 neurons}}
  %x = chip.group "embed" fire_level(0) slots(1) block(1x3) cores([0 to 1]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  chip.group "logits" fire_level(9) slots(10) block(1x32) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    snn.output %c site("logits") : !snn.current<1x32>
  }
}

// -----

// C4: a core for each input part
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

chip.system @s config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  // expected-error@below {{2 cores for 1 blocks of 1x8 that cover 1x8 neurons, each in 3 input parts}}
  %x = chip.group "embed" fire_level(0) slots(1) block(1x8) input_parts(3) cores([0 to 1]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  chip.group "logits" fire_level(9) slots(10) block(1x32) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    snn.output %c site("logits") : !snn.current<1x32>
  }
}

// -----

// C4: cores of the system
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

chip.system @s config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  // expected-error@below {{core 4 is not in the system, which has cores 0 to 3}}
  %x = chip.group "embed" fire_level(0) slots(1) block(1x4) cores([3 to 4]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  chip.group "logits" fire_level(9) slots(10) block(1x32) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    snn.output %c site("logits") : !snn.current<1x32>
  }
}

// -----

// C4: runs ascend
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

chip.system @s config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  // expected-error@below {{a run of cores must ascend}}
  %x = chip.group "embed" fire_level(0) slots(1) block(1x4) cores([1 to 0]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  chip.group "logits" fire_level(9) slots(10) block(1x32) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    snn.output %c site("logits") : !snn.current<1x32>
  }
}

// -----

// C4: number of cores
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

chip.system @s config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  // expected-error@below {{more than 16777216 cores}}
  %x = chip.group "embed" fire_level(0) slots(1) block(1x4) cores([0 to 2000000000]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  chip.group "logits" fire_level(9) slots(10) block(1x32) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    snn.output %c site("logits") : !snn.current<1x32>
  }
}

// -----

// C5: levels ascend from driver to reader
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

chip.system @s config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  // expected-note@below {{'embed' fires here}}
  %x = chip.group "embed" fire_level(0) slots(1) block(1x4) cores([0 to 1]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  %y = chip.group "y" fire_level(0) slots(1) block(1x8) cores([2]) {
    // expected-error@below {{of group 'y' reads 'embed' of fire level 0, but the group is of level 0}}
    %c = snn.identity %x : !snn.train<1x8> -> !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("y") role<linear> layer(0)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  chip.group "logits" fire_level(9) slots(10) block(1x32) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    snn.output %c site("logits") : !snn.current<1x32>
  }
}

// -----

// C5: levels ascend from stored train to reader
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

chip.system @s config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  %x = chip.group "embed" fire_level(0) slots(1) block(1x4) cores([0 to 1]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  // expected-note@below {{'y' fires here}}
  %y = chip.group "y" fire_level(1) slots(2) block(1x8) cores([2]) {
    %c = snn.identity %x : !snn.train<1x8> -> !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("y") role<linear> layer(0)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  %z = chip.group "z" fire_level(1) slots(2) block(1x8) cores([2]) {
    // expected-error@below {{of group 'z' reads 'y' of fire level 1, but the group is of level 1}}
    %c = snn.product %x, %y form<concurrent> : !snn.train<1x8>, !snn.train<1x8> -> !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("z") role<linear> layer(0)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  chip.group "logits" fire_level(9) slots(10) block(1x32) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    snn.output %c site("logits") : !snn.current<1x32>
  }
}

// -----

// C5: a stored train is complete before its driver fires
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

chip.system @s config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  %x = chip.group "embed" fire_level(0) slots(1) block(1x4) cores([0 to 1]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  // expected-note@below {{'y' fires here}}
  %y = chip.group "y" fire_level(1) slots(2) block(1x8) cores([2]) {
    %c = snn.identity %x : !snn.train<1x8> -> !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("y") role<linear> layer(0)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  %z = chip.group "z" fire_level(2) slots(3) block(1x8) cores([2]) {
    // expected-error@below {{of group 'z' reads 'y' of fire level 1, but the driver is of level 0}}
    %c = snn.product %x, %y form<stored> : !snn.train<1x8>, !snn.train<1x8> -> !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("z") role<linear> layer(0)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  chip.group "logits" fire_level(9) slots(10) block(1x32) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    snn.output %c site("logits") : !snn.current<1x32>
  }
}

// -----

// C5: slots of an embedding
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

chip.system @s config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  // expected-error@below {{has 2 slots, but needs 1: it fires at level 0 and its earliest operand at level 0}}
  %x = chip.group "embed" fire_level(0) slots(2) block(1x4) cores([0 to 1]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  chip.group "logits" fire_level(9) slots(10) block(1x32) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    snn.output %c site("logits") : !snn.current<1x32>
  }
}

// -----

// C5: slots
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

chip.system @s config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  %x = chip.group "embed" fire_level(0) slots(1) block(1x4) cores([0 to 1]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  // expected-error@below {{has 1 slots, but needs 2: it fires at level 1 and its earliest operand at level 0}}
  %y = chip.group "y" fire_level(1) slots(1) block(1x8) cores([2]) {
    %c = snn.identity %x : !snn.train<1x8> -> !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("y") role<linear> layer(0)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  chip.group "logits" fire_level(9) slots(10) block(1x32) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    snn.output %c site("logits") : !snn.current<1x32>
  }
}

// -----

// C5: trains of groups
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

chip.system @s config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  %no = builtin.unrealized_conversion_cast to !snn.train<1x8>
  %x = chip.group "embed" fire_level(0) slots(1) block(1x4) cores([0 to 1]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  %y = chip.group "y" fire_level(1) slots(1) block(1x8) cores([2]) {
    // expected-error@below {{takes a train that no group yields}}
    %c = snn.identity %no : !snn.train<1x8> -> !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("y") role<linear> layer(0)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  chip.group "logits" fire_level(9) slots(10) block(1x32) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    snn.output %c site("logits") : !snn.current<1x32>
  }
}

// -----

// C5: levels start at 0
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

chip.system @s config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  // expected-error@below {{attribute 'fire_level' failed to satisfy constraint: integer whose value is non-negative}}
  %x = chip.group "embed" fire_level(-1) slots(1) block(1x4) cores([0 to 1]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  chip.group "logits" fire_level(9) slots(10) block(1x32) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    snn.output %c site("logits") : !snn.current<1x32>
  }
}

// RUN: synfire-opt %s --split-input-file --verify-diagnostics --allow-unregistered-dialect

// C1: chips
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// expected-error@below {{chips must be two positive sizes}}
chip.system @s config#tiny hw("loihi2") chips(0x1) cores_per_chip(4) placement("hilbert") {
  %x = chip.group "embed" fire_level(0) slots(1) block(1x4) cores([0 to 1]) {
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

// C1: number of cores
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// expected-error@below {{has more than 2147483647 cores}}
chip.system @s config#tiny hw("loihi2") chips(65536x65536) cores_per_chip(4) placement("hilbert") {
  %x = chip.group "embed" fire_level(0) slots(1) block(1x4) cores([0 to 1]) {
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

// C1: hw-model
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// expected-error@below {{needs the name of a hw-model}}
chip.system @s config#tiny hw("") chips(1x1) cores_per_chip(4) placement("hilbert") {
  %x = chip.group "embed" fire_level(0) slots(1) block(1x4) cores([0 to 1]) {
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

// C1: two sizes
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// expected-error@below {{expected two sizes, as in 1x32}}
chip.system @s config#tiny hw("loihi2") chips(4) cores_per_chip(4) placement("hilbert") {
  %x = chip.group "embed" fire_level(0) slots(1) block(1x4) cores([0 to 1]) {
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

// C2: arguments
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// expected-error@below {{takes no block arguments}}
chip.system @s config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
^bb0(%token: i32):
  %x = chip.group "embed" fire_level(0) slots(1) block(1x4) cores([0 to 1]) {
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

// C2: groups only
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
  // expected-error@below {{is no 'chip.group'}}
  builtin.unrealized_conversion_cast to i32
  chip.group "logits" fire_level(9) slots(10) block(1x32) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    snn.output %c site("logits") : !snn.current<1x32>
  }
}

// -----

// C2: the output is last
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
  // expected-note@below {{the output is here}}
  chip.group "logits" fire_level(9) slots(10) block(1x32) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    snn.output %c site("logits") : !snn.current<1x32>
  }
  // expected-error@below {{follows the group of the output}}
  chip.group "more" fire_level(9) slots(10) block(1x32) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    snn.output %c site("more") : !snn.current<1x32>
  }
}

// -----

// C2: an output
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// expected-error@below {{has no group with 'snn.output'}}
chip.system @s config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  %x = chip.group "embed" fire_level(0) slots(1) block(1x4) cores([0 to 1]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
}

// -----

// C2: different sites (S7)
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

chip.system @s config#tiny hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  %x = chip.group "embed" fire_level(0) slots(1) block(1x4) cores([0 to 1]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    // expected-note@below {{produced here}}
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  %y = chip.group "embed" fire_level(0) slots(1) block(1x4) cores([0 to 1]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    // expected-error@below {{produces site 'embed', which has a producer already}}
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

// C2, S13: the tokens of a prefix
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// expected-error@below {{has token 40 in its prefix, but the vocabulary has tokens 0 to 31}}
chip.system @s config#tiny prefix([40]) hw("loihi2") chips(1x1) cores_per_chip(4) placement("hilbert") {
  %x = chip.group "embed" fire_level(0) slots(1) block(1x4) cores([0 to 1]) {
    %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
    %t = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
      : (!snn.current<1x8>) -> !snn.train<1x8>
    chip.yield %t : !snn.train<1x8>
  } : !snn.train<1x8>
  chip.group "logits" fire_level(1) slots(2) block(1x32) cores([3]) {
    %c = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
    snn.output %c site("logits") : !snn.current<1x32>
  }
}

// RUN: synfire-opt %s --split-input-file --verify-diagnostics --allow-unregistered-dialect

// A1: a name
// expected-error@below {{a weight needs the name of a tensor}}
module attributes {weight = #ann.weight<"", [8]>} {}

// -----

// A1: rank
// expected-error@below {{weight 'w' has 3 dimensions, but a weight is a vector or a matrix}}
module attributes {weight = #ann.weight<"w", [2, 2, 2]>} {}

// -----

// A1: sizes
// expected-error@below {{weight 'w' has a dimension of size 0, but sizes are positive}}
module attributes {weight = #ann.weight<"w", [8, 0]>} {}

// -----

// A2: sizes
// expected-error@below {{vocabulary is 0, but must be positive}}
module attributes {config = #ann.config<
    vocabulary = 0, hidden = 8, intermediate = 12, layers = 1,
    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>} {}

// -----

// A2: sharing of heads
// expected-error@below {{4 heads cannot share 3 key/value heads evenly}}
module attributes {config = #ann.config<
    vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
    heads = 4, key_value_heads = 3, head_width = 2, positions = 16,
    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>} {}

// -----

// A2: head width
// expected-error@below {{head_width is 3, but rotary embedding turns pairs of components}}
module attributes {config = #ann.config<
    vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
    heads = 4, key_value_heads = 2, head_width = 3, positions = 16,
    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>} {}

// -----

// A2: eps
// expected-error@below {{rms_norm_eps must be positive and finite}}
module attributes {config = #ann.config<
    vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
    rms_norm_eps = 0.0, rope_theta = 1.0E+4>} {}

// -----

// A2: theta
// expected-error@below {{rope_theta must be positive and finite}}
module attributes {config = #ann.config<
    vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
    rms_norm_eps = 1.0E-5, rope_theta = -1.0>} {}

// -----

// A3: rank
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  // expected-error@below {{weight 'embed' is a vector, but a table needs rows}}
  %x = ann.embedding %tokens weight<"embed", [8]> site("embed") : tensor<?x8xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

// A3: width
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  // expected-error@below {{weight 'embed' has shape [32, 6], but the operands need [32, 8]}}
  %x = ann.embedding %tokens weight<"embed", [32, 6]> site("embed") : tensor<?x8xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

// A4: gain
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  // expected-error@below {{gain 'g' has shape [7], but the input needs [8]}}
  %n = ann.rms_norm %x gain<"g", [7]> eps(1.0E-5) site("n") : tensor<?x8xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

// A4: eps
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  // expected-error@below {{eps must be positive and finite}}
  %n = ann.rms_norm %x gain<"g", [8]> eps(0.0) site("n") : tensor<?x8xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

// A4: type
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  // expected-error@below {{requires the same type for all operands and results}}
  %n = "ann.rms_norm"(%x) <{eps = 1.0E-5 : f64, gain = #ann.weight<"g", [8]>, site = "n"}> : (tensor<?x8xf32>) -> tensor<?x4xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

// A5: shape
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  // expected-error@below {{weight 'w' has shape [8, 4], but the operands need [4, 8]}}
  %n = ann.linear %x weight<"w", [8, 4]> site("n") : tensor<?x8xf32> -> tensor<?x4xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

// A6: pairs
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  // expected-error@below {{turns pairs of components, but a head has 1}}
  %n = ann.rotary %x heads(8) head_width(1) theta(1.0E+4) site("n") : tensor<?x8xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

// A6: width
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  // expected-error@below {{input is 8 wide, but has 3 heads of 2 components}}
  %n = ann.rotary %x heads(3) head_width(2) theta(1.0E+4) site("n") : tensor<?x8xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

// A6: theta
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  // expected-error@below {{theta must be positive and finite}}
  %n = ann.rotary %x heads(4) head_width(2) theta(0.0) site("n") : tensor<?x8xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

// A6: number of heads
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  // expected-error@below {{attribute 'heads' failed to satisfy constraint: integer whose value is positive}}
  %n = ann.rotary %x heads(0) head_width(2) theta(1.0) site("n") : tensor<?x8xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

// A6: a product that overflows
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  // expected-error@below {{input is 8 wide, but has 4611686018427387904 heads of 2 components}}
  %n = ann.rotary %x heads(4611686018427387904) head_width(2) theta(1.0) site("n") : tensor<?x8xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

// A7: heads
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  %k = ann.linear %x weight<"k", [4, 8]> site("k") : tensor<?x8xf32> -> tensor<?x4xf32>
  // expected-error@below {{queries are 8 wide, which is no multiple of 3 heads}}
  %o = ann.attention %x, %k, %k heads(3) key_value_heads(3) site("o")
    : tensor<?x8xf32>, tensor<?x4xf32>, tensor<?x4xf32> -> tensor<?x8xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

// A7: sharing
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  %k = ann.linear %x weight<"k", [4, 8]> site("k") : tensor<?x8xf32> -> tensor<?x4xf32>
  // expected-error@below {{4 heads cannot share 3 key/value heads evenly}}
  %o = ann.attention %x, %k, %k heads(4) key_value_heads(3) site("o")
    : tensor<?x8xf32>, tensor<?x4xf32>, tensor<?x4xf32> -> tensor<?x8xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

// A7: keys
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  %k = ann.linear %x weight<"k", [4, 8]> site("k") : tensor<?x8xf32> -> tensor<?x4xf32>
  // expected-error@below {{keys are 8 wide, but 2 heads of 2 components need 4}}
  %o = ann.attention %x, %x, %k heads(4) key_value_heads(2) site("o")
    : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x4xf32> -> tensor<?x8xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

// A7: values
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  %k = ann.linear %x weight<"k", [4, 8]> site("k") : tensor<?x8xf32> -> tensor<?x4xf32>
  // expected-error@below {{values are 8 wide, but 2 heads of 2 components need 4}}
  %o = ann.attention %x, %k, %x heads(4) key_value_heads(2) site("o")
    : tensor<?x8xf32>, tensor<?x4xf32>, tensor<?x8xf32> -> tensor<?x8xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

// A7: result
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  %k = ann.linear %x weight<"k", [4, 8]> site("k") : tensor<?x8xf32> -> tensor<?x4xf32>
  // expected-error@below {{result must have the type of the queries, 'tensor<?x8xf32>'}}
  %o = ann.attention %x, %k, %k heads(4) key_value_heads(2) site("o")
    : tensor<?x8xf32>, tensor<?x4xf32>, tensor<?x4xf32> -> tensor<?x4xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

// A8: tokens
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// expected-error@below {{needs exactly one block argument, the tokens, of type 'tensor<?xi32>'}}
ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>, %more: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

// A8: end
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// expected-error@below {{must end with 'ann.return'}}
ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  "other.end"() : () -> ()
}

// -----

// A8: logits
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  // expected-error@below {{returns 8 logits per token, but the vocabulary has 32 tokens}}
  ann.return %x : tensor<?x8xf32>
}

// -----

// A8: layers only
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  // expected-error@below {{is no layer of a model: it names no site}}
  builtin.unrealized_conversion_cast to tensor<?x8xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

// A8: place of the end
module {
  // expected-error@below {{expects parent op 'ann.model'}}
  "ann.return"(%x) : (tensor<?x8xf32>) -> ()
  %x = builtin.unrealized_conversion_cast to tensor<?x8xf32>
}

// -----

// A9: a site
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  // expected-error@below {{needs a site: the name of the value it produces}}
  %s = ann.silu %x site("") : tensor<?x8xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

// A9: different sites
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  // expected-note@below {{produced here}}
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  // expected-error@below {{produces site 'embed', which has a producer already}}
  %s = ann.silu %x site("embed") : tensor<?x8xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

// shape of values
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  %fixed = builtin.unrealized_conversion_cast to tensor<8x8xf32>
  // expected-error@below {{operand #0 must be one row of values per token: tensor<?xNxf32> with N > 0, but got 'tensor<8x8xf32>'}}
  %s = "ann.silu"(%fixed) <{site = "s"}> : (tensor<8x8xf32>) -> tensor<8x8xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

// A10: power of two
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  // expected-error@below {{a Hadamard block of 6 must be a power of two that divides the width 8}}
  %n = ann.hadamard %x block(6) site("n") : tensor<?x8xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

// A10: width
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  // expected-error@below {{a Hadamard block of 16 must be a power of two that divides the width 8}}
  %n = ann.hadamard %x block(16) site("n") : tensor<?x8xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

// A10: no block
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  // expected-error@below {{attribute 'block' failed to satisfy constraint: integer whose value is positive}}
  %n = ann.hadamard %x block(0) site("n") : tensor<?x8xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

// -----

// A10: what a weight undoes
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

ann.model @m config#tiny {
^bb0(%tokens: tensor<?xi32>):
  %x = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
  // expected-error@below {{a Hadamard block of 3 must be a power of two that divides the width 8}}
  %n = ann.linear %x weight<"w", [8, 8]> site("n") {input_hadamard = 3 : i64} : tensor<?x8xf32> -> tensor<?x8xf32>
  %l = ann.linear %x weight<"embed", [32, 8]> site("logits") : tensor<?x8xf32> -> tensor<?x32xf32>
  ann.return %l : tensor<?x32xf32>
}

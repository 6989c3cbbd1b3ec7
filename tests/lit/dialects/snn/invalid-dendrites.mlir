// RUN: synfire-opt %s --split-input-file --verify-diagnostics --allow-unregistered-dialect

// S4: embed, rank
// expected-error@below {{weight 'g' is a vector, but a table needs rows}}
%bad = snn.embed {weight = #ann.weight<"g", [8]>} : !snn.current<1x8>

// -----

// S4: embed, width
// expected-error@below {{result has 4 neurons, but needs 8}}
%bad = snn.embed {weight = #ann.weight<"e", [32, 8]>} : !snn.current<1x4>

// -----

// S4: embed, per_key
// expected-error@below {{cannot give a per_key current: '!snn.current<1x8 per_key>'}}
%bad = snn.embed {weight = #ann.weight<"e", [32, 8]>} : !snn.current<1x8 per_key>

// -----

// S4: saw, rank
%x = builtin.unrealized_conversion_cast to !snn.train<1x8>
// expected-error@below {{weight 'g' is a vector, but must be [out, in]}}
%bad = snn.saw %x {weight = #ann.weight<"g", [8]>} : !snn.train<1x8> -> !snn.current<1x8>

// -----

// S4: saw, driver
%x = builtin.unrealized_conversion_cast to !snn.train<1x8>
// expected-error@below {{driver has 8 neurons, but needs 4}}
%bad = snn.saw %x {weight = #ann.weight<"w", [8, 4]>} : !snn.train<1x8> -> !snn.current<1x8>

// -----

// S4: saw, result
%x = builtin.unrealized_conversion_cast to !snn.train<1x8>
// expected-error@below {{result has 8 neurons, but needs 4}}
%bad = snn.saw %x {weight = #ann.weight<"w", [4, 8]>} : !snn.train<1x8> -> !snn.current<1x8>

// -----

// S4: saw, gain
%x = builtin.unrealized_conversion_cast to !snn.train<1x8>
// expected-error@below {{gain 'g' must be a vector of the 8 inputs}}
%bad = snn.saw %x {weight = #ann.weight<"w", [8, 8]>, gain = #ann.weight<"g", [4]>} : !snn.train<1x8> -> !snn.current<1x8>

// -----

// S4: saw, bits
%x = builtin.unrealized_conversion_cast to !snn.train<1x8>
// expected-error@below {{attribute 'bits' failed to satisfy constraint: integer whose value is 4, 8, 16 or 32}}
%bad = snn.saw %x {weight = #ann.weight<"w", [8, 8]>, bits = 5 : i64} : !snn.train<1x8> -> !snn.current<1x8>

// -----

// S4: saw, per_key
%w = builtin.unrealized_conversion_cast to !snn.train<4x16 per_key>
// expected-error@below {{cannot take a per_key train: '!snn.train<4x16 per_key>'}}
%bad = snn.saw %w {weight = #ann.weight<"w", [8, 64]>} : !snn.train<4x16 per_key> -> !snn.current<1x8>

// -----

// S4: identity, width
%x = builtin.unrealized_conversion_cast to !snn.train<1x8>
// expected-error@below {{result has 4 neurons, but needs 8}}
%bad = snn.identity %x : !snn.train<1x8> -> !snn.current<1x4>

// -----

// S4: identity, per_key
%w = builtin.unrealized_conversion_cast to !snn.train<4x16 per_key>
// expected-error@below {{must keep the key positions of its driver: '!snn.train<4x16 per_key>' against '!snn.current<4x16>'}}
%bad = snn.identity %w : !snn.train<4x16 per_key> -> !snn.current<4x16>

// -----

// S4: group_sum, width
%x = builtin.unrealized_conversion_cast to !snn.train<1x8>
// expected-error@below {{result has 2 neurons, but needs 1}}
%bad = snn.group_sum %x : !snn.train<1x8> -> !snn.current<1x2>

// -----

// S4: group_sum, per_key
%x = builtin.unrealized_conversion_cast to !snn.train<1x8>
// expected-error@below {{cannot give a per_key current: '!snn.current<1x1 per_key>'}}
%bad = snn.group_sum %x : !snn.train<1x8> -> !snn.current<1x1 per_key>

// -----

// S4: rotary, width
%x = builtin.unrealized_conversion_cast to !snn.train<1x8>
// expected-error@below {{result has 4 neurons, but needs 8}}
%bad = snn.rotary %x {head_width = 2 : i64, theta = 1.0E+4 : f64, positions = 16 : i64} : !snn.train<1x8> -> !snn.current<1x4>

// -----

// S4: rotary, pairs
%x = builtin.unrealized_conversion_cast to !snn.train<1x8>
// expected-error@below {{turns pairs of components, but a head has 1}}
%bad = snn.rotary %x {head_width = 1 : i64, theta = 1.0E+4 : f64, positions = 16 : i64} : !snn.train<1x8> -> !snn.current<1x8>

// -----

// S4: rotary, heads
%x = builtin.unrealized_conversion_cast to !snn.train<1x8>
// expected-error@below {{driver has 8 neurons, which is no multiple of a head of 6}}
%bad = snn.rotary %x {head_width = 6 : i64, theta = 1.0E+4 : f64, positions = 16 : i64} : !snn.train<1x8> -> !snn.current<1x8>

// -----

// S4: rotary, theta
%x = builtin.unrealized_conversion_cast to !snn.train<1x8>
// expected-error@below {{theta must be positive and finite}}
%bad = snn.rotary %x {head_width = 2 : i64, theta = 0.0 : f64, positions = 16 : i64} : !snn.train<1x8> -> !snn.current<1x8>

// -----

// S4: rotary, per_key
%w = builtin.unrealized_conversion_cast to !snn.train<4x16 per_key>
// expected-error@below {{cannot take a per_key train: '!snn.train<4x16 per_key>'}}
%bad = snn.rotary %w {head_width = 2 : i64, theta = 1.0E+4 : f64, positions = 16 : i64} : !snn.train<4x16 per_key> -> !snn.current<4x16>

// -----

// S4: hadamard, width
%x = builtin.unrealized_conversion_cast to !snn.train<1x8>
// expected-error@below {{result has 4 neurons, but needs 8}}
%bad = snn.hadamard %x {block = 4 : i64} : !snn.train<1x8> -> !snn.current<1x4>

// -----

// S4: hadamard, power of two
%x = builtin.unrealized_conversion_cast to !snn.train<1x12>
// expected-error@below {{a Hadamard block of 6 must be a power of two that divides the width 12}}
%bad = snn.hadamard %x {block = 6 : i64} : !snn.train<1x12> -> !snn.current<1x12>

// -----

// S4: hadamard, blocks
%x = builtin.unrealized_conversion_cast to !snn.train<1x12>
// expected-error@below {{a Hadamard block of 8 must be a power of two that divides the width 12}}
%bad = snn.hadamard %x {block = 8 : i64} : !snn.train<1x12> -> !snn.current<1x12>

// -----

// S4: hadamard, per_key
%w = builtin.unrealized_conversion_cast to !snn.train<4x16 per_key>
// expected-error@below {{cannot take a per_key train: '!snn.train<4x16 per_key>'}}
%bad = snn.hadamard %w {block = 4 : i64} : !snn.train<4x16 per_key> -> !snn.current<4x16>

// -----

// S4: saw, rotated inputs
%x = builtin.unrealized_conversion_cast to !snn.train<1x8>
// expected-error@below {{a Hadamard block of 3 must be a power of two that divides the width 8}}
%bad = snn.saw %x {weight = #ann.weight<"w", [4, 8]>, input_hadamard = 3 : i64} : !snn.train<1x8> -> !snn.current<1x4>

// -----

// S4: saw, a gain on rotated inputs
%x = builtin.unrealized_conversion_cast to !snn.train<1x8>
// expected-error@below {{not supported: a gain on rotated inputs}}
%bad = snn.saw %x {weight = #ann.weight<"w", [4, 8]>, gain = #ann.weight<"g", [8]>, input_hadamard = 4 : i64} : !snn.train<1x8> -> !snn.current<1x4>

// -----

// S4: product, broadcast
%x = builtin.unrealized_conversion_cast to !snn.train<1x8>
// expected-error@below {{operands of 8 and 8 neurons do not broadcast to 12}}
%bad = snn.product %x, %x form<stored> : !snn.train<1x8>, !snn.train<1x8> -> !snn.current<1x12>

// -----

// S4: product, width
%x = builtin.unrealized_conversion_cast to !snn.train<1x8>
// expected-error@below {{one operand must have the 16 neurons of the result}}
%bad = snn.product %x, %x form<stored> : !snn.train<1x8>, !snn.train<1x8> -> !snn.current<1x16>

// -----

// S4: product, per_key
%k = builtin.unrealized_conversion_cast to !snn.train<1x4>
%w = builtin.unrealized_conversion_cast to !snn.train<4x16 per_key>
// expected-error@below {{result must be per_key exactly if an operand is}}
%bad = snn.product %w, %k form<stored> : !snn.train<4x16 per_key>, !snn.train<1x4> -> !snn.current<4x16>

// -----

// S4: product, shape of keys
%k = builtin.unrealized_conversion_cast to !snn.train<1x4>
%w = builtin.unrealized_conversion_cast to !snn.train<4x16 per_key>
// expected-error@below {{a per_key operand must have the shape of the result: '!snn.train<4x16 per_key>' against '!snn.current<2x32 per_key>'}}
%bad = snn.product %w, %k form<stored> : !snn.train<4x16 per_key>, !snn.train<1x4> -> !snn.current<2x32 per_key>

// -----

// S4: scores, heads
%x = builtin.unrealized_conversion_cast to !snn.train<1x8>
%k = builtin.unrealized_conversion_cast to !snn.train<1x4>
// expected-error@below {{driver has 8 neurons, which is no multiple of a head of 3}}
%bad = snn.scores %x, %k {head_width = 3 : i64, query_per_key = 1 : i64, positions = 16 : i64} : !snn.train<1x8>, !snn.train<1x4> -> !snn.current<4x16 per_key>

// -----

// S4: scores, result
%x = builtin.unrealized_conversion_cast to !snn.train<1x8>
%k = builtin.unrealized_conversion_cast to !snn.train<1x4>
// expected-error@below {{result is '!snn.current<4x16>', but must be 4x16 per_key}}
%bad = snn.scores %x, %k {head_width = 2 : i64, query_per_key = 2 : i64, positions = 16 : i64} : !snn.train<1x8>, !snn.train<1x4> -> !snn.current<4x16>

// -----

// S4: scores, sharing
%x = builtin.unrealized_conversion_cast to !snn.train<1x8>
%k = builtin.unrealized_conversion_cast to !snn.train<1x4>
// expected-error@below {{4 heads cannot share keys in groups of 3}}
%bad = snn.scores %x, %k {head_width = 2 : i64, query_per_key = 3 : i64, positions = 16 : i64} : !snn.train<1x8>, !snn.train<1x4> -> !snn.current<4x16 per_key>

// -----

// S4: scores, keys
%x = builtin.unrealized_conversion_cast to !snn.train<1x8>
%k = builtin.unrealized_conversion_cast to !snn.train<1x4>
// expected-error@below {{stored train has 4 neurons, but needs 8}}
%bad = snn.scores %x, %k {head_width = 2 : i64, query_per_key = 1 : i64, positions = 16 : i64} : !snn.train<1x8>, !snn.train<1x4> -> !snn.current<4x16 per_key>

// -----

// S4: scores, per_key
%k = builtin.unrealized_conversion_cast to !snn.train<1x4>
%w = builtin.unrealized_conversion_cast to !snn.train<4x16 per_key>
// expected-error@below {{cannot take a per_key train: '!snn.train<4x16 per_key>'}}
%bad = snn.scores %w, %k {head_width = 2 : i64, query_per_key = 2 : i64, positions = 16 : i64} : !snn.train<4x16 per_key>, !snn.train<1x4> -> !snn.current<32x16 per_key>

// -----

// S4: mix, driver
%x = builtin.unrealized_conversion_cast to !snn.train<1x8>
%k = builtin.unrealized_conversion_cast to !snn.train<1x4>
// expected-error@below {{driver must be per_key: one group of keys a head}}
%bad = snn.mix %x, %k {head_width = 2 : i64, query_per_key = 2 : i64} : !snn.train<1x8>, !snn.train<1x4> -> !snn.current<1x8>

// -----

// S4: mix, result
%k = builtin.unrealized_conversion_cast to !snn.train<1x4>
%w = builtin.unrealized_conversion_cast to !snn.train<4x16 per_key>
// expected-error@below {{result has 4 neurons, but needs 4 heads of 2}}
%bad = snn.mix %w, %k {head_width = 2 : i64, query_per_key = 2 : i64} : !snn.train<4x16 per_key>, !snn.train<1x4> -> !snn.current<1x4>

// -----

// S4: mix, values
%k = builtin.unrealized_conversion_cast to !snn.train<1x4>
%w = builtin.unrealized_conversion_cast to !snn.train<4x16 per_key>
// expected-error@below {{stored train has 4 neurons, but needs 8}}
%bad = snn.mix %w, %k {head_width = 2 : i64, query_per_key = 1 : i64} : !snn.train<4x16 per_key>, !snn.train<1x4> -> !snn.current<1x8>

// -----

// S4: mix, per_key
%w = builtin.unrealized_conversion_cast to !snn.train<4x16 per_key>
// expected-error@below {{cannot take a per_key train: '!snn.train<4x16 per_key>'}}
%bad = snn.mix %w, %w {head_width = 2 : i64, query_per_key = 2 : i64} : !snn.train<4x16 per_key>, !snn.train<4x16 per_key> -> !snn.current<1x8>

// -----

// S5: factor
%x = builtin.unrealized_conversion_cast to !snn.train<1x8>
// expected-error@below {{factor must be finite and not zero}}
%bad = snn.identity %x {factor = 0.0 : f64} : !snn.train<1x8> -> !snn.current<1x8>

// -----

// S5: accumulator bits
%x = builtin.unrealized_conversion_cast to !snn.train<1x8>
// expected-error@below {{accumulator_bits is 65, but must lie in 2 to 64}}
%bad = snn.identity %x {accumulator_bits = 65 : i64} : !snn.train<1x8> -> !snn.current<1x8>

// RUN: synfire-opt %s --split-input-file --verify-diagnostics --allow-unregistered-dialect

// S1: sizes
// expected-error@below {{a population has 0x8 neurons, but both sizes must be positive}}
module attributes {type = !snn.train<0x8>} {}

// -----

// S1: limit
// expected-error@below {{a population of 65536x65536 neurons exceeds the limit of 2147483647}}
module attributes {type = !snn.current<65536x65536>} {}

// -----

// S1: two sizes
// expected-error@below {{expected GROUPSxCOLUMNS}}
module attributes {type = !snn.train<8>} {}

// -----

// S2: steps
// expected-error@below {{steps is 31, but must lie in 1 to 30}}
module attributes {unit = #snn.phase<steps = 31, threshold = 1.0>} {}

// -----

// S2: levels
// expected-error@below {{levels is 16, but must lie in 1 to 15}}
module attributes {unit = #snn.phase<steps = 16, levels = 16, threshold = 1.0>} {}

// -----

// S2: threshold
// expected-error@below {{threshold must be positive and finite}}
module attributes {unit = #snn.phase<steps = 16, threshold = 0.0>} {}

// -----

// S2: outlier shift
// expected-error@below {{outlier_shift is 17, but must lie in 0 to 16}}
module attributes {unit = #snn.phase<steps = 16, threshold = 1.0, outlier_shift = 17>} {}

// -----

// S2: rounding is a word
module attributes {unit = #snn.phase<steps = 16, threshold = 1.0,
  // expected-error@+2 {{expected 'true' or 'false'}}
  // expected-error@+1 {{failed to parse Snn_PhaseAttr parameter 'rounding'}}
  rounding = 1>} {}

// -----

// S3: steps
// expected-error@below {{steps is 0, but must lie in 1 to 30}}
module attributes {unit = #snn.hg<exp, lut, steps = 0, full_scale = 1.0, input_limit = 8.0>} {}

// -----

// S3: full scale
// expected-error@below {{full_scale must be positive and finite}}
module attributes {unit = #snn.hg<exp, lut, steps = 16, full_scale = -1.0, input_limit = 8.0>} {}

// -----

// S3: input limit
// expected-error@below {{input_limit must be positive and finite}}
module attributes {unit = #snn.hg<exp, fs, steps = 16, full_scale = 1.0, input_limit = 0.0>} {}

// -----

// S3: entries
// expected-error@below {{entries is 1, but must lie in 2 to 1048576}}
module attributes {unit = #snn.hg<exp, lut, steps = 16, full_scale = 1.0, input_limit = 8.0, entries = 1>} {}

// -----

// S3: digital
// expected-error@below {{banks of firing tables send spikes: a digital result needs the look-up unit}}
module attributes {unit = #snn.hg<exp, fs, steps = 16, full_scale = 1.0, input_limit = 8.0, digital = true>} {}

// -----

// S9: payload
module attributes {unit = #snn.table<steps = 1,
  // expected-error@+2 {{failed to parse Snn_TableAttr parameter 'banks'}}
  // expected-error@+1 {{a payload is 2147483648, but must lie in -2147483647 to 2147483647}}
  banks = [<threshold = [1], decrement = [1], payload = [2147483648]>], membrane_scale = 1.0, code_scale = 1.0>} {}

// -----

// S9: rest
module attributes {unit = #snn.table<steps = 1,
  // expected-error@+2 {{failed to parse Snn_TableAttr parameter 'banks'}}
  // expected-error@+1 {{rest is -2147483648, but must lie in -2147483647 to 2147483647}}
  banks = [<threshold = [1], decrement = [1], payload = [1], rest = -2147483648>], membrane_scale = 1.0, code_scale = 1.0>} {}

// -----

// S9: integers
// expected-error@below {{cap is 2147483648, but must lie in -2147483647 to 2147483647}}
module attributes {unit = #snn.table<steps = 1, cap = 2147483648,
  banks = [<threshold = [1], decrement = [1], payload = [1]>], membrane_scale = 1.0, code_scale = 1.0>} {}

// -----

// S9: membrane scale
// expected-error@below {{membrane_scale must be positive and finite}}
module attributes {unit = #snn.table<steps = 1,
  banks = [<threshold = [1], decrement = [1], payload = [1]>], membrane_scale = 0.0, code_scale = 1.0>} {}

// -----

// S9: code scale
// expected-error@below {{code_scale must be positive and finite}}
module attributes {unit = #snn.table<steps = 1,
  banks = [<threshold = [1], decrement = [1], payload = [1]>], membrane_scale = 1.0, code_scale = -1.0>} {}

// -----

// S9: the unit's own constraints, here N2
// expected-error@below {{tables hold 1 thresholds, 1 decrements and 1 payloads, but steps x levels is 2}}
module attributes {unit = #snn.table<steps = 2,
  banks = [<threshold = [1], decrement = [1], payload = [1]>], membrane_scale = 1.0, code_scale = 1.0>} {}

// -----

// S9: no bank
// expected-error@below {{a population has 0 banks, but the unit holds 1 to 256}}
module attributes {unit = #snn.table<steps = 2, banks = [], membrane_scale = 1.0, code_scale = 1.0>} {}

// -----

// S10: bits
// expected-error@below {{bits is 25, but must lie in 2 to 24}}
module attributes {unit = #snn.number<bits = 25, full_scale = 1.0>} {}

// -----

// S10: full scale
// expected-error@below {{full_scale must be positive and finite}}
module attributes {unit = #snn.number<bits = 20, full_scale = 0.0>} {}

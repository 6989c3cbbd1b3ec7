// RUN: synfire-opt %s --split-input-file --verify-diagnostics

// S13: no token
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// expected-error@below {{has a prefix without a token}}
snn.network @n config#tiny prefix([]) {
  %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
  %x = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  %l = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
  snn.output %l site("logits") : !snn.current<1x32>
}

// -----

// S13: no position left
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// expected-error@below {{has a prefix of 16 tokens, which leaves none of its 16 positions}}
snn.network @n config#tiny prefix([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]) {
  %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
  %x = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  %l = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
  snn.output %l site("logits") : !snn.current<1x32>
}

// -----

// S13: a token beyond the vocabulary
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// expected-error@below {{has token 32 in its prefix, but the vocabulary has tokens 0 to 31}}
snn.network @n config#tiny prefix([3, 32]) {
  %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
  %x = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  %l = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
  snn.output %l site("logits") : !snn.current<1x32>
}

// -----

// S13: a negative token
#tiny = #ann.config<vocabulary = 32, hidden = 8, intermediate = 12, layers = 1,
                    heads = 4, key_value_heads = 2, head_width = 2, positions = 16,
                    rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4>

// expected-error@below {{has token -1 in its prefix, but the vocabulary has tokens 0 to 31}}
snn.network @n config#tiny prefix([-1]) {
  %c = snn.embed {weight = #ann.weight<"embed", [32, 8]>} : !snn.current<1x8>
  %x = snn.fire %c unit(#snn.phase<steps = 8, threshold = 1.0>) site("embed") role<embedding> layer(-1)
    : (!snn.current<1x8>) -> !snn.train<1x8>
  %l = snn.saw %x {weight = #ann.weight<"embed", [32, 8]>} : !snn.train<1x8> -> !snn.current<1x32>
  snn.output %l site("logits") : !snn.current<1x32>
}

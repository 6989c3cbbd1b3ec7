//===- AnnOps.td - layers of a transformer --------------------------------===//
#ifndef SYNFIRE_DIALECTS_ANN_ANNOPS_TD
#define SYNFIRE_DIALECTS_ANN_ANNOPS_TD

include "dialects/ann/AnnAttributes.td"
include "dialects/ann/AnnDialect.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Ann_IsPerToken
    : CPred<"::synfire::ann::isPerToken(::llvm::cast<::mlir::ShapedType>($_self))">;
def Ann_Tokens
    : Type<And<[TensorRankOf<[I32], [1]>.predicate,
                CPred<"::llvm::cast<::mlir::ShapedType>($_self).isDynamicDim(0)">]>,
           "token numbers: tensor<?xi32>", "::mlir::RankedTensorType">,
      BuildableType<"::mlir::RankedTensorType::get({::mlir::ShapedType::kDynamic}, "
                    "$_builder.getI32Type())">;
def Ann_Values
    : Type<And<[TensorRankOf<[F32], [2]>.predicate, Ann_IsPerToken]>,
           "one row of values per token: tensor<?xNxf32> with N > 0",
           "::mlir::RankedTensorType">;

class Ann_Op<string mnemonic, list<Trait> traits = []>
    : Op<Ann_Dialect, mnemonic, traits>;

// An op that produces the value of a site.
class Ann_SiteOp<string mnemonic, list<Trait> traits = []>
    : Ann_Op<mnemonic, !listconcat([Pure], traits)> {
  let results = (outs Ann_Values:$result);
}

def Ann_ModelOp : Ann_Op<"model", [IsolatedFromAbove, Symbol, SingleBlock]> {
  let summary = "a trained transformer";
  let description = [{
    One function from tokens to logits. The block argument holds the tokens of a
    text from its first one; row i of the logits predicts token i + 1.

    Example:
    ```mlir
    ann.model @tiny config<vocabulary = 32, hidden = 8, intermediate = 16,
                           layers = 1, heads = 2, key_value_heads = 1,
                           head_width = 4, positions = 16, rms_norm_eps = 1.0E-5,
                           rope_theta = 1.0E+4> {
    ^bb0(%tokens: tensor<?xi32>):
      %embedded = ann.embedding %tokens weight<"embed", [32, 8]> site("embed") : tensor<?x8xf32>
      %logits = ann.linear %embedded weight<"lm_head", [32, 8]> site("logits")
        : tensor<?x8xf32> -> tensor<?x32xf32>
      ann.return %logits : tensor<?x32xf32>
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Ann_ConfigAttr:$config);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name `config` `` $config attr-dict-with-keyword $body";
  let hasRegionVerifier = 1;
}

def Ann_ReturnOp : Ann_Op<"return", [Pure, Terminator, HasParent<"ModelOp">]> {
  let summary = "gives the logits of a model";
  let description = [{
    Example: `ann.return %logits : tensor<?x512xf32>`
  }];
  let arguments = (ins Ann_Values:$logits);
  let assemblyFormat = "$logits attr-dict `:` type($logits)";
  let hasVerifier = 1;
}

def Ann_EmbeddingOp : Ann_SiteOp<"embedding"> {
  let summary = "the row of a table for each token";
  let description = [{
    `result[t] = weight[tokens[t]]` with a weight `[vocabulary, width]`.

    Example:
    ```mlir
    %x = ann.embedding %tokens weight<"model.embed_tokens.weight", [512, 64]> site("embed") : tensor<?x64xf32>
    ```
  }];
  let arguments = (ins Ann_Tokens:$tokens, Ann_WeightAttr:$weight, StrAttr:$site);
  let assemblyFormat = [{
    $tokens `weight` `` $weight `site` `(` $site `)` attr-dict `:` type($result)
  }];
  let hasVerifier = 1;
}

def Ann_RmsNormOp : Ann_SiteOp<"rms_norm", [SameOperandsAndResultType]> {
  let summary = "root-mean-square normalisation";
  let description = [{
    `result = gain * input / sqrt(mean(input^2) + eps)`, the mean over a row. The
    site names the value before the gain, since conversion folds the gain into
    the weights that follow.

    Example:
    ```mlir
    %n = ann.rms_norm %x gain<"model.norm.weight", [64]> eps(1.0E-5) site("final.norm") : tensor<?x64xf32>
    ```
  }];
  let arguments = (ins Ann_Values:$input, Ann_WeightAttr:$gain, RealAttr:$eps,
                       StrAttr:$site);
  let assemblyFormat = [{
    $input `gain` `` $gain `eps` `(` $eps `)` `site` `(` $site `)` attr-dict `:` type($input)
  }];
  let hasVerifier = 1;
}

def Ann_LinearOp : Ann_SiteOp<"linear"> {
  let summary = "product with a weight matrix";
  let description = [{
    `result[t] = W input[t]` with a weight `[out, in]`. With `input_hadamard` the
    input comes out of an `ann.hadamard` of that block width, which the weight
    undoes: W is the checkpoint's weight times the same orthogonal matrix.

    Example:
    ```mlir
    %q = ann.linear %n weight<"model.layers.0.self_attn.q_proj.weight", [64, 64]> site("layers.0.attn.q_proj")
      : tensor<?x64xf32> -> tensor<?x64xf32>
    ```
  }];
  let arguments = (ins Ann_Values:$input, Ann_WeightAttr:$weight, StrAttr:$site,
                       OptionalAttr<PositiveAttr>:$input_hadamard);
  let assemblyFormat = [{
    $input `weight` `` $weight `site` `(` $site `)` attr-dict
      `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Ann_RotaryOp : Ann_SiteOp<"rotary", [SameOperandsAndResultType]> {
  let summary = "rotary position embedding";
  let description = [{
    Turns component i of each head with component `i + head_width / 2` by the
    angle `p * theta^(-2 i / head_width)`, where p is the position of the token.

    Example:
    ```mlir
    %r = ann.rotary %q heads(8) head_width(8) theta(1.0E+4) site("layers.0.attn.q") : tensor<?x64xf32>
    ```
  }];
  let arguments = (ins Ann_Values:$input, PositiveAttr:$heads,
                       PositiveAttr:$head_width, RealAttr:$theta, StrAttr:$site);
  let assemblyFormat = [{
    $input `heads` `(` $heads `)` `head_width` `(` $head_width `)`
      `theta` `(` $theta `)` `site` `(` $site `)` attr-dict `:` type($input)
  }];
  let hasVerifier = 1;
}

def Ann_HadamardOp : Ann_SiteOp<"hadamard", [SameOperandsAndResultType]> {
  let summary = "orthogonal rotation by Hadamard matrices";
  let description = [{
    `result[b w + j] = sum_i (-1)^popcount(i & j) input[b w + i] / sqrt(w)` with
    the block width w, a power of two that divides the row: a symmetric matrix
    that is its own inverse.

    Example: `%r = ann.hadamard %p block(128) site("layers.0.mlp.rotated") : tensor<?x11008xf32>`
  }];
  let arguments = (ins Ann_Values:$input, PositiveAttr:$block, StrAttr:$site);
  let assemblyFormat = [{
    $input `block` `(` $block `)` `site` `(` $site `)` attr-dict `:` type($input)
  }];
  let hasVerifier = 1;
}

def Ann_AttentionOp : Ann_SiteOp<"attention"> {
  let summary = "causal softmax attention";
  let description = [{
    Per query head h, with key/value head `h / (heads / key_value_heads)`:
    `softmax over keys j <= p of (q . k_j / sqrt(head_width))`, then the sum of
    `v_j` weighted by it. The head width is that of the queries.

    Example:
    ```mlir
    %o = ann.attention %q, %k, %v heads(8) key_value_heads(4) site("layers.0.attn.out")
      : tensor<?x64xf32>, tensor<?x32xf32>, tensor<?x32xf32> -> tensor<?x64xf32>
    ```
  }];
  let arguments = (ins Ann_Values:$queries, Ann_Values:$keys, Ann_Values:$values,
                       PositiveAttr:$heads, PositiveAttr:$key_value_heads,
                       StrAttr:$site);
  let assemblyFormat = [{
    $queries `,` $keys `,` $values `heads` `(` $heads `)`
      `key_value_heads` `(` $key_value_heads `)` `site` `(` $site `)` attr-dict
      `:` type($queries) `,` type($keys) `,` type($values) `->` type($result)
  }];
  let extraClassDeclaration = [{
    int64_t getHeadWidth() {
      return getQueries().getType().getDimSize(1) / getHeads();
    }
  }];
  let hasVerifier = 1;
}

def Ann_SiluOp : Ann_SiteOp<"silu", [SameOperandsAndResultType]> {
  let summary = "sigmoid-weighted linear unit";
  let description = [{
    `result = input / (1 + exp(-input))`.

    Example: `%a = ann.silu %g site("layers.0.mlp.act") : tensor<?x172xf32>`
  }];
  let arguments = (ins Ann_Values:$input, StrAttr:$site);
  let assemblyFormat = "$input `site` `(` $site `)` attr-dict `:` type($input)";
}

class Ann_ElementwiseOp<string mnemonic, string word, string symbol>
    : Ann_SiteOp<mnemonic, [SameOperandsAndResultType, Commutative]> {
  let summary = "elementwise " # word;
  let description = "`result = lhs " # symbol # " rhs`.\n\nExample: `%z = ann."
                    # mnemonic # " %x, %y site(\"layers.0.site\") : tensor<?x64xf32>`";
  let arguments = (ins Ann_Values:$lhs, Ann_Values:$rhs, StrAttr:$site);
  let assemblyFormat = "$lhs `,` $rhs `site` `(` $site `)` attr-dict `:` type($lhs)";
}

def Ann_MulOp : Ann_ElementwiseOp<"mul", "product", "*">;
def Ann_AddOp : Ann_ElementwiseOp<"add", "sum", "+">;

#endif // SYNFIRE_DIALECTS_ANN_ANNOPS_TD

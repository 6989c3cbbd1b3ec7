//===- SnnDendrites.td - synapse groups -----------------------------------===//
#ifndef SYNFIRE_DIALECTS_SNN_SNNDENDRITES_TD
#define SYNFIRE_DIALECTS_SNN_SNNDENDRITES_TD

include "dialects/ann/AnnAttributes.td"
include "dialects/snn/SnnAttributes.td"
include "dialects/snn/SnnDialect.td"
include "dialects/snn/SnnInterfaces.td"
include "dialects/snn/SnnTypes.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Snn_Op<string mnemonic, list<Trait> traits = []>
    : Op<Snn_Dialect, mnemonic, traits>;

// Bits of a signed weight as the weights file stores it.
def Snn_WeightBits : ConfinedAttr<IntegerNumberAttr,
    [AttrConstraint<CPred<[{
       ::llvm::is_contained({4, 8, 16, 32},
                            ::llvm::cast<::mlir::IntegerAttr>($_self).getInt())}]>,
     "whose value is 4, 8, 16 or 32">]>;

class Snn_DendriteOp<string mnemonic, dag operands, list<string> overrides = []>
    : Snn_Op<mnemonic, [Pure, DeclareOpInterfaceMethods<Snn_DendriteOpInterface,
                                !listconcat(["getSumBound"], overrides)>]> {
  let arguments = !con(operands,
    (ins DefaultValuedAttr<RealAttr, "1.0">:$factor,
         OptionalAttr<IntegerNumberAttr>:$accumulator_bits));
  let results = (outs Snn_CurrentType:$current);
  let hasVerifier = 1;
}

// Builds a dendrite whose width is yet to be proven.
class Snn_DendriteBuilder<dag operands, string names>
    : OpBuilder<!con((ins "::mlir::Type":$current), operands,
                     (ins CArg<"double", "1.0">:$factor)),
        "build($_builder, $_state, current, " # names
        # ", factor, ::mlir::IntegerAttr());">;

// One operand drives.
class Snn_DrivenOp<string mnemonic, dag attributes>
    : Snn_DendriteOp<mnemonic, !con((ins Snn_TrainType:$driver), attributes)> {
  let assemblyFormat = [{
    $driver attr-dict `:` qualified(type($driver)) `->` qualified(type($current))
  }];
  let extraClassDefinition = [{
    ::mlir::Value $cppClass::getDriverTrain() { return getDriver(); }
    ::mlir::Value $cppClass::getStoredTrain() { return {}; }
  }];
}

// One operand drives, the other is stored in synapse memory.
class Snn_PairedOp<string mnemonic, dag attributes, list<string> overrides = []>
    : Snn_DendriteOp<mnemonic,
        !con((ins Snn_TrainType:$driver, Snn_TrainType:$stored), attributes),
        overrides> {
  let assemblyFormat = [{
    $driver `,` $stored attr-dict `:` qualified(type($driver)) `,`
      qualified(type($stored)) `->` qualified(type($current))
  }];
  let extraClassDefinition = [{
    ::mlir::Value $cppClass::getDriverTrain() { return getDriver(); }
    ::mlir::Value $cppClass::getStoredTrain() { return getStored(); }
  }];
}

def Snn_EmbedOp : Snn_DendriteOp<"embed",
    (ins Ann_WeightAttr:$weight, DefaultValuedAttr<Snn_WeightBits, "8">:$bits,
         UnitAttr:$every_frame)> {
  let summary = "the token's row of a table (Embed)";
  let description = [{
    `sum[j] = W[token][j]`: the neuron of the token fires once. With `every_frame`
    it fires in each frame of the network, and `sum[j] = (f + 1) W[token][j]`
    after frame f; what the network hears in all its frames is one W[token].

    Example:
    ```mlir
    %c = snn.embed {weight = #ann.weight<"model.embed_tokens.weight", [512, 64]>} : !snn.current<1x64>
    ```
  }];
  let assemblyFormat = "attr-dict `:` qualified(type($current))";
  let extraClassDefinition = [{
    ::mlir::Value $cppClass::getDriverTrain() { return {}; }
    ::mlir::Value $cppClass::getStoredTrain() { return {}; }
  }];
  let builders = [Snn_DendriteBuilder<
    (ins "::synfire::ann::WeightAttr":$weight, "int64_t":$bits,
         "bool":$everyFrame),
    "weight, bits, everyFrame">];
}

def Snn_SawOp : Snn_DrivenOp<"saw",
    (ins Ann_WeightAttr:$weight, OptionalAttr<Ann_WeightAttr>:$gain,
         OptionalAttr<PositiveAttr>:$input_hadamard,
         DefaultValuedAttr<Snn_WeightBits, "8">:$bits)> {
  let summary = "spike activations by static weights (Static)";
  let description = [{
    `sum[j] = sum_i W[j][i] X[i]` with a checkpoint weight `[out, in]`, whose
    column i is multiplied by `gain[i]` before it is quantised to `bits`. With
    `input_hadamard` the rows of the weight are first multiplied by the orthogonal
    Hadamard matrix of that block width, which the driver went through.

    Example:
    ```mlir
    %c = snn.saw %x {weight = #ann.weight<"q_proj", [64, 64]>, gain = #ann.weight<"norm", [64]>}
      : !snn.train<1x64> -> !snn.current<1x64>
    ```
  }];
  let builders = [Snn_DendriteBuilder<
    (ins "::mlir::Value":$driver, "::synfire::ann::WeightAttr":$weight,
         "::synfire::ann::WeightAttr":$gain,
         "::mlir::IntegerAttr":$inputHadamard, "int64_t":$bits),
    "driver, weight, gain, inputHadamard, bits">];
}

def Snn_IdentityOp : Snn_DrivenOp<"identity", (ins)> {
  let summary = "one synapse a neuron (Identity)";
  let description = [{
    `sum[j] = X[j]`.

    Example: `%c = snn.identity %x : !snn.train<1x64> -> !snn.current<1x64>`
  }];
  let builders = [Snn_DendriteBuilder<
    (ins "::mlir::Value":$driver),
    "driver">];
}

def Snn_GroupSumOp : Snn_DrivenOp<"group_sum", (ins)> {
  let summary = "the sum of each group (Sum)";
  let description = [{
    `sum[g] = sum over the active columns c of X[g][c]`.

    Example:
    ```mlir
    %c = snn.group_sum %e : !snn.train<8x512 per_key> -> !snn.current<1x8>
    ```
  }];
  let builders = [Snn_DendriteBuilder<
    (ins "::mlir::Value":$driver),
    "driver">];
}

def Snn_RotaryOp : Snn_DrivenOp<"rotary",
    (ins PositiveAttr:$head_width, RealAttr:$theta, PositiveAttr:$positions)> {
  let summary = "rotary position embedding (Rotary)";
  let description = [{
    Turns component i of each head with component `i + head_width / 2` by the
    angle `p * theta^(-2 i / head_width)`, with cosines and sines of 16 bit for
    the token's position p. `factor` counts on top of the table's own scale: it is
    1 for a plain rotation.

    Example:
    ```mlir
    %c = snn.rotary %q {head_width = 8 : i64, theta = 1.0E+4 : f64, positions = 512 : i64}
      : !snn.train<1x64> -> !snn.current<1x64>
    ```
  }];
  let builders = [Snn_DendriteBuilder<
    (ins "::mlir::Value":$driver, "int64_t":$head_width, "double":$theta,
         "int64_t":$positions),
    "driver, head_width, theta, positions">];
}

def Snn_HadamardOp : Snn_DrivenOp<"hadamard", (ins PositiveAttr:$block)> {
  let summary = "additions and subtractions within blocks (Hadamard)";
  let description = [{
    `sum[b w + j] = sum_i (-1)^popcount(i & j) X[b w + i]` with w = `block`, a
    power of two. A rotation has the factor `1 / sqrt(w)`.

    Example:
    ```mlir
    %c = snn.hadamard %p {block = 4 : i64, factor = 5.0E-1 : f64} : !snn.train<1x172> -> !snn.current<1x172>
    ```
  }];
  let builders = [Snn_DendriteBuilder<
    (ins "::mlir::Value":$driver, "int64_t":$block),
    "driver, block">];
}

def Snn_ProductOp : Snn_PairedOp<"product", (ins Snn_ProductFormAttr:$form),
                                 ["readsStoredBeforeDriver"]> {
  let summary = "spike activations by spike activations, elementwise (Product)";
  let description = [{
    `sum[i] = X[i / (n/nX)] Y[i / (n/nY)]`, where n is the width of the result and
    nX, nY are those of the operands, which divide it: the shorter one broadcasts.
    `stored`: Y is complete one window before X drives; `concurrent`: both fire in
    one window. Both give the same sums.

    Example:
    ```mlir
    %c = snn.product %act, %up form<stored>
      : !snn.train<1x172>, !snn.train<1x172> -> !snn.current<1x172>
    ```
  }];
  let assemblyFormat = [{
    $driver `,` $stored `form` `` $form attr-dict `:` qualified(type($driver))
      `,` qualified(type($stored)) `->` qualified(type($current))
  }];
  let builders = [Snn_DendriteBuilder<
    (ins "::mlir::Value":$driver, "::mlir::Value":$stored,
         "::synfire::snn::ProductFormAttr":$form),
    "driver, stored, form.getValue()">];
}

def Snn_ScoresOp : Snn_PairedOp<"scores",
    (ins PositiveAttr:$head_width, PositiveAttr:$query_per_key,
         PositiveAttr:$positions), ["readsStoredBeforeDriver"]> {
  let summary = "queries by the keys of all tokens so far (Scores)";
  let description = [{
    `sum[h][j] = sum_d X[h * head_width + d] Y_j[(h / query_per_key) * head_width + d]`
    for the keys j <= p, where X are the queries of this token and `Y_j` the keys
    of token j. In a network of several frames the token's own key streams in
    beside the queries (P12).

    Example:
    ```mlir
    %c = snn.scores %q, %k {head_width = 8 : i64, query_per_key = 2 : i64, positions = 512 : i64, factor = 3.5E-1 : f64}
      : !snn.train<1x64>, !snn.train<1x32> -> !snn.current<8x512 per_key>
    ```
  }];
  let builders = [Snn_DendriteBuilder<
    (ins "::mlir::Value":$driver, "::mlir::Value":$stored,
         "int64_t":$head_width, "int64_t":$query_per_key, "int64_t":$positions),
    "driver, stored, head_width, query_per_key, positions">];
}

def Snn_MixOp : Snn_PairedOp<"mix",
    (ins PositiveAttr:$head_width, PositiveAttr:$query_per_key),
    ["readsStoredBeforeDriver"]> {
  let summary = "values of all tokens so far, weighted (Mix)";
  let description = [{
    `sum[h * head_width + d] = sum over j <= p of X[h][j] Y_j[(h / query_per_key) * head_width + d]`,
    where X are the weights of this token and `Y_j` the values of token j. In a
    network of several frames the token's own values stream in beside the weights
    (P12).

    Example:
    ```mlir
    %c = snn.mix %e, %v {head_width = 8 : i64, query_per_key = 2 : i64}
      : !snn.train<8x512 per_key>, !snn.train<1x32> -> !snn.current<1x64>
    ```
  }];
  let builders = [Snn_DendriteBuilder<
    (ins "::mlir::Value":$driver, "::mlir::Value":$stored,
         "int64_t":$head_width, "int64_t":$query_per_key),
    "driver, stored, head_width, query_per_key">];
}

#endif // SYNFIRE_DIALECTS_SNN_SNNDENDRITES_TD

//===- Passes.td - the passes of synfire ----------------------------------===//
#ifndef SYNFIRE_COMPILER_PASSES_PASSES_TD
#define SYNFIRE_COMPILER_PASSES_PASSES_TD

include "mlir/Pass/PassBase.td"

def SnnProveWidths : Pass<"snn-prove-widths", "::synfire::snn::NetworkOp"> {
  let summary = "prove the widths of all accumulators";
  let description = [{
    Sets `accumulator_bits` of each dendrite to the signed width that none of its
    sums can exceed (P6 of docs/spec/program.md): from the largest weight
    magnitude `2^(bits - 1) - 1`, the fan-in by the shapes, and the code limits of
    the units whose trains come in.

    Fails where that width and the 16 bits of a multiplier exceed the 62 bits of a
    neuron input.

    Precondition: none. Postcondition: each dendrite of the network has
    `accumulator_bits` of at most 46.

    Example (tests/lit/passes/snn-prove-widths.mlir):
    ```mlir
    // 2^4 codes, 8 inputs, weights up to 127: 16 * 8 * 127 = 16256 < 2^14
    %c = snn.saw %x {weight = #ann.weight<"w", [4, 8]>} : !snn.train<1x8> -> !snn.current<1x4>
    ```
    becomes
    ```mlir
    %c = snn.saw %x {accumulator_bits = 15 : i64, weight = #ann.weight<"w", [4, 8]>} : !snn.train<1x8> -> !snn.current<1x4>
    ```
  }];
}

#endif // SYNFIRE_COMPILER_PASSES_PASSES_TD

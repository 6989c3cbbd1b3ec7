//===- VerifyParts.h - verifyNetwork, part by part --------------*- C++ -*-===//
//
// Each part may rely on the ones before it; Verify.cpp calls them in order.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_PROGRAM_VERIFYPARTS_H
#define SYNFIRE_RUNTIME_PROGRAM_VERIFYPARTS_H

#include "runtime/program/Program.h"

namespace synfire {

/// Neuron indices, codes and shapes are 32-bit integers.
constexpr std::int64_t largestCount = 0x7fffffff;

/// Kinds with a second operand.
bool hasStored(DendriteKind kind);

/// "stage layers.0.attn.q (8)".
std::string describeStage(const Program &program, std::size_t stage);

/// Weight blocks lie within the weights; units are valid (P5).
Status verifyUnits(const Program &program);
/// P1: order, indices, the one Output.
Status verifyTopology(const Program &program);
/// P5, P10 to P13: what the number of frames asks of stages and units.
Status verifyFrames(const Program &program);
/// P3: shapes of every dendrite.
Status verifyShapes(const Program &program);
/// P14: the constants of a prefix.
Status verifyPrefix(const Program &program);
/// P4, P6: requantisation and proven widths.
Status verifyWidths(const Program &program);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_PROGRAM_VERIFYPARTS_H

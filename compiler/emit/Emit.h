//===- Emit.h - chip IR to Program ------------------------------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_EMIT_EMIT_H
#define SYNFIRE_COMPILER_EMIT_EMIT_H

#include "compiler/emit/ProgramBuilder.h"
#include "dialects/chip/Chip.h"
#include "hw-models/ChipModel.h"

namespace synfire {

/// Reads the system's groups in order, quantises their weights one tensor at a
/// time into `writer`, and returns the Program, not yet verified. `chip` is the
/// model that the system was mapped on. Names of tensors resolve through
/// `tensors`, keys and values of the system's prefix through `prefix`.
Result<Program> emitProgram(chip::SystemOp system, const ChipModel &chip,
                            const TensorReader &tensors,
                            const PrefixReader &prefix, BlockWriter &writer);

} // namespace synfire

#endif // SYNFIRE_COMPILER_EMIT_EMIT_H

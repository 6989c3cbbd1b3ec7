//===- Verify.h - the parts of verify(Program) ------------------*- C++ -*-===//
//
// A compiler holds a Program without a mapping for a while; it asks for the
// first part alone. All functions accept any plain values, also hostile ones:
// every index, size and product is checked before use.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_PROGRAM_VERIFY_H
#define SYNFIRE_RUNTIME_PROGRAM_VERIFY_H

#include "runtime/program/Program.h"

namespace synfire {

/// P1 to P6 and P10 to P13: weight blocks, units, topology, frames, shapes and
/// widths. Blocks may be without data.
Status verifyNetwork(const Program &program);

/// P8: the chip's synapses can hold what the network keeps in them.
/// verifyNetwork() must hold.
Status verifyAbilities(const Program &program, const ChipModel &chip);

/// P7 to P9: capacities, cover and schedule. verifyNetwork() must hold.
Status verifyMapping(const Program &program);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_PROGRAM_VERIFY_H

//===- SnnMapToChip.h - spiking populations to groups of cores --*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_PASSES_SNNMAPTOCHIP_H
#define SYNFIRE_COMPILER_PASSES_SNNMAPTOCHIP_H

#include "compiler/mapping/Problem.h"
#include "dialects/chip/Chip.h"
#include "dialects/snn/Snn.h"
#include "hw-models/ChipModel.h"

namespace synfire {

/// Partitions, places and schedules the network on the chip, writes a
/// `chip.system` after it and erases it. A network that does not fit fails with
/// a diagnostic that says by how much.
mlir::LogicalResult mapToChip(snn::NetworkOp network, const ChipModel &chip,
                              const MappingOptions &options);

} // namespace synfire

#endif // SYNFIRE_COMPILER_PASSES_SNNMAPTOCHIP_H

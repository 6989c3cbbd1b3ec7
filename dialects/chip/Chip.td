//===- Chip.td - the mapped network ---------------------------------------===//
#ifndef SYNFIRE_DIALECTS_CHIP_CHIP_TD
#define SYNFIRE_DIALECTS_CHIP_CHIP_TD

include "dialects/chip/ChipDialect.td"
include "dialects/chip/ChipOps.td"

#endif // SYNFIRE_DIALECTS_CHIP_CHIP_TD

//===- Snn.td - the spiking network ---------------------------------------===//
#ifndef SYNFIRE_DIALECTS_SNN_SNN_TD
#define SYNFIRE_DIALECTS_SNN_SNN_TD

include "dialects/snn/SnnDialect.td"
include "dialects/snn/SnnInterfaces.td"
include "dialects/snn/SnnAttributes.td"
include "dialects/snn/SnnTables.td"
include "dialects/snn/SnnTypes.td"
include "dialects/snn/SnnOps.td"

#endif // SYNFIRE_DIALECTS_SNN_SNN_TD

//===- NetworkModels.h - the models behind makeNetwork ----------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_NOC_NETWORKMODELS_H
#define SYNFIRE_SIMULATOR_NOC_NETWORKMODELS_H

#include "simulator/noc/Network.h"

namespace synfire {

std::unique_ptr<Network> makeIdealNetwork(const ChipModel &chip,
                                          const Routing &ways);
std::unique_ptr<Network> makeBurstNetwork(const ChipModel &chip,
                                          const Routing &ways);
Result<std::unique_ptr<Network>> makePacketNetwork(const ChipModel &chip,
                                                   const Routing &ways);

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_NETWORKMODELS_H

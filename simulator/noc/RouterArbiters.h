//===- RouterArbiters.h - whose turn it is ----------------------*- C++ -*-===//
//
// The accepting ends of both allocators, with their round-robin priorities.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_NOC_ROUTERARBITERS_H
#define SYNFIRE_SIMULATOR_NOC_ROUTERARBITERS_H

#include "simulator/noc/RouterMesh.h"

namespace synfire {

inline std::uint32_t lowest(std::uint64_t bits) {
  return static_cast<std::uint32_t>(__builtin_ctzll(bits));
}

/// The first bit at or after `from` (<= 64), cyclically; `bits` is not 0.
inline std::uint32_t roundRobin(std::uint64_t bits, std::uint32_t from) {
  const std::uint64_t turned = bits >> from % 64 | bits << (64 - from) % 64;
  return (lowest(turned) + from) % 64;
}

/// The VC that an input accepts of those that grant to it.
inline std::uint32_t RouterMesh::acceptedVc(std::uint32_t inputVc,
                                            Mask granted) {
  InputVc &input = inputVcs[inputVc];
  const OutputPort &output = outputs[input.output];
  const std::uint32_t firstOutput = firstVc(output.number);
  // 0 if its turn lies at an output before this one, or beyond it; without a
  // branch, because either is as likely.
  const auto ahead = static_cast<std::int32_t>(input.acceptFrom - firstOutput);
  const auto from =
      static_cast<std::uint32_t>(ahead & ~(ahead >> 31) & ((ahead - 65) >> 31));
  const std::uint32_t vc = roundRobin(granted, from);
  outputVcs[firstVc(input.output) + vc].grantFrom =
      static_cast<std::uint16_t>(inputVc - output.firstInput + 1);
  input.acceptFrom = static_cast<std::uint16_t>(firstOutput + vc + 1);
  return vc;
}

/// Once for every grant, when all are known: whether the input accepts it.
inline bool RouterMesh::accepts(std::uint32_t inputVc, InputPort &input,
                                OutputPort &output) const {
  if ((input.offered & (input.offered - 1)) != 0)
    input.offered = Mask(1) << roundRobin(input.offered, input.acceptFrom);
  if ((input.offered >> output.number & 1) == 0)
    return false;
  input.offered = 0;
  output.grantFrom = static_cast<std::uint16_t>((inputVc | vcIndexMask) + 1 -
                                                output.firstInput);
  input.acceptFrom = static_cast<std::uint16_t>(output.number + 1);
  input.vcFrom = static_cast<std::uint16_t>((inputVc & vcIndexMask) + 1);
  return true;
}

/// It has got a VC, and one with a credit.
inline bool RouterMesh::speculationHolds(std::uint32_t inputVc) const {
  return inputVcs[inputVc].phase == Phase::Active &&
         outputVcs[inputVcs[inputVc].outVc].credits > 0;
}

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_ROUTERARBITERS_H

//===- Digest.h - one number over all spikes of a run -----------*- C++ -*-===//
//
// The digest is a sum over (stage, token) of mix(rowSum + mix(stage,
// position)), where rowSum = sum over neurons of neuronKey(i) * word(i) mod
// 2^64 and word(i) is the sum of digestTerm over the spikes of neuron i. All
// sums commute, so the digest does not depend on the order of events or on
// where a neuron lives. For the output stage word(i) is the membrane.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_PROGRAM_DIGEST_H
#define SYNFIRE_RUNTIME_PROGRAM_DIGEST_H

#include <cstdint>

namespace synfire {

/// The finaliser of SplitMix64 (Steele, Lea, Flood: "Fast Splittable
/// Pseudorandom Number Generators", OOPSLA 2014).
constexpr std::uint64_t mixBits(std::uint64_t z) {
  z += 0x9e3779b97f4a7c15ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

/// Key of neuron i of a stage; odd, so that no word is lost.
constexpr std::uint64_t neuronKey(std::uint64_t neuron) {
  return mixBits(neuron) | 1;
}

/// Weighs what a frame delivers, so that trains of equal sums differ; odd.
constexpr std::uint64_t frameKey(std::uint64_t frame) {
  return frame == 0 ? 1 : mixBits(~frame) | 1;
}

/// A row's share of the digest.
constexpr std::uint64_t rowDigest(std::uint64_t stage, std::uint64_t position,
                                  std::uint64_t rowSum) {
  return mixBits(rowSum + mixBits((stage << 32) ^ position));
}

} // namespace synfire

#endif // SYNFIRE_RUNTIME_PROGRAM_DIGEST_H

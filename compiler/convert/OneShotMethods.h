//===- OneShotMethods.h - conversions to one-shot codes ---------*- C++ -*-===//
//
// MGPC and what its authors compare it with (CONVERSION sections 5 and 6.1 to
// 6.3): the populations of MGPC carry a code whose whole input is there before
// its first step, everything else is digital. Every function is a Method::plan.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_CONVERT_ONESHOTMETHODS_H
#define SYNFIRE_COMPILER_CONVERT_ONESHOTMETHODS_H

#include "compiler/convert/Methods.h"

namespace synfire {

/// MGPC: a table trained on each population's samples.
MethodPlan planMgpc;

/// Base 2 with half a last threshold of offset: what MGPC has to beat.
MethodPlan planRounding;

/// Base 2 without offset, MGPC's stand-in for LAS.
MethodPlan planLasLite;

/// Base 2 and two spikes at most, MGPC's stand-in for SpikedAttention.
MethodPlan planTwoSpike;

/// SpikedAttention: a single spike, and winner-takes-all exponentials.
MethodPlan planSpikedAttention;

/// Time to first spike, linear, rounding.
MethodPlan planTtfs;

/// SpikeLLM: counts, with extra bits for salient channels.
MethodPlan planSpikeLlm;

} // namespace synfire

#endif // SYNFIRE_COMPILER_CONVERT_ONESHOTMETHODS_H

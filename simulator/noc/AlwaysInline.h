//===- AlwaysInline.h - for the loops over flits ----------------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_NOC_ALWAYSINLINE_H
#define SYNFIRE_SIMULATOR_NOC_ALWAYSINLINE_H

/// A function that is called once for every flit and router, a few times in the
/// program: what a call saves and restores costs as much as its work.
#define SYNFIRE_ALWAYS_INLINE __attribute__((always_inline)) inline

#endif // SYNFIRE_SIMULATOR_NOC_ALWAYSINLINE_H

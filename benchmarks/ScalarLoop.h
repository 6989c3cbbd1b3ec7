//===- ScalarLoop.h - loops that compilers leave alone ----------*- C++ -*-===//
//
// Of a function and of a loop in it: neither vectorized nor interleaved.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_BENCHMARKS_SCALARLOOP_H
#define SYNFIRE_BENCHMARKS_SCALARLOOP_H

#if defined(__clang__)
#define SYNFIRE_SCALAR_LOOP                                                    \
  _Pragma("clang loop vectorize(disable) interleave(disable)")
#define SYNFIRE_SCALAR
#else
#define SYNFIRE_SCALAR_LOOP
#define SYNFIRE_SCALAR __attribute__((optimize("no-tree-vectorize")))
#endif

#endif // SYNFIRE_BENCHMARKS_SCALARLOOP_H

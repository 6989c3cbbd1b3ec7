//===- Simd.h - one loop, several instruction sets --------------*- C++ -*-===//
//
// Builds are portable x86-64. A hot loop marked SYNFIRE_MULTIVERSION is
// compiled for AVX2 and AVX-512 as well, and the loader picks the widest that
// the machine has. Clang 19 does not emit inline functions and implicit
// constructors that only a clone uses: keep such a body to loops over plain
// values. Sanitizers do not survive the resolvers, so there the macro is empty.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_SUPPORT_SIMD_H
#define SYNFIRE_RUNTIME_SUPPORT_SIMD_H

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||     \
    __has_feature(memory_sanitizer)
#define SYNFIRE_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SYNFIRE_SANITIZED 1
#endif

#if defined(__x86_64__) && defined(__GNUC__) && !defined(SYNFIRE_SANITIZED)
#define SYNFIRE_MULTIVERSION                                                   \
  __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define SYNFIRE_MULTIVERSION
#endif

namespace synfire {

/// Functions marked SYNFIRE_VNNI multiply and add bytes or words by intrinsics,
/// of processors for which hasVnni() holds; defined on x86-64 alone.
#if defined(__x86_64__)
#define SYNFIRE_VNNI                                                           \
  __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni")))

inline bool hasVnni() {
  static const bool has = __builtin_cpu_supports("avx512f") &&
                          __builtin_cpu_supports("avx512bw") &&
                          __builtin_cpu_supports("avx512vl") &&
                          __builtin_cpu_supports("avx512dq") &&
                          __builtin_cpu_supports("avx512vnni");
  return has;
}
#else
inline bool hasVnni() { return false; }
#endif

} // namespace synfire

#endif // SYNFIRE_RUNTIME_SUPPORT_SIMD_H

#pragma once

/// Sixteen floats, which need no alignment beyond that of one. Where registers are narrower the
/// compiler splits them.
typedef float Float16 __attribute__((vector_size(64), aligned(4), may_alias));

/// Builds a function for several instruction sets; which one runs is chosen when the program starts.
#if defined(__x86_64__) && defined(__linux__)
#define EVERY_INSTRUCTION_SET \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define EVERY_INSTRUCTION_SET
#endif

/// Builds a function for the widest registers alone, which hold a Float16 whole: what keeps many of them
/// at once is no faster than simpler code where they are narrower. It must not be called unless
/// ``hasWideRegisters``.
#if defined(__x86_64__) && defined(__linux__)
#define WIDE_REGISTERS __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
static inline int hasWideRegisters(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("x86-64-v4");
}
#else
#define WIDE_REGISTERS
static inline int hasWideRegisters(void) { return 0; }
#endif

/// For arrays of Float16 on the stack, which would straddle lines of the cache.
#define ALIGNED _Alignas(64)

#define UNROLLED _Pragma("clang loop unroll(full)")
#define INLINE static inline __attribute__((always_inline))

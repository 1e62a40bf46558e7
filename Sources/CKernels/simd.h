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

#define INLINE static inline __attribute__((always_inline))

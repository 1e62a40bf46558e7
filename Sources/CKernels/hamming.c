#include "hamming.h"
#include "simd.h"

/// Where there is an instruction that counts the bits of eight words at once, it is used.
#if defined(__x86_64__) && defined(__linux__)
#define EVERY_POPULATION_COUNT                                                                  \
  __attribute__((target_clones("avx512vpopcntdq", "arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define EVERY_POPULATION_COUNT
#endif

EVERY_POPULATION_COUNT
void hammingDistances(const uint64_t *restrict words, int64_t count, uint64_t query,
                      int32_t begins, uint16_t *restrict distances) {
  if (begins) {
    for (int64_t i = 0; i < count; ++i)
      distances[i] = (uint16_t)__builtin_popcountll(words[i] ^ query);
  } else {
    for (int64_t i = 0; i < count; ++i)
      distances[i] += (uint16_t)__builtin_popcountll(words[i] ^ query);
  }
}

EVERY_INSTRUCTION_SET
int64_t hammingHits(const uint16_t *restrict distances, int64_t count, uint16_t limit,
                    uint16_t *restrict positions) {
  enum { LANES = 64 };
  int64_t found = 0;
  for (int64_t start = 0; start < count; start += LANES) {
    int64_t end = count - start < LANES ? count : start + LANES;
    // Most stretches hold nothing near: one comparison of them all says so.
    uint16_t any = 0;
    for (int64_t i = start; i < end; ++i) any |= distances[i] <= limit;
    if (!any) continue;
    for (int64_t i = start; i < end; ++i) {
      positions[found] = (uint16_t)i;
      found += distances[i] <= limit;
    }
  }
  return found;
}

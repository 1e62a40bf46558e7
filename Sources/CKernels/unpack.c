#include "unpack.h"
#include "simd.h"
#include <string.h>

typedef int16_t Short16 __attribute__((vector_size(32), aligned(2)));

/// The numbers of eight samples, in-phase before quadrature. A macro: a function would have to hand
/// over a vector that not every instruction set has.
#define SORTED(v, order)                                                                          \
  ((order) == SamplesQI                                                                           \
       ? __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14)      \
   : (order) == SamplesI0I1Q0Q1                                                                   \
       ? __builtin_shufflevector(v, v, 0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11, 12, 14, 13, 15)      \
   : (order) == SamplesQ0Q1I0I1                                                                   \
       ? __builtin_shufflevector(v, v, 2, 0, 3, 1, 6, 4, 7, 5, 10, 8, 11, 9, 14, 12, 15, 13)      \
       : (v))

/// Sixteen integers at a time; the order is known when this is compiled.
INLINE void unpack(const uint8_t *bytes, int64_t count, int32_t order, int32_t excess,
                   const float *weights, float *samples) {
  enum { LANES = 16 };
  int64_t start = 0;
  for (; start + LANES <= count; start += LANES) {
    Short16 stored;
    memcpy(&stored, bytes + 2 * start, sizeof stored);
    Float16 values = __builtin_convertvector((SORTED(stored, order) << excess) >> excess, Float16);
    if (weights) values *= *(const Float16 *)(weights + start);
    *(Float16 *)(samples + start) = values;
  }
  if (start == count) return;
  Short16 stored = {0};
  memcpy(&stored, bytes + 2 * start, (size_t)(2 * (count - start)));
  Float16 values = __builtin_convertvector((SORTED(stored, order) << excess) >> excess, Float16);
  for (int64_t lane = 0; start + lane < count; ++lane)
    samples[start + lane] = weights ? values[lane] * weights[start + lane] : values[lane];
}

EVERY_INSTRUCTION_SET
void unpackInt16(const uint8_t *bytes, int64_t count, int32_t order, int32_t excess,
                 const float *weights, float *samples) {
  switch (order) {
  case SamplesQI: return unpack(bytes, count, SamplesQI, excess, weights, samples);
  case SamplesI0I1Q0Q1: return unpack(bytes, count, SamplesI0I1Q0Q1, excess, weights, samples);
  case SamplesQ0Q1I0I1: return unpack(bytes, count, SamplesQ0Q1I0I1, excess, weights, samples);
  default: return unpack(bytes, count, SamplesIQ, excess, weights, samples);
  }
}

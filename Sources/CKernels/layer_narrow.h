#pragma once
#include "layer_plan.h"

// Layers of at most eight filters whose windows are 2 × 2. Their filters fill half a vector only, so a
// vector holds two rows of the output at once: lanes 2f and 2f + 1 belong to the filter f in the
// upper and the lower row. The input is laid out so that the two floats a pair of rows needs lie
// side by side and are repeated over the vector by one load.

INLINE int isNarrow(const LayerShape *s) {
  return s->filters <= 8 && s->poolHeight == 2 && s->poolWidth == 2;
}

typedef uint64_t Long8 __attribute__((vector_size(64), aligned(4), may_alias));
typedef uint64_t Pair __attribute__((aligned(4), may_alias));
typedef float Float8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef int Int8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef uint8_t Byte8 __attribute__((vector_size(8), aligned(1), may_alias));

INLINE Float16 repeatPair(const float *pair) {
  Pair value = *(const Pair *)pair;
  return (Float16)(Long8){value, value, value, value, value, value, value, value};
}

INLINE Float16 twice(Float8 v) {
  return __builtin_shufflevector(v, v, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
}

INLINE Float8 loadUpTo8(const float *place, int64_t count) {
  Float8 value = {};
  if (count >= 8) value = *(const Float8 *)place;
  else memcpy(&value, place, (size_t)count * sizeof(float));
  return value;
}

/// Writes every number of rows of up to eight floats twice.
INLINE void repeatRows(const float *rows, int64_t count, int64_t width, float *repeated) {
  for (int64_t row = 0; row < count; ++row)
    store16(repeated + row * LANES, twice(loadUpTo8(rows + row * width, width)));
}

/// The floats that the pairs of all rows take.
INLINE int64_t pairFloats(const LayerSizes *z) { return roundUp(2 * z->paddedFloats + 2 * LANES); }

/// Lays every row of the padded input beside the next.
INLINE void pairRows(const LayerSizes *z, int64_t rows, const float *padded, float *pairs) {
  for (int64_t i = 0; i < (rows - 1) * z->rowStride; i += LANES) {
    Float16 a = load16(padded + i), b = load16(padded + i + z->rowStride);
    store16(pairs + 2 * i, __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21,
                                                   6, 22, 7, 23));
    store16(pairs + 2 * i + LANES, __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12,
                                                           28, 13, 29, 14, 30, 15, 31));
  }
}

/// Two rows and `columns` columns of the convolution, pooled.
INLINE void narrowTile(const LayerShape *s, const LayerSizes *z, const float *pairs,
                       const float *weights, Float16 bias, float *output, uint8_t *places,
                       const int columns) {
  Float16 sums[16];
#pragma clang loop unroll(full)
  for (int i = 0; i < columns; ++i) sums[i] = (Float16){};
  for (int64_t ky = 0; ky < s->kernelHeight; ++ky) {
    const float *pixel = pairs + 2 * ky * z->rowStride;
    for (int64_t r = 0; r < z->run; ++r) {
      Float16 weight = load16(weights);
      weights += LANES;
#pragma clang loop unroll(full)
      for (int i = 0; i < columns; ++i)
        sums[i] += repeatPair(pixel + 2 * (i * s->channels + r)) * weight;
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < columns; i += 2) {
    // First the greater of two columns in each row, then of the two rows, which are neighbours.
    Int16 isRight = sums[i + 1] > sums[i];
    Float16 best = (Float16)choose(isRight, (Int16)sums[i + 1], (Int16)sums[i]) + bias;
    Int16 place = isRight & 1;
    Float8 upper = __builtin_shufflevector(best, best, 0, 2, 4, 6, 8, 10, 12, 14);
    Float8 lower = __builtin_shufflevector(best, best, 1, 3, 5, 7, 9, 11, 13, 15);
    Int8 upperPlace = __builtin_shufflevector(place, place, 0, 2, 4, 6, 8, 10, 12, 14);
    Int8 lowerPlace = __builtin_shufflevector(place, place, 1, 3, 5, 7, 9, 11, 13, 15) + 2;
    Int8 isLower = lower > upper;
    Int8 value = ((Int8)lower & isLower) | ((Int8)upper & ~isLower);
    if (s->rectifies) value &= ~((Float8)value < 0);
    memcpy(output + i / 2 * s->filters, &value, (size_t)s->filters * sizeof(float));
    if (places) {
      Byte8 bytes = __builtin_convertvector(
          (lowerPlace & isLower) | (upperPlace & ~isLower), Byte8);
      memcpy(places + i / 2 * s->filters, &bytes, (size_t)s->filters);
    }
  }
}

/// One image of the layer.
INLINE void narrowImage(const LayerShape *s, const LayerSizes *z, const float *pairs,
                        const float *weights, const float *bias, float *output, uint8_t *places) {
  Float16 biases = load16(bias);
  for (int64_t y = 0; y < z->pooledHeight; ++y) {
    const float *row = pairs + 2 * 2 * y * z->rowStride;
    int64_t x = 0;
#define NARROW_TILES(COLUMNS)                                                                     \
  for (; x + COLUMNS <= z->usedWidth; x += COLUMNS) {                                             \
    int64_t target = (y * z->pooledWidth + x / 2) * s->filters;                                   \
    narrowTile(s, z, row + 2 * x * s->channels, weights, biases, output + target,                 \
               places ? places + target : 0, COLUMNS);                                            \
  }
    NARROW_TILES(16)
    NARROW_TILES(8)
    NARROW_TILES(2)
  }
}

/// Adds to `rows` × `taps` vectors of weights the products over one image.
INLINE void narrowFilterTile(const LayerShape *s, const LayerSizes *z, const float *pairs,
                             const float *output, const uint8_t *places, const float *gradient,
                             float *target, const int rows, const int taps) {
  Float16 sums[9];
  const Int16 numbers = {0, 2, 0, 2, 0, 2, 0, 2, 0, 2, 0, 2, 0, 2, 0, 2};
#pragma clang loop unroll(full)
  for (int i = 0; i < rows * taps; ++i) sums[i] = load16(target + i * LANES);
  for (int64_t y = 0; y < z->pooledHeight; ++y) {
    for (int64_t x = 0; x < z->pooledWidth; ++x) {
      int64_t source = (y * z->pooledWidth + x) * s->filters;
      Float8 slope = loadUpTo8(gradient + source, s->filters);
      if (s->rectifies) {
        Float8 value = loadUpTo8(output + source, s->filters);
        slope = (Float8)((Int8)slope & (value > 0));
      }
      Byte8 bytes = {};
      memcpy(&bytes, places + source, (size_t)s->filters);
      Float8 stored = (Float8)__builtin_convertvector(bytes, Int8);
      Int16 place = (Int16)twice(stored), both = (Int16)twice(slope);
      const float *pixel = pairs + 2 * (2 * y * z->rowStride + 2 * x * s->channels);
#pragma clang loop unroll(full)
      for (int column = 0; column < 2; ++column) {
        Float16 part = (Float16)(both & (place == numbers + column));
#pragma clang loop unroll(full)
        for (int row = 0; row < rows; ++row)
#pragma clang loop unroll(full)
          for (int tap = 0; tap < taps; ++tap)
            sums[row * taps + tap] +=
                repeatPair(pixel + 2 * (row * z->rowStride + column * s->channels + tap)) * part;
      }
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < rows * taps; ++i) store16(target + i * LANES, sums[i]);
}

/// Adds to the weights, of which each takes a vector, the products over one image.
INLINE void narrowFilterGradient(const LayerShape *s, const LayerSizes *z, const float *pairs,
                                 const float *output, const uint8_t *places, const float *gradient,
                                 float *sums) {
  if (s->kernelHeight == 3 && z->run == 3) {
    narrowFilterTile(s, z, pairs, output, places, gradient, sums, 3, 3);
    return;
  }
  for (int64_t ky = 0; ky < s->kernelHeight; ++ky) {
    const float *row = pairs + 2 * ky * z->rowStride;
    float *target = sums + ky * z->run * LANES;
    int64_t r = 0;
    for (; r + 8 <= z->run; r += 8)
      narrowFilterTile(s, z, row + 2 * r, output, places, gradient, target + r * LANES, 1, 8);
    for (; r < z->run; ++r)
      narrowFilterTile(s, z, row + 2 * r, output, places, gradient, target + r * LANES, 1, 1);
  }
}

INLINE void addNarrowBias(const LayerShape *s, int64_t pixels, const float *output,
                          const float *gradient, float *bias) {
  Float8 sum = *(Float8 *)bias;
  for (int64_t pixel = 0; pixel < pixels; ++pixel) {
    Float8 slope = loadUpTo8(gradient + pixel * s->filters, s->filters);
    if (s->rectifies) {
      Float8 value = loadUpTo8(output + pixel * s->filters, s->filters);
      slope = (Float8)((Int8)slope & (value > 0));
    }
    sum += slope;
  }
  *(Float8 *)bias = sum;
}

#pragma once
#include "layer_narrow.h"

// The gradients of a layer with pooling. Of each window only one pixel took part in the output, so
// a quarter of the products is left for windows of 2 × 2. For every pooled pixel and filter it is
// known where in the padded input the filter stood: both gradients visit these places and nothing
// else.

INLINE Float16 loadLanes(const float *place, int64_t count) {
  if (count >= LANES) return load16(place);
  Float16 value = {};
  memcpy(&value, place, (size_t)count * sizeof(float));
  return value;
}

/// Writes the gradient of every pooled pixel and filter, and where in the padded input it belongs.
///
/// Of a row first the even pixels come and then the odd ones: places that follow each other do not
/// overlap under filters of three columns, so what adds to them need not wait.
INLINE void placePooledGradient(const LayerShape *s, const LayerSizes *z, const float *output,
                                const uint8_t *places, const float *gradient,
                                const int32_t *offsets, float *slopes, int32_t *origins,
                                float *bias) {
  int64_t width = z->pooledWidth, half = (width + 1) / 2;
  for (int64_t y = 0; y < z->pooledHeight; ++y) {
    for (int64_t i = 0; i < width; ++i) {
      int64_t x = i < half ? 2 * i : 2 * (i - half) + 1;
      int64_t pixel = y * width + i, source = (y * width + x) * s->filters;
      int32_t corner =
          (int32_t)(y * s->poolHeight * z->rowStride + x * s->poolWidth * s->channels);
      for (int64_t f = 0; f < s->filters; f += LANES) {
        Float16 slope = loadLanes(gradient + source + f, s->filters - f);
        if (s->rectifies) {
          Float16 value = loadLanes(output + source + f, s->filters - f);
          slope = (Float16)((Int16)slope & (value > 0));
        }
        store16(slopes + pixel * z->lanes + f, slope);
        store16(bias + f, load16(bias + f) + slope);
        Byte16 numbers = {};
        memcpy(&numbers, places + source + f,
               (size_t)(s->filters - f < LANES ? s->filters - f : LANES));
        Int16 place = __builtin_convertvector(numbers, Int16), origin = {};
        for (int number = 1; number < s->poolHeight * s->poolWidth; ++number)
          origin = choose(place == number, (Int16){} + offsets[number], origin);
        *(Int16 *)(origins + pixel * z->lanes + f) = origin + corner;
      }
    }
  }
}

/// Adds to `rows` rows of `vectors` × 16 weights of `filters` filters the products over one image.
INLINE void pooledFilterTile(const LayerSizes *z, int64_t pixels, const float *padded,
                             const float *slopes, const int32_t *origins, float *target,
                             int64_t filterStride, const int filters, const int rows,
                             const int vectors) {
  Float16 sums[24];
  int64_t width = roundUp(z->run);
#pragma clang loop unroll(full)
  for (int f = 0; f < filters; ++f)
#pragma clang loop unroll(full)
    for (int i = 0; i < rows * vectors; ++i)
      sums[f * rows * vectors + i] =
          load16(target + f * filterStride + (i / vectors) * width + (i % vectors) * LANES);
  for (int64_t pixel = 0; pixel < pixels; ++pixel) {
#pragma clang loop unroll(full)
    for (int f = 0; f < filters; ++f) {
      float slope = slopes[f];
      const float *place = padded + origins[f];
#pragma clang loop unroll(full)
      for (int row = 0; row < rows; ++row)
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; ++v)
          sums[(f * rows + row) * vectors + v] += slope * load16(place + row * z->rowStride + v * LANES);
    }
    slopes += z->lanes;
    origins += z->lanes;
  }
#pragma clang loop unroll(full)
  for (int f = 0; f < filters; ++f)
#pragma clang loop unroll(full)
    for (int i = 0; i < rows * vectors; ++i)
      store16(target + f * filterStride + (i / vectors) * width + (i % vectors) * LANES,
              sums[f * rows * vectors + i]);
}

INLINE void pooledFilterRows(const LayerShape *s, const LayerSizes *z, const float *padded,
                             const float *slopes, const int32_t *origins, float *sums,
                             const int rows, const int filters, const int vectors, int64_t vector) {
  int64_t width = roundUp(z->run), stride = s->kernelHeight * width;
  int64_t pixels = z->pooledHeight * z->pooledWidth;
  for (int64_t ky = 0; ky < s->kernelHeight; ky += rows)
    for (int64_t f = 0; f < s->filters; f += filters)
      pooledFilterTile(z, pixels, padded + ky * z->rowStride + vector * LANES, slopes + f,
                       origins + f, sums + f * stride + ky * width + vector * LANES, stride,
                       filters, rows, vectors);
}

/// The gradient of all weights, as rows of the kernel for each filter.
INLINE void pooledFilterGradient(const LayerShape *s, const LayerSizes *z, const float *padded,
                                 const float *slopes, const int32_t *origins, float *sums) {
  int64_t vectors = roundUp(z->run) / LANES;
  for (int64_t v = 0; v < vectors;) {
    int64_t left = vectors - v;
    if (s->kernelHeight == 3) {
      if (left >= 3) pooledFilterRows(s, z, padded, slopes, origins, sums, 3, 2, 3, v);
      else if (left == 2) pooledFilterRows(s, z, padded, slopes, origins, sums, 3, 2, 2, v);
      else pooledFilterRows(s, z, padded, slopes, origins, sums, 3, 4, 1, v);
    } else {
      if (left >= 3) pooledFilterRows(s, z, padded, slopes, origins, sums, 1, 4, 3, v);
      else if (left == 2) pooledFilterRows(s, z, padded, slopes, origins, sums, 1, 4, 2, v);
      else pooledFilterRows(s, z, padded, slopes, origins, sums, 1, 8, 1, v);
    }
    v += left < 3 ? left : 3;
  }
}

/// Adds the weights of one filter, kept in registers, wherever it stood, times the gradient there.
#define DEFINE_POOLED_INPUT_TILE(NAME, VECTOR, WIDTH)                                             \
  INLINE void NAME(const LayerSizes *z, int64_t pixels, const float *weights, const float *slopes, \
                   const int32_t *origins, float *frame, const int rows, const int vectors) {     \
    VECTOR kept[9];                                                                               \
    int64_t width = roundUp(z->run);                                                              \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < rows * vectors; ++i) kept[i] =         \
        *(const VECTOR *)(weights + (i / vectors) * width + (i % vectors) * WIDTH);               \
    for (int64_t pixel = 0; pixel < pixels; ++pixel) {                                            \
      float slope = slopes[pixel * z->lanes];                                                     \
      float *place = frame + origins[pixel * z->lanes];                                           \
      _Pragma("clang loop unroll(full)") for (int i = 0; i < rows * vectors; ++i) {               \
        VECTOR *target = (VECTOR *)(place + (i / vectors) * z->rowStride + (i % vectors) * WIDTH); \
        *target += slope * kept[i];                                                               \
      }                                                                                           \
    }                                                                                             \
  }

DEFINE_POOLED_INPUT_TILE(pooledInputTile16, Float16, 16)
DEFINE_POOLED_INPUT_TILE(pooledInputTile8, Float8, 8)

/// The gradient of the padded input, whose frame is zero before.
INLINE void pooledInputGradient(const LayerShape *s, const LayerSizes *z, const float *weights,
                                const float *slopes, const int32_t *origins, float *frame) {
  int64_t width = roundUp(z->run), pixels = z->pooledHeight * z->pooledWidth;
  // Stores of the size and at the places of later loads are forwarded to them without delay, so
  // vectors end where pixels end, if they can.
  int isHalf = s->channels % LANES != 0 && s->channels % 8 == 0;
  int64_t lanes = isHalf ? 8 : LANES, vectors = (z->run + lanes - 1) / lanes;
  int64_t rows = s->kernelHeight == 3 ? 3 : 1;
  for (int64_t f = 0; f < s->filters; ++f) {
    for (int64_t ky = 0; ky < s->kernelHeight; ky += rows) {
      for (int64_t v = 0; v < vectors;) {
        int64_t left = vectors - v;
        const float *kept = weights + (f * s->kernelHeight + ky) * width + v * lanes;
        float *target = frame + ky * z->rowStride + v * lanes;
        const float *slope = slopes + f;
        const int32_t *origin = origins + f;
        if (isHalf) {
          if (rows == 3 && left >= 3) pooledInputTile8(z, pixels, kept, slope, origin, target, 3, 3);
          else if (rows == 3) pooledInputTile8(z, pixels, kept, slope, origin, target, 3, 1);
          else if (left >= 3) pooledInputTile8(z, pixels, kept, slope, origin, target, 1, 3);
          else pooledInputTile8(z, pixels, kept, slope, origin, target, 1, 1);
        } else {
          if (rows == 3 && left >= 3) pooledInputTile16(z, pixels, kept, slope, origin, target, 3, 3);
          else if (rows == 3) pooledInputTile16(z, pixels, kept, slope, origin, target, 3, 1);
          else if (left >= 3) pooledInputTile16(z, pixels, kept, slope, origin, target, 1, 3);
          else pooledInputTile16(z, pixels, kept, slope, origin, target, 1, 1);
        }
        v += left >= 3 ? 3 : 1;
      }
    }
  }
}

INLINE void pooledBackward(const LayerShape *s, const float *input, const float *filter,
                           const float *output, const uint8_t *places, const float *outputGradient,
                           float *scratch, float *inputGradient, float *filterGradient,
                           float *biasGradient) {
  LayerSizes z = layerSizes(s);
  int64_t width = roundUp(z.run), rows = s->kernelHeight * width;
  int64_t pixels = z.pooledHeight * z.pooledWidth, window = s->poolHeight * s->poolWidth;
  float *padded = take(&scratch, z.paddedFloats), *sums = take(&scratch, z.lanes * rows);
  float *weights = take(&scratch, z.lanes * rows), *bias = take(&scratch, z.lanes);
  float *slopes = take(&scratch, pixels * z.lanes);
  int32_t *origins = (int32_t *)take(&scratch, pixels * z.lanes);
  int32_t *offsets = (int32_t *)take(&scratch, window);
  int isPaired = isNarrow(s) && filterGradient;
  float *pairs = take(&scratch, isPaired ? pairFloats(&z) : 0);
  float *narrowSums = take(&scratch, isPaired ? s->kernelHeight * z.run * LANES : 0);
  float *frame = scratch;
  // Filters beyond the last have the gradient zero, at the place zero.
  memset(padded, 0, (size_t)((char *)frame - (char *)padded));
  for (int64_t i = 0; i < window; ++i)
    offsets[i] = (int32_t)(i / s->poolWidth * z.rowStride + i % s->poolWidth * s->channels);
  if (inputGradient)
    for (int64_t ky = 0; ky < s->kernelHeight; ++ky)
      for (int64_t r = 0; r < z.run; ++r)
        for (int64_t f = 0; f < s->filters; ++f)
          weights[f * rows + ky * width + r] = filter[(ky * z.run + r) * s->filters + f];
  int64_t imageFloats = s->height * s->width * s->channels, outputFloats = pixels * s->filters;
  int64_t row = s->width * s->channels;
  for (int64_t image = 0; image < s->batch; ++image) {
    const float *result = output + image * outputFloats;
    const float *slope = outputGradient + image * outputFloats;
    const uint8_t *place = places + image * outputFloats;
    if (isPaired && !inputGradient)
      addNarrowBias(s, pixels, result, slope, bias);
    else
      placePooledGradient(s, &z, result, place, slope, offsets, slopes, origins, bias);
    if (filterGradient) placeImage(s, &z, input + image * imageFloats, padded);
    if (isPaired) {
      pairRows(&z, s->height + s->paddingTop + s->paddingBottom, padded, pairs);
      narrowFilterGradient(s, &z, pairs, result, place, slope, narrowSums);
    } else if (filterGradient) {
      pooledFilterGradient(s, &z, padded, slopes, origins, sums);
    }
    if (inputGradient) {
      memset(frame, 0, (size_t)z.paddedFloats * sizeof(float));
      pooledInputGradient(s, &z, weights, slopes, origins, frame);
      const float *inner = frame + s->paddingTop * z.rowStride + s->paddingLeft * s->channels;
      for (int64_t y = 0; y < s->height; ++y)
        copyFloats(inner + y * z.rowStride, row, inputGradient + image * imageFloats + y * row);
    }
  }
  memcpy(biasGradient, bias, (size_t)s->filters * sizeof(float));
  if (isPaired)
    for (int64_t k = 0; k < s->kernelHeight * z.run; ++k)
      for (int64_t f = 0; f < s->filters; ++f)
        filterGradient[k * s->filters + f] =
            narrowSums[k * LANES + 2 * f] + narrowSums[k * LANES + 2 * f + 1];
  else if (filterGradient)
    for (int64_t f = 0; f < s->filters; ++f)
      for (int64_t ky = 0; ky < s->kernelHeight; ++ky)
        for (int64_t r = 0; r < z.run; ++r)
          filterGradient[(ky * z.run + r) * s->filters + f] = sums[f * rows + ky * width + r];
}

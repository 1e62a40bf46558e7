#pragma once
#include "layer.h"
#include "simd.h"
#include <string.h>

// Vectors are passed between functions that are always inlined, so no calling convention matters.
#pragma clang diagnostic ignored "-Wpsabi"

// What the forward and the backward half of a layer share: its derived sizes and its scratch.
//
// Every image is copied once into a padded frame in scratch, which stays in the first or second
// level of the cache, so that no tensor is ever padded and no loop asks where an edge is.

enum { LANES = 16 };

INLINE int64_t roundUp(int64_t count) { return (count + LANES - 1) / LANES * LANES; }

typedef int Int16 __attribute__((vector_size(64), aligned(4), may_alias));
typedef uint8_t Byte16 __attribute__((vector_size(16), aligned(1)));

/// `one` where the lanes of `mask` are set, as comparisons set them, and `other` elsewhere.
INLINE Int16 choose(Int16 mask, Int16 one, Int16 other) { return (one & mask) | (other & ~mask); }

INLINE Float16 load16(const float *place) { return *(const Float16 *)place; }
INLINE void store16(float *place, Float16 value) { *(Float16 *)place = value; }

/// Sizes in pixels, and distances in floats.
typedef struct {
  int64_t outputHeight, outputWidth;   // Of the convolution.
  int64_t pooledHeight, pooledWidth;   // Of the layer.
  int64_t usedHeight, usedWidth;       // Of the convolution, as far as it fills windows.
  int64_t rowStride;                   // From a row of the padded input to the next.
  int64_t run;                         // One row of a filter: the kernel's width times channels.
  int64_t lanes;                       // Filters, rounded up to whole vectors.
  int64_t paddedFloats;                // The padded input, and room to read past its end.
} LayerSizes;

INLINE LayerSizes layerSizes(const LayerShape *s) {
  LayerSizes z;
  int64_t paddedHeight = s->height + s->paddingTop + s->paddingBottom;
  int64_t paddedWidth = s->width + s->paddingLeft + s->paddingRight;
  z.outputHeight = paddedHeight - s->kernelHeight + 1;
  z.outputWidth = paddedWidth - s->kernelWidth + 1;
  z.pooledHeight = z.outputHeight / s->poolHeight;
  z.pooledWidth = z.outputWidth / s->poolWidth;
  z.usedHeight = z.pooledHeight * s->poolHeight;
  z.usedWidth = z.pooledWidth * s->poolWidth;
  z.rowStride = paddedWidth * s->channels;
  z.run = s->kernelWidth * s->channels;
  z.lanes = roundUp(s->filters);
  z.paddedFloats = roundUp(paddedHeight * z.rowStride + 2 * LANES);
  return z;
}

/// Copies floats in place: for short rows a call would take longer.
INLINE void copyFloats(const float *source, int64_t count, float *target) {
  int64_t i = 0;
  for (; i + LANES <= count; i += LANES) store16(target + i, load16(source + i));
  if (i == count) return;
  if (count >= LANES) {
    store16(target + count - LANES, load16(source + count - LANES));
  } else {
    for (; i < count; ++i) target[i] = source[i];
  }
}

/// Copies an image into the middle of its padded frame, whose margins are zero already.
INLINE void placeImage(const LayerShape *s, const LayerSizes *z, const float *image, float *padded) {
  int64_t row = s->width * s->channels;
  float *target = padded + s->paddingTop * z->rowStride + s->paddingLeft * s->channels;
  for (int64_t y = 0; y < s->height; ++y)
    copyFloats(image + y * row, row, target + y * z->rowStride);
}

/// Copies rows of `count` floats so that each takes `width`, filled up with zeros.
INLINE void packRows(const float *rows, int64_t rowCount, int64_t count, int64_t width,
                     float *packed) {
  for (int64_t row = 0; row < rowCount; ++row) {
    memcpy(packed + row * width, rows + row * count, (size_t)count * sizeof(float));
    memset(packed + row * width + count, 0, (size_t)(width - count) * sizeof(float));
  }
}

/// Takes the next `count` floats of scratch.
INLINE float *take(float **scratch, int64_t count) {
  float *taken = *scratch;
  *scratch += roundUp(count);
  return taken;
}

#pragma once
#include "layer_winograd.h"

// The convolution of one padded image, in tiles of pixels and filters whose sums stay in registers,
// with bias, rectification and pooling done before they leave them.

/// Adds up the products of a tile of `rows` × `columns` pixels and `blocks` × 16 filters; all sizes
/// are constants where this is inlined, so all sums stay in registers.
///
/// `input` is a padded image: a row of the filter meets `run` floats of it that lie side by side.
INLINE void tileSums(const float *input, int64_t rowStride, int64_t pixelStride, int64_t run,
                     int64_t kernelHeight, const float *weights, int64_t lanes, const int rows,
                     const int columns, const int blocks, Float16 *sums) {
#pragma clang loop unroll(full)
  for (int i = 0; i < rows * columns * blocks; ++i) sums[i] = (Float16){};
  for (int64_t ky = 0; ky < kernelHeight; ++ky) {
    const float *pixel = input + ky * rowStride;
    for (int64_t r = 0; r < run; ++r) {
#pragma clang loop unroll(full)
      for (int b = 0; b < blocks; ++b) {
        Float16 weight = load16(weights + b * LANES);
#pragma clang loop unroll(full)
        for (int row = 0; row < rows; ++row) {
#pragma clang loop unroll(full)
          for (int column = 0; column < columns; ++column)
            sums[(row * columns + column) * blocks + b] +=
                pixel[row * rowStride + column * pixelStride + r] * weight;
        }
      }
      weights += lanes;
    }
  }
}

/// Where the tiles of one image write.
typedef struct {
  const LayerShape *shape;
  LayerSizes sizes;
  const float *padded, *weights, *bias;
  const float *transformed;  // The filter as `layer_winograd.h` wants it, or null.
  float *block;              // Scratch for transformed tiles.
  float *output;      // One image of the layer's output, or of the convolution's where pooled later.
  uint8_t *places;
  int64_t width;      // Floats from a pixel of `output` to the next.
  int64_t outputWidth;
} ForwardImage;

INLINE void storeLanes(float *target, Float16 value, int64_t count) {
  if (count >= LANES) store16(target, value);
  else memcpy(target, &value, (size_t)count * sizeof(float));
}

INLINE Float16 rectified(Float16 value, int64_t rectifies) {
  // What is no number stays none.
  return rectifies ? (Float16)((Int16)value & ~(value < 0)) : value;
}

/// The greatest of a window so far, and where it was.

INLINE void keepGreater(Float16 *best, Int16 *place, Float16 value, int number) {
  Int16 isGreater = value > *best;
  *best = (Float16)choose(isGreater, (Int16)value, (Int16)*best);
  *place = choose(isGreater, (Int16){} + number, *place);
}

INLINE void storePlaces(uint8_t *target, Int16 place, int64_t count) {
  Byte16 bytes = __builtin_convertvector(place, Byte16);
  memcpy(target, &bytes, (size_t)(count < LANES ? count : LANES));
}

/// What becomes of the sums of a tile: with `isPooled` windows of 2 × 2 are pooled in registers.
INLINE void finishTile(const ForwardImage *i, int64_t y, int64_t x, int64_t first, const int rows,
                       const int columns, const int blocks, const int isPooled,
                       const Float16 *sums) {
  const LayerShape *s = i->shape;
#pragma clang loop unroll(full)
  for (int b = 0; b < blocks; ++b) {
    Float16 bias = load16(i->bias + first + b * LANES);
    int64_t filter = first + b * LANES, left = s->filters - filter;
    if (isPooled) {
#pragma clang loop unroll(full)
      for (int column = 0; column < columns; column += 2) {
        Float16 best = sums[column * blocks + b];
        Int16 place = {};
        keepGreater(&best, &place, sums[(column + 1) * blocks + b], 1);
        keepGreater(&best, &place, sums[(columns + column) * blocks + b], 2);
        keepGreater(&best, &place, sums[(columns + column + 1) * blocks + b], 3);
        int64_t target = ((y / 2) * i->sizes.pooledWidth + (x + column) / 2) * i->width + filter;
        storeLanes(i->output + target, rectified(best + bias, s->rectifies), left);
        if (i->places) storePlaces(i->places + target, place, left);
      }
    } else {
#pragma clang loop unroll(full)
      for (int row = 0; row < rows; ++row) {
#pragma clang loop unroll(full)
        for (int column = 0; column < columns; ++column) {
          Float16 value = sums[(row * columns + column) * blocks + b] + bias;
          float *target = i->output + ((y + row) * i->outputWidth + x + column) * i->width + filter;
          storeLanes(target, rectified(value, s->rectifies), left);
        }
      }
    }
  }
}

/// One tile, directly.
INLINE void forwardTile(const ForwardImage *i, int64_t y, int64_t x, int64_t first, const int rows,
                        const int columns, const int blocks, const int isPooled) {
  Float16 sums[16];
  const LayerShape *s = i->shape;
  tileSums(i->padded + y * i->sizes.rowStride + x * s->channels, i->sizes.rowStride, s->channels,
           i->sizes.run, s->kernelHeight, i->weights + first, i->sizes.lanes, rows, columns, blocks,
           sums);
  finishTile(i, y, x, first, rows, columns, blocks, isPooled, sums);
}

/// The tiles of one or two rows, as wide as they fit.
INLINE void forwardRows(const ForwardImage *i, int64_t y, int64_t first, const int rows,
                        const int blocks, const int isPooled) {
  int64_t x = 0, width = i->sizes.usedWidth;
  const int wide = 16 / rows / blocks;
  for (; x + wide <= width; x += wide) forwardTile(i, y, x, first, rows, wide, blocks, isPooled);
  if (wide > 4)
    for (; x + 4 <= width; x += 4) forwardTile(i, y, x, first, rows, 4, blocks, isPooled);
  const int narrow = isPooled ? 2 : 1;
  for (; x + narrow <= width; x += narrow)
    forwardTile(i, y, x, first, rows, narrow, blocks, isPooled);
}

INLINE void forwardBlocks(const ForwardImage *i, int64_t first, const int blocks,
                          const int isPooled) {
  int64_t y = 0;
  for (; y + 2 <= i->sizes.usedHeight; y += 2) forwardRows(i, y, first, 2, blocks, isPooled);
  if (!isPooled && y < i->sizes.usedHeight) forwardRows(i, y, first, 1, blocks, 0);
}

/// Up to `TILES` transformed tiles for `blocks` × 16 filters.
INLINE void winogradBlocks(const ForwardImage *i, int64_t tile, int64_t count, int64_t first,
                           const int blocks, const int isPooled) {
  int64_t channels = i->shape->channels, lanes = i->sizes.lanes, width = i->sizes.usedWidth / 2;
  int64_t plane = planeFloats(TILES, channels), productPlane = planeFloats(TILES, blocks * LANES);
  float *products = i->block + 16 * plane;
  for (int64_t k = 0; k < 16; ++k) {
    for (int64_t t = 0; t < count; t += 8) {
      Float16 sums[16];
      tileSums(i->block + k * plane + t * channels, 0, channels, channels, 1,
               i->transformed + k * channels * lanes + first, lanes, 1, 8, blocks, sums);
#pragma clang loop unroll(full)
      for (int j = 0; j < 8 * blocks; ++j)
        store16(products + k * productPlane + (t * blocks + j) * LANES, sums[j]);
    }
  }
  for (int64_t t = 0; t < count; ++t) {
    for (int b = 0; b < blocks; ++b) {
      Float16 outputs[4];
      transformOutput(products + (t * blocks + b) * LANES, productPlane, outputs);
      finishTile(i, (tile + t) / width * 2, (tile + t) % width * 2, first + b * LANES, 2, 2, 1,
                 isPooled, outputs);
    }
  }
}

INLINE void winogradImage(const ForwardImage *i, const int isPooled) {
  int64_t channels = i->shape->channels, width = i->sizes.usedWidth / 2;
  int64_t tiles = i->sizes.usedHeight / 2 * width;
  for (int64_t tile = 0; tile < tiles; tile += TILES) {
    int64_t count = tiles - tile < TILES ? tiles - tile : TILES;
    for (int64_t t = 0; t < count; ++t)
      transformInput(i->padded + (tile + t) / width * 2 * i->sizes.rowStride +
                         (tile + t) % width * 2 * channels,
                     i->sizes.rowStride, channels, planeFloats(TILES, channels),
                     i->block + t * channels);
    int64_t first = 0;
    for (; first + 2 * LANES <= i->sizes.lanes; first += 2 * LANES)
      winogradBlocks(i, tile, count, first, 2, isPooled);
    if (first < i->sizes.lanes) winogradBlocks(i, tile, count, first, 1, isPooled);
  }
}

INLINE void forwardImage(const ForwardImage *i, const int isPooled) {
  if (i->transformed) {
    winogradImage(i, isPooled);
    return;
  }
  int64_t lanes = i->sizes.lanes, first = 0;
  for (; first + 2 * LANES <= lanes; first += 2 * LANES) forwardBlocks(i, first, 2, isPooled);
  if (first < lanes) forwardBlocks(i, first, 1, isPooled);
}

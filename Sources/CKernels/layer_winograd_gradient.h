#pragma once
#include "layer_winograd.h"

// The gradient of a 3 × 3 filter by the transposed form of the minimal algorithm: 16 products of the
// transformed input and the transformed gradient for each tile, channel and filter instead of 36,
// added up over all tiles before they are transformed to the filter's nine weights once.

enum { GRADIENT_TILES = 32 };

/// Where tiles gather until their products are worth adding up.
typedef struct {
  int64_t channels, lanes, count;
  float *inputs;     // [16, GRADIENT_TILES, channels]
  float *gradients;  // [16, GRADIENT_TILES, lanes]
  float *sums;       // [16, channels, lanes]
} GradientTiles;

INLINE int64_t winogradGradientFloats(int64_t channels, int64_t lanes) {
  return 16 * (planeFloats(GRADIENT_TILES, channels) + planeFloats(GRADIENT_TILES, lanes) +
               channels * lanes);
}

INLINE GradientTiles gradientTiles(int64_t channels, int64_t lanes, float *scratch) {
  GradientTiles g = {.channels = channels, .lanes = lanes, .sums = scratch};
  g.inputs = scratch + 16 * channels * lanes;
  g.gradients = g.inputs + 16 * planeFloats(GRADIENT_TILES, channels);
  memset(g.sums, 0, (size_t)(16 * channels * lanes) * sizeof(float));
  return g;
}

/// Transforms the gradients of 2 × 2 outputs to 16 numbers for each filter.
INLINE void transformGradient(const float *pixels, int64_t rowStride, int64_t lanes, float *result) {
  int64_t step = planeFloats(GRADIENT_TILES, lanes);
  for (int64_t f = 0; f < lanes; f += LANES) {
    Float16 rows[4][2];
#pragma clang loop unroll(full)
    for (int x = 0; x < 2; ++x) {
      Float16 a = load16(pixels + x * lanes + f), b = load16(pixels + rowStride + x * lanes + f);
      rows[0][x] = a;
      rows[1][x] = a + b;
      rows[2][x] = a - b;
      rows[3][x] = -b;
    }
#pragma clang loop unroll(full)
    for (int y = 0; y < 4; ++y) {
      float *target = result + 4 * y * step + f;
      store16(target, rows[y][0]);
      store16(target + step, rows[y][0] + rows[y][1]);
      store16(target + 2 * step, rows[y][0] - rows[y][1]);
      store16(target + 3 * step, -rows[y][1]);
    }
  }
}

/// Adds the products of all gathered tiles to 8 × `blocks` × 16 sums.
INLINE void addTileProducts(const GradientTiles *g, const float *input, const float *gradient,
                            float *target, const int blocks) {
  Float16 sums[16];
#pragma clang loop unroll(full)
  for (int i = 0; i < 8 * blocks; ++i)
    sums[i] = load16(target + (i / blocks) * g->lanes + (i % blocks) * LANES);
  for (int64_t t = 0; t < g->count; ++t) {
#pragma clang loop unroll(full)
    for (int b = 0; b < blocks; ++b) {
      Float16 slope = load16(gradient + b * LANES);
#pragma clang loop unroll(full)
      for (int c = 0; c < 8; ++c) sums[c * blocks + b] += input[c] * slope;
    }
    input += g->channels;
    gradient += g->lanes;
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 8 * blocks; ++i)
    store16(target + (i / blocks) * g->lanes + (i % blocks) * LANES, sums[i]);
}

INLINE void addGatheredTiles(GradientTiles *g) {
  for (int64_t k = 0; k < 16; ++k) {
    const float *inputs = g->inputs + k * planeFloats(GRADIENT_TILES, g->channels);
    const float *gradients = g->gradients + k * planeFloats(GRADIENT_TILES, g->lanes);
    float *sums = g->sums + k * g->channels * g->lanes;
    for (int64_t c = 0; c < g->channels; c += 8) {
      float *row = sums + c * g->lanes;
      int64_t f = 0;
      for (; f + 2 * LANES <= g->lanes; f += 2 * LANES)
        addTileProducts(g, inputs + c, gradients + f, row + f, 2);
      if (f < g->lanes) addTileProducts(g, inputs + c, gradients + f, row + f, 1);
    }
  }
  g->count = 0;
}

/// Gathers the tiles of one image.
INLINE void gatherTiles(GradientTiles *g, const LayerSizes *z, const float *padded,
                        const float *gradient, int64_t gradientRow) {
  for (int64_t y = 0; y < z->outputHeight; y += 2) {
    for (int64_t x = 0; x < z->outputWidth; x += 2) {
      float *input = g->inputs + g->count * g->channels;
      transformInput(padded + y * z->rowStride + x * g->channels, z->rowStride, g->channels,
                     planeFloats(GRADIENT_TILES, g->channels), input);
      transformGradient(gradient + y * gradientRow + x * g->lanes, gradientRow, g->lanes,
                        g->gradients + g->count * g->lanes);
      if (++g->count == GRADIENT_TILES) addGatheredTiles(g);
    }
  }
}

/// Writes the gradient `[3, 3, channels, lanes]` of the filter.
INLINE void finishTiles(GradientTiles *g, float *filterGradient) {
  if (g->count) addGatheredTiles(g);
  int64_t step = g->channels * g->lanes;
  for (int64_t i = 0; i < step; i += LANES) {
    Float16 half[3][4];
#pragma clang loop unroll(full)
    for (int x = 0; x < 4; ++x) {
      Float16 a = load16(g->sums + x * step + i), b = load16(g->sums + (4 + x) * step + i);
      Float16 c = load16(g->sums + (8 + x) * step + i), d = load16(g->sums + (12 + x) * step + i);
      Float16 inner = (b + c) * 0.5f;
      half[0][x] = a + inner;
      half[1][x] = (b - c) * 0.5f;
      half[2][x] = inner + d;
    }
#pragma clang loop unroll(full)
    for (int y = 0; y < 3; ++y) {
      Float16 inner = (half[y][1] + half[y][2]) * 0.5f;
      store16(filterGradient + 3 * y * step + i, half[y][0] + inner);
      store16(filterGradient + (3 * y + 1) * step + i, (half[y][1] - half[y][2]) * 0.5f);
      store16(filterGradient + (3 * y + 2) * step + i, inner + half[y][3]);
    }
  }
}

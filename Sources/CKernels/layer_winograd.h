#pragma once
#include "layer_plan.h"

// Filters of 3 × 3 by the minimal algorithm F(2 × 2, 3 × 3) of Winograd, which Lavin and Gray (2016)
// brought to networks: a tile of 2 × 2 outputs needs 16 products for each channel and filter instead
// of 36. Input, filter and output are transformed by additions, and halves in the filter; in between
// stand 16 small matrix products. A window of 2 × 2 is just one tile, so pooling stays in registers.

enum { TILES = 16 };

/// Whether the algorithm pays: whole vectors, enough tiles, and products enough to be worth the
/// additions.
INLINE int isWinograd(int64_t kernelHeight, int64_t kernelWidth, int64_t channels, int64_t filters,
                      int64_t height, int64_t width) {
  return kernelHeight == 3 && kernelWidth == 3 && channels % LANES == 0 && filters % LANES == 0 &&
         height % 2 == 0 && width % 2 == 0 && height * width >= 32;
}

/// The floats from one of the 16 numbers of a tile to the next. A cache holds few lines whose
/// addresses differ by a power of two, so planes are a vector longer than what is in them.
INLINE int64_t planeFloats(int64_t tiles, int64_t width) { return tiles * width + LANES; }

/// The floats of the transformed filter, and those of a block of transformed tiles.
INLINE int64_t winogradFilterFloats(int64_t channels, int64_t lanes) { return 16 * channels * lanes; }
INLINE int64_t winogradBlockFloats(int64_t channels) {
  return 16 * (planeFloats(TILES, channels) + planeFloats(TILES, 2 * LANES));
}

/// Transforms a filter `[3, 3, channels, lanes]` to `[16, channels, lanes]`.
INLINE void transformFilter(const float *filter, int64_t channels, int64_t lanes, float *result) {
  int64_t step = channels * lanes;
  for (int64_t i = 0; i < step; i += LANES) {
    Float16 half[4][3];
#pragma clang loop unroll(full)
    for (int x = 0; x < 3; ++x) {
      Float16 a = load16(filter + x * step + i), b = load16(filter + (3 + x) * step + i);
      Float16 c = load16(filter + (6 + x) * step + i), outer = (a + c) * 0.5f, inner = b * 0.5f;
      half[0][x] = a;
      half[1][x] = outer + inner;
      half[2][x] = outer - inner;
      half[3][x] = c;
    }
#pragma clang loop unroll(full)
    for (int y = 0; y < 4; ++y) {
      Float16 outer = (half[y][0] + half[y][2]) * 0.5f, inner = half[y][1] * 0.5f;
      store16(result + (4 * y) * step + i, half[y][0]);
      store16(result + (4 * y + 1) * step + i, outer + inner);
      store16(result + (4 * y + 2) * step + i, outer - inner);
      store16(result + (4 * y + 3) * step + i, half[y][2]);
    }
  }
}

/// Transforms 4 × 4 pixels of the padded input to one tile of 16 planes `plane` floats apart.
INLINE void transformInput(const float *pixels, int64_t rowStride, int64_t channels, int64_t plane,
                           float *result) {
  for (int64_t c = 0; c < channels; c += LANES) {
    Float16 rows[4][4];
#pragma clang loop unroll(full)
    for (int x = 0; x < 4; ++x) {
      const float *pixel = pixels + x * channels + c;
      Float16 a = load16(pixel), b = load16(pixel + rowStride);
      Float16 d = load16(pixel + 2 * rowStride), e = load16(pixel + 3 * rowStride);
      rows[0][x] = a - d;
      rows[1][x] = b + d;
      rows[2][x] = d - b;
      rows[3][x] = b - e;
    }
#pragma clang loop unroll(full)
    for (int y = 0; y < 4; ++y) {
      float *target = result + 4 * y * plane + c;
      store16(target, rows[y][0] - rows[y][2]);
      store16(target + plane, rows[y][1] + rows[y][2]);
      store16(target + 2 * plane, rows[y][2] - rows[y][1]);
      store16(target + 3 * plane, rows[y][1] - rows[y][3]);
    }
  }
}

/// The four outputs of a tile, row by row, from its 16 products `stride` floats apart.
INLINE void transformOutput(const float *products, int64_t stride, Float16 *outputs) {
  Float16 upper[4], lower[4];
#pragma clang loop unroll(full)
  for (int x = 0; x < 4; ++x) {
    Float16 a = load16(products + x * stride), b = load16(products + (4 + x) * stride);
    Float16 c = load16(products + (8 + x) * stride), d = load16(products + (12 + x) * stride);
    upper[x] = a + b + c;
    lower[x] = b - c - d;
  }
  outputs[0] = upper[0] + upper[1] + upper[2];
  outputs[1] = upper[1] - upper[2] - upper[3];
  outputs[2] = lower[0] + lower[1] + lower[2];
  outputs[3] = lower[1] - lower[2] - lower[3];
}

#pragma once
#include "layer_pooled_backward.h"
#include "layer_tiles.h"
#include "layer_winograd_gradient.h"

// The gradients of a layer without pooling. That of the input is the convolution of the output's
// gradient, in a frame of zeros, with the mirrored filter; that of the filter adds up products of
// the padded input and the output's gradient, with all sums of a tile in registers.

/// Writes a block of 16 × 16 numbers with rows and columns exchanged. Four times the rows of the upper
/// half are interleaved with those of the lower half, as a deck of cards is shuffled.
INLINE void transposeBlock(const float *source, int64_t stride, float *target, int64_t width) {
  Float16 rows[LANES], next[LANES];
#pragma clang loop unroll(full)
  for (int i = 0; i < LANES; ++i) rows[i] = load16(source + i * stride);
#pragma clang loop unroll(full)
  for (int round = 0; round < 4; ++round) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; ++i) {
      next[2 * i] = __builtin_shufflevector(rows[i], rows[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20,
                                            5, 21, 6, 22, 7, 23);
      next[2 * i + 1] = __builtin_shufflevector(rows[i], rows[i + 8], 8, 24, 9, 25, 10, 26, 11, 27,
                                                12, 28, 13, 29, 14, 30, 15, 31);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < LANES; ++i) rows[i] = next[i];
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < LANES; ++i) store16(target + i * width, rows[i]);
}

/// Mirrors the filter and exchanges channels and filters.
INLINE void mirrorFilter(const LayerShape *s, const LayerSizes *z, const float *filter,
                         float *mirrored) {
  int64_t width = roundUp(s->channels), pixels = s->kernelHeight * s->kernelWidth;
  int isWhole = s->channels == width && s->filters == z->lanes;
  if (!isWhole) memset(mirrored, 0, (size_t)(pixels * z->lanes * width) * sizeof(float));
  for (int64_t pixel = 0; pixel < pixels; ++pixel) {
    const float *source = filter + (pixels - 1 - pixel) * s->channels * s->filters;
    float *target = mirrored + pixel * z->lanes * width;
    if (isWhole) {
      for (int64_t f = 0; f < s->filters; f += LANES)
        for (int64_t c = 0; c < s->channels; c += LANES)
          transposeBlock(source + c * s->filters + f, s->filters, target + f * width + c, width);
    } else {
      for (int64_t f = 0; f < s->filters; ++f)
        for (int64_t c = 0; c < s->channels; ++c)
          target[f * width + c] = source[c * s->filters + f];
    }
  }
}

/// Adds to `rows` × `blocks` × 16 weights the products over one image.
INLINE void filterTile(const LayerSizes *z, int64_t channels, const float *padded,
                       const float *gradient, int64_t gradientRow, float *target, const int rows,
                       const int blocks) {
  Float16 sums[16];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows * blocks; ++i)
    sums[i] = load16(target + (i / blocks) * z->lanes + (i % blocks) * LANES);
  for (int64_t y = 0; y < z->outputHeight; ++y) {
    const float *pixel = padded + y * z->rowStride, *slope = gradient + y * gradientRow;
    for (int64_t x = 0; x < z->outputWidth; ++x) {
#pragma clang loop unroll(full)
      for (int b = 0; b < blocks; ++b) {
        Float16 value = load16(slope + b * LANES);
#pragma clang loop unroll(full)
        for (int row = 0; row < rows; ++row) sums[row * blocks + b] += pixel[row] * value;
      }
      pixel += channels;
      slope += z->lanes;
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < rows * blocks; ++i)
    store16(target + (i / blocks) * z->lanes + (i % blocks) * LANES, sums[i]);
}

INLINE void filterBlocks(const LayerShape *s, const LayerSizes *z, const float *padded,
                         const float *gradient, int64_t gradientRow, float *sums,
                         const int blocks) {
  const int wide = 16 / blocks;
  for (int64_t ky = 0; ky < s->kernelHeight; ++ky) {
    const float *row = padded + ky * z->rowStride;
    float *target = sums + ky * z->run * z->lanes;
    int64_t r = 0;
    for (; r + wide <= z->run; r += wide)
      filterTile(z, s->channels, row + r, gradient, gradientRow, target + r * z->lanes, wide,
                 blocks);
    for (; r + 4 <= z->run; r += 4)
      filterTile(z, s->channels, row + r, gradient, gradientRow, target + r * z->lanes, 4, blocks);
    for (; r < z->run; ++r)
      filterTile(z, s->channels, row + r, gradient, gradientRow, target + r * z->lanes, 1, blocks);
  }
}

/// Writes the output's gradient, zero where the output was not rectified away, into its frame.
INLINE void placeGradient(const LayerShape *s, const LayerSizes *z, const float *output,
                          const float *gradient, float *target, int64_t row, float *bias) {
  for (int64_t y = 0; y < z->outputHeight; ++y) {
    for (int64_t x = 0; x < z->outputWidth; ++x) {
      int64_t source = (y * z->outputWidth + x) * s->filters;
      float *pixel = target + y * row + x * z->lanes;
      for (int64_t f = 0; f < s->filters; f += LANES) {
        Float16 slope = loadLanes(gradient + source + f, s->filters - f);
        if (s->rectifies) {
          Float16 value = loadLanes(output + source + f, s->filters - f);
          slope = (Float16)((Int16)slope & (value > 0));
        }
        store16(pixel + f, slope);
        store16(bias + f, load16(bias + f) + slope);
      }
    }
  }
}

INLINE void denseBackward(const LayerShape *s, const float *input, const float *filter,
                          const float *output, const float *outputGradient, float *scratch,
                          float *inputGradient, float *filterGradient, float *biasGradient) {
  LayerSizes z = layerSizes(s);
  int64_t rows = s->kernelHeight * z.run;
  int64_t frameRow = (s->width + s->kernelWidth - 1) * z.lanes;
  int64_t frameFloats = (s->height + s->kernelHeight - 1) * frameRow;
  float *padded = take(&scratch, z.paddedFloats), *frame = take(&scratch, frameFloats);
  float *sums = take(&scratch, rows * z.lanes), *bias = take(&scratch, z.lanes);
  float *zeros = take(&scratch, roundUp(s->channels)), *mirrored = scratch;
  memset(padded, 0, (size_t)((char *)mirrored - (char *)padded));
  if (inputGradient) mirrorFilter(s, &z, filter, mirrored);
  float *transformed =
      mirrored + s->kernelHeight * s->kernelWidth * z.lanes * roundUp(s->channels);
  float *inner = frame + (s->kernelHeight - 1 - s->paddingTop) * frameRow +
                 (s->kernelWidth - 1 - s->paddingLeft) * z.lanes;
  LayerShape adjoint = {.kernelHeight = s->kernelHeight, .channels = z.lanes,
                        .filters = s->channels};
  ForwardImage i = {.shape = &adjoint,
                    .sizes = {.usedHeight = s->height, .usedWidth = s->width, .rowStride = frameRow,
                              .run = s->kernelWidth * z.lanes, .lanes = roundUp(s->channels)},
                    .padded = frame, .weights = mirrored, .bias = zeros, .width = s->channels,
                    .outputWidth = s->width};
  if (inputGradient && isWinograd(s->kernelHeight, s->kernelWidth, z.lanes, s->channels, s->height,
                                  s->width)) {
    transformFilter(mirrored, z.lanes, s->channels, transformed);
    i.transformed = transformed;
    i.block = transformed + winogradFilterFloats(z.lanes, s->channels);
  }
  int64_t tiles = s->batch * z.outputHeight * z.outputWidth / 4;
  int isTiled = filterGradient && tiles >= 2 * GRADIENT_TILES &&
                isWinograd(s->kernelHeight, s->kernelWidth, s->channels, s->filters,
                           z.outputHeight, z.outputWidth);
  GradientTiles g;
  if (isTiled)
    g = gradientTiles(s->channels, z.lanes,
                      transformed + winogradFilterFloats(z.lanes, roundUp(s->channels)) +
                          winogradBlockFloats(z.lanes));
  int64_t imageFloats = s->height * s->width * s->channels;
  int64_t outputFloats = z.outputHeight * z.outputWidth * s->filters;
  for (int64_t image = 0; image < s->batch; ++image) {
    placeGradient(s, &z, output + image * outputFloats, outputGradient + image * outputFloats,
                  inner, frameRow, bias);
    if (filterGradient) {
      placeImage(s, &z, input + image * imageFloats, padded);
      if (isTiled) {
        gatherTiles(&g, &z, padded, inner, frameRow);
      } else {
        int64_t first = 0;
        for (; first + 2 * LANES <= z.lanes; first += 2 * LANES)
          filterBlocks(s, &z, padded, inner + first, frameRow, sums + first, 2);
        if (first < z.lanes) filterBlocks(s, &z, padded, inner + first, frameRow, sums + first, 1);
      }
    }
    if (inputGradient) {
      i.output = inputGradient + image * imageFloats;
      forwardImage(&i, 0);
    }
  }
  memcpy(biasGradient, bias, (size_t)s->filters * sizeof(float));
  if (isTiled) {
    finishTiles(&g, filterGradient);
    return;
  }
  for (int64_t row = 0; filterGradient && row < rows; ++row)
    memcpy(filterGradient + row * s->filters, sums + row * z.lanes,
           (size_t)s->filters * sizeof(float));
}

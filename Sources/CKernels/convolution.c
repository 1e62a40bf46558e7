#include "convolution.h"
#include "simd.h"
#include <string.h>

enum { LANES = 16 };

INLINE int64_t roundUp(int64_t count) { return (count + LANES - 1) / LANES * LANES; }

/// Copies rows of `count` floats so that each takes a multiple of 16, filled up with zeros.
INLINE void pack(const float *rows, int64_t rowCount, int64_t count, float *packed) {
  int64_t width = roundUp(count);
  for (int64_t row = 0; row < rowCount; ++row) {
    memcpy(packed + row * width, rows + row * count, (size_t)count * sizeof(float));
    memset(packed + row * width + count, 0, (size_t)(width - count) * sizeof(float));
  }
}

/// Computes `PIXELS` neighbouring pixels of a row of the output for `BLOCKS` * 16 filters, with all
/// sums in registers.
#define DEFINE_TILE(NAME, PIXELS, BLOCKS)                                                         \
  INLINE void NAME(const ConvolutionShape *s, const float *input, const float *filter,            \
                   int64_t filterWidth, float *output, int64_t filters) {                         \
    Float16 sums[PIXELS][BLOCKS] = {};                                                            \
    int64_t step = s->strideX * s->channels;                                                      \
    for (int64_t y = 0; y < s->kernelHeight; ++y) {                                               \
      for (int64_t x = 0; x < s->kernelWidth; ++x) {                                              \
        const float *pixel = input + (y * s->dilationY * s->width + x * s->dilationX) * s->channels; \
        const float *weights = filter + (y * s->kernelWidth + x) * s->channels * filterWidth;     \
        for (int64_t channel = 0; channel < s->channels; ++channel) {                             \
          const Float16 *weight = (const Float16 *)(weights + channel * filterWidth);             \
          for (int p = 0; p < PIXELS; ++p) {                                                      \
            float value = pixel[p * step + channel];                                              \
            for (int b = 0; b < BLOCKS; ++b) sums[p][b] += value * weight[b];                     \
          }                                                                                       \
        }                                                                                         \
      }                                                                                           \
    }                                                                                             \
    for (int p = 0; p < PIXELS; ++p)                                                              \
      memcpy(output + p * s->filters, sums[p], (size_t)filters * sizeof(float));                  \
  }

DEFINE_TILE(tile8x2, 8, 2)
DEFINE_TILE(tile1x2, 1, 2)
DEFINE_TILE(tile8x1, 8, 1)
DEFINE_TILE(tile1x1, 1, 1)

EVERY_INSTRUCTION_SET
void convolveFloat(const ConvolutionShape *shape, const float *input, const float *filter,
                   float *packed, float *output) {
  const ConvolutionShape *s = shape;
  int64_t filterWidth = roundUp(s->filters);
  pack(filter, s->kernelHeight * s->kernelWidth * s->channels, s->filters, packed);
  for (int64_t image = 0; image < s->batch; ++image) {
    for (int64_t y = 0; y < s->outputHeight; ++y) {
      const float *row = input + (image * s->height + y * s->strideY) * s->width * s->channels;
      float *target = output + (image * s->outputHeight + y) * s->outputWidth * s->filters;
      for (int64_t first = 0; first < s->filters;) {
        int64_t left = s->filters - first;
        int64_t filters = left < 2 * LANES ? left : 2 * LANES;
        int wide = filters > LANES;
        int64_t x = 0;
        for (; x + 8 <= s->outputWidth; x += 8) {
          const float *pixel = row + x * s->strideX * s->channels;
          float *place = target + x * s->filters + first;
          if (wide) tile8x2(s, pixel, packed + first, filterWidth, place, filters);
          else tile8x1(s, pixel, packed + first, filterWidth, place, filters);
        }
        for (; x < s->outputWidth; ++x) {
          const float *pixel = row + x * s->strideX * s->channels;
          float *place = target + x * s->filters + first;
          if (wide) tile1x2(s, pixel, packed + first, filterWidth, place, filters);
          else tile1x1(s, pixel, packed + first, filterWidth, place, filters);
        }
        first += filters;
      }
    }
  }
}

/// Adds up the gradient of `CHANNELS` * `BLOCKS` * 16 weights over the pixels of one image, with all
/// sums in registers.
#define DEFINE_FILTER_TILE(NAME, CHANNELS, BLOCKS)                                                \
  INLINE void NAME(const ConvolutionShape *s, const float *input, const float *gradient,          \
                   int64_t filterWidth, float *target, int64_t filters) {                         \
    Float16 sums[CHANNELS][BLOCKS] = {};                                                          \
    for (int64_t y = 0; y < s->outputHeight; ++y) {                                               \
      const float *pixel = input + y * s->strideY * s->width * s->channels;                       \
      const float *source = gradient + y * s->outputWidth * filterWidth;                          \
      for (int64_t x = 0; x < s->outputWidth; ++x) {                                              \
        const Float16 *slope = (const Float16 *)(source + x * filterWidth);                       \
        for (int c = 0; c < CHANNELS; ++c) {                                                      \
          float value = pixel[x * s->strideX * s->channels + c];                                  \
          for (int b = 0; b < BLOCKS; ++b) sums[c][b] += value * slope[b];                        \
        }                                                                                         \
      }                                                                                           \
    }                                                                                             \
    for (int c = 0; c < CHANNELS; ++c) {                                                          \
      float row[BLOCKS * LANES];                                                                  \
      memcpy(row, sums[c], sizeof row);                                                           \
      for (int64_t f = 0; f < filters; ++f) target[c * s->filters + f] += row[f];                 \
    }                                                                                             \
  }

DEFINE_FILTER_TILE(filterTile8x2, 8, 2)
DEFINE_FILTER_TILE(filterTile1x2, 1, 2)
DEFINE_FILTER_TILE(filterTile8x1, 8, 1)
DEFINE_FILTER_TILE(filterTile1x1, 1, 1)

EVERY_INSTRUCTION_SET
void convolveFilterGradientFloat(const ConvolutionShape *shape, const float *input,
                                 const float *outputGradient, float *packed,
                                 float *filterGradient) {
  const ConvolutionShape *s = shape;
  int64_t filterWidth = roundUp(s->filters);
  int64_t pixels = s->outputHeight * s->outputWidth;
  for (int64_t image = 0; image < s->batch; ++image) {
    const float *source = input + image * s->height * s->width * s->channels;
    pack(outputGradient + image * pixels * s->filters, pixels, s->filters, packed);
    for (int64_t y = 0; y < s->kernelHeight; ++y) {
      for (int64_t x = 0; x < s->kernelWidth; ++x) {
        const float *corner = source + (y * s->dilationY * s->width + x * s->dilationX) * s->channels;
        float *weights = filterGradient + (y * s->kernelWidth + x) * s->channels * s->filters;
        for (int64_t first = 0; first < s->filters;) {
          int64_t left = s->filters - first;
          int64_t filters = left < 2 * LANES ? left : 2 * LANES;
          int wide = filters > LANES;
          int64_t c = 0;
          for (; c + 8 <= s->channels; c += 8) {
            float *target = weights + c * s->filters + first;
            if (wide) filterTile8x2(s, corner + c, packed + first, filterWidth, target, filters);
            else filterTile8x1(s, corner + c, packed + first, filterWidth, target, filters);
          }
          for (; c < s->channels; ++c) {
            float *target = weights + c * s->filters + first;
            if (wide) filterTile1x2(s, corner + c, packed + first, filterWidth, target, filters);
            else filterTile1x1(s, corner + c, packed + first, filterWidth, target, filters);
          }
          first += filters;
        }
      }
    }
  }
}

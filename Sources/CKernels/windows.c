#include "windows.h"
#include "simd.h"

enum { LANES = 16 };

/// One complex signal: sixteen floats are eight samples.
INLINE void weighPairs(const float *samples, int64_t count, const float *weights, float *mean,
                       float *output) {
  Float16 shift = {};
  if (mean) {
    Float16 sums = {};
    int64_t at = 0;
    for (; at + LANES <= count; at += LANES) sums += *(const Float16 *)(samples + at);
    for (; at < count; ++at) sums[at & 1] += samples[at];
    float real = 0, imaginary = 0;
    for (int lane = 0; lane < LANES; lane += 2) {
      real += sums[lane];
      imaginary += sums[lane + 1];
    }
    for (int lane = 0; lane < LANES; lane += 2) {
      shift[lane] = real / (float)(count / 2);
      shift[lane + 1] = imaginary / (float)(count / 2);
    }
  }
  int64_t at = 0;
  for (; at + LANES <= count; at += LANES) {
    *(Float16 *)(output + at) =
        (*(const Float16 *)(samples + at) - shift) * *(const Float16 *)(weights + at);
  }
  for (; at < count; ++at) output[at] = (samples[at] - shift[at & 1]) * weights[at];
}

EVERY_INSTRUCTION_SET
void weighWindow(const float *samples, int64_t window, int64_t width, const float *weights,
                 float *mean, float *output) {
  if (width == 2) {
    weighPairs(samples, 2 * window, weights, mean, output);
    return;
  }
  if (mean) {
    for (int64_t i = 0; i < width; ++i) mean[i] = 0;
    for (int64_t row = 0; row < window; ++row) {
      for (int64_t i = 0; i < width; ++i) mean[i] += samples[row * width + i];
    }
    for (int64_t i = 0; i < width; ++i) mean[i] /= (float)window;
  }
  for (int64_t row = 0; row < window; ++row) {
    const float *source = samples + row * width;
    float *target = output + row * width;
    float weight = weights[row];
    if (mean) {
      for (int64_t i = 0; i < width; ++i) target[i] = (source[i] - mean[i]) * weight;
    } else {
      for (int64_t i = 0; i < width; ++i) target[i] = source[i] * weight;
    }
  }
}

#include "optimization.h"
#include "simd.h"

// Plain loops over memory, which the compiler turns into vectors of each instruction set.

EVERY_INSTRUCTION_SET
void adaptiveStep(const AdaptiveConstants *constants, int64_t count,
                  const float *restrict parameters, const float *restrict gradient,
                  const float *restrict means, const float *restrict squares,
                  float *restrict moved, float *restrict newMeans, float *restrict newSquares) {
  AdaptiveConstants c = *constants;
#pragma clang loop vectorize(enable)
  for (int64_t i = 0; i < count; ++i) {
    float mean = c.meanDecay * means[i] + c.meanShare * gradient[i];
    float square = c.squareDecay * squares[i] + c.squareShare * gradient[i] * gradient[i];
    newMeans[i] = mean;
    newSquares[i] = square;
    moved[i] = c.kept * parameters[i] -
               c.rate * mean / (__builtin_elementwise_sqrt(square * c.squareScale) + c.epsilon);
  }
}

EVERY_INSTRUCTION_SET
void weightedSum(int64_t count, const float *restrict a, float aFactor, const float *restrict b,
                 float bFactor, float *restrict sum) {
#pragma clang loop vectorize(enable)
  for (int64_t i = 0; i < count; ++i) sum[i] = aFactor * a[i] + bFactor * b[i];
}

EVERY_INSTRUCTION_SET
void pixelMeans(const float *restrict images, int64_t batch, int64_t pixels, int64_t channels,
                float *restrict means) {
  float scale = 1 / (float)pixels;
  for (int64_t image = 0; image < batch; ++image) {
    const float *source = images + image * pixels * channels;
    float *target = means + image * channels;
    int64_t channel = 0;
    for (; channel + 16 <= channels; channel += 16) {
      Float16 sum = {};
      for (int64_t pixel = 0; pixel < pixels; ++pixel)
        sum += *(const Float16 *)(source + pixel * channels + channel);
      *(Float16 *)(target + channel) = sum * scale;
    }
    for (; channel < channels; ++channel) {
      float sum = 0;
      for (int64_t pixel = 0; pixel < pixels; ++pixel) sum += source[pixel * channels + channel];
      target[channel] = sum * scale;
    }
  }
}

EVERY_INSTRUCTION_SET
void spreadMeans(const float *restrict means, int64_t batch, int64_t pixels, int64_t channels,
                 float *restrict images) {
  float scale = 1 / (float)pixels;
  for (int64_t image = 0; image < batch; ++image) {
    const float *source = means + image * channels;
    for (int64_t pixel = 0; pixel < pixels; ++pixel) {
      float *target = images + (image * pixels + pixel) * channels;
#pragma clang loop vectorize(enable)
      for (int64_t channel = 0; channel < channels; ++channel) target[channel] = source[channel] * scale;
    }
  }
}

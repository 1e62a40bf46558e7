#pragma once
#include <stdint.h>

/// The constants of a step of Adam; `rate` holds the correction of the means.
typedef struct {
  float meanDecay, meanShare, squareDecay, squareShare, rate, squareScale, epsilon, kept;
} AdaptiveConstants;

/// Writes parameters and running means after a step.
void adaptiveStep(const AdaptiveConstants *constants, int64_t count, const float *parameters,
                  const float *gradient, const float *means, const float *squares, float *moved,
                  float *newMeans, float *newSquares);

/// Writes `aFactor` * a + `bFactor` * b.
void weightedSum(int64_t count, const float *a, float aFactor, const float *b, float bFactor,
                 float *sum);

/// Writes the means of images `[batch, pixels, channels]` over their pixels.
void pixelMeans(const float *images, int64_t batch, int64_t pixels, int64_t channels, float *means);

/// Writes to every pixel of images its share of the gradient of the means.
void spreadMeans(const float *means, int64_t batch, int64_t pixels, int64_t channels,
                 float *images);

#pragma once
#include <stdbool.h>
#include <stdint.h>

/// The chirps of one channel as they lie in a frame.
typedef struct {
  /// Chirps, the scalars in each, and the scalars from the start of one to that of the next.
  int64_t chirps, length, stride;

  /// Whether each chirp is of use, and the places from one to the next.
  const bool *validity;
  int64_t validityStride;

  /// Whether complex samples of int16 lie in pairs, I I Q Q, instead of in turn.
  bool paired;
} ChirpRows;

/// How chirps are weighed: (sample * weight - mean) * factor.
typedef struct {
  /// A weight for each scalar of a chirp, and a mean that has its weight already, or null.
  const float *weights, *mean;

  /// A factor for each chirp.
  const float *factors;
} ChirpWeights;

/// Writes to `mean` the mean over the chirps that are of use, times `weights`. Sums of int16 are
/// right for up to 65535 chirps.
void meanInt16(const ChirpRows *rows, const int16_t *samples, const float *weights, float *mean);
void meanFloat(const ChirpRows *rows, const float *samples, const float *weights, float *mean);

/// Writes `count` weighed chirps from `first` on to `output`, each a row of `outputStride` floats.
void weighInt16(const ChirpRows *rows, const int16_t *samples, const ChirpWeights *weights,
                int64_t first, int64_t count, float *output, int64_t outputStride);
void weighFloat(const ChirpRows *rows, const float *samples, const ChirpWeights *weights,
                int64_t first, int64_t count, float *output, int64_t outputStride);

/// Adds `mean` times the factor of the chirp to `count` rows of `outputStride` floats.
void addMean(const ChirpWeights *weights, int64_t length, int64_t first, int64_t count,
             float *output, int64_t outputStride);

/// Replaces each of `chirps` rows by its difference of first or second order from those before it.
void cancelChirps(float *samples, int64_t chirps, int64_t length, int64_t order);

/// Subtracts `background` from a chirp, and moves it by `rate` towards the chirp.
void subtractBackground(float *samples, float *background, int64_t length, float rate);

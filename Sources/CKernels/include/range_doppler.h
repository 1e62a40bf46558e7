#pragma once
#include "samples.h"
#include <stdbool.h>
#include <stdint.h>

/// The two transforms of a frame whose chirps are 64, 128 or 256 complex samples, and 16 to 256, a
/// power of two.
typedef struct {
  /// Samples in a chirp, and chirps.
  int64_t samples, chirps;

  /// The cosines and sines of ``rangeProfiles`` and ``addDopplerPowers``.
  const float *rangeTwiddles, *dopplerTwiddles;
} PlanarFrame;

/// How chirps are weighed: (sample * weight - mean) * factor + mean * restored.
typedef struct {
  /// A weight for each sample.
  const float *weights;

  /// The mean of the chirps with its weights, complex, or null.
  const float *mean;

  /// A factor for each chirp, and the share of the mean that is given back, or null.
  const float *factors, *restored;
} PlanarWeights;

/// What the samples of a chirp are: int16 I Q I Q, int16 I I Q Q, or floats I Q I Q.
typedef enum { PlanarInTurn, PlanarInPairs, PlanarFloats } PlanarSamples;

/// Whether there are kernels for frames of this shape on this machine; none of those below may be called
/// otherwise.
bool hasPlanarKernels(int64_t samples, int64_t chirps);

/// The floats from a profile to the next: a little more than a power of two, which would share a few
/// lines of the cache.
int64_t planarStride(int64_t samples);

/// Writes the range profiles of chirps, sixteen bins at a time, their real parts before their
/// imaginary ones.
///
/// `rangeTwiddles` are the cosines of 2 pi b n / `samples` for b < 16 and then the sines, for each n
/// < `samples` / 16.
void rangeProfiles(const PlanarFrame *frame, const ChirpRows *rows, PlanarSamples kind,
                   const void *samples, const PlanarWeights *weights, float *profiles);

/// Adds the powers of the transforms over chirps to `powers`, `[group of 16 bins, velocity, bin]`, or
/// writes them there if it is the first channel.
///
/// `dopplerTwiddles` are the cosine and the sine of 2 pi q r / `chirps` for r < 16, for each q <
/// `chirps` / 16.
void addDopplerPowers(const PlanarFrame *frame, const float *profiles, bool isFirst,
                      float *powers);

/// Writes powers as levels, that of `floor` at least, `[bin, velocity]`, zero velocity in the middle.
void levelsOfPowers(const PlanarFrame *frame, const float *powers, float floor, float *levels);

#pragma once
#include <stdbool.h>
#include <stdint.h>

/// Rows of complex bins, once for each channel.
typedef struct {
  int64_t channels, rows, bins;

  /// The floats from a channel to the next.
  int64_t channelStride;

  /// How many places to the right bins move, those at the end back to the start.
  int64_t shift;
} SpectrumRows;

/// Writes the power of each bin, summed over channels, to rows of the same length.
///
/// Where `adds`, the sum starts at what stands there; where `inDecibels`, it is written as a level,
/// that of `floor` at least, within 3e-5 dB.
void sumPowers(const SpectrumRows *rows, const float *spectra, bool adds, bool inDecibels,
               float floor, float *powers);

/// Replaces powers by their levels in decibels, that of `floor` at least, within 3e-5 dB.
void levelsFloat(float *powers, int64_t count, float floor);

/// Multiplies rows of complex bins by a row of complex factors.
void turnBins(float *spectra, int64_t rows, int64_t bins, const float *factors);

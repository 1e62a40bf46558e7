#include "levels.h"
#include "decibels.h"
#include "simd.h"
#include <string.h>

enum { LANES = 16 };

/// The power of sixteen neighbouring bins, summed over channels.
INLINE void power16(const float *spectra, int64_t channels, int64_t channelStride,
                    Float16 *power) {
  Float16 low = {}, high = {};
  for (int64_t channel = 0; channel < channels; ++channel) {
    const Float16 *source = (const Float16 *)(spectra + channel * channelStride);
    low += source[0] * source[0];
    high += source[1] * source[1];
  }
  *power = __builtin_shufflevector(low, high, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28,
                                   30) +
           __builtin_shufflevector(low, high, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29,
                                   31);
}

/// The powers of fewer than sixteen bins, one by one.
static void powersOfRest(const float *spectra, int64_t channels, int64_t channelStride,
                         int64_t count, const float *start, float *powers) {
  for (int64_t bin = 0; bin < count; ++bin) {
    float power = start ? start[bin] : 0;
    for (int64_t channel = 0; channel < channels; ++channel) {
      const float *source = spectra + channel * channelStride + 2 * bin;
      power += source[0] * source[0] + source[1] * source[1];
    }
    powers[bin] = power;
  }
}

INLINE void sumSegment(const float *spectra, int64_t channels, int64_t channelStride,
                       int64_t count, bool adds, bool inDecibels, float floor, float *powers) {
  int64_t bin = 0;
  Float16 sum;
  for (; bin + LANES <= count; bin += LANES) {
    power16(spectra + 2 * bin, channels, channelStride, &sum);
    if (adds) sum += *(const Float16 *)(powers + bin);
    if (inDecibels) decibels16(&sum, floor);
    *(Float16 *)(powers + bin) = sum;
  }
  if (bin == count) return;
  float rest[LANES] = {};
  powersOfRest(spectra + 2 * bin, channels, channelStride, count - bin, adds ? powers + bin : 0,
               rest);
  sum = *(Float16 *)rest;
  if (inDecibels) decibels16(&sum, floor);
  memcpy(powers + bin, &sum, (size_t)(count - bin) * sizeof(float));
}

INLINE void sumRows(SpectrumRows s, int64_t channels, const float *spectra, bool adds,
                    bool inDecibels, float floor, float *powers) {
  int64_t stay = s.bins - s.shift;
  for (int64_t row = 0; row < s.rows; ++row) {
    const float *source = spectra + 2 * row * s.bins;
    float *target = powers + row * s.bins;
    sumSegment(source, channels, s.channelStride, stay, adds, inDecibels, floor,
               target + s.shift);
    if (s.shift == 0) continue;
    sumSegment(source + 2 * stay, channels, s.channelStride, s.shift, adds, inDecibels, floor,
               target);
  }
}

INLINE void sumChannels(SpectrumRows s, const float *spectra, bool adds, bool inDecibels,
                        float floor, float *powers) {
  // The usual numbers of channels are known to the compiler, which keeps their sums in registers.
  switch (s.channels) {
  case 1: return sumRows(s, 1, spectra, adds, inDecibels, floor, powers);
  case 3: return sumRows(s, 3, spectra, adds, inDecibels, floor, powers);
  case 4: return sumRows(s, 4, spectra, adds, inDecibels, floor, powers);
  default: return sumRows(s, s.channels, spectra, adds, inDecibels, floor, powers);
  }
}

EVERY_INSTRUCTION_SET
void sumPowers(const SpectrumRows *rows, const float *spectra, bool adds, bool inDecibels,
               float floor, float *powers) {
  if (inDecibels) {
    if (adds) sumChannels(*rows, spectra, true, true, floor, powers);
    else sumChannels(*rows, spectra, false, true, floor, powers);
  } else {
    if (adds) sumChannels(*rows, spectra, true, false, floor, powers);
    else sumChannels(*rows, spectra, false, false, floor, powers);
  }
}

EVERY_INSTRUCTION_SET
void levelsFloat(float *powers, int64_t count, float floor) {
  int64_t start = 0;
  for (; start + LANES <= count; start += LANES) decibels16((Float16 *)(powers + start), floor);
  if (start == count) return;
  Float16 rest = {};
  memcpy(&rest, powers + start, (size_t)(count - start) * sizeof(float));
  decibels16(&rest, floor);
  memcpy(powers + start, &rest, (size_t)(count - start) * sizeof(float));
}

EVERY_INSTRUCTION_SET
void turnBins(float *spectra, int64_t rows, int64_t bins, const float *factors) {
  for (int64_t row = 0; row < rows; ++row) {
    float *values = spectra + 2 * row * bins;
    for (int64_t bin = 0; bin < bins; ++bin) {
      float real = values[2 * bin], imaginary = values[2 * bin + 1];
      values[2 * bin] = real * factors[2 * bin] - imaginary * factors[2 * bin + 1];
      values[2 * bin + 1] = real * factors[2 * bin + 1] + imaginary * factors[2 * bin];
    }
  }
}

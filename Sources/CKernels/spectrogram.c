#include "spectrogram.h"
#include "decibels.h"
#include "planar.h"

enum { LANES = 16 };

bool hasWindowKernel(int64_t length) {
  return hasWideRegisters() && (length == 64 || length == 128 || length == 256);
}

/// Subtracts from the `size` vectors of a signal the mean of its samples.
INLINE void subtractMean(Float16 *values, int size) {
  Float16 sums = values[0];
  UNROLLED for (int at = 1; at < size; ++at) sums += values[at];
  float sum = 0;
  for (int lane = 0; lane < LANES; ++lane) sum += sums[lane];
  float mean = sum / (float)(LANES * size);
  UNROLLED for (int at = 0; at < size; ++at) values[at] -= mean;
}

/// Sorts the powers that ``transformRows`` leads to by signal and bin, zero frequency in the middle.
INLINE void sortPowers(const Float16 *real, const Float16 *imaginary, int size, Float16 *powers) {
  int signals = LANES / size;
  UNROLLED for (int group = 0; group < size; ++group) {
    ALIGNED Float16 rows[4];
    UNROLLED for (int at = 0; at < signals; ++at) {
      int place = placeOf(signals * group + at, LANES);
      rows[at] = real[place] * real[place] + imaginary[place] * imaginary[place];
    }
    splitSignals(rows, size);
    UNROLLED for (int at = 0; at < signals; ++at) powers[at * size + (group ^ size / 2)] = rows[at];
  }
}

INLINE void levelsOf(SlidingWindows windows, const float *signal, int64_t count, float floor,
                     int size, float *levels) {
  for (int64_t first = 0; first < count; first += LANES / size) {
    ALIGNED Float16 real[LANES], imaginary[LANES], powers[LANES];
    UNROLLED for (int row = 0; row < LANES; ++row) {
      // Where too few windows are left, the last one stands in for those that are not there.
      int64_t window = first + row / size < count ? first + row / size : count - 1;
      const Float16 *source =
          (const Float16 *)(signal + 2 * (window * windows.hop + LANES * (row % size)));
      real[row] = EVEN_LANES(source[0], source[1]), imaginary[row] = ODD_LANES(source[0], source[1]);
    }
    if (windows.removesMean) {
      for (int row = 0; row < LANES; row += size) {
        subtractMean(real + row, size);
        subtractMean(imaginary + row, size);
      }
    }
    UNROLLED for (int row = 0; row < LANES; ++row) {
      Float16 weight = *(const Float16 *)(windows.weights + LANES * (row % size));
      real[row] *= weight, imaginary[row] *= weight;
    }
    transformRows(real, imaginary, size, windows.twiddles);
    sortPowers(real, imaginary, size, powers);
    int64_t rows = count - first < LANES / size ? size * (count - first) : LANES;
    // Unrolled, this loop would need the registers that hold the powers.
    for (int64_t row = 0; row < rows; ++row) {
      decibels16(powers + row, floor);
      *(Float16 *)(levels + LANES * (size * first + row)) = powers[row];
    }
  }
}

WIDE_REGISTERS
void windowLevels(const SlidingWindows *windows, const float *signal, int64_t count, float floor,
                  float *levels) {
  switch (windows->length) {
  case 64: return levelsOf(*windows, signal, count, floor, 4, levels);
  case 128: return levelsOf(*windows, signal, count, floor, 8, levels);
  default: return levelsOf(*windows, signal, count, floor, 16, levels);
  }
}

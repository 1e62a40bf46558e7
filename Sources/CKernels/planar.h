#pragma once
#include "simd.h"

/// Fourier transforms of vectors: sixteen transforms at a time, one in each lane, with the real and
/// the imaginary parts in vectors of their own. Sizes are known to the compiler.


/// A butterfly of four, in place and in order.
INLINE void butterfly4(Float16 *real, Float16 *imaginary, int a, int b, int c, int d) {
  Float16 sumR = real[a] + real[c], sumI = imaginary[a] + imaginary[c];
  Float16 differenceR = real[a] - real[c], differenceI = imaginary[a] - imaginary[c];
  Float16 otherR = real[b] + real[d], otherI = imaginary[b] + imaginary[d];
  Float16 turnedR = imaginary[b] - imaginary[d], turnedI = real[d] - real[b];
  real[a] = sumR + otherR, imaginary[a] = sumI + otherI;
  real[c] = sumR - otherR, imaginary[c] = sumI - otherI;
  real[b] = differenceR + turnedR, imaginary[b] = differenceI + turnedI;
  real[d] = differenceR - turnedR, imaginary[d] = differenceI - turnedI;
}

/// Multiplies element `at` by `cosine` - j `sine`, numbers or vectors.
#define TURN(real, imaginary, at, cosine, sine)                            \
  do {                                                                     \
    int place = (at);                                                      \
    Float16 before = (real)[place];                                        \
    (real)[place] = before * (cosine) + (imaginary)[place] * (sine);       \
    (imaginary)[place] = (imaginary)[place] * (cosine) - before * (sine);  \
  } while (0)

/// Multiplies element `at` by -j.
INLINE void turnBack(Float16 *real, Float16 *imaginary, int at) {
  Float16 before = real[at];
  real[at] = imaginary[at];
  imaginary[at] = -before;
}

/// Where the transform of `size` leaves its output `bin`.
INLINE int placeOf(int bin, int size) {
  return size == 16 ? 4 * (bin & 3) + (bin >> 2) : size == 8 ? 4 * (bin & 1) + (bin >> 1) : bin;
}

/// The transform of one, two, four, eight or sixteen, in place; see ``placeOf`` for the order.
INLINE void transformInPlace(Float16 *real, Float16 *imaginary, int size) {
  const float wide = 0.92387953251128674f, narrow = 0.38268343236508977f;
  const float half = 0.70710678118654752f;
  if (size == 2 || size == 8) {
    UNROLLED for (int low = 0; low < size / 2; ++low) {
      int high = low + size / 2;
      Float16 lowR = real[low], lowI = imaginary[low];
      real[low] = lowR + real[high], imaginary[low] = lowI + imaginary[high];
      real[high] = lowR - real[high], imaginary[high] = lowI - imaginary[high];
    }
  }
  if (size == 4) butterfly4(real, imaginary, 0, 1, 2, 3);
  if (size == 8) {
    TURN(real, imaginary, 5, half, half);
    turnBack(real, imaginary, 6);
    TURN(real, imaginary, 7, -half, half);
    butterfly4(real, imaginary, 0, 1, 2, 3);
    butterfly4(real, imaginary, 4, 5, 6, 7);
  }
  if (size == 16) {
    UNROLLED for (int at = 0; at < 4; ++at) {
      butterfly4(real, imaginary, at, at + 4, at + 8, at + 12);
    }
    TURN(real, imaginary, 5, wide, narrow);
    TURN(real, imaginary, 9, half, half);
    TURN(real, imaginary, 13, narrow, wide);
    TURN(real, imaginary, 6, half, half);
    turnBack(real, imaginary, 10);
    TURN(real, imaginary, 14, -half, half);
    TURN(real, imaginary, 7, narrow, wide);
    TURN(real, imaginary, 11, -half, half);
    TURN(real, imaginary, 15, -wide, -narrow);
    UNROLLED for (int at = 0; at < 16; at += 4) {
      butterfly4(real, imaginary, at, at + 1, at + 2, at + 3);
    }
  }
}

/// The lanes of two vectors at even places, and at odd ones.
#define EVEN_LANES(a, b) \
  __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define ODD_LANES(a, b) \
  __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)

#define LOW_ONES(a, b) \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29)
#define HIGH_ONES(a, b) \
  __builtin_shufflevector(a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31)
#define LOW_PAIRS(a, b) \
  __builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define HIGH_PAIRS(a, b) \
  __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
#define EVEN_QUARTERS(a, b) \
  __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
#define ODD_QUARTERS(a, b) \
  __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31)
#define LOW_HALVES(a, b) \
  __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
#define HIGH_HALVES(a, b) \
  __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31)

/// Turns four vectors of four quarters into the vectors of their first, second, third and fourth.
INLINE void transposeQuarters(Float16 *rows) {
  Float16 a = EVEN_QUARTERS(rows[0], rows[1]), b = ODD_QUARTERS(rows[0], rows[1]);
  Float16 c = EVEN_QUARTERS(rows[2], rows[3]), d = ODD_QUARTERS(rows[2], rows[3]);
  rows[0] = EVEN_QUARTERS(a, c), rows[1] = EVEN_QUARTERS(b, d);
  rows[2] = ODD_QUARTERS(a, c), rows[3] = ODD_QUARTERS(b, d);
}

/// Turns sixteen rows into columns.
INLINE void transpose16(Float16 *rows) {
  UNROLLED for (int at = 0; at < 16; at += 4) {
    Float16 a = LOW_ONES(rows[at], rows[at + 1]), b = HIGH_ONES(rows[at], rows[at + 1]);
    Float16 c = LOW_ONES(rows[at + 2], rows[at + 3]), d = HIGH_ONES(rows[at + 2], rows[at + 3]);
    rows[at] = LOW_PAIRS(a, c), rows[at + 1] = HIGH_PAIRS(a, c);
    rows[at + 2] = LOW_PAIRS(b, d), rows[at + 3] = HIGH_PAIRS(b, d);
  }
  ALIGNED Float16 columns[16];
  UNROLLED for (int at = 0; at < 4; ++at) {
    ALIGNED Float16 quarters[4] = {rows[at], rows[at + 4], rows[at + 8], rows[at + 12]};
    transposeQuarters(quarters);
    UNROLLED for (int quarter = 0; quarter < 4; ++quarter) columns[at + 4 * quarter] = quarters[quarter];
  }
  UNROLLED for (int at = 0; at < 16; ++at) rows[at] = columns[at];
}

/// The transforms of signals of `size` times sixteen samples, sixteen over `size` of them at once.
///
/// Sample 16 a + b of a signal is in lane b of its vector a, and signals follow one another. Bin
/// `size` m + n of signal s comes to lane `size` s + n of vector ``placeOf(m, 16)``. `twiddles` are
/// the cosines of 2 pi b n / 16 `size` for each b and then the sines, for each n.
INLINE void transformRows(Float16 *real, Float16 *imaginary, int size, const float *twiddles) {
  ALIGNED Float16 sortedR[16], sortedI[16];
  UNROLLED for (int first = 0; first < 16; first += size) {
    transformInPlace(real + first, imaginary + first, size);
    UNROLLED for (int bin = 0; bin < size; ++bin) {
      int at = first + placeOf(bin, size);
      if (bin > 0) {
        Float16 cosine = *(const Float16 *)(twiddles + 32 * bin);
        Float16 sine = *(const Float16 *)(twiddles + 32 * bin + 16);
        TURN(real, imaginary, at, cosine, sine);
      }
      sortedR[first + bin] = real[at], sortedI[first + bin] = imaginary[at];
    }
  }
  transpose16(sortedR);
  transpose16(sortedI);
  UNROLLED for (int at = 0; at < 16; ++at) real[at] = sortedR[at], imaginary[at] = sortedI[at];
  transformInPlace(real, imaginary, 16);
}

/// Turns vectors that ``transformRows`` has left side by side into sixteen neighbouring bins of each
/// signal.
INLINE void splitSignals(Float16 *rows, int size) {
  if (size == 4) transposeQuarters(rows);
  if (size == 8) {
    Float16 low = LOW_HALVES(rows[0], rows[1]);
    rows[1] = HIGH_HALVES(rows[0], rows[1]), rows[0] = low;
  }
}

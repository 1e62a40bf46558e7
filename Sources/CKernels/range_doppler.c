#include "range_doppler.h"
#include "decibels.h"
#include "planar.h"

typedef int16_t Short16 __attribute__((vector_size(32), aligned(2), may_alias));
typedef int16_t Short32 __attribute__((vector_size(64), aligned(2), may_alias));
typedef int32_t Word16 __attribute__((vector_size(64), aligned(2), may_alias));

enum { LANES = 16, LONGEST = 16 };

bool hasPlanarKernels(int64_t samples, int64_t chirps) {
  bool isRange = samples == 64 || samples == 128 || samples == 256;
  return hasWideRegisters() && isRange && chirps >= 16 && chirps <= 256 && (chirps & (chirps - 1)) == 0;
}

int64_t planarStride(int64_t samples) { return 2 * samples + 2 * LANES; }

// MARK: - Range

/// Sixteen complex samples from sample `at` of a chirp on.
INLINE void load(PlanarSamples kind, const void *samples, int64_t chirp, int64_t stride,
                 int64_t at, Float16 *real, Float16 *imaginary) {
  if (kind == PlanarFloats) {
    const Float16 *source = (const Float16 *)((const float *)samples + chirp * stride + 2 * at);
    *real = EVEN_LANES(source[0], source[1]);
    *imaginary = ODD_LANES(source[0], source[1]);
    return;
  }
  const int16_t *source = (const int16_t *)samples + chirp * stride + 2 * at;
  if (kind == PlanarInTurn) {
    Word16 words = *(const Word16 *)source;
    *real = __builtin_convertvector((words << 16) >> 16, Float16);
    *imaginary = __builtin_convertvector(words >> 16, Float16);
  } else {
    Short32 shorts = *(const Short32 *)source;
    Short16 inPhase = __builtin_shufflevector(shorts, shorts, 0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20,
                                              21, 24, 25, 28, 29);
    Short16 quadrature = __builtin_shufflevector(shorts, shorts, 2, 3, 6, 7, 10, 11, 14, 15, 18,
                                                 19, 22, 23, 26, 27, 30, 31);
    *real = __builtin_convertvector(inPhase, Float16);
    *imaginary = __builtin_convertvector(quadrature, Float16);
  }
}

/// Stores what ``transformRows`` has left, a profile for each signal.
INLINE void storeProfiles(Float16 *real, Float16 *imaginary, int size, float *profiles,
                          int64_t stride) {
  int signals = LANES / size;
  UNROLLED for (int group = 0; group < size; ++group) {
    UNROLLED for (int part = 0; part < 2; ++part) {
      Float16 *values = part ? imaginary : real;
      ALIGNED Float16 rows[4];
      UNROLLED for (int at = 0; at < signals; ++at) {
        rows[at] = values[placeOf(signals * group + at, LANES)];
      }
      splitSignals(rows, size);
      UNROLLED for (int at = 0; at < signals; ++at) {
        *(Float16 *)(profiles + at * stride + (2 * group + part) * LANES) = rows[at];
      }
    }
  }
}

INLINE void profilesOf(PlanarFrame frame, ChirpRows rows, PlanarSamples kind, const void *samples,
                       PlanarWeights weights, int size, float *profiles) {
  ALIGNED Float16 meanR[LONGEST] = {}, meanI[LONGEST] = {};
  for (int at = 0; weights.mean && at < size; ++at) {
    const Float16 *source = (const Float16 *)(weights.mean + 2 * LANES * at);
    meanR[at] = EVEN_LANES(source[0], source[1]);
    meanI[at] = ODD_LANES(source[0], source[1]);
  }
  int64_t stride = planarStride(frame.samples);
  for (int64_t chirp = 0; chirp < frame.chirps; chirp += LANES / size) {
    ALIGNED Float16 real[LANES], imaginary[LANES];
    UNROLLED for (int row = 0; row < LANES; ++row) {
      int64_t own = chirp + row / size;
      int part = row % size;
      load(kind, samples, own, rows.stride, LANES * part, real + row, imaginary + row);
      Float16 weight = *(const Float16 *)(weights.weights + LANES * part);
      float factor = weights.factors[own];
      real[row] = (real[row] * weight - meanR[part]) * factor;
      imaginary[row] = (imaginary[row] * weight - meanI[part]) * factor;
      if (weights.restored) {
        real[row] += meanR[part] * weights.restored[own];
        imaginary[row] += meanI[part] * weights.restored[own];
      }
    }
    transformRows(real, imaginary, size, frame.rangeTwiddles);
    storeProfiles(real, imaginary, size, profiles + chirp * stride, stride);
  }
}

INLINE void profilesOfKind(PlanarFrame frame, ChirpRows rows, PlanarSamples kind,
                           const void *samples, PlanarWeights weights, float *profiles) {
  switch (frame.samples) {
  case 64: return profilesOf(frame, rows, kind, samples, weights, 4, profiles);
  case 128: return profilesOf(frame, rows, kind, samples, weights, 8, profiles);
  default: return profilesOf(frame, rows, kind, samples, weights, 16, profiles);
  }
}

WIDE_REGISTERS
void rangeProfiles(const PlanarFrame *frame, const ChirpRows *rows, PlanarSamples kind,
                   const void *samples, const PlanarWeights *weights, float *profiles) {
  switch (kind) {
  case PlanarInTurn:
    return profilesOfKind(*frame, *rows, PlanarInTurn, samples, *weights, profiles);
  case PlanarInPairs:
    return profilesOfKind(*frame, *rows, PlanarInPairs, samples, *weights, profiles);
  default: return profilesOfKind(*frame, *rows, PlanarFloats, samples, *weights, profiles);
  }
}

// MARK: - Doppler

/// The powers of the transform of sixteen times `size` chirps for sixteen range bins.
INLINE void powersOf(const float *profiles, int64_t stride, int size, const float *twiddles,
                     bool isFirst, float *powers) {
  ALIGNED Float16 real[LONGEST * LANES], imaginary[LONGEST * LANES];
  for (int first = 0; first < size; ++first) {
    ALIGNED Float16 partR[LANES], partI[LANES];
    UNROLLED for (int at = 0; at < LANES; ++at) {
      const Float16 *source = (const Float16 *)(profiles + (at * size + first) * stride);
      partR[at] = source[0], partI[at] = source[1];
    }
    transformInPlace(partR, partI, LANES);
    UNROLLED for (int bin = 0; bin < LANES; ++bin) {
      int at = placeOf(bin, LANES);
      if (bin > 0 && size > 1) {
        const float *turn = twiddles + 2 * (LANES * first + bin);
        TURN(partR, partI, at, turn[0], turn[1]);
      }
      real[bin * size + first] = partR[at], imaginary[bin * size + first] = partI[at];
    }
  }
  for (int bin = 0; bin < LANES; ++bin) {
    Float16 *partR = real + bin * size, *partI = imaginary + bin * size;
    transformInPlace(partR, partI, size);
    UNROLLED for (int turn = 0; turn < size; ++turn) {
      int at = placeOf(turn, size);
      Float16 *target = (Float16 *)(powers + (bin + LANES * turn) * LANES);
      Float16 power = partR[at] * partR[at] + partI[at] * partI[at];
      *target = isFirst ? power : *target + power;
    }
  }
}

WIDE_REGISTERS
void addDopplerPowers(const PlanarFrame *shape, const float *profiles, bool isFirst,
                      float *powers) {
  PlanarFrame frame = *shape;
  int64_t stride = planarStride(frame.samples);
  for (int64_t group = 0; group < frame.samples / LANES; ++group) {
    const float *source = profiles + 2 * LANES * group;
    float *target = powers + LANES * frame.chirps * group;
    const float *turns = frame.dopplerTwiddles;
    switch (frame.chirps) {
    case 16: powersOf(source, stride, 1, turns, isFirst, target); break;
    case 32: powersOf(source, stride, 2, turns, isFirst, target); break;
    case 64: powersOf(source, stride, 4, turns, isFirst, target); break;
    case 128: powersOf(source, stride, 8, turns, isFirst, target); break;
    default: powersOf(source, stride, 16, turns, isFirst, target); break;
    }
  }
}

WIDE_REGISTERS
void levelsOfPowers(const PlanarFrame *shape, const float *powers, float floor, float *levels) {
  PlanarFrame frame = *shape;
  for (int64_t group = 0; group < frame.samples / LANES; ++group) {
    for (int64_t first = 0; first < frame.chirps; first += LANES) {
      ALIGNED Float16 rows[LANES];
      UNROLLED for (int at = 0; at < LANES; ++at) {
        int64_t bin = (first + at) ^ (frame.chirps / 2);
        rows[at] = *(const Float16 *)(powers + LANES * (frame.chirps * group + bin));
      }
      transpose16(rows);
      for (int at = 0; at < LANES; ++at) {
        decibels16(rows + at, floor);
        *(Float16 *)(levels + (LANES * group + at) * frame.chirps + first) = rows[at];
      }
    }
  }
}

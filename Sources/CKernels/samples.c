#include "samples.h"
#include "simd.h"

typedef int16_t Short16 __attribute__((vector_size(32), aligned(2)));
typedef int32_t Word16 __attribute__((vector_size(64), aligned(2)));
typedef uint32_t Unsigned16 __attribute__((vector_size(64), aligned(2)));

enum { LANES = 16, STRIP = 4 };

#define EVERY_VALID_CHIRP(rows)                                  \
  for (int64_t chirp = 0; chirp < rows.chirps; ++chirp)          \
    if (rows.validity[chirp * rows.validityStride])

/// Two vectors of words, the first of each two neighbours and the second, as neighbours again.
#define IN_TURN(a, b)                                                                           \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23),        \
      __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)

/// The same where the words are I I and Q Q.
#define IN_PAIRS(a, b)                                                                          \
  __builtin_shufflevector(a, b, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23),        \
      __builtin_shufflevector(a, b, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31)

/// I I Q Q to I Q I Q.
#define UNPAIRED(v) \
  __builtin_shufflevector(v, v, 0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11, 12, 14, 13, 15)

/// The place in a chirp of int16 of the scalar that belongs at `index`.
INLINE int64_t place(int64_t index, bool paired) {
  return paired ? (index & ~(int64_t)3) | ((index & 1) << 1) | ((index >> 1) & 1) : index;
}

INLINE int64_t validChirps(const ChirpRows *rows) {
  int64_t valid = 0;
  for (int64_t chirp = 0; chirp < rows->chirps; ++chirp) {
    valid += rows->validity[chirp * rows->validityStride];
  }
  return valid;
}

// MARK: - Mean

/// The means of `strip` times 32 scalars from `start` on.
///
/// Two int16 are added as one word: a sum of words is the sum of their low halves plus 65536 times
/// that of their high halves, which is known too, so the low halves need no unpacking. They count
/// without a sign, so each is raised by 32768 first.
INLINE void meanOfWords(ChirpRows rows, const int16_t *samples, const float *weights, float *mean,
                        int64_t start, int strip, bool paired, int64_t valid, float count) {
  Unsigned16 whole[STRIP] = {};
  Word16 high[STRIP] = {};
  EVERY_VALID_CHIRP(rows) {
    const Word16 *words = (const Word16 *)(samples + chirp * rows.stride + start);
    UNROLLED for (int i = 0; i < strip; ++i) {
      whole[i] += (Unsigned16)(words[i] ^ 0x8000);
      high[i] += words[i] >> 16;
    }
  }
  UNROLLED for (int i = 0; i < strip; ++i) {
    Unsigned16 low = whole[i] - ((Unsigned16)high[i] << 16) - (uint32_t)(valid * 32768);
    Float16 a = __builtin_convertvector((Word16)low, Float16);
    Float16 b = __builtin_convertvector(high[i], Float16);
    Float16 turns[] = {IN_TURN(a, b)}, pairs[] = {IN_PAIRS(a, b)};
    for (int half = 0; half < 2; ++half) {
      int64_t at = start + (2 * i + half) * LANES;
      Float16 sum = paired ? pairs[half] : turns[half];
      *(Float16 *)(mean + at) = sum / count * *(const Float16 *)(weights + at);
    }
  }
}

INLINE void meanOfInt16(ChirpRows rows, const int16_t *samples, const float *weights, float *mean,
                        bool paired) {
  int64_t valid = validChirps(&rows);
  float count = valid > 0 ? (float)valid : 1;
  int64_t start = 0;
  for (; start + STRIP * 2 * LANES <= rows.length; start += STRIP * 2 * LANES) {
    meanOfWords(rows, samples, weights, mean, start, STRIP, paired, valid, count);
  }
  for (; start + 2 * LANES <= rows.length; start += 2 * LANES) {
    meanOfWords(rows, samples, weights, mean, start, 1, paired, valid, count);
  }
  for (; start < rows.length; ++start) {
    int32_t sum = 0;
    EVERY_VALID_CHIRP(rows) sum += samples[chirp * rows.stride + place(start, paired)];
    mean[start] = (float)sum / count * weights[start];
  }
}

EVERY_INSTRUCTION_SET
void meanInt16(const ChirpRows *rows, const int16_t *samples, const float *weights, float *mean) {
  if (rows->paired) meanOfInt16(*rows, samples, weights, mean, true);
  else meanOfInt16(*rows, samples, weights, mean, false);
}

EVERY_INSTRUCTION_SET
void meanFloat(const ChirpRows *shape, const float *samples, const float *weights, float *mean) {
  ChirpRows rows = *shape;
  int64_t valid = validChirps(&rows);
  float count = valid > 0 ? (float)valid : 1;
  int64_t start = 0;
  for (; start + LANES <= rows.length; start += LANES) {
    Float16 sum = {};
    EVERY_VALID_CHIRP(rows) sum += *(const Float16 *)(samples + chirp * rows.stride + start);
    *(Float16 *)(mean + start) = sum / count * *(const Float16 *)(weights + start);
  }
  for (; start < rows.length; ++start) {
    float sum = 0;
    EVERY_VALID_CHIRP(rows) sum += samples[chirp * rows.stride + start];
    mean[start] = sum / count * weights[start];
  }
}

// MARK: - Weights

#define SHORTS(source) __builtin_convertvector(*(const Short16 *)(source), Float16)
#define PAIRS(source) __builtin_convertvector(UNPAIRED(*(const Short16 *)(source)), Float16)
#define FLOATS(source) *(const Float16 *)(source)

#define WEIGH16(LOAD, row, factor)                                                              \
  *(Float16 *)(target + (row) * outputStride + at) =                                            \
      (LOAD(source + (row) * rows.stride + at) * *(const Float16 *)(weights.weights + at) -     \
       mean) * factor

/// Weighs chirps two by two, which share the loads of weights and mean.
#define DEFINE_WEIGH(name, Scalar, LOAD, paired, removesMean)                                   \
  INLINE void name(ChirpRows rows, const Scalar *samples, ChirpWeights weights, int64_t first,  \
                   int64_t count, float *output, int64_t outputStride) {                        \
    for (int64_t row = 0; row < count; row += 2) {                                              \
      const Scalar *source = samples + (first + row) * rows.stride;                             \
      float *target = output + row * outputStride;                                              \
      bool two = row + 1 < count;                                                               \
      float factor = weights.factors[first + row];                                              \
      float other = weights.factors[first + row + two];                                         \
      int64_t at = 0;                                                                           \
      for (; at + LANES <= rows.length; at += LANES) {                                          \
        Float16 mean = {};                                                                      \
        if (removesMean) mean = *(const Float16 *)(weights.mean + at);                          \
        WEIGH16(LOAD, 0, factor);                                                               \
        if (two) WEIGH16(LOAD, 1, other);                                                       \
      }                                                                                         \
      for (; at < rows.length; ++at) {                                                          \
        float mean = removesMean ? weights.mean[at] : 0;                                        \
        for (int64_t next = 0; next <= two; ++next) {                                           \
          float sample = source[next * rows.stride + place(at, paired)];                        \
          target[next * outputStride + at] =                                                    \
              (sample * weights.weights[at] - mean) * (next ? other : factor);                  \
        }                                                                                       \
      }                                                                                         \
    }                                                                                           \
  }

DEFINE_WEIGH(weighPairsLessMean, int16_t, PAIRS, true, true)
DEFINE_WEIGH(weighPairs, int16_t, PAIRS, true, false)
DEFINE_WEIGH(weighShortsLessMean, int16_t, SHORTS, false, true)
DEFINE_WEIGH(weighShorts, int16_t, SHORTS, false, false)
DEFINE_WEIGH(weighFloatsLessMean, float, FLOATS, false, true)
DEFINE_WEIGH(weighFloats, float, FLOATS, false, false)

EVERY_INSTRUCTION_SET
void weighInt16(const ChirpRows *rows, const int16_t *samples, const ChirpWeights *weights,
                int64_t first, int64_t count, float *output, int64_t stride) {
  if (rows->paired) {
    if (weights->mean) weighPairsLessMean(*rows, samples, *weights, first, count, output, stride);
    else weighPairs(*rows, samples, *weights, first, count, output, stride);
  } else {
    if (weights->mean) weighShortsLessMean(*rows, samples, *weights, first, count, output, stride);
    else weighShorts(*rows, samples, *weights, first, count, output, stride);
  }
}

EVERY_INSTRUCTION_SET
void weighFloat(const ChirpRows *rows, const float *samples, const ChirpWeights *weights,
                int64_t first, int64_t count, float *output, int64_t stride) {
  if (weights->mean) weighFloatsLessMean(*rows, samples, *weights, first, count, output, stride);
  else weighFloats(*rows, samples, *weights, first, count, output, stride);
}

EVERY_INSTRUCTION_SET
void addMean(const ChirpWeights *weights, int64_t length, int64_t first, int64_t count,
             float *output, int64_t stride) {
  for (int64_t row = 0; row < count; ++row) {
    float factor = weights->factors[first + row];
    for (int64_t i = 0; i < length; ++i) output[row * stride + i] += weights->mean[i] * factor;
  }
}

// MARK: - From chirp to chirp

EVERY_INSTRUCTION_SET
void cancelChirps(float *samples, int64_t chirps, int64_t length, int64_t order) {
  for (int64_t chirp = chirps - 1; chirp >= order; --chirp) {
    float *row = samples + chirp * length;
    const float *last = row - length, *lastButOne = last - length;
    if (order == 1) {
      for (int64_t i = 0; i < length; ++i) row[i] -= last[i];
    } else {
      for (int64_t i = 0; i < length; ++i) row[i] += lastButOne[i] - 2 * last[i];
    }
  }
}

EVERY_INSTRUCTION_SET
void subtractBackground(float *samples, float *background, int64_t length, float rate) {
  for (int64_t i = 0; i < length; ++i) {
    float difference = samples[i] - background[i];
    background[i] += rate * difference;
    samples[i] = difference;
  }
}

#pragma once
#include <stdint.h>

/// How the numbers of complex samples interleave: sample by sample, or in groups of two samples.
enum { SamplesIQ = 0, SamplesQI = 1, SamplesI0I1Q0Q1 = 2, SamplesQ0Q1I0I1 = 3 };

/// Turns `count` little-endian 16-bit integers at any address into floats, in-phase before
/// quadrature.
///
/// Of each integer the `excess` highest bits have no meaning: the sign is extended from those below.
/// `weights` has a factor for each float, or is null. `count` is a multiple of four if samples are in
/// groups of two, and else of two.
void unpackInt16(const uint8_t *bytes, int64_t count, int32_t order, int32_t excess,
                 const float *weights, float *samples);

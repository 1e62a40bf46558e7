#pragma once
#include "simd.h"
#include <stdint.h>

typedef int32_t Integer16 __attribute__((vector_size(64), aligned(4)));

/// Replaces powers by ten times their decimal logarithms.
///
/// A power is 2^exponent * (1 + x) with x in [sqrt(1/2) - 1, sqrt(2) - 1), where the polynomial is
/// the best one of its degree, off by 7e-6 at most.
INLINE void decibels16(Float16 *power, float least) {
  Float16 floor = (Float16){} + least;
  Integer16 isAbove = *power > floor;
  Integer16 bits = ((Integer16)*power & isAbove) | ((Integer16)floor & ~isAbove);
  Integer16 shifted = bits - 0x3f3504f3;
  Float16 exponent = __builtin_convertvector(shifted >> 23, Float16);
  Float16 x = (Float16)(bits - (shifted & (int32_t)0xff800000)) - 1;
  Float16 sum = -0.6219028234481812f * x + 0.9697825312614441f;
  sum = sum * x - 1.106255054473877f;
  sum = sum * x + 1.4429813623428345f;
  sum = sum * x - 2.170823097229004f;
  sum = sum * x + 4.343000411987305f;
  *power = exponent * 3.01029995663981f + sum * x;
}

#include "echo.h"
#include "simd.h"
#include <math.h>

/// The phases of sixteen neighbouring samples turn together, sixteen steps at a time.
EVERY_INSTRUCTION_SET
void addEcho(float *samples, int64_t count, float real, float imaginary, double step) {
  enum { LANES = 16 };
  Float16 re, im;
  float stepCosine = (float)cos(step), stepSine = (float)sin(step);
  float c = real, s = imaginary;
  for (int lane = 0; lane < LANES; ++lane) {
    re[lane] = c;
    im[lane] = s;
    float turned = c * stepCosine - s * stepSine;
    s = c * stepSine + s * stepCosine;
    c = turned;
  }
  float blockCosine = (float)cos(LANES * step), blockSine = (float)sin(LANES * step);
  for (int64_t start = 0; start < count; start += LANES) {
    int64_t lanes = count - start < LANES ? count - start : LANES;
    for (int64_t lane = 0; lane < lanes; ++lane) {
      samples[2 * (start + lane)] += re[lane];
      samples[2 * (start + lane) + 1] += im[lane];
    }
    Float16 turned = re * blockCosine - im * blockSine;
    im = re * blockSine + im * blockCosine;
    re = turned;
  }
}

#pragma once
#include <stdint.h>

/// Adds to complex `samples` the echo of a scatterer: `real` + j `imaginary`, turning by `step`
/// radians from a sample to the next.
void addEcho(float *samples, int64_t count, float real, float imaginary, double step);

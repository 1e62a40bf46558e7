#pragma once
#include <stdint.h>

/// Writes the samples of a window, rows of `width` floats, times their weights to `output`.
///
/// `weights` has one for each float of the window where `width` is two, and one for each row
/// otherwise. Where `mean` is not null, it is scratch for a row, and the mean is subtracted first.
void weighWindow(const float *samples, int64_t window, int64_t width, const float *weights,
                 float *mean, float *output);

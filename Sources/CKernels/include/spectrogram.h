#pragma once
#include <stdbool.h>
#include <stdint.h>

/// Windows that slide along a complex signal.
typedef struct {
  /// The samples in a window: 64, 128 or 256. And those from the start of one to that of the next.
  int64_t length, hop;

  /// A weight for each sample of a window, and whether its mean is subtracted first.
  const float *weights;
  bool removesMean;

  /// The cosines of 2 pi b n / `length` for b < 16 and then the sines, for each n < `length` / 16.
  const float *twiddles;
} SlidingWindows;

/// Whether there is a kernel for windows of this length on this machine; the one below may not be
/// called otherwise.
bool hasWindowKernel(int64_t length);

/// Writes the levels of the spectra of `count` windows of `signal`, that of `floor` at least, `[window,
/// bin]`, zero frequency in the middle.
void windowLevels(const SlidingWindows *windows, const float *signal, int64_t count, float floor,
                  float *levels);

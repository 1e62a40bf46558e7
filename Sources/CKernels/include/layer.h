#pragma once
#include <stdint.h>

/// The shape of a convolutional layer: padding, convolution, bias, rectification, and the greatest
/// of windows that do not overlap.
///
/// input `[batch, height, width, channels]`, filter `[kernelHeight, kernelWidth, channels,
/// filters]`, output `[batch, outputHeight / poolHeight, outputWidth / poolWidth, filters]`, all
/// row-major. Output pixels that do not fill a window are left out.
typedef struct {
  int64_t batch, height, width, channels;
  int64_t kernelHeight, kernelWidth, filters;
  int64_t paddingTop, paddingBottom, paddingLeft, paddingRight;
  int64_t poolHeight, poolWidth;
  int64_t rectifies;
} LayerShape;

/// The floats of scratch, aligned to 64 bytes, that the layer needs, forward or backward.
int64_t layerScratch(const LayerShape *shape, int isBackward);

/// Computes the layer. `places` takes which pixel of its window each output came from, counted row
/// by row; without pooling it is not touched.
void layerForward(const LayerShape *shape, const float *input, const float *filter,
                  const float *bias, float *scratch, float *output, uint8_t *places);

/// Computes the gradients of input, filter and bias from that of the output. The first two may be
/// null.
void layerBackward(const LayerShape *shape, const float *input, const float *filter,
                   const float *output, const uint8_t *places, const float *outputGradient,
                   float *scratch, float *inputGradient, float *filterGradient,
                   float *biasGradient);

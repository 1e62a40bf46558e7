#pragma once
#include <stdint.h>

/// The shape of a convolution over channels-last images that are padded already.
///
/// input `[batch, height, width, channels]`, filter `[kernelHeight, kernelWidth, channels, filters]`,
/// output `[batch, outputHeight, outputWidth, filters]`, all row-major.
typedef struct {
  int64_t batch, height, width, channels;
  int64_t kernelHeight, kernelWidth, filters;
  int64_t strideY, strideX, dilationY, dilationX;
  int64_t outputHeight, outputWidth;
} ConvolutionShape;

/// Writes the convolution of `input` with `filter` to `output`.
///
/// `packed` is scratch for kernelHeight * kernelWidth * channels rows of filters, rounded up to a
/// multiple of 16.
void convolveFloat(const ConvolutionShape *shape, const float *input, const float *filter,
                   float *packed, float *output);

/// Adds to `filterGradient` the gradient of a convolution's filter, given that of its output.
///
/// `packed` is scratch for the output's pixels with their filters rounded up to a multiple of 16.
void convolveFilterGradientFloat(const ConvolutionShape *shape, const float *input,
                                 const float *outputGradient, float *packed,
                                 float *filterGradient);

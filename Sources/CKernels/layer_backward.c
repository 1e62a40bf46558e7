#include "layer_backward.h"

int64_t layerScratch(const LayerShape *s, int isBackward) {
  LayerSizes z = layerSizes(s);
  int64_t rows = s->kernelHeight * z.run;
  int isPlain = s->poolHeight == 1 && s->poolWidth == 1;
  int64_t total = z.paddedFloats + 3 * z.lanes + 16 * LANES;
  // Whether or not the minimal algorithm is used, there is room for it.
  int64_t wide = roundUp(s->channels);
  if (s->kernelHeight == 3 && s->kernelWidth == 3)
    total += winogradFilterFloats(wide, z.lanes) +
             winogradBlockFloats(wide > z.lanes ? wide : z.lanes) +
             (isBackward && isPlain ? winogradGradientFloats(wide, z.lanes) : 0);
  if (!isBackward)
    return total + rows * z.lanes +
           (isPlain ? 0
            : isNarrow(s) ? pairFloats(&z)
                          : z.outputHeight * z.outputWidth * z.lanes);
  if (isPlain) {
    int64_t frame = (s->height + s->kernelHeight - 1) * (s->width + s->kernelWidth - 1);
    return total + frame * z.lanes + rows * z.lanes + roundUp(s->channels) +
           s->kernelHeight * s->kernelWidth * z.lanes * roundUp(s->channels);
  }
  int64_t pixels = z.pooledHeight * z.pooledWidth;
  int64_t narrow = isNarrow(s) ? pairFloats(&z) + rows * LANES : 0;
  return total + narrow + z.paddedFloats + 2 * pixels * z.lanes +
         2 * z.lanes * s->kernelHeight * roundUp(z.run) + s->poolHeight * s->poolWidth;
}

EVERY_INSTRUCTION_SET
void layerBackward(const LayerShape *s, const float *input, const float *filter,
                   const float *output, const uint8_t *places, const float *outputGradient,
                   float *scratch, float *inputGradient, float *filterGradient,
                   float *biasGradient) {
  if (s->poolHeight == 1 && s->poolWidth == 1)
    denseBackward(s, input, filter, output, outputGradient, scratch, inputGradient, filterGradient,
                  biasGradient);
  else
    pooledBackward(s, input, filter, output, places, outputGradient, scratch, inputGradient,
                   filterGradient, biasGradient);
}

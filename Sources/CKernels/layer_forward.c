#include "layer_narrow.h"
#include "layer_tiles.h"

/// Pools windows of any size from a whole image of the convolution in scratch.
INLINE void poolImage(const ForwardImage *i, float *output, uint8_t *places) {
  const LayerShape *s = i->shape;
  for (int64_t y = 0; y < i->sizes.pooledHeight; ++y) {
    for (int64_t x = 0; x < i->sizes.pooledWidth; ++x) {
      for (int64_t filter = 0; filter < s->filters; filter += LANES) {
        const float *corner =
            i->output +
            (y * s->poolHeight * i->outputWidth + x * s->poolWidth) * i->width + filter;
        Float16 best = load16(corner);
        Int16 place = {};
        for (int64_t row = 0; row < s->poolHeight; ++row)
          for (int64_t column = 0; column < s->poolWidth; ++column)
            keepGreater(&best, &place, load16(corner + (row * i->outputWidth + column) * i->width),
                        (int)(row * s->poolWidth + column));
        int64_t target = (y * i->sizes.pooledWidth + x) * s->filters + filter;
        storeLanes(output + target, best, s->filters - filter);
        if (places) storePlaces(places + target, place, s->filters - filter);
      }
    }
  }
}

EVERY_INSTRUCTION_SET
void layerForward(const LayerShape *shape, const float *input, const float *filter,
                  const float *bias, float *scratch, float *output, uint8_t *places) {
  const LayerShape *s = shape;
  LayerSizes z = layerSizes(s);
  int64_t rows = s->kernelHeight * z.run;
  float *packed = take(&scratch, rows * z.lanes), *biases = take(&scratch, z.lanes);
  float *padded = take(&scratch, z.paddedFloats);
  const float *weights = filter;
  int isPairedRows = isNarrow(s);
  if (isPairedRows) {
    repeatRows(filter, rows, s->filters, packed);
    repeatRows(bias, 1, s->filters, biases);
    weights = packed;
  } else if (s->filters != z.lanes) {
    packRows(filter, rows, s->filters, z.lanes, packed);
    weights = packed;
  }
  if (!isPairedRows) packRows(bias, 1, s->filters, z.lanes, biases);
  memset(padded, 0, (size_t)z.paddedFloats * sizeof(float));
  int isPlain = s->poolHeight == 1 && s->poolWidth == 1;
  int isPaired = s->poolHeight == 2 && s->poolWidth == 2;
  ForwardImage i = {.shape = s, .sizes = z, .padded = padded, .weights = weights, .bias = biases,
                    .width = s->filters, .outputWidth = z.outputWidth};
  if ((isPlain || isPaired) && isWinograd(s->kernelHeight, s->kernelWidth, s->channels, s->filters,
                                          z.usedHeight, z.usedWidth)) {
    float *transformed = take(&scratch, winogradFilterFloats(s->channels, z.lanes));
    transformFilter(filter, s->channels, z.lanes, transformed);
    i.transformed = transformed;
    i.block = scratch;
  }
  int64_t outputFloats = z.pooledHeight * z.pooledWidth * s->filters;
  for (int64_t image = 0; image < s->batch; ++image) {
    placeImage(s, &z, input + image * s->height * s->width * s->channels, padded);
    i.output = output + image * outputFloats;
    i.places = isPlain || !places ? 0 : places + image * outputFloats;
    if (isPairedRows) {
      pairRows(&z, s->height + s->paddingTop + s->paddingBottom, padded, scratch);
      narrowImage(s, &z, scratch, weights, biases, i.output, i.places);
    } else if (isPaired) {
      forwardImage(&i, 1);
    } else if (isPlain) {
      forwardImage(&i, 0);
    } else {
      i.output = scratch;
      i.width = z.lanes;
      LayerShape whole = *s;
      whole.filters = z.lanes;
      i.shape = &whole;
      forwardImage(&i, 0);
      i.shape = s;
      poolImage(&i, output + image * outputFloats, i.places);
    }
  }
}

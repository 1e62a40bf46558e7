#pragma once
#include <stddef.h>

/// A model file that comes with the package, as its bytes.
typedef struct {
  const unsigned char *bytes;
  size_t count;
} ShippedModel;

/// The number of models.
size_t shippedModelCount(void);

/// The model with the number `index`.
ShippedModel shippedModel(size_t index);

/// The number of models that give gestures codes.
size_t shippedCodeModelCount(void);

/// The model that gives gestures codes with the number `index`.
ShippedModel shippedCodeModel(size_t index);

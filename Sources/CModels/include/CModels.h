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

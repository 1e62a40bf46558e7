#include "CModels.h"

size_t shippedCodeModelCount(void) { return 0; }

ShippedModel shippedCodeModel(size_t index) { (void)index; return (ShippedModel){0, 0}; }

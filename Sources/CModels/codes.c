#include "CModels.h"

static const unsigned char fmcw[] = {
#embed "models/fmcw-codes.safetensors"
};
static const unsigned char cw[] = {
#embed "models/cw-codes.safetensors"
};
static const unsigned char a121[] = {
#embed "models/a121-codes.safetensors"
};

static const ShippedModel models[] = {
    {fmcw, sizeof fmcw},
    {cw, sizeof cw},
    {a121, sizeof a121},
};

size_t shippedCodeModelCount(void) { return sizeof models / sizeof *models; }

ShippedModel shippedCodeModel(size_t index) { return models[index]; }

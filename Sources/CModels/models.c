#include "CModels.h"

static const unsigned char fmcw[] = {
#embed "models/fmcw.safetensors"
};
static const unsigned char cw[] = {
#embed "models/cw.safetensors"
};
static const unsigned char a121[] = {
#embed "models/a121.safetensors"
};

static const ShippedModel models[] = {
    {fmcw, sizeof fmcw},
    {cw, sizeof cw},
    {a121, sizeof a121},
};

size_t shippedModelCount(void) { return sizeof models / sizeof *models; }

ShippedModel shippedModel(size_t index) { return models[index]; }

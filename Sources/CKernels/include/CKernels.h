#pragma once

#include "convolution.h"
#include "echo.h"
#include "hamming.h"
#include "layer.h"
#include "optimization.h"
#include "unpack.h"

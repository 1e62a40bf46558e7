#pragma once

#include "convolution.h"
#include "echo.h"
#include "hamming.h"
#include "layer.h"
#include "levels.h"
#include "optimization.h"
#include "samples.h"
#include "unpack.h"
#include "windows.h"

#pragma once

#include "convolution.h"
#include "echo.h"
#include "hamming.h"
#include "layer.h"
#include "levels.h"
#include "optimization.h"
#include "range_doppler.h"
#include "samples.h"
#include "spectrogram.h"
#include "unpack.h"
#include "windows.h"

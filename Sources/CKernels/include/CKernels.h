#pragma once
#include "convolution.h"
#include "echo.h"
#include "unpack.h"

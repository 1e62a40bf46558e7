#pragma once
#include "convolution.h"
#include "echo.h"

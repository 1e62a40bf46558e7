"""Measures SciPy's ShortTimeFFT, and pyFFTW over a strided view, on radar-benchmark's `stft`.

Usage: pip install numpy scipy pyfftw
       radar-benchmark --filter stft --format json && python tools/peers/short_time_fft.py
"""

import json
import time

import numpy
import pyfftw
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import ShortTimeFFT
from scipy.signal.windows import hann

WINDOW, HOP, COUNT = 256, 16, 600_000
generator = numpy.random.default_rng(1)
signal = (1000 * generator.standard_normal(COUNT) + 1000j * generator.standard_normal(COUNT)).astype(
    numpy.complex64
)
weights = hann(WINDOW, sym=False).astype(numpy.float32)
windows = (COUNT - WINDOW) // HOP + 1

transform = ShortTimeFFT(weights, hop=HOP, fs=10_000, fft_mode="centered", phase_shift=None)
first = WINDOW // 2 // HOP


def scipy_levels():
    spectra = transform.stft(signal, p0=first, p1=first + windows)
    return 10 * numpy.log10(spectra.real**2 + spectra.imag**2 + numpy.float32(1e-20))


samples = pyfftw.empty_aligned((windows, WINDOW), "complex64")
spectra = pyfftw.empty_aligned((windows, WINDOW), "complex64")
plan = pyfftw.FFTW(samples, spectra, axes=(1,), flags=("FFTW_MEASURE",), threads=1)
alternating = weights * numpy.where(numpy.arange(WINDOW) % 2, -1, 1).astype(numpy.float32)
powers = numpy.empty((windows, WINDOW), numpy.float32)
squares = numpy.empty((windows, WINDOW), numpy.float32)


def pyfftw_levels():
    numpy.multiply(sliding_window_view(signal, WINDOW)[::HOP], alternating, out=samples)
    plan.execute()
    numpy.square(spectra.real, out=powers)
    numpy.square(spectra.imag, out=squares)
    numpy.add(powers, squares, out=powers)
    numpy.add(powers, numpy.float32(1e-20), out=powers)
    numpy.log10(powers, out=powers)
    return numpy.multiply(powers, 10, out=powers)


expected, found = scipy_levels().T, pyfftw_levels()
assert expected.shape == found.shape
assert numpy.abs(expected - found)[expected > expected.max() - 60].max() < 0.01

for name, levels in (("scipy_short_time_fft", scipy_levels), ("pyfftw_tuned", pyfftw_levels)):
    times = []
    end = time.perf_counter() + 3
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        levels()
        times.append((time.perf_counter() - start) * 1e6)
    times.sort()
    print(
        json.dumps(
            {
                "bench": "stft", "impl": name, "workload": "60 s", "threads": 1,
                "median_us": times[len(times) // 2], "p10": times[len(times) // 10],
                "p90": times[len(times) * 9 // 10], "extra": {"n": len(times)},
            }
        )
    )

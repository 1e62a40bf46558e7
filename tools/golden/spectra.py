"""Goldens of the room Spectra, made by SciPy: tapers and a short-time transform.

    python3 tools/golden/spectra.py Tests/SpectraTests/Goldens
"""

import json
import pathlib
import sys

import numpy as np
import scipy.signal

FOLDER = pathlib.Path(sys.argv[1])


def write(name, golden):
    text = json.dumps(golden, indent=1)
    (FOLDER / name).write_text(text + "\n")


def tapers():
    shapes = {
        "rectangular": "boxcar",
        "hann": "hann",
        "hamming": "hamming",
        "blackman": "blackman",
        "kaiser:8.6": ("kaiser", 8.6),
    }
    cases = []
    for name, shape in shapes.items():
        for count in (1, 2, 9, 16):
            for symmetric in (False, True):
                weights = scipy.signal.get_window(shape, count, fftbins=not symmetric)
                cases.append({
                    "name": name + ("-symmetric" if symmetric else ""),
                    "weights": [float(weight) for weight in weights],
                })
    write("tapers.json", {"tolerance": 1e-6, "cases": cases})


def short_time_transform():
    generator = np.random.default_rng(1)
    count, window, hop = 70, 16, 5
    signal = generator.normal(size=count) + 1j * generator.normal(size=count)
    signal = signal.astype(np.complex64)
    transform = scipy.signal.ShortTimeFFT(
        scipy.signal.get_window("hann", window), hop, fs=1, fft_mode="centered", phase_shift=None)
    # Slices that lie wholly inside the signal, the first of which starts at sample zero.
    spectra = [
        transform.stft_detrend(signal[start:start + window], None, p0=0, p1=1, k_offset=window // 2)[:, 0]
        for start in range(0, count - window + 1, hop)
    ]
    write("short_time_transform.json", {
        "tolerance": 2e-5,
        "window": window,
        "hop": hop,
        "signal": np.stack([signal.real, signal.imag], -1).ravel().tolist(),
        "spectra": [np.stack([s.real, s.imag], -1).ravel().tolist() for s in spectra],
    })


tapers()
short_time_transform()

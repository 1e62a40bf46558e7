"""Goldens of the room Radar, made by NumPy: range-Doppler maps of small random frames.

    python3 tools/golden/range_doppler.py Tests/RadarTests/Goldens
"""

import json
import pathlib
import sys

import numpy as np
import scipy.signal

CHIRPS, RECEIVERS, SAMPLES = 8, 2, 12


def level_map(frame, removes_mean, taper):
    """Decibels of shape [range bin, Doppler bin] of a frame [chirp, receiver, sample]."""
    if removes_mean:
        frame = frame - frame.mean(axis=0, keepdims=True)
    frame = frame * scipy.signal.get_window(taper, SAMPLES)
    frame = frame * scipy.signal.get_window(taper, CHIRPS)[:, None, None]
    spectra = np.fft.fftshift(np.fft.fft(np.fft.fft(frame, axis=2), axis=0), axes=0)
    if not np.iscomplexobj(frame):
        spectra = spectra[:, :, :SAMPLES // 2]
    return 10 * np.log10((np.abs(spectra) ** 2).sum(axis=1)).T


generator = np.random.default_rng(2)
cases = []
for kind in ("real", "complex"):
    for removes_mean in (False, True):
        frame = generator.integers(-2000, 2000, (CHIRPS, RECEIVERS, SAMPLES)).astype(float)
        scalars = frame
        if kind == "complex":
            imaginary = generator.integers(-2000, 2000, frame.shape).astype(float)
            scalars = np.stack([frame, imaginary], axis=-1)
            frame = frame + 1j * imaginary
        levels = level_map(frame, removes_mean, "hann")
        cases.append({
            "sampleKind": kind,
            "clutterRemoval": "mean" if removes_mean else "none",
            "frame": [int(scalar) for scalar in scalars.ravel()],
            "levels": [round(float(level), 6) for level in levels.ravel()],
        })

golden = {
    "toleranceDecibels": 1e-3,
    "chirps": CHIRPS,
    "receivers": RECEIVERS,
    "samplesPerChirp": SAMPLES,
    "cases": cases,
}
path = pathlib.Path(sys.argv[1]) / "range_doppler.json"
path.write_text(json.dumps(golden) + "\n")

"""Goldens of the room Radar, made by NumPy: micro-Doppler across gaps, and what its rows say.

    python3 tools/golden/micro_doppler.py Tests/RadarTests/Goldens
"""

import json
import pathlib
import sys

import numpy as np
import scipy.signal

CHIRPS, FRAMES, WINDOW, HOP = 12, 9, 32, 8
INTERVAL, WAVELENGTH = 1e-3, 0.0125
SHARE = 0.05

generator = np.random.default_rng(5)
# Frames that are unevenly spaced, by no whole number of chirps, and chirps that were lost.
starts = np.cumsum(np.concatenate([[0], generator.uniform(12, 19, FRAMES - 1)])) * INTERVAL
times = starts[:, None] + np.arange(CHIRPS) * INTERVAL
valid = generator.uniform(size=times.shape) > 0.1
phase = 4 * np.pi / WAVELENGTH * (0.4 * times + 0.05 * np.sin(2 * np.pi * 6 * times))
signal = 300 + 100 * np.exp(1j * phase) + 2 * (
    generator.normal(size=times.shape) + 1j * generator.normal(size=times.shape))
signal = np.where(valid, np.round(signal), 0)

taper = scipy.signal.get_window("hann", WINDOW)
velocities = (np.arange(WINDOW) - WINDOW // 2) * WAVELENGTH / (2 * INTERVAL * WINDOW)
rows, profiles = [], []
start = 0.0
while start + WINDOW * INTERVAL <= times[-1, -1] + INTERVAL * 1.5:
    position = (times - start) / INTERVAL
    # A chirp takes the weight of the place that its frame is nearest to.
    place = np.round((starts - start) / INTERVAL).astype(int)[:, None] + np.arange(CHIRPS)
    inside = valid & (place >= 0) & (place < WINDOW)
    weights = np.where(inside, taper[np.clip(place, 0, WINDOW - 1)], 0)
    share = weights.sum() / taper.sum()
    x = signal - signal[inside].mean()
    bins = np.arange(WINDOW) - WINDOW // 2
    kernel = np.exp(-2j * np.pi * bins[:, None] * position[inside] / WINDOW)
    power = np.abs(kernel @ (x * weights)[inside] / share) ** 2
    rows.append(10 * np.log10(power))
    above = np.maximum(power - np.sort(power)[WINDOW // 2], 0)
    total = above.sum()
    centroid = (above * velocities).sum() / total
    spread = np.sqrt((above * (velocities - centroid) ** 2).sum() / total)
    lower = velocities[np.argmax(np.cumsum(above) > SHARE * total)]
    upper = velocities[::-1][np.argmax(np.cumsum(above[::-1]) > SHARE * total)]
    profiles.append([start + WINDOW * INTERVAL / 2, total, lower, upper, centroid, spread])
    start += HOP * INTERVAL

power = 10 ** (np.array(rows) / 10)
hann = scipy.signal.get_window("hann", len(rows))
diagram = np.abs(np.fft.rfft((power - power.mean(axis=0)) * hann[:, None], axis=0))

path = pathlib.Path(sys.argv[1]) / "micro_doppler.json"
path.write_text(json.dumps({
    "toleranceDecibels": 0.02, "chirps": CHIRPS, "window": WINDOW, "hop": HOP,
    "interval": INTERVAL, "wavelength": WAVELENGTH, "share": SHARE,
    "starts": starts.tolist(), "validity": valid.tolist(),
    "samples": [np.stack([f.real, f.imag], -1).ravel().tolist() for f in signal],
    "levels": [[round(float(level), 4) for level in row] for row in rows],
    "profiles": [[float(f"{value:.7g}") for value in profile] for profile in profiles],
    "diagram": [[float(f"{value:.6g}") for value in row] for row in diagram],
}) + "\n")

"""Goldens of the room Radar, made by NumPy: range-Doppler maps of small random frames.

    python3 tools/golden/range_doppler.py Tests/RadarTests/Goldens
"""

import json
import pathlib
import sys

import numpy as np
import scipy.signal

FRAMES = 2


def without_clutter(frames, removal):
    """The chirps of the last frame, and the first that is of use."""
    name, _, rate = removal.partition(":")
    frame = frames[-1]
    if name == "mean":
        return frame - frame.mean(axis=0, keepdims=True), 0
    if name == "two-pulse":
        return np.diff(frame, axis=0, prepend=frame[:1]), 1
    if name == "three-pulse":
        left = np.zeros_like(frame)
        left[2:] = np.diff(frame, 2, axis=0)
        return left, 2
    if name == "background":
        background = frames[0][0].copy()
        left = np.empty_like(frame)
        for one in frames:
            for chirp, samples in enumerate(one):
                left[chirp] = samples - background
                background += float(rate) * left[chirp]
        return left, 0
    return frame, 0


def level_map(frames, removal, range_taper, doppler_taper, range_length, doppler_length, notch):
    """Decibels of shape [range bin, Doppler bin] of the last of frames [chirp, receiver, sample]."""
    frame, first = without_clutter(frames, removal)
    chirps, _, samples = frame.shape
    is_complex = np.iscomplexobj(frame)
    frame = frame * scipy.signal.get_window(range_taper, samples)
    weights = np.zeros(chirps)
    weights[first:] = scipy.signal.get_window(doppler_taper, chirps - first)
    frame = frame * weights[:, None, None]
    spectra = np.fft.fft(np.fft.fft(frame, range_length, axis=2), doppler_length, axis=0)
    if notch is not None:
        spectra[[bin % doppler_length for bin in range(-notch, notch + 1)]] = 0
    # Zero Doppler at bin n // 2, which fftshift does for odd lengths too.
    spectra = np.fft.fftshift(spectra, axes=0)
    if not is_complex:
        spectra = spectra[:, :, :range_length // 2]
    power = (np.abs(spectra) ** 2).sum(axis=1)
    return 10 * np.log10(np.maximum(power, 1e-20)).T


generator = np.random.default_rng(2)
cases = []


def case(kind, removal="mean", tapers=("hann", "hann"), shape=(8, 2, 12), lengths=None, notch=None):
    frames = generator.integers(-2000, 2000, (FRAMES, *shape)).astype(float)
    scalars = frames
    if kind == "complex":
        imaginary = generator.integers(-2000, 2000, frames.shape).astype(float)
        scalars = np.stack([frames, imaginary], axis=-1)
        frames = frames + 1j * imaginary
    range_length, doppler_length = lengths or (shape[2], shape[0])
    levels = level_map(frames, removal, *tapers, range_length, doppler_length, notch)
    cases.append({
        "sampleKind": kind, "chirps": shape[0], "receivers": shape[1], "samplesPerChirp": shape[2],
        "clutterRemoval": removal, "rangeTaper": tapers[0], "dopplerTaper": tapers[1],
        "rangeLength": range_length, "dopplerLength": doppler_length, "notch": notch,
        "frames": [[int(scalar) for scalar in frame.ravel()] for frame in scalars],
        "levels": [round(float(level), 5) for level in levels.ravel()],
    })


for kind in ("real", "complex"):
    for removal in ("none", "mean", "two-pulse", "three-pulse", "background:0.125"):
        case(kind, removal)
    case(kind, tapers=("blackman", "hamming"), shape=(7, 1, 10))
    case(kind, lengths=(20, 16), shape=(6, 2, 14))
    case(kind, notch=1)
# More range bins than fill a tile, chirps that do not fill a block, more channels than one group.
case("complex", shape=(5, 1, 37))
case("complex", shape=(4, 1, 84))
case("real", shape=(4, 1, 170))
case("complex", shape=(18, 16, 2), lengths=(2, 32))
case("real", shape=(33, 1, 6), notch=2)

path = pathlib.Path(sys.argv[1]) / "range_doppler.json"
path.write_text(json.dumps({"toleranceDecibels": 1e-3, "cases": cases}) + "\n")

"""Goldens of the room Pictures, made by NumPy and SciPy: the levels of every view of random frames.

    python3 tools/golden/views.py Tests/PicturesTests/Goldens
"""

import json
import pathlib
import sys

import numpy as np
import scipy.signal

FRAMES, CHIRPS, RECEIVERS, SAMPLES = 2, 8, 3, 8


def weights(name, count):
    """A taper by its name on the command line: periodic, unless it is called symmetric."""
    base, is_symmetric = name.removesuffix("-symmetric"), name.endswith("-symmetric")
    window = {"rectangular": "boxcar"}.get(base, base)
    if base.startswith("kaiser:"):
        window = ("kaiser", float(base.removeprefix("kaiser:")))
    return scipy.signal.get_window(window, count, fftbins=not is_symmetric)


def decibels(power):
    return 10 * np.log10(np.maximum(power, 1e-20))


def spectra(frame, taper, removes_mean):
    """[chirp, receiver, sample] to [Doppler bin, receiver, range bin]."""
    if removes_mean:
        frame = frame - frame.mean(axis=0, keepdims=True)
    frame = frame * weights(taper, frame.shape[2])
    frame = frame * weights(taper, frame.shape[0])[:, None, None]
    result = np.fft.fftshift(np.fft.fft(np.fft.fft(frame, axis=2), axis=0), axes=0)
    return result if np.iscomplexobj(frame) else result[:, :, :frame.shape[2] // 2]


def range_doppler(frames, case):
    return [decibels((np.abs(spectra(f, case["taper"], case["removesMean"])) ** 2).sum(axis=1)).T
            for f in frames]


def range_time(frames, case):
    return [decibels((np.abs(spectra(f, case["taper"], case["removesMean"])) ** 2).sum(axis=(0, 1)))
            for f in frames]


def angle_time(frames, case):
    """Delay and sum over receivers half a wavelength apart, one degree after the other."""
    cosines = np.sin(np.radians(np.arange(-90, 91)))
    steering = np.exp(-1j * np.pi * np.outer(cosines, np.arange(frames[0].shape[1])))
    rows = []
    for frame in frames:
        cells = spectra(frame, case["taper"], case["removesMean"])
        beams = np.einsum("ar,drs->ads", steering.conj(), cells)
        rows.append(decibels((np.abs(beams) ** 2).sum(axis=(1, 2)) / frame.shape[1]))
    return rows


def spectrogram(frames, case):
    """Windows over the chirps of each frame, or over all of them if they are evenly spaced."""
    window, hop = case["window"], case["hop"]
    taper = weights(case["taper"], window)[:, None, None]
    rows = []
    for block in [np.concatenate(frames)] if case["isContinuous"] else frames:
        profiles = np.fft.fft(block * weights(case["taper"], block.shape[2]), axis=2)
        if not np.iscomplexobj(block):
            profiles = profiles[:, :, :block.shape[2] // 2]
        for start in range(0, len(profiles) - window + 1, hop):
            piece = profiles[start:start + window]
            if case["removesMean"]:
                piece = piece - piece.mean(axis=0)
            bins = np.fft.fftshift(np.fft.fft(piece * taper, axis=0), axes=0)
            rows.append(decibels((np.abs(bins) ** 2).sum(axis=(1, 2))))
    return rows


VIEWS = {"range-doppler": range_doppler, "spectrogram": spectrogram, "range-time": range_time,
         "angle-time": angle_time}

generator = np.random.default_rng(5)
recordings = {}
for kind in ("real", "complex"):
    frames = generator.integers(-2000, 2000, (FRAMES, CHIRPS, RECEIVERS, SAMPLES)).astype(float)
    if kind == "complex":
        frames = frames + 1j * generator.integers(-2000, 2000, frames.shape)
    recordings[kind] = frames

cases = []
for view, taper, removes_mean, receiver, window, hop, kind, is_continuous in [
    ("range-doppler", "hann", False, None, None, None, "complex", False),
    ("range-doppler", "kaiser:8.6", True, 1, None, None, "real", False),
    ("range-doppler", "hamming-symmetric", False, None, None, None, "real", False),
    ("range-time", "blackman", True, None, None, None, "complex", False),
    ("range-time", "rectangular", False, 2, None, None, "real", False),
    ("angle-time", "hann", False, None, None, None, "complex", False),
    ("angle-time", "rectangular", True, None, None, None, "real", False),
    ("spectrogram", "hann", False, None, 6, 2, "complex", True),
    ("spectrogram", "hamming", True, 0, 4, 4, "complex", False),
    ("spectrogram", "blackman-symmetric", False, None, 4, 1, "real", False),
]:
    case = {"view": view, "taper": taper, "removesMean": removes_mean, "sampleKind": kind,
            "isContinuous": is_continuous}
    case |= {name: value for name, value in
             (("receiver", receiver), ("window", window), ("hop", hop)) if value is not None}
    frames = recordings[kind]
    if receiver is not None:
        frames = frames[:, :, receiver:receiver + 1]
    levels = np.concatenate([np.ravel(row) for row in VIEWS[view](list(frames), case)])
    case["levels"] = [round(float(level), 5) for level in levels]
    cases.append(case)


def scalars(frames):
    parts = np.stack([frames.real, frames.imag], -1) if np.iscomplexobj(frames) else frames
    return [[int(value) for value in frame.ravel()] for frame in parts]


golden = {
    "toleranceDecibels": 2e-3, "chirps": CHIRPS, "receivers": RECEIVERS, "samplesPerChirp": SAMPLES,
    "frames": {kind: scalars(frames) for kind, frames in recordings.items()}, "cases": cases,
}
path = pathlib.Path(sys.argv[1]) / "views.json"
path.write_text(json.dumps(golden) + "\n")

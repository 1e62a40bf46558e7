"""Goldens of the room Radar: spectra over angle, source counts and bounds by NumPy.

    python3 tools/golden/angles.py Tests/RadarTests/Goldens

Snapshots are drawn from simulated arrays; the spectra follow the papers' formulas with NumPy's
inverse and eigen-decomposition. The Cramer-Rao bound is that of Stoica and Nehorai (1989) for
uncorrelated deterministic signals.
"""

import json
import pathlib
import sys

import numpy as np

LOADING = 1e-3


def steering(positions, cosines):
    """Columns of exp -j2pi(x u)/lambda, positions in wavelengths."""
    return np.exp(-2j * np.pi * np.outer(positions, cosines))


def bound(positions, sines, powers, noise, snapshots):
    """The bound on the variance of each sine."""
    a = steering(positions, sines)
    d = -2j * np.pi * positions[:, None] * a
    projector = np.eye(len(positions)) - a @ np.linalg.pinv(a)
    core = (d.conj().T @ projector @ d) * np.diag(powers).T
    return np.diag(np.linalg.inv(core.real)) * noise / (2 * snapshots)


generator = np.random.default_rng(5)


def normal(*shape):
    return (generator.standard_normal(shape) + 1j * generator.standard_normal(shape)) / np.sqrt(2)


cases = []
for positions, sines, amplitudes, snapshots in (
    (np.arange(8) / 2, [0.1, 0.35], [3.0, 2.0], 40),
    (np.arange(4) / 2, [-0.4], [2.0], 16),
    (np.array([0, 0.5, 1.0, 2.0, 3.5]), [0.0, 0.6, -0.5], [4.0, 3.0, 3.0], 100),
):
    positions = np.asarray(positions, float)
    channels = len(positions)
    signals = np.asarray(amplitudes)[:, None] * normal(len(sines), snapshots)
    x = steering(positions, sines) @ signals + normal(channels, snapshots)
    x = np.round(x, 3)
    r = x @ x.conj().T / snapshots
    values, vectors = np.linalg.eigh(r)
    values, vectors = values[::-1], vectors[:, ::-1]
    cosines = 2 * (np.arange(31) + 0.5) / 31 - 1
    a = steering(positions, cosines)
    loaded = r + LOADING * values.mean() * np.eye(channels)
    noise = vectors[:, len(sines):]
    counts = {}
    for name in ("minimumLength", "information"):
        costs = []
        for k in range(channels):
            rest = values[k:]
            misfit = -snapshots * len(rest) * np.log(np.exp(np.log(rest).mean()) / rest.mean())
            freedom = k * (2 * channels - k)
            costs.append(misfit + freedom * (0.5 * np.log(snapshots) if name[0] == "m" else 1))
        counts[name] = int(np.argmin(costs))
    cases.append({
        "positions": positions.tolist(),
        "snapshots": [[[v.real, v.imag] for v in column] for column in x.T],
        "sources": len(sines),
        "eigenvalues": values.tolist(),
        "bartlett": (np.einsum("ij,ik,kj->j", a.conj(), r, a).real / channels ** 2).tolist(),
        "capon": (1 / np.einsum("ij,ik,kj->j", a.conj(), np.linalg.inv(loaded), a).real).tolist(),
        "music": (channels / (np.abs(noise.conj().T @ a) ** 2).sum(0)).tolist(),
        "minimumLength": counts["minimumLength"],
        "information": counts["information"],
    })

bounds = []
for name, positions, sines, powers, snapshots in (
    ("one", np.arange(8) / 2, [0.2], [100.0], 1),
    ("pair", np.arange(8) / 2, [0.1, 0.3], [100.0, 100.0], 64),
    ("two antennas", np.arange(2) / 2, [0.3], [100.0], 1),
):
    variance = bound(np.asarray(positions, float), sines, powers, 1.0, snapshots)
    bounds.append({
        "name": name, "positions": list(map(float, positions)), "sines": sines,
        "power": powers[0], "snapshots": snapshots, "deviation": float(np.sqrt(variance.mean())),
    })

path = pathlib.Path(sys.argv[1]) / "angles.json"
path.write_text(json.dumps(
    {"relativeTolerance": 1e-9, "loading": LOADING, "cases": cases, "bounds": bounds}) + "\n")

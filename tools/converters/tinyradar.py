#!/usr/bin/env python3
"""Converts recordings of the TinyRadar data set (.dat) to SigMF.

    tinyradar.py N_s0.dat... --output FOLDER --label NAME [--subject NAME]

N_s0.dat and N_s1.dat are the sweeps of two sensors, `[sweep, 492]` complex numbers of 32 bits, and
N_info.txt has the number of sweeps and the rate of sweeps in hertz on its first two lines.
"""

import argparse
import pathlib
import re
import sys

import numpy as np

import sigmf

POINTS = 492
CARRIER = 60.5e9


def convert(path, folder, label=None, subject=None, range_start=0.07, range_step=0.000483,
            sweeps_per_frame=32):
    """Converts the sweeps of one sensor, and returns the sidecar."""
    path = pathlib.Path(path)
    found = re.fullmatch(r"(.+)_s([01])", path.stem)
    if not found:
        raise sigmf.UnreadableError(f"{path} is not called N_s0.dat or N_s1.dat")
    info = path.with_name(found.group(1) + "_info.txt")
    numbers = re.findall(r"[-+]?\d+(?:\.\d+)?", info.read_text())
    if len(numbers) < 2:
        raise sigmf.UnreadableError(f"{info} has {len(numbers)} numbers, not the sweeps and their rate")
    sweeps, rate = int(float(numbers[0])), float(numbers[1])
    size = path.stat().st_size
    if size != sweeps * POINTS * 8:
        raise sigmf.UnreadableError(
            f"{path} has {size} bytes, not the {sweeps * POINTS * 8} of {sweeps} sweeps of {POINTS}")
    samples = np.fromfile(path, "<c8").reshape(sweeps, POINTS)
    frames = sweeps // sweeps_per_frame
    if not frames:
        raise sigmf.UnreadableError(f"{path} has {sweeps} sweeps, fewer than {sweeps_per_frame}")
    fields = {
        "core:description": f"TinyRadar {path.stem}", "core:hw": "Acconeer A1 pulsed coherent radar",
        "radar:waveform": "pulsed", "radar:center_frequency_hz": CARRIER,
        "radar:chirps_per_frame": sweeps_per_frame, "radar:samples_per_chirp": POINTS,
        "radar:receivers": 1, "radar:transmitters": 1,
        "radar:axes": ["frame", "chirp", "receiver", "sample"], "radar:chirp_interval_s": 1 / rate,
        "radar:frame_interval_s": sweeps_per_frame / rate, "radar:range_start_m": range_start,
        "radar:range_step_m": range_step,
    }
    if label:
        fields["radar:label"] = label
    if subject:
        fields["radar:subject"] = subject
    return sigmf.write(pathlib.Path(folder) / path.stem, samples[:frames * sweeps_per_frame], fields)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recordings", nargs="+")
    parser.add_argument("--output", required=True)
    parser.add_argument("--label")
    parser.add_argument("--subject")
    parser.add_argument("--range-start", type=float, default=0.07, help="in metres")
    parser.add_argument("--range-step", type=float, default=0.000483, help="in metres")
    parser.add_argument("--sweeps-per-frame", type=int, default=32)
    options = parser.parse_args()
    for path in options.recordings:
        print(convert(path, options.output, options.label, options.subject, options.range_start,
                      options.range_step, options.sweeps_per_frame))


if __name__ == "__main__":
    try:
        main()
    except (OSError, sigmf.UnreadableError) as error:
        sys.exit(f"error: {error}")

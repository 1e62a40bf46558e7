#!/usr/bin/env python3
"""Converts recordings of Kaiku's 60 GHz sensor (.h5) to arrays of maps.

    kkt.py RECORDING.h5... --output FOLDER --gesture NAME

A file has DS1, `[2, 32, 32, frame]`: a range-Doppler and a phase map, and LABEL, zero or one for
each frame.
"""

import argparse
import pathlib
import sys

import h5py
import numpy as np

import sigmf


def convert(path, folder, gesture):
    """Converts one file, and returns its sidecar."""
    path = pathlib.Path(path)
    with h5py.File(path, "r") as file:
        maps, labels = file["DS1"][()], file["LABEL"][()].ravel()
    if maps.ndim != 4 or maps.shape[:3] != (2, 32, 32) or maps.shape[3] != len(labels):
        raise sigmf.UnreadableError(
            f"{path} has maps of {maps.shape} and {len(labels)} labels, not (2, 32, 32, "
            f"{len(labels)})")
    annotations = [run[:2] + (gesture,) for run in sigmf.runs(labels) if run[2]]
    return sigmf.write_maps(
        pathlib.Path(folder) / path.stem, np.moveaxis(maps, 3, 0).astype("<f4"),
        ["frame", "channel", "range", "doppler"],
        {"core:description": f"Kaiku recording {path.stem}", "core:hw": "Kaiku 60 GHz FMCW"},
        annotations)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recordings", nargs="+")
    parser.add_argument("--output", required=True)
    parser.add_argument("--gesture", required=True)
    options = parser.parse_args()
    for path in options.recordings:
        print(convert(path, options.output, options.gesture))


if __name__ == "__main__":
    try:
        main()
    except (OSError, KeyError, sigmf.UnreadableError) as error:
        sys.exit(f"error: {error}")

#!/usr/bin/env python3
"""Converts the DopNet data set (.mat, version 5) to arrays: its spectrograms are all there is.

    dopnet.py FILE.mat... --output FOLDER

A file of one person has `Data_Training.Doppler_Signals{gesture}{repeat}`: complex, rows from -500
to 500 Hz, and as many columns as the gesture took.
"""

import argparse
import pathlib
import re
import sys

import numpy as np
import scipy.io

import sigmf

GESTURES = ["wave", "pinch", "swipe", "click"]


def convert(path, folder):
    """Converts the gestures of one person, and returns the sidecars."""
    path = pathlib.Path(path)
    found = re.search(r"Person_([A-Z])$", path.stem)
    if not found:
        raise sigmf.UnreadableError(f"{path} is not called ...Person_LETTER.mat")
    person = found.group(1)
    content = scipy.io.loadmat(path, squeeze_me=False, struct_as_record=True)
    if "Data_Training" not in content:
        raise sigmf.UnreadableError(f"{path} lacks Data_Training")
    gestures = content["Data_Training"]["Doppler_Signals"][0, 0].ravel()
    if len(gestures) != len(GESTURES):
        raise sigmf.UnreadableError(f"{path} has {len(gestures)} gestures, not {len(GESTURES)}")
    for name, repeats in zip(GESTURES, gestures):
        for index, signal in enumerate(repeats.ravel()):
            fields = {
                "core:description": f"DopNet {name} {index + 1} of person {person}",
                "core:hw": "Ancortek 24 GHz FMCW, 750 MHz", "radar:subject": f"person-{person}",
                "radar:label": name, "radar:doppler_range_hz": [-500, 500],
            }
            yield sigmf.write_maps(
                pathlib.Path(folder) / f"person_{person}-{name}-{index + 1:03}",
                np.ascontiguousarray(signal.T).astype("<c8"), ["time", "doppler"], fields,
                content="spectrogram")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+")
    parser.add_argument("--output", required=True)
    options = parser.parse_args()
    for path in options.files:
        for sidecar in convert(path, options.output):
            print(sidecar)


if __name__ == "__main__":
    try:
        main()
    except (OSError, KeyError, ValueError, sigmf.UnreadableError) as error:
        sys.exit(f"error: {error}")

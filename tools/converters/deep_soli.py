#!/usr/bin/env python3
"""Converts the deep-soli data set (.h5) to arrays: its range-Doppler maps are all there is.

    deep_soli.py FOLDER --output FOLDER

A file GESTURE_SESSION_INSTANCE.h5 has ch0 to ch3, `[frame, 1024]`, of 32 ranges times 32
velocities, and a label for each frame. Frame i has the label i + 1, and the last frame is dropped.
"""

import argparse
import pathlib
import sys

import h5py
import numpy as np

import sigmf

BACKGROUND = 11
SUBJECT_SESSIONS = {2, 3, 5, 6, 8, 9, 10, 11, 12, 13}


def convert(path, folder):
    """Converts one file, and returns its sidecar."""
    path = pathlib.Path(path)
    try:
        gesture, session, instance = (int(part) for part in path.stem.split("_"))
    except ValueError:
        raise sigmf.UnreadableError(f"{path} is not called GESTURE_SESSION_INSTANCE.h5") from None
    with h5py.File(path, "r") as file:
        channels = [file[f"ch{index}"][()] for index in range(4)]
        labels = file["label"][()].ravel()
    count = channels[0].shape[0]
    if any(channel.shape != (count, 1024) for channel in channels) or len(labels) != count:
        raise sigmf.UnreadableError(
            f"{path} has {[channel.shape for channel in channels]} and {len(labels)} labels, not "
            f"four times ({count}, 1024) and {count}")
    maps = np.stack([channel.reshape(count, 32, 32) for channel in channels], 1)[:-1]
    annotations = [
        (start, length, "background" if label == BACKGROUND else f"gesture_{int(label)}")
        for start, length, label in sigmf.runs(labels[1:])
    ]
    fields = {
        "core:description": f"deep-soli gesture {gesture}, session {session}, instance {instance}",
        "core:hw": "Google Soli, 60 GHz", "radar:session": str(session),
        "radar:subject": f"user-{session}" if session in SUBJECT_SESSIONS else "single-user",
    }
    return sigmf.write_maps(pathlib.Path(folder) / path.stem, maps.astype("<f4"),
                            ["frame", "receiver", "range", "doppler"], fields, annotations)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--output", required=True)
    options = parser.parse_args()
    for path in sorted(pathlib.Path(options.folder).rglob("*.h5")):
        print(convert(path, options.output))


if __name__ == "__main__":
    try:
        main()
    except (OSError, KeyError, sigmf.UnreadableError) as error:
        sys.exit(f"error: {error}")

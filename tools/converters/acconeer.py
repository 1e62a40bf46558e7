#!/usr/bin/env python3
"""Converts recordings of Acconeer's A121 (.h5) to SigMF: one recording for each subsweep.

    acconeer.py RECORDING.h5... --output FOLDER [--label NAME] [--session NAME] [--subject NAME]

A file has sessions of groups of sensors, whose frames are `[frame, sweep, point]` pairs of int16.
"""

import argparse
import json
import pathlib
import sys

import h5py
import numpy as np

import sigmf

CARRIER = 60.5e9


def text(dataset):
    value = dataset[()]
    return value.decode() if isinstance(value, bytes) else str(value)


def sessions(file):
    """Every session with its name: older files have one, newer ones a folder of them."""
    if "sessions" in file:
        names = sorted(file["sessions"], key=lambda name: int(name.rsplit("_", 1)[1]))
        return [(name, file["sessions"][name]) for name in names]
    return [("session_0", file["session"])]


def convert(path, folder, label=None, session=None, subject=None):
    """Converts the file at `path`, and returns the sidecars that were written."""
    path = pathlib.Path(path)
    written = []
    with h5py.File(path, "r") as file:
        if "generation" not in file or text(file["generation"]) != "a121":
            raise sigmf.UnreadableError(f"{path} is no recording of an A121")
        ticks = json.loads(text(file["server_info"]))["ticks_per_second"]
        recorded = text(file["timestamp"])
        common = {"core:author": "Acconeer", "core:hw": "Acconeer A121 pulsed coherent radar",
                  "radar:session": session or recorded[:10]}
        if subject:
            common["radar:subject"] = subject
        if label:
            common["radar:label"] = label
        for session_name, group in sessions(file):
            config = json.loads(text(group["session_config"]))
            for group_index, sensors in enumerate(config["groups"]):
                for entry_index, (sensor, settings) in enumerate(sensors.items()):
                    entry = group[f"group_{group_index}/entry_{entry_index}"]
                    name = f"{path.stem}-{session_name}-group_{group_index}-sensor_{sensor}"
                    written += subsweeps(entry, settings, ticks, common, folder, name,
                                         sigmf.utc(recorded))
    return written


def subsweeps(entry, settings, ticks, common, folder, name, recorded):
    """Writes the subsweeps of one sensor, which have different ranges."""
    metadata = json.loads(text(entry["metadata"]))
    frames = entry["result/frame"][()]
    if frames.shape[1] != settings["sweeps_per_frame"]:
        raise sigmf.UnreadableError(
            f"{name} has {frames.shape[1]} sweeps in a frame, not {settings['sweeps_per_frame']}")
    times = entry["result/tick"][()] / ticks
    # The sensor may run free: its pace is what it was, not what was asked for.
    interval = float(np.median(np.diff(times))) if len(times) > 1 else 1.0
    sweep_rate = settings["sweep_rate"] or metadata["max_sweep_rate"]
    sweep_interval = min(1 / sweep_rate, interval / settings["sweeps_per_frame"])
    for index, subsweep in enumerate(settings["subsweeps"]):
        offset = metadata["subsweep_data_offset"][index]
        count = metadata["subsweep_data_length"][index]
        part = frames[:, :, offset:offset + count]
        samples = np.stack([part["real"], part["imag"]], -1)
        step = metadata["base_step_length_m"]
        fields = dict(common, **{
            "core:description": f"{name}, profile {subsweep['profile']}, {subsweep['prf']}",
            "radar:waveform": "pulsed", "radar:center_frequency_hz": CARRIER,
            "radar:chirps_per_frame": settings["sweeps_per_frame"],
            "radar:samples_per_chirp": count, "radar:receivers": 1, "radar:transmitters": 1,
            "radar:axes": ["frame", "chirp", "receiver", "sample"],
            "radar:chirp_interval_s": sweep_interval, "radar:frame_interval_s": interval,
            "radar:range_start_m": subsweep["start_point"] * step,
            "radar:range_step_m": subsweep["step_length"] * step,
        })
        suffix = f"-subsweep_{index}" if len(settings["subsweeps"]) > 1 else ""
        yield sigmf.write(pathlib.Path(folder) / (name + suffix), samples, fields,
                          recorded_at=recorded)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recordings", nargs="+")
    parser.add_argument("--output", required=True)
    parser.add_argument("--label", help="the one gesture of the recording")
    parser.add_argument("--session")
    parser.add_argument("--subject")
    options = parser.parse_args()
    for path in options.recordings:
        for sidecar in convert(path, options.output, options.label, options.session,
                               options.subject):
            print(sidecar)


if __name__ == "__main__":
    try:
        main()
    except (OSError, KeyError, sigmf.UnreadableError) as error:
        sys.exit(f"error: {error}")

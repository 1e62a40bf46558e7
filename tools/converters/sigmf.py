"""Writes recordings as SigMF with the `radar` extension, as radar-classify reads them."""

import datetime
import hashlib
import json
import pathlib

import numpy as np

VERSION = "1.2.5"
EXTENSIONS = [{"name": "radar", "version": "0.1.0", "optional": False}]


class UnreadableError(Exception):
    """A file is not what it should be: the message is one sentence."""


def write(base, samples, fields, annotations=(), recorded_at=None):
    """Writes BASE.sigmf-data and BASE.sigmf-meta, and returns the path of the latter.

    samples: an array of int16 pairs (I, Q) on the last axis, or of real or complex floats.
    annotations: (start, count, label), counted in samples per channel.
    """
    base = pathlib.Path(base)
    data, datatype = encode(samples)
    capture = {"core:sample_start": 0}
    if "radar:center_frequency_hz" in fields:
        capture["core:frequency"] = fields["radar:center_frequency_hz"]
    if recorded_at:
        capture["core:datetime"] = recorded_at
    meta = {
        "global": {
            "core:datatype": datatype, "core:version": VERSION, "core:extensions": EXTENSIONS,
            "core:sha512": hashlib.sha512(data).hexdigest(), **fields,
        },
        "captures": [capture],
        "annotations": [
            {"core:sample_start": int(start), "core:sample_count": int(count), "core:label": label}
            for start, count, label in sorted(annotations)
        ],
    }
    base.parent.mkdir(parents=True, exist_ok=True)
    sidecar = base.with_name(base.name + ".sigmf-meta")
    base.with_name(base.name + ".sigmf-data").write_bytes(data)
    sidecar.write_text(json.dumps(meta, indent=1) + "\n")
    return sidecar


def write_maps(base, maps, axes, fields, annotations=(), content="range-Doppler maps"):
    """Writes processed maps as BASE.npy with a sidecar.

    They are no raw samples: `radar:waveform` says so, and radar-classify refuses them by that word.
    annotations: (start, count, label), counted in frames.
    """
    base = pathlib.Path(base)
    base.parent.mkdir(parents=True, exist_ok=True)
    path = base.with_name(base.name + ".npy")
    np.save(path, maps)
    meta = {
        "global": {
            "core:datatype": ("c" if np.iscomplexobj(maps) else "r") + "f32_le",
            "core:version": VERSION, "core:extensions": EXTENSIONS, "core:dataset": path.name,
            "core:sha512": hashlib.sha512(path.read_bytes()).hexdigest(),
            "radar:waveform": content, "radar:axes": list(axes), **fields,
        },
        "captures": [{"core:sample_start": 0}],
        "annotations": [
            {"core:sample_start": int(start), "core:sample_count": int(count), "core:label": label}
            for start, count, label in annotations
        ],
    }
    sidecar = base.with_name(base.name + ".sigmf-meta")
    sidecar.write_text(json.dumps(meta, indent=1) + "\n")
    return sidecar


def encode(samples):
    """The bytes of samples, and the name that SigMF gives their type."""
    samples = np.asarray(samples)
    if samples.dtype.kind == "i" and samples.shape[-1] == 2:
        return samples.astype("<i2").tobytes(), "ci16_le"
    if np.iscomplexobj(samples):
        return samples.astype("<c8").tobytes(), "cf32_le"
    return samples.astype("<f4").tobytes(), "rf32_le"


def runs(labels):
    """The stretches of equal labels: (start, count, label)."""
    labels = list(labels)
    start = 0
    for index in range(1, len(labels) + 1):
        if index == len(labels) or labels[index] != labels[start]:
            yield start, index - start, labels[start]
            start = index


def utc(text):
    """A time without a zone as SigMF writes it."""
    return datetime.datetime.fromisoformat(text).strftime("%Y-%m-%dT%H:%M:%SZ")

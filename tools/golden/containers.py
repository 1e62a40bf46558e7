"""Makes Tests/RecordingsTests/Goldens/containers.json: small files that other programs wrote.

    python3 tools/golden/containers.py Tests/RecordingsTests/Goldens

NumPy writes arrays and archives of arrays, Python's tarfile and wave modules the rest. Each entry
has the bytes in base64 and the samples that they hold, in the order of a frame.
"""

import base64
import io
import json
import pathlib
import sys
import tarfile
import wave

import numpy as np

FRAMES, CHIRPS, RECEIVERS, SAMPLES = 2, 4, 2, 3
SHAPE = (FRAMES, CHIRPS, RECEIVERS, SAMPLES)
FIELDS = {
    "core:version": "1.2.5", "radar:waveform": "fmcw", "radar:center_frequency_hz": 60e9,
    "radar:bandwidth_hz": 4e9, "radar:chirp_interval_s": 1e-3, "radar:frame_interval_s": 5e-3,
    "radar:samples_per_chirp": SAMPLES, "radar:chirps_per_frame": CHIRPS,
    "radar:receivers": RECEIVERS,
}


def entry(name, data, samples, **fields):
    numbers = np.asarray(samples)
    if np.iscomplexobj(numbers):
        numbers = np.stack([numbers.real, numbers.imag], -1)
    return {
        "name": name, "base64": base64.b64encode(data).decode(), "fields": fields,
        "samples": [float(x) for x in numbers.ravel()],
    }


def saved(function, *arrays, **named):
    stream = io.BytesIO()
    function(stream, *arrays, **named)
    return stream.getvalue()


def archive(kind, names, data, meta):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=kind) as tar:
        for name, content in zip(names, (meta, data)):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def audio(width, channels, data, rate=1000):
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(data)
    return stream.getvalue()


def main():
    random = np.random.default_rng(4)
    whole = random.integers(-2048, 2048, SHAPE).astype("<i2")
    floats = (random.normal(size=SHAPE) + 1j * random.normal(size=SHAPE)).astype("<c8")
    goldens = [
        entry("a.npz", saved(np.savez, whole), whole),
        entry("b.npz", saved(np.savez_compressed, whole), whole),
        entry("c.npz", saved(np.savez_compressed, adc=floats, times=np.arange(3.0)), floats,
              **{"radar:array": "adc"}),
        entry("d.npz", saved(np.savez, np.asfortranarray(whole)), whole),
        entry("e.npy", saved(np.save, floats.astype(">c16")), floats),
        entry("f.npy", saved(np.save, np.asfortranarray(floats)), floats),
    ]
    meta = dict(FIELDS, **{"core:datatype": "ri16_be"})
    document = json.dumps({"global": meta, "captures": [], "annotations": [
        {"core:sample_start": 0, "core:sample_count": 12, "core:label": "tap"}]}).encode()
    data = whole.astype(">i2").tobytes()
    long = "a-recording-with-a-name-longer-than-the-hundred-bytes-" * 3
    for index, (kind, base) in enumerate([
            (tarfile.USTAR_FORMAT, "rec/rec"), (tarfile.PAX_FORMAT, f"{long}/{long}"),
            (tarfile.GNU_FORMAT, f"{long}/{long}")]):
        names = [f"{base}.sigmf-meta", f"{base}.sigmf-data"]
        goldens.append(entry(f"{index}.sigmf", archive(kind, names, data, document), whole))
    tones = random.integers(-2**23, 2**23, (16, 2))
    for width in (2, 3, 4):
        scaled = tones * 256 if width == 4 else tones >> 8 if width == 2 else tones
        little = scaled.astype("<i4").view("u1").reshape(-1, 4)[:, :width].tobytes()
        # 32-bit numbers come out as the floats next to them.
        goldens.append(entry(f"{width}.wav", audio(width, 2, little),
                             scaled.astype("f4").astype("f8")))
    goldens += [
        entry("g.npz", saved(np.savez_compressed, np.asfortranarray(whole)), whole),
        entry("h.npz", saved(np.savez_compressed, iq=np.asfortranarray(floats)), floats),
    ]
    lines = ",\n".join(json.dumps(golden) for golden in goldens)
    text = f'{{"fields": {json.dumps(FIELDS)},\n"files": [\n{lines}\n]}}\n'
    (pathlib.Path(sys.argv[1]) / "containers.json").write_text(text)


if __name__ == "__main__":
    main()

"""Each converter on a small file that the test makes, and on the vendor's own where it is at hand."""

import hashlib
import json
import pathlib

import h5py
import numpy as np
import pytest
import scipy.io

import acconeer
import deep_soli
import dopnet
import kkt
import sigmf
import tinyradar

SHARED = pathlib.Path(__file__).resolve().parents[4] / "shared/data"


def load(sidecar):
    meta = json.loads(sidecar.read_text())
    data = sidecar.with_name(meta["global"].get("core:dataset",
                                                sidecar.stem + ".sigmf-data")).read_bytes()
    assert meta["global"]["core:sha512"] == hashlib.sha512(data).hexdigest()
    return meta, data


def record(path, frames, subsweeps, sweep_rate=1000.0, generation=b"a121"):
    """A file as Acconeer's exploration server writes it."""
    lengths = [subsweep["num_points"] for subsweep in subsweeps]
    config = {"groups": [{"1": {"sweep_rate": sweep_rate, "sweeps_per_frame": frames.shape[1],
                                "subsweeps": subsweeps}}]}
    metadata = {"subsweep_data_offset": [int(sum(lengths[:i])) for i in range(len(lengths))],
                "subsweep_data_length": lengths, "base_step_length_m": 0.0025,
                "max_sweep_rate": 2000.0}
    with h5py.File(path, "w") as file:
        file["generation"] = generation
        file["server_info"] = json.dumps({"ticks_per_second": 1000})
        file["timestamp"] = "2026-11-25T10:00:00"
        file["session/session_config"] = json.dumps(config)
        entry = file.create_group("session/group_0/entry_0")
        entry["metadata"] = json.dumps(metadata)
        entry["result/frame"] = frames
        entry["result/tick"] = np.arange(len(frames)) * 20


def pairs(shape):
    frames = np.zeros(shape, dtype=[("real", "<i2"), ("imag", "<i2")])
    frames["real"] = np.arange(frames.size).reshape(shape)
    frames["imag"] = -frames["real"]
    return frames


def test_acconeer(tmp_path):
    subsweeps = [{"start_point": 20, "num_points": 2, "step_length": 12, "profile": "P", "prf": "F"},
                 {"start_point": 80, "num_points": 3, "step_length": 6, "profile": "P", "prf": "F"}]
    frames = pairs((4, 8, 5))
    record(tmp_path / "a.h5", frames, subsweeps)
    sidecars = acconeer.convert(tmp_path / "a.h5", tmp_path / "out", label="tap")
    assert len(sidecars) == 2
    meta, data = load(sidecars[1])
    samples = np.frombuffer(data, "<i2").reshape(4, 8, 3, 2)
    assert (samples[..., 0] == frames["real"][:, :, 2:]).all()
    assert (samples[..., 1] == frames["imag"][:, :, 2:]).all()
    fields = meta["global"]
    assert fields["radar:range_start_m"] == pytest.approx(0.2)
    assert fields["radar:range_step_m"] == pytest.approx(0.015)
    assert fields["radar:frame_interval_s"] == pytest.approx(0.02)
    assert fields["radar:chirp_interval_s"] == pytest.approx(0.001)
    assert fields["radar:label"] == "tap" and fields["radar:session"] == "2026-11-25"
    assert meta["captures"][0]["core:datetime"] == "2026-11-25T10:00:00Z"


def test_acconeer_refuses_other_sensors(tmp_path):
    record(tmp_path / "a.h5", pairs((2, 2, 1)),
           [{"start_point": 1, "num_points": 1, "step_length": 1, "profile": "P", "prf": "F"}],
           generation=b"a111")
    with pytest.raises(sigmf.UnreadableError, match="no recording of an A121"):
        acconeer.convert(tmp_path / "a.h5", tmp_path)


@pytest.mark.skipif(not SHARED.exists(), reason=f"{SHARED} is absent")
@pytest.mark.parametrize("name", [
    "golden/acconeer-a121/input.h5", "golden/acconeer-a121/hand-motion-default.h5",
    "a121-gestures/h5/conf.h5", "a121-gestures/h5/label_tap_out_idx_1.h5"])
def test_vendors_records(tmp_path, name):
    sidecars = acconeer.convert(SHARED / name, tmp_path)
    with h5py.File(SHARED / name) as file:
        frames = [entry for _, session in acconeer.sessions(file)
                  for entry in [session["group_0/entry_0/result/frame"][()]]]
    converted = [load(sidecar) for sidecar in sidecars]
    assert sum(len(data) for _, data in converted) == sum(frame.nbytes for frame in frames)
    if "label" in name:
        # The same samples as in the recording that was published as SigMF.
        golden = json.loads((SHARED / "a121-gestures/label_tap_out_idx_1.sigmf-meta").read_text())
        meta = converted[0][0]
        for field in ["core:sha512", "core:datatype", "radar:range_start_m", "radar:range_step_m",
                      "radar:chirps_per_frame", "radar:samples_per_chirp", "radar:axes"]:
            assert meta["global"][field] == golden["global"][field]
        assert meta["global"]["radar:frame_interval_s"] == pytest.approx(
            golden["global"]["radar:frame_interval_s"], rel=1e-3)
        assert meta["captures"][0]["core:datetime"] == golden["captures"][0]["core:datetime"]


def test_deep_soli(tmp_path):
    path = tmp_path / "3_5_12.h5"
    channels = np.arange(4 * 6 * 1024, dtype="f4").reshape(4, 6, 1024)
    with h5py.File(path, "w") as file:
        for index in range(4):
            file[f"ch{index}"] = channels[index]
        file["label"] = np.array([[11], [11], [3], [3], [3], [11]])
    sidecar = deep_soli.convert(path, tmp_path / "out")
    meta, _ = load(sidecar)
    maps = np.load(sidecar.with_suffix(".npy"))
    assert maps.shape == (5, 4, 32, 32)
    # Channel 2, frame 4, range 7, velocity 9.
    assert maps[4, 2, 7, 9] == channels[2, 4, 7 * 32 + 9]
    assert [(a["core:sample_start"], a["core:sample_count"], a["core:label"])
            for a in meta["annotations"]] == [
        (0, 1, "background"), (1, 3, "gesture_3"), (4, 1, "background")]
    assert meta["global"]["radar:subject"] == "user-5"


def test_deep_soli_refuses_other_names(tmp_path):
    with pytest.raises(sigmf.UnreadableError, match="GESTURE_SESSION_INSTANCE"):
        deep_soli.convert(tmp_path / "a.h5", tmp_path)


def test_kkt(tmp_path):
    path = tmp_path / "a.h5"
    maps = np.arange(2 * 32 * 32 * 5, dtype="u2").reshape(2, 32, 32, 5)
    with h5py.File(path, "w") as file:
        file["DS1"] = maps
        file["LABEL"] = np.array([0, 1, 1, 0, 0], "u1")
    sidecar = kkt.convert(path, tmp_path / "out", "swipe")
    meta, _ = load(sidecar)
    assert np.load(sidecar.with_suffix(".npy"))[3, 1, 4, 5] == maps[1, 4, 5, 3]
    assert [(a["core:sample_start"], a["core:sample_count"], a["core:label"])
            for a in meta["annotations"]] == [(1, 2, "swipe")]
    with h5py.File(path, "w") as file:
        file["DS1"] = maps[:, :, :, :4]
        file["LABEL"] = np.zeros(5, "u1")
    with pytest.raises(sigmf.UnreadableError, match="5 labels"):
        kkt.convert(path, tmp_path, "swipe")


def test_dopnet(tmp_path):
    path = tmp_path / "Data_Per_PersonData_Training_Person_B.mat"
    signals = np.empty((4, 1), object)
    for gesture in range(4):
        repeats = np.empty((2, 1), object)
        for repeat in range(2):
            shape = (8, 5 + gesture + repeat)
            repeats[repeat, 0] = np.full(shape, gesture + 1j * repeat) + np.arange(8)[:, None]
        signals[gesture, 0] = repeats
    scipy.io.savemat(path, {"Data_Training": {"Doppler_Signals": signals}})
    sidecars = list(dopnet.convert(path, tmp_path / "out"))
    assert len(sidecars) == 8
    meta, _ = load(sidecars[5])
    assert meta["global"]["radar:label"] == "swipe" and meta["global"]["radar:subject"] == "person-B"
    signal = np.load(sidecars[5].with_suffix(".npy"))
    assert signal.shape == (8, 8) and signal[2, 3] == 5 + 1j


def test_tinyradar(tmp_path):
    samples = (np.arange(70 * 492) * (1 - 0.5j)).astype("<c8").reshape(70, 492)
    samples.tofile(tmp_path / "7_s1.dat")
    (tmp_path / "7_info.txt").write_text("70\n160.0\n14\n")
    meta, data = load(tinyradar.convert(tmp_path / "7_s1.dat", tmp_path / "out", "clap", "ada"))
    assert (np.frombuffer(data, "<c8").reshape(-1, 492) == samples[:64]).all()
    assert meta["global"]["radar:chirp_interval_s"] == 1 / 160
    (tmp_path / "7_info.txt").write_text("71\n160\n")
    with pytest.raises(sigmf.UnreadableError, match="71 sweeps"):
        tinyradar.convert(tmp_path / "7_s1.dat", tmp_path)

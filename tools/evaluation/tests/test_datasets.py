import json

import pytest

from gesture_evaluation import datasets


@pytest.fixture
def folder(tmp_path):
    for number in range(6):
        sidecar = {"global": {"radar:session": f"day-{number % 3}", "radar:subject": "ann"}}
        (tmp_path / f"hand-{number}.sigmf-meta").write_text(json.dumps(sidecar))
        (tmp_path / f"hand-{number}.bin").write_bytes(bytes(number + 1))
    deeper = tmp_path / "ti"
    deeper.mkdir()
    for name in ("adc_data.cfg", "adc_data_Raw_0.bin", "adc_data_Raw_1.bin", "cw5.8.cfg", "cw5.8.bin"):
        (deeper / name).write_bytes(b"x")
    (tmp_path / ".hidden.bin").write_bytes(b"x")
    (tmp_path / "notes.txt").write_text("x")
    return tmp_path


def test_files_of_a_recording_stay_together(folder):
    found = {recording.name: recording for recording in datasets.recordings(folder)}
    assert len(found) == 8
    assert found["hand-2"].files == ("hand-2.bin", "hand-2.sigmf-meta")
    assert found["hand-2"].session == "day-2" and found["hand-2"].subject == "ann"
    assert found["ti/adc_data"].files == (
        "ti/adc_data.cfg", "ti/adc_data_Raw_0.bin", "ti/adc_data_Raw_1.bin")
    assert found["ti/cw5.8"].files == ("ti/cw5.8.bin", "ti/cw5.8.cfg")


def test_folds_hold_out_every_recording_once(folder):
    found = datasets.recordings(folder)
    parts = datasets.split(found, folds=3, seed=1)
    held_out = [recording.name for _, part in parts for recording in part]
    assert sorted(held_out) == sorted(recording.name for recording in found)
    assert max(len(part) for _, part in parts) - min(len(part) for _, part in parts) <= 1
    assert parts == datasets.split(found, folds=3, seed=1) != datasets.split(found, folds=3, seed=2)
    with pytest.raises(ValueError, match="8 recordings cannot be split into 9"):
        datasets.split(found, folds=9)


def test_groups_are_held_out_whole(folder):
    found = [item for item in datasets.recordings(folder) if item.session]
    parts = dict(datasets.split(found, leave_out="session"))
    assert {name: len(part) for name, part in parts.items()} == {
        "day-0": 2, "day-1": 2, "day-2": 2}
    with pytest.raises(ValueError, match="only one subject"):
        datasets.split(found, leave_out="subject")
    with pytest.raises(ValueError, match="adc_data does not say its session"):
        datasets.split(datasets.recordings(folder), leave_out="session")


def test_fingerprint_changes_with_samples_and_sidecars(folder):
    marks = {datasets.fingerprint(folder)}
    assert datasets.fingerprint(folder) in marks
    (folder / "hand-1.bin").write_bytes(bytes(99))
    marks.add(datasets.fingerprint(folder))
    (folder / "hand-1.sigmf-meta").write_text('{"global": {"radar:session": "day-0"}}')
    marks.add(datasets.fingerprint(folder))
    assert len(marks) == 3

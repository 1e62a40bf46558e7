import json
import os
import pathlib
import subprocess
import sys

import pytest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "reconstruct-doppler-paper"


def reconstruct(command, folder):
    return subprocess.run(
        [sys.executable, SCRIPT, folder, "--people", "4", "--judges", "2"], check=True,
        capture_output=True, text=True, env=os.environ | {"RADAR_CLASSIFY": str(command)})


def test_the_paper_is_reconstructed_in_one_command_that_can_be_repeated(command, tmp_path):
    folder = tmp_path / "paper"
    first = reconstruct(command, folder)
    results = json.loads((folder / "results.json").read_text())
    assert list(results) == ["quadrature", "pair"]
    page = (folder / "results.md").read_text()
    for name, item in results.items():
        assert len(item["gestures"]) == 4 and len(item["evaluation"]["labels"]) == 5
        # Two people make four gestures each, and no cut is called background.
        assert item["evaluation"]["gestures"] == 8
        counts = item["evaluation"]["confusion"]
        right = sum(counts[place][place] for place in range(5))
        assert item["accuracy"] == pytest.approx(right / 8)
        assert f"{100 * item['accuracy']:.1f} %" in page and item["title"] in page
        for varied in ("distance", "scale"):
            points = item["studies"][varied]
            assert points == sorted(points, key=lambda point: point["value"])
            assert (folder / f"{name}-{varied}.svg").read_text().startswith("<svg")
            assert f"]({name}-{varied}.svg)" in page
    assert "leaves open" in page

    # What was done is not done again, and what is missing is, to the same end.
    assert "quadrature-training" in first.stderr
    again = reconstruct(command, folder)
    assert again.stderr == "" and again.stdout == first.stdout
    model = folder / "pair.safetensors"
    learned = model.read_bytes()
    model.unlink()
    again = reconstruct(command, folder)
    assert "pair-training" in again.stderr and "quadrature" not in again.stderr
    assert model.read_bytes() == learned and (folder / "results.md").read_text() == page

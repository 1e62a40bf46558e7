"""A tiny data set of simulated hands, made by the real command."""

import pathlib
import shutil
import subprocess

import pytest

from gesture_evaluation.__main__ import default_command


@pytest.fixture(scope="session")
def command():
    path = default_command()
    if shutil.which(path) is None:
        pytest.skip(f"{path} is not built")
    return path


def simulate(command, folder, seed, count):
    subprocess.run(
        [command, "simulate", "--output", folder, "--waveform", "pulsed", "--count", str(count),
         "--seed", str(seed), "--gestures", "push", "pull", "--quiet"],
        check=True, capture_output=True)
    return pathlib.Path(folder)


@pytest.fixture(scope="session")
def dataset(command, tmp_path_factory):
    return simulate(command, tmp_path_factory.mktemp("data") / "hands", seed=3, count=6)


@pytest.fixture(scope="session")
def others(command, tmp_path_factory):
    return simulate(command, tmp_path_factory.mktemp("data") / "others", seed=9, count=2)


@pytest.fixture
def wrapper(command, tmp_path):
    """Makes a command that does something first, and notes every training it is called for."""

    def make(first=""):
        path = tmp_path / "wrapped"
        path.write_text(
            f"#!/bin/bash\nif [ \"$1\" = train ]; then\n  echo x >>'{tmp_path}/calls'\n"
            f"  {first or ':'}\nfi\nexec '{command}' \"$@\"\n")
        path.chmod(0o755)
        return path

    make.calls = lambda: len((tmp_path / "calls").read_text().split()) \
        if (tmp_path / "calls").exists() else 0
    return make

"""One task: train with some options on some recordings and judge by others, or judge a model by
simulated people under some condition, with `radar-classify`.

This module is sent to the workers as it is, so it needs nothing beyond Python's own library.
"""

import hashlib
import json
import os
import pathlib
import socket
import subprocess
import tempfile
import time
from dataclasses import asdict, dataclass, field


class TaskError(RuntimeError):
    """A command that failed, with what it said."""


@dataclass(frozen=True)
class Task:
    """What to train on, with which options, and what to judge by.

    Files are grouped by the folder below which they lie, each as a path relative to it.
    """

    name: str
    options: dict
    train: dict
    test: dict
    fold: str = ""
    fingerprint: str = ""
    threads: int = 1
    keeps_model: bool = field(default=False, compare=False)

    @property
    def key(self):
        """A name for files that is the same for the same work only."""
        return _key(self, but=("name", "keeps_model", "threads"))


@dataclass(frozen=True)
class Condition:
    """One value of one thing that a study varies, and the options of the study beside it."""

    name: str
    varied: str
    value: str
    options: dict
    fingerprint: str = ""
    fold: str = ""

    @property
    def key(self):
        """A name for files that is the same for the same work only."""
        return _key(self, but=("name",))


def _key(task, but):
    facts = {name: fact for name, fact in asdict(task).items() if name not in but}
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:12]
    readable = "".join(c if c.isalnum() or c in "-=." else "_" for c in task.name)
    return f"{readable[:80]}-{digest}"


def run(task, command, timeout=None):
    """Does a task of either kind.

    Returns a dictionary with the task, the evaluation, the time it took and where it ran, and the
    model of a training if it shall be kept.
    """
    return study(task, command, timeout) if hasattr(task, "varied") else train(task, command, timeout)


def study(task, command, timeout=None):
    """Judges a model under one condition; the dictionary holds the point of the curve too."""
    start = time.monotonic()
    options = [word for name, value in sorted(task.options.items())
               for word in (f"--{name}", *str(value).split())]
    printed = _call([command, "study", "--vary", task.varied, "--values", task.value, "--format",
                     "json", *options], timeout)
    if len(printed) != 1:
        raise TaskError(f"{task.name}: the study printed {len(printed)} points instead of one")
    return {
        "task": {"name": task.name, "options": task.options, "fold": "", "key": task.key},
        "training": [], "evaluation": printed[0]["evaluation"], "point": printed[0],
        "seconds": time.monotonic() - start, "host": socket.gethostname(),
    }, None


def train(task, command, timeout=None):
    """Trains and judges in a folder of its own.

    Returns a dictionary with the task, the objects that training printed, the evaluation, the time
    it took, where it ran, and the model if it shall be kept.
    """
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="gesture-evaluation-") as folder:
        folder = pathlib.Path(folder)
        for name in ("train", "test"):
            _gather(getattr(task, name), folder / name)
        model = folder / "model.safetensors"
        options = [word for name, value in sorted(task.options.items())
                   for word in (f"--{name}", str(value))]
        training = _call(
            [command, "train", folder / "train", "--output", model, "--format", "json", "--threads",
             task.threads, *options], timeout)
        evaluation = _call(
            [command, "evaluate", folder / "test", "--model", model, "--format", "json"], timeout)
        result = {
            "task": {"name": task.name, "options": task.options, "fold": task.fold, "key": task.key},
            "training": training, "evaluation": evaluation[-1] if evaluation else None,
            "seconds": time.monotonic() - start, "host": socket.gethostname(),
        }
        if result["evaluation"] is None:
            raise TaskError(f"{task.name}: the evaluation printed nothing")
        return result, model.read_bytes() if task.keeps_model else None


def _gather(files, folder):
    """Links files into a folder, each at its relative path."""
    for number, (root, names) in enumerate(sorted(files.items())):
        for name in names:
            link = folder / str(number) / name
            link.parent.mkdir(parents=True, exist_ok=True)
            source = pathlib.Path(root) / name
            if not source.is_file():
                raise TaskError(f"{source} is not there on {socket.gethostname()}")
            try:
                link.symlink_to(source)
            except OSError:
                os.link(source, link)


def _call(words, timeout):
    """The objects that a command prints."""
    words = [str(word) for word in words]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=timeout)
    except subprocess.TimeoutExpired:
        raise TaskError(f"{' '.join(words[:2])} took more than {timeout} s") from None
    except OSError as error:
        raise TaskError(f"cannot run {words[0]}: {error}") from None
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        # Wrong arguments are followed by how to call the command.
        complaints = [line for line in said if line.lower().startswith("error: ")] or said[-1:]
        raise TaskError(f"{' '.join(words[:2])} ended with {done.returncode}: "
                        f"{complaints[0] if complaints else 'it said nothing'}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]

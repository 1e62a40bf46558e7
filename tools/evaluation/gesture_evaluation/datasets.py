"""Finds the recordings of a data set, and splits them so that none is on both sides."""

import hashlib
import json
import pathlib
from dataclasses import dataclass

import numpy as np

SIDECARS = (".sigmf-meta", ".mmwave.json", ".cfg")


@dataclass(frozen=True)
class Recording:
    """The files of a recording, relative to the folder of its data set, and what groups it."""

    name: str
    files: tuple
    session: str | None
    subject: str | None


def recordings(folder):
    """The recordings below a folder, in the order of their names."""
    folder = pathlib.Path(folder)
    if not folder.is_dir():
        raise ValueError(f"{folder} is no folder")
    visible = [path for path in sorted(folder.rglob("*"))
               if path.is_file()
               and not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    stems = {}
    for path in visible:
        for ending in SIDECARS:
            if path.name.endswith(ending):
                stems.setdefault(path.parent / path.name.removesuffix(ending), path)
                break
    found = {stem: [] for stem in stems}
    for path in visible:
        owners = [stem for stem in stems if stem.parent == path.parent
                  and (path.name.startswith(stem.name + ".") or path.name.startswith(stem.name + "_"))]
        if owners:
            found[max(owners, key=lambda stem: len(stem.name))].append(path)
    result = []
    for stem, files in sorted(found.items()):
        # A sidecar alone, such as the settings of a tool, is no recording.
        if len(files) < 2:
            continue
        facts = _facts(stems[stem])
        result.append(Recording(
            name=str(stem.relative_to(folder)),
            files=tuple(str(path.relative_to(folder)) for path in files),
            session=facts.get("radar:session"), subject=facts.get("radar:subject")))
    if not result:
        raise ValueError(f"there are no recordings in {folder}")
    return result


def _facts(sidecar):
    """The global object of a SigMF sidecar, and nothing of another one."""
    if not sidecar.name.endswith(".sigmf-meta"):
        return {}
    try:
        return json.loads(sidecar.read_text()).get("global", {})
    except (ValueError, AttributeError) as error:
        raise ValueError(f"cannot understand {sidecar}: {error}") from None


def fingerprint(folder):
    """A number that changes with the names and sizes of the files and with the sidecars."""
    folder = pathlib.Path(folder)
    digest = hashlib.sha256()
    for recording in recordings(folder):
        for name in recording.files:
            path = folder / name
            digest.update(f"{name}\0{path.stat().st_size}\0".encode())
            if name.endswith(SIDECARS):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def split(found, folds=None, leave_out=None, seed=0):
    """Pairs of a name and the recordings held out under it."""
    if folds is not None:
        if not 2 <= folds <= len(found):
            raise ValueError(f"{len(found)} recordings cannot be split into {folds} folds")
        order = np.random.default_rng(seed).permutation(len(found))
        return [(f"fold-{index + 1}", [found[place] for place in sorted(part)])
                for index, part in enumerate(np.array_split(order, folds))]
    groups = {}
    for recording in found:
        group = getattr(recording, leave_out)
        if group is None:
            raise ValueError(f"{recording.name} does not say its {leave_out}")
        groups.setdefault(group, []).append(recording)
    if len(groups) < 2:
        raise ValueError(f"there is only one {leave_out}, so none can be left out")
    return sorted(groups.items())


def files(folder, selected):
    """The files of recordings, grouped by their folder as a task wants them."""
    return {str(pathlib.Path(folder).resolve()):
            [name for recording in selected for name in recording.files]}

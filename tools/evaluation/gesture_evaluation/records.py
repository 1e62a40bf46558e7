"""Reads what `radar-classify train`, `evaluate` and `study` print with `--format json`, and what sweeps
store."""

import json
import math
import pathlib
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Run:
    """One run: how training went, how the model did, and how it did when the scene changed."""

    name: str
    epochs: list = field(default_factory=list)
    evaluation: dict | None = None
    points: list = field(default_factory=list)


def objects(text):
    """The objects in lines of JSON, or in one object over several lines."""
    text = text.strip()
    if not text:
        return []
    try:
        whole = json.loads(text)
        return whole if isinstance(whole, list) else [whole]
    except json.JSONDecodeError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]


def read(path):
    """The run in a file: lines of `train` or `study`, an object of `evaluate`, or a result of a sweep."""
    path = pathlib.Path(path)
    try:
        found = objects(path.read_text())
    except (OSError, ValueError) as error:
        raise ValueError(f"cannot read {path}: {error}") from None
    run = Run(name=path.stem)
    for item in found:
        if not isinstance(item, dict):
            raise ValueError(f"{path} holds {type(item).__name__}, not objects of JSON")
        if "point" in item:
            run.points.append(item["point"])
        elif "task" in item:
            run.name = item["task"]["name"]
            run.epochs += [line for line in item["training"] if "epoch" in line]
            run.evaluation = item["evaluation"]
        elif "epoch" in item:
            run.epochs.append(item)
        elif "varied" in item:
            run.points.append(item)
        elif "confusion" in item:
            run.evaluation = item
    if not run.epochs and not run.points and run.evaluation is None:
        raise ValueError(f"{path} holds neither epochs of training nor an evaluation nor a study")
    return run


def wilson(correct, count, z=1.959964):
    """The 95 % interval of a share, after Wilson (1927)."""
    if count == 0:
        return 0.0, 1.0
    share = correct / count
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(
        share * (1 - share) / count + z * z / (4 * count * count))
    return max(centre - half, 0.0), min(centre + half, 1.0)


def macro_f1(confusion):
    """The mean F1 of the classes that occur, `[truth][prediction]`."""
    confusion = np.asarray(confusion, dtype=float)
    hits = np.diag(confusion)
    truths, predictions = confusion.sum(axis=1), confusion.sum(axis=0)
    present = truths > 0
    if not present.any():
        return 0.0
    return float(np.mean(2 * hits[present] / (truths + predictions)[present]))


def pooled(evaluations):
    """One evaluation of all gestures that several evaluations judged.

    Counts add up. Bins of reliability add up where they are as many, and errors of calibration
    follow from them; likelihoods are averaged over gestures.
    """
    labels = sorted({label for item in evaluations for label in item["labels"]})
    place = {label: index for index, label in enumerate(labels)}
    confusion = np.zeros((len(labels), len(labels)), dtype=int)
    for item in evaluations:
        indices = [place[label] for label in item["labels"]]
        confusion[np.ix_(indices, indices)] += np.asarray(item["confusion"], dtype=int)
    count, correct = int(confusion.sum()), int(np.trace(confusion))
    result = {
        "labels": labels, "confusion": confusion.tolist(), "gestures": count,
        "accuracy": correct / count if count else 0.0,
        "accuracy_interval": list(wilson(correct, count)), "macro_f1": macro_f1(confusion),
        "recordings": sum(item.get("recordings", 0) for item in evaluations),
        "seconds": sum(item.get("seconds", 0.0) for item in evaluations),
    }
    weights = [item.get("gestures", 0) for item in evaluations]
    if count and all("nll" in item for item in evaluations):
        result["nll"] = float(np.average([item["nll"] for item in evaluations], weights=weights))
    bins = [reliability(item) for item in evaluations]
    if count and all(bins) and len({len(item) for item in bins}) == 1:
        result["reliability"] = [_pooled_bin(group) for group in zip(*bins)]
        result["ece"] = calibration_error(result["reliability"])
    return result


def _pooled_bin(group):
    count = sum(item["count"] for item in group)
    mean = lambda key: sum(item["count"] * item[key] for item in group) / count if count else 0.0
    return {"count": count, "confidence": mean("confidence"), "accuracy": mean("accuracy")}


def reliability(evaluation):
    """The bins of the reliability diagram, and nothing if the evaluation has none."""
    return [
        {"count": item["count"], "confidence": item["confidence"], "accuracy": item["accuracy"]}
        for item in evaluation.get("reliability") or []]


def calibration_error(bins):
    """The expected calibration error of bins (Naeini et al., 2015)."""
    count = sum(item["count"] for item in bins)
    if count == 0:
        return 0.0
    return sum(item["count"] * abs(item["confidence"] - item["accuracy"]) for item in bins) / count


def roc(evaluation):
    """The curve of true over false positives of rejection, as two arrays, and nothing without one.

    It is stored under `roc`, or under `rejection`, as points with `false_positive_rate` and
    `true_positive_rate`.
    """
    points = evaluation.get("roc") or (evaluation.get("rejection") or {}).get("roc")
    if not points:
        return None
    pairs = sorted((item["false_positive_rate"], item["true_positive_rate"]) for item in points)
    false, true = np.array(pairs).T
    return false, true


def risk_coverage(evaluation):
    """The share of wrong answers over the share of gestures answered, and nothing without a curve."""
    points = (evaluation.get("risk_coverage")
              or (evaluation.get("rejection") or {}).get("risk_coverage"))
    if not points:
        return None
    coverage, risk = np.array(sorted((item["coverage"], item["risk"]) for item in points)).T
    return coverage, risk


def area(false, true):
    """The area under a curve by trapezia."""
    return float(np.sum(np.diff(false) * (true[1:] + true[:-1]) / 2))

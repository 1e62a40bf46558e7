"""Plots of runs: training curves, confusion, ROC, risk, reliability, comparison, robustness."""

import os
import pathlib

import matplotlib

matplotlib.use("Agg")

import numpy as np
from matplotlib import pyplot

from . import records


def save(figure, path):
    """Writes a figure, so that it has its name only when it is complete."""
    path = pathlib.Path(path)
    partial = path.with_name(f".{path.stem}.partial-{os.getpid()}{path.suffix}")
    try:
        figure.savefig(partial, dpi=150)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
        pyplot.close(figure)


def training(runs):
    """Loss and held-out accuracy over epochs."""
    runs = [run for run in runs if run.epochs]
    if not runs:
        return None
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(10, 4.2), layout="constrained")
    for run in runs:
        epochs = [line["epoch"] for line in run.epochs]
        left.plot(epochs, [line["loss"] for line in run.epochs], label=run.name)
        held = [(line["epoch"], line["accuracy"]) for line in run.epochs
                if line.get("accuracy") is not None]
        if held:
            right.plot(*zip(*held), label=run.name)
    left.set(xlabel="epoch", ylabel="loss", title="training")
    right.set(xlabel="epoch", ylabel="accuracy", title="held-out gestures", ylim=(0, 1.02))
    left.legend(fontsize=8)
    return figure


def confusion(run):
    """How often each class was taken for each other, with shares of the truth as colours."""
    if not run.evaluation:
        return None
    labels = run.evaluation["labels"]
    counts = np.asarray(run.evaluation["confusion"], dtype=float)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = 3 + 0.55 * len(labels)
    figure, axes = pyplot.subplots(figsize=(size + 1, size), layout="constrained")
    image = axes.imshow(shares, cmap="viridis", vmin=0, vmax=1)
    for row in range(len(labels)):
        for column in range(len(labels)):
            if counts[row, column] > 0:
                color = "black" if shares[row, column] > 0.6 else "white"
                axes.text(column, row, f"{counts[row, column]:.0f}", ha="center", va="center",
                          color=color, fontsize=8)
    axes.set_xticks(range(len(labels)), labels, rotation=45, ha="right")
    axes.set_yticks(range(len(labels)), labels)
    axes.set(xlabel="prediction", ylabel="truth", title=run.name)
    figure.colorbar(image, label="share of the truth", shrink=0.8)
    return figure


def reliability(runs):
    """How often predictions are right over how sure they are."""
    figure, axes = pyplot.subplots(figsize=(5.4, 5), layout="constrained")
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1, linestyle="--")
    is_empty = True
    for run in runs:
        bins = [item for item in records.reliability(run.evaluation or {}) if item["count"] > 0]
        if not bins:
            continue
        is_empty = False
        confidence = [item["confidence"] for item in bins]
        accuracy = [item["accuracy"] for item in bins]
        bounds = [records.wilson(item["accuracy"] * item["count"], item["count"]) for item in bins]
        errors = [[max(value - low, 0) for value, (low, _) in zip(accuracy, bounds)],
                  [max(high - value, 0) for value, (_, high) in zip(accuracy, bounds)]]
        error = records.calibration_error(bins)
        axes.errorbar(confidence, accuracy, yerr=errors, marker="o", markersize=4, capsize=2,
                      linewidth=1, label=f"{run.name}: ECE {error:.3f}")
    if is_empty:
        pyplot.close(figure)
        return None
    axes.set(xlabel="confidence", ylabel="share right", title="reliability", xlim=(0, 1.02),
             ylim=(0, 1.02), aspect="equal")
    axes.legend(fontsize=8)
    return figure


def roc(runs):
    """How many unknown gestures are rejected over how many known ones."""
    curves = [(run, records.roc(run.evaluation or {})) for run in runs]
    curves = [(run, curve) for run, curve in curves if curve is not None]
    if not curves:
        return None
    figure, axes = pyplot.subplots(figsize=(5.4, 5), layout="constrained")
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1, linestyle="--")
    for run, (false, true) in curves:
        axes.plot(false, true, label=f"{run.name}: AUROC {records.area(false, true):.3f}")
    axes.set(xlabel="known gestures rejected", ylabel="unknown gestures rejected",
             title="rejection", xlim=(0, 1), ylim=(0, 1.02), aspect="equal")
    axes.legend(fontsize=8, loc="lower right")
    return figure


def risk(runs):
    """How many answers are wrong over how many gestures are answered at all, the surest first."""
    curves = [(run, records.risk_coverage(run.evaluation or {})) for run in runs]
    curves = [(run, curve) for run, curve in curves if curve is not None]
    if not curves:
        return None
    figure, axes = pyplot.subplots(figsize=(5.4, 4.4), layout="constrained")
    for run, (coverage, wrong) in curves:
        axes.plot(coverage, wrong, label=run.name)
    axes.set(xlabel="share of gestures answered", ylabel="share of answers that are wrong",
             title="risk and coverage", xlim=(0, 1.02))
    axes.set_ylim(bottom=0)
    axes.legend(fontsize=8)
    return figure


def comparison(rows):
    """The accuracies of runs with their intervals."""
    rows = [row for row in rows if "accuracy" in row]
    if not rows:
        return None
    figure, axes = pyplot.subplots(figsize=(7, 1.2 + 0.4 * len(rows)), layout="constrained")
    for place, row in enumerate(rows):
        lower, upper = row.get("interval") or [row["accuracy"]] * 2
        errors = [[max(row["accuracy"] - lower, 0)], [max(upper - row["accuracy"], 0)]]
        axes.errorbar([row["accuracy"]], [place], xerr=errors, marker="o", capsize=3,
                      color="#0072b2")
    axes.set_yticks(range(len(rows)), [row["name"] for row in rows])
    axes.invert_yaxis()
    axes.grid(axis="x", alpha=0.3)
    axes.set(xlabel="accuracy, 95 % interval")
    return figure


AXES = {"distance": "distance (m)", "scale": "scale of movements",
        "snr": "signal-to-noise ratio (dB)", "frame-loss": "share of frames lost"}


def robustness(runs, varied):
    """Accuracy over one thing that was varied, with its interval over people."""
    figure, axes = pyplot.subplots(figsize=(7, 4.2), layout="constrained")
    for run in runs:
        points = sorted((point for point in run.points if point["varied"] == varied),
                        key=lambda point: point["value"])
        if not points:
            continue
        values = [point["value"] for point in points]
        line, = axes.plot(values, [point["accuracy"] for point in points], marker="o", markersize=4,
                          label=run.name)
        lower, upper = zip(*(point["accuracy_interval"] for point in points))
        axes.fill_between(values, lower, upper, color=line.get_color(), alpha=0.18, linewidth=0)
    axes.set(xlabel=AXES.get(varied, varied), ylabel="accuracy, 95 % interval over people",
             ylim=(0, 1.02))
    axes.grid(axis="y", alpha=0.3)
    axes.legend(fontsize=8)
    return figure


def write_all(runs, rows, folder):
    """Writes every plot that the runs have the data for, and says which."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    figures = {"training": training(runs), "reliability": reliability(runs), "roc": roc(runs),
               "risk": risk(runs), "comparison": comparison(rows)}
    for varied in sorted({point["varied"] for run in runs for point in run.points}):
        figures[f"robustness-{varied}"] = robustness(runs, varied)
    judged = [run for run in runs if run.evaluation]
    for number, run in enumerate(judged, start=1):
        name = "confusion" if len(judged) == 1 else f"confusion-{number}"
        figures[name] = confusion(run)
    written = []
    for name, figure in figures.items():
        if figure is not None:
            save(figure, folder / f"{name}.png")
            written.append(folder / f"{name}.png")
    return written

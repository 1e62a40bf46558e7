"""Compares runs: a table for people, JSON for programs."""

from .records import wilson

COLUMNS = [
    ("accuracy", "accuracy", "{:.1%}"), ("interval", "95 % interval", "{}"),
    ("macro_f1", "macro-F1", "{:.4f}"), ("ece", "ECE", "{:.4f}"), ("nll", "NLL", "{:.4f}"),
    ("auroc", "AUROC", "{:.4f}"), ("event_f1", "event F1", "{:.4f}"),
    ("false_alarms_per_hour", "alarms/h", "{:.1f}"), ("latency", "latency", "{:.2f} s"),
    ("gestures", "gestures", "{}"), ("difference", "against first", "{}"),
]


def figures(run):
    """The figures of a run; those that its evaluation lacks are left out."""
    evaluation = run.evaluation or {}
    events = evaluation.get("events") or {}
    rejection = evaluation.get("rejection") or {}
    row = {
        "name": run.name, "accuracy": evaluation.get("accuracy"),
        "interval": evaluation.get("accuracy_interval"), "macro_f1": evaluation.get("macro_f1"),
        "ece": evaluation.get("ece"), "nll": evaluation.get("nll"),
        "auroc": rejection.get("auroc", evaluation.get("auroc")), "event_f1": events.get("f1"),
        "false_alarms_per_hour": events.get("false_alarms_per_hour"),
        "latency": events.get("median_latency_s"), "gestures": evaluation.get("gestures"),
    }
    return {key: value for key, value in row.items() if value is not None}


def difference(first, other):
    """The difference of two accuracies with its 95 % interval, after Newcombe (1998).

    The runs count as independent: where both judged the same gestures the interval is wider than
    it need be.
    """
    (p, n), (q, m) = first, other
    (lower_p, upper_p), (lower_q, upper_q) = wilson(p * n, n), wilson(q * m, m)
    delta = q - p
    return (delta, delta - ((q - lower_q) ** 2 + (upper_p - p) ** 2) ** 0.5,
            delta + ((upper_q - q) ** 2 + (p - lower_p) ** 2) ** 0.5)


def compare(runs):
    """A row of figures for each run that was judged."""
    rows = [figures(run) for run in runs if run.evaluation]
    if rows and all(rows[0].get(key) for key in ("accuracy", "gestures")):
        first = (rows[0]["accuracy"], rows[0]["gestures"])
        for row in rows[1:]:
            if row.get("gestures"):
                row["difference"] = difference(first, (row["accuracy"], row["gestures"]))
    return rows


def table(rows):
    """The rows as lines of text, without the columns that nobody fills."""
    columns = [column for column in COLUMNS if any(column[0] in row for row in rows)]
    cells = [["run"] + [title for _, title, _ in columns]]
    for row in rows:
        cells.append([row["name"]] + [
            _cell(key, row[key], pattern) if key in row else "" for key, _, pattern in columns])
    return _aligned(cells)


def _aligned(cells):
    widths = [max(len(line[index]) for line in cells) for index in range(len(cells[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip()
        for line in cells)


def study_table(points):
    """The points of a study as lines of text."""
    lines = [["varied", "value", "accuracy", "95 % interval", "people", "event F1"]]
    for point in points:
        lower, upper = point["accuracy_interval"]
        lines.append([point["varied"], f"{point['value']:g}", f"{point['accuracy']:.1%}",
                      f"{lower:.1%} to {upper:.1%}", str(point["people"]),
                      f"{point['evaluation']['events']['f1']:.3f}"])
    return _aligned(lines)


def _cell(key, value, pattern):
    if key == "interval":
        return f"{value[0]:.1%} to {value[1]:.1%}"
    if key == "difference":
        return f"{value[0]:+.1%} ({value[1]:+.1%} to {value[2]:+.1%})"
    return pattern.format(value)

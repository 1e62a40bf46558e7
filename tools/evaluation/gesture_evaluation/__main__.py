"""The command: `python -m gesture_evaluation --help`."""

import argparse
import json
import os
import pathlib
import shutil
import sys

from . import comparison, records


def default_command():
    """The command that was built here, or the one that the shell would find."""
    if named := os.environ.get("RADAR_CLASSIFY"):
        return named
    build = pathlib.Path(__file__).resolve().parents[3] / ".build"
    for configuration in ("release", "debug"):
        if (path := build / configuration / "radar-classify").is_file():
            return str(path)
    return shutil.which("radar-classify") or "radar-classify"


def grid_option(text):
    name, _, values = text.partition("=")
    if not name or not values:
        raise argparse.ArgumentTypeError(f"{text} is not NAME=VALUE,VALUE…")
    return name.lstrip("-"), values.split(",")


def parser():
    result = argparse.ArgumentParser(
        prog="gesture_evaluation", description="Offline evaluation of radar-classify.")
    commands = result.add_subparsers(dest="action", required=True)
    compare = commands.add_parser("compare", help="compare and plot runs")
    compare.add_argument("runs", nargs="+", metavar="RUN", help="what train or evaluate printed "
                         "with --format json, or a result of a sweep")
    compare.add_argument("--plots", metavar="FOLDER", help="also plot into this folder")
    compare.add_argument("--format", choices=("text", "json"), default="text")
    for name, purpose in (("cross-validate", "train and judge by turns"),
                          ("sweep", "the same for every combination of options")):
        spread = commands.add_parser(name, help=purpose)
        spread.add_argument("dataset", help="the folder with the recordings")
        spread.add_argument("--output", required=True, metavar="FOLDER",
                            help="where results go; what is there already is not done again")
        parts = spread.add_mutually_exclusive_group(required=True)
        parts.add_argument("--folds", type=int, help="random parts, each recording in one")
        parts.add_argument("--leave-out", choices=("session", "subject"))
        parts.add_argument("--judge", metavar="DATASET", help="train on all, judge by these")
        spread.add_argument("--grid", type=grid_option, action="append", default=[],
                            metavar="NAME=VALUE,VALUE…",
                            help="an option of train and its values, such as epochs=10,20")
        spread.add_argument("--seed", type=int, default=0, help="where random parts begin")
        spread.add_argument("--scheduler", metavar="ADDRESS",
                            help="a Dask scheduler, such as tcp://host:8786, whose workers see the "
                            "same folders; processes on this machine without it")
        spread.add_argument("--workers", type=int, help="the processes on this machine")
        spread.add_argument("--threads", type=int, default=1, help="the threads of each training")
        spread.add_argument("--retries", type=int, default=2, help="of a task that failed")
        spread.add_argument("--timeout", type=float, help="of one command, in seconds")
        spread.add_argument("--command", default=default_command(), help="radar-classify")
        spread.add_argument("--keep-models", action="store_true")
        spread.add_argument("--plots", metavar="FOLDER", help="also plot into this folder")
        spread.add_argument("--format", choices=("text", "json"), default="text")
    return result


def show(runs, options):
    rows = comparison.compare(runs)
    if options.format == "json":
        for row in rows:
            print(json.dumps(row))
    elif rows:
        print(comparison.table(rows))
    if options.plots:
        from . import plots

        for path in plots.write_all(runs, rows, options.plots):
            print(f"wrote {path}", file=sys.stderr)


def spread(options):
    from . import sweep

    grid = dict(options.grid)
    if len(grid) < len(options.grid):
        raise ValueError("an option is given twice: put its values behind one --grid")
    planned = sweep.plan(
        options.dataset, grid, options.folds, options.leave_out, options.judge, options.seed,
        options.threads, options.keep_models)
    results, failures = sweep.run(
        planned, options.output, options.command, options.scheduler, options.workers,
        options.retries, options.timeout)
    runs = sweep.summary(results)
    report = {"runs": [{"name": run.name, "evaluation": run.evaluation} for run in runs],
              "failures": failures}
    sweep.store(pathlib.Path(options.output) / "summary.json", json.dumps(report, indent=1).encode())
    show(runs, options)
    if failures:
        print(f"{len(failures)} of {len(planned)} tasks failed: the same command does them again",
              file=sys.stderr)
    return 1 if failures else 0


def main(arguments=None):
    options = parser().parse_args(arguments)
    try:
        if options.action == "compare":
            show([records.read(path) for path in options.runs], options)
            return 0
        return spread(options)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())

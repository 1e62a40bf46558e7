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
    compare.add_argument("runs", nargs="+", metavar="RUN", help="what train, evaluate or study "
                         "printed with --format json, or a result of a sweep")
    compare.add_argument("--plots", metavar="FOLDER", help="also plot into this folder")
    compare.add_argument("--format", choices=("text", "json"), default="text")
    for name, purpose in (("cross-validate", "train and judge by turns"),
                          ("sweep", "the same for every combination of options")):
        spread = commands.add_parser(name, help=purpose)
        spread.add_argument("dataset", help="the folder with the recordings")
        parts = spread.add_mutually_exclusive_group(required=True)
        parts.add_argument("--folds", type=int, help="random parts, each recording in one")
        parts.add_argument("--leave-out", choices=("session", "subject"))
        parts.add_argument("--judge", metavar="DATASET", help="train on all, judge by these")
        spread.add_argument("--grid", type=grid_option, action="append", default=[],
                            metavar="NAME=VALUE,VALUE…",
                            help="an option of train and its values, such as epochs=10,20")
        spread.add_argument("--seed", type=int, default=0, help="where random parts begin")
        spread.add_argument("--threads", type=int, default=1, help="the threads of each training")
        spread.add_argument("--keep-models", action="store_true")
        add_spreading(spread)
    study = commands.add_parser("robustness", help="judge a model when the scene changes")
    study.add_argument("--model", help="the model; the shipped one without it")
    study.add_argument("--vary", type=grid_option, action="append", required=True,
                       metavar="NAME=VALUE,VALUE…",
                       help="distance, scale, snr or frame-loss, and its values")
    study.add_argument("--with", type=grid_option, action="append", default=[], dest="options",
                       metavar="NAME=VALUE", help="another option of radar-classify study, such as "
                       "waveform=cw, people=100 or 'gestures=push pull'")
    add_spreading(study)
    return result


def add_spreading(parser):
    """What all commands have that spread tasks."""
    parser.add_argument("--output", required=True, metavar="FOLDER",
                        help="where results go; what is there already is not done again")
    parser.add_argument("--scheduler", metavar="ADDRESS",
                        help="a Dask scheduler, such as tcp://host:8786, whose workers see the "
                        "same folders; processes on this machine without it")
    parser.add_argument("--workers", type=int, help="the processes on this machine")
    parser.add_argument("--retries", type=int, default=2, help="of a task that failed")
    parser.add_argument("--timeout", type=float, help="of one command, in seconds")
    parser.add_argument("--command", default=default_command(), help="radar-classify")
    parser.add_argument("--plots", metavar="FOLDER", help="also plot into this folder")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def show(runs, options):
    rows = comparison.compare(runs)
    studied = [run for run in runs if run.points]
    if options.format == "json":
        for row in rows + [point for run in studied for point in run.points]:
            print(json.dumps(row))
    else:
        if rows:
            print(comparison.table(rows))
        for run in studied:
            print(f"{run.name}\n{comparison.study_table(run.points)}")
    if options.plots:
        from . import plots

        for path in plots.write_all(runs, rows, options.plots):
            print(f"wrote {path}", file=sys.stderr)


def spread(options):
    from . import sweep

    grid = named(options.grid, "--grid")
    planned = sweep.plan(
        options.dataset, grid, options.folds, options.leave_out, options.judge, options.seed,
        options.threads, options.keep_models)
    return conclude(planned, options, sweep.summary)


def study(options):
    from . import sweep

    others = {name: values[0] for name, values in named(options.options, "--with").items()}
    planned = sweep.plan_study(
        named(options.vary, "--vary"), others, shutil.which(options.command) or options.command,
        options.model)
    name = pathlib.Path(options.model).stem if options.model else "shipped model"
    return conclude(planned, options, lambda results: [sweep.study_run(name, results)])


def named(pairs, option):
    """The values of each name."""
    result = dict(pairs)
    if len(result) < len(pairs):
        raise ValueError(f"a name is given twice: put its values behind one {option}")
    return result


def conclude(planned, options, runs_of):
    """Does what was planned, and stores, shows and plots what came out."""
    from . import sweep

    results, failures = sweep.run(
        planned, options.output, options.command, options.scheduler, options.workers,
        options.retries, options.timeout)
    runs = runs_of(results)
    report = {"runs": [{"name": run.name, "evaluation": run.evaluation, "points": run.points}
                       for run in runs], "failures": failures}
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
        return study(options) if options.action == "robustness" else spread(options)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())

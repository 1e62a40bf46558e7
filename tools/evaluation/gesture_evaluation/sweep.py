"""Cross-validation, parameter sweeps and studies, spread over processes or machines by Dask."""

import contextlib
import dataclasses
import hashlib
import itertools
import json
import os
import pathlib
import sys

import cloudpickle
from distributed import Client, LocalCluster, as_completed

from . import datasets, records, tasks


def plan(dataset, grid, folds=None, leave_out=None, judge=None, seed=0, threads=1,
         keeps_models=False):
    """A task for every combination of options and every fold."""
    found = datasets.recordings(dataset)
    mark = datasets.fingerprint(dataset)
    if judge is not None:
        held_out = datasets.recordings(judge)
        mark += datasets.fingerprint(judge)
        parts = [("", found, datasets.files(judge, held_out))]
    else:
        parts = []
        for name, held_out in datasets.split(found, folds, leave_out, seed):
            kept = [recording for recording in found if recording not in held_out]
            parts.append((name, kept, datasets.files(dataset, held_out)))
    result = []
    for values in itertools.product(*grid.values()):
        options = dict(zip(grid, values))
        setting = ",".join(f"{name}={value}" for name, value in options.items()) or "defaults"
        for fold, kept, test in parts:
            result.append(tasks.Task(
                name=f"{setting},{fold}" if fold else setting, options=options,
                train=datasets.files(dataset, kept), test=test, fold=fold, fingerprint=mark,
                threads=threads, keeps_model=keeps_models))
    return result


def plan_study(varied, options, command, model=None):
    """A task for every value of everything that is varied: its name, and its values as text."""
    # The shipped model is part of the command, so another command may be another model.
    judge = pathlib.Path(model) if model else pathlib.Path(command)
    try:
        mark = hashlib.sha256(judge.read_bytes()).hexdigest()[:16]
    except OSError as error:
        raise ValueError(f"cannot read {judge}: {error.strerror}") from None
    if model:
        options = options | {"model": str(judge.resolve())}
    return [tasks.Condition(name=f"{name}={value}", varied=name, value=value, options=options,
                            fingerprint=mark)
            for name, values in varied.items() for value in values]


def store(path, data):
    """Writes bytes so that the file has its name only when it is complete."""
    partial = path.with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        with open(partial, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def stored(folder, task):
    """The result of a task that was done before, and nothing otherwise."""
    try:
        result = json.loads((folder / f"{task.key}.json").read_text())
    except (OSError, ValueError):
        return None
    return result if result.get("task", {}).get("key") == task.key else None


def portable(command, timeout):
    """A function that does a task, given as a dictionary, where nobody has heard of this package.

    A nested function travels by value, and so does what it holds while `tasks` is registered for
    it; an instance of a class of ours would not.
    """
    kinds = {kind.__name__: kind for kind in (tasks.Task, tasks.Condition)}
    do, refusal = tasks.run, tasks.TaskError

    def work(kind, facts):
        try:
            return do(kinds[kind](**facts), command, timeout)
        except refusal as error:
            raise RuntimeError(str(error)) from None

    return work


@contextlib.contextmanager
def connection(scheduler=None, workers=None):
    """A client of the scheduler at an address, or of a cluster of processes on this machine."""
    # What runs on the workers goes there with the tasks: they need only Dask.
    cloudpickle.register_pickle_by_value(tasks)
    try:
        if scheduler:
            with Client(scheduler, timeout="20s") as client:
                yield client
        else:
            count = workers or os.cpu_count() or 1
            with LocalCluster(n_workers=count, threads_per_worker=1, processes=True,
                              dashboard_address=None) as cluster, Client(cluster) as client:
                yield client
    finally:
        cloudpickle.unregister_pickle_by_value(tasks)


def run(planned, folder, command, scheduler=None, workers=None, retries=2, timeout=None,
        report=lambda line: print(line, file=sys.stderr)):
    """Does the tasks that have no result yet, and returns all results and all failures by name."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    results = {task.key: result for task in planned if (result := stored(folder, task))}
    open_tasks = [task for task in planned if task.key not in results]
    report(f"{len(results)} of {len(planned)} tasks were done before")
    failures = {}
    if open_tasks:
        with connection(scheduler, workers) as client:
            work = portable(str(command), timeout)
            # A worker that dies takes its task with it: Dask gives the task to another one.
            futures = {
                client.submit(work, type(task).__name__, dataclasses.asdict(task),
                              key=f"{task.key}-{os.getpid()}", retries=retries, pure=False): task
                for task in open_tasks}
            for future in as_completed(futures):
                task = futures[future]
                try:
                    result, model = future.result()
                except Exception as error:  # Whatever stops one task must not stop the others.
                    failures[task.name] = str(error)
                    report(f"failed   {task.name}: {error}")
                    continue
                if model is not None:
                    store(folder / f"{task.key}.safetensors", model)
                store(folder / f"{task.key}.json", json.dumps(result, indent=1).encode())
                results[task.key] = result
                report(f"{len(results)}/{len(planned)}  {task.name}: "
                       f"{result['evaluation']['accuracy']:.1%} in {result['seconds']:.0f} s "
                       f"on {result['host']}")
                # Results are on disk now: the cluster need not keep them.
                future.release()
    return [results[task.key] for task in planned if task.key in results], failures


def study_run(name, results):
    """The run of a study: a point for each condition."""
    points = sorted((result["point"] for result in results),
                    key=lambda point: (point["varied"], point["value"]))
    return records.Run(name=name, points=points)


def summary(results):
    """A run for each combination of options, pooled over its folds."""
    groups = {}
    for result in results:
        setting = result["task"]["name"].removesuffix(f",{result['task']['fold']}")
        groups.setdefault(setting, []).append(result)
    runs = []
    for setting, group in groups.items():
        evaluation = group[0]["evaluation"]
        if len(group) > 1:
            evaluation = records.pooled([result["evaluation"] for result in group])
            evaluation["folds"] = [
                result["evaluation"] | {"fold": result["task"]["fold"]} for result in group]
        runs.append(records.Run(name=setting, evaluation=evaluation))
    return runs

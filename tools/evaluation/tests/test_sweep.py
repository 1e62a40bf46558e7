import json
import subprocess
import sys
import time

import pytest

from gesture_evaluation import __main__ as main
from gesture_evaluation import records, sweep, tasks

quiet = lambda line: None


def test_cross_validation_judges_every_gesture_once(command, dataset, tmp_path, capsys):
    status = main.main([
        "cross-validate", str(dataset), "--folds", "3", "--output", str(tmp_path / "results"),
        "--command", command, "--grid", "epochs=1", "--workers", "2", "--keep-models",
        "--plots", str(tmp_path / "plots"), "--format", "json"])
    assert status == 0
    row = json.loads(capsys.readouterr().out)
    # Six people, two gestures each.
    assert row["name"] == "epochs=1" and row["gestures"] == 12
    report = json.loads((tmp_path / "results" / "summary.json").read_text())
    folds = report["runs"][0]["evaluation"]["folds"]
    assert [fold["fold"] for fold in folds] == ["fold-1", "fold-2", "fold-3"]
    assert sum(fold["gestures"] for fold in folds) == 12
    right = sum(round(fold["accuracy"] * fold["gestures"]) for fold in folds)
    assert row["accuracy"] == pytest.approx(right / 12)
    names = [path.name for path in (tmp_path / "results").iterdir()]
    assert sum(name.endswith(".safetensors") for name in names) == 3
    assert (tmp_path / "plots" / "confusion.png").exists()
    # A stored result is a run like any other.
    stored = next(path for path in (tmp_path / "results").glob("*fold-1*.json"))
    run = records.read(stored)
    assert len(run.epochs) == 1 and run.evaluation["gestures"] == 4


def test_the_result_is_that_of_the_command_itself(command, dataset, others, tmp_path):
    planned = sweep.plan(dataset, {"epochs": ["2"], "seed": ["5"]}, judge=others)
    results, failures = sweep.run(planned, tmp_path / "results", command, workers=1, report=quiet)
    assert failures == {}
    model = tmp_path / "model.safetensors"
    subprocess.run([command, "train", dataset, "--output", model, "--epochs", "2", "--seed", "5",
                    "--quiet"], check=True, capture_output=True)
    judged = subprocess.run([command, "evaluate", others, "--model", model, "--format", "json"],
                            check=True, capture_output=True, text=True)
    assert results[0]["evaluation"] == json.loads(judged.stdout)


def test_a_failed_task_is_done_again_and_a_finished_one_is_not(wrapper, dataset, others, tmp_path):
    # The first training of all fails, and the second kills the worker that asked for it.
    flaky = wrapper(f"n=$(wc -l <'{tmp_path}/calls'); [ $n = 1 ] && exit 1; "
                    f"[ $n = 2 ] && kill -9 $PPID")
    planned = sweep.plan(dataset, {"epochs": ["1"], "seed": ["1", "2"]}, judge=others)
    results, failures = sweep.run(planned, tmp_path / "results", flaky, workers=1, report=quiet)
    assert failures == {} and len(results) == 2
    assert wrapper.calls() == 4
    again, _ = sweep.run(planned, tmp_path / "results", flaky, workers=1, report=quiet)
    assert again == results and wrapper.calls() == 4


def test_an_interrupted_sweep_goes_on_where_it_stopped(wrapper, dataset, others, tmp_path):
    # One combination of options is refused, however often it is tried.
    planned = sweep.plan(dataset, {"epochs": ["1", "0"]}, judge=others)
    folder = tmp_path / "results"
    results, failures = sweep.run(planned, folder, wrapper(), workers=1, retries=1, report=quiet)
    assert [result["task"]["name"] for result in results] == ["epochs=1"]
    assert "--epochs must be from 1" in failures["epochs=0"]
    calls = wrapper.calls()
    assert calls == 3
    # A file that was cut off, as by a full disk, is no result.
    stored = next(folder.glob("epochs=1*.json"))
    whole = stored.read_bytes()
    sweep.run(planned[:1], folder, wrapper(), workers=1, report=quiet)
    assert wrapper.calls() == calls
    stored.write_bytes(whole[:100])
    results, _ = sweep.run(planned[:1], folder, wrapper(), workers=1, report=quiet)
    assert wrapper.calls() == calls + 1 and len(results) == 1
    assert not [path for path in folder.iterdir() if "partial" in path.name]


def test_workers_elsewhere_are_found_by_the_address_of_their_scheduler(
        command, dataset, others, tmp_path, monkeypatch):
    # Workers that have never heard of this package: they start in another folder, without our path.
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    scheduler = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port",
         "0", "--no-dashboard", "--scheduler-file", "scheduler.json"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    worker = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", "scheduler.json",
         "--nthreads", "1", "--no-dashboard"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        file = tmp_path / "scheduler.json"
        for _ in range(300):
            if file.exists() and file.read_text().strip():
                break
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        planned = sweep.plan(dataset, {"epochs": ["1"]}, judge=others)
        results, failures = sweep.run(
            planned, tmp_path / "results", command, scheduler=address, report=quiet)
        assert failures == {} and results[0]["evaluation"]["gestures"] == 4
        planned = sweep.plan_study(
            {"snr": ["10"]}, {"waveform": "cw", "people": "1", "gestures": "push"}, command)
        results, failures = sweep.run(
            planned, tmp_path / "results", command, scheduler=address, report=quiet)
        assert failures == {} and results[0]["point"]["snr_db"] == 10
    finally:
        worker.terminate()
        scheduler.terminate()
        worker.wait()
        scheduler.wait()


def test_a_task_is_known_by_its_work_not_by_its_name(dataset, others):
    first, second = sweep.plan(dataset, {"epochs": ["1", "2"]}, judge=others)
    assert first.key != second.key
    assert sweep.plan(dataset, {"epochs": ["1"]}, judge=others, threads=2)[0].key == first.key
    assert sweep.plan(dataset, {"epochs": ["1"]}, judge=dataset)[0].key != first.key


def test_errors_are_one_sentence(tmp_path, capsys):
    assert main.main(["sweep", str(tmp_path), "--folds", "2", "--output", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("error: there are no recordings in") and said.count("\n") == 1
    missing = tasks.Task(name="t", options={}, train={}, test={})
    with pytest.raises(tasks.TaskError, match="cannot run /no/such/command"):
        tasks.run(missing, "/no/such/command")

import json
import subprocess

import pytest

from gesture_evaluation import __main__ as main
from gesture_evaluation import comparison, plots, records, sweep

quiet = lambda line: None


def point(varied="snr", value=10.0, accuracy=0.9, people=40):
    return {"varied": varied, "value": value, "accuracy": accuracy, "people": people,
            "accuracy_interval": [accuracy - 0.1, accuracy + 0.05],
            "evaluation": {"events": {"f1": accuracy}, "accuracy": accuracy}}


def test_lines_of_a_study_are_a_run(tmp_path):
    path = tmp_path / "cw.jsonl"
    path.write_text("\n".join(json.dumps(point(value=value)) for value in (0, 10)))
    run = records.read(path)
    assert [item["value"] for item in run.points] == [0, 10] and run.evaluation is None
    text = comparison.study_table(run.points)
    assert "80.0% to 95.0%" in text and text.count("\n") == 2


def test_every_model_is_a_curve_with_its_interval(tmp_path):
    runs = [records.Run(name, points=[point(value=value, accuracy=accuracy)
                                      for value, accuracy in ((10, best), (0, 0.3))])
            for name, best in (("one", 0.9), ("other", 0.8))]
    axes = plots.robustness(runs, "snr").axes[0]
    assert axes.get_xlabel() == "signal-to-noise ratio (dB)"
    assert [list(line.get_ydata()) for line in axes.lines] == [[0.3, 0.9], [0.3, 0.8]]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["one", "other"]
    bounds = axes.collections[0].get_paths()[0].vertices[:, 1]
    assert bounds.min() == pytest.approx(0.2) and bounds.max() == pytest.approx(0.95)
    runs[0].points.append(point("distance"))
    written = plots.write_all(runs, comparison.compare(runs), tmp_path)
    assert sorted(path.name for path in written) == ["robustness-distance.png", "robustness-snr.png"]


def test_a_spread_study_is_that_of_the_command_and_goes_on_where_it_stopped(
        command, tmp_path, capsys):
    calls = tmp_path / "studies"
    flaky = tmp_path / "flaky"
    # The first study of all kills the worker that asked for it.
    flaky.write_text(f"#!/bin/bash\necho x >>'{calls}'\n[ $(wc -l <'{calls}') = 1 ] && kill -9 $PPID\n"
                     f"exec '{command}' \"$@\"\n")
    flaky.chmod(0o755)
    words = ["robustness", "--vary", "snr=-30,10", "--with", "waveform=cw", "--with", "people=2",
             "--with", "gestures=push pull", "--output", str(tmp_path / "results"), "--command",
             str(flaky), "--workers", "1", "--format", "json"]
    assert main.main(words) == 0
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    whole = subprocess.run(
        [command, "study", "--vary", "snr", "--values", "-30,10", "--waveform", "cw", "--people",
         "2", "--gestures", "push", "pull", "--format", "json"],
        check=True, capture_output=True, text=True)
    assert printed == [json.loads(line) for line in whole.stdout.splitlines()]
    assert calls.read_text().count("x") == 3
    assert main.main([*words, "--plots", str(tmp_path / "plots")]) == 0
    assert calls.read_text().count("x") == 3
    assert (tmp_path / "plots" / "robustness-snr.png").exists()
    report = json.loads((tmp_path / "results" / "summary.json").read_text())
    assert [item["value"] for item in report["runs"][0]["points"]] == [-30, 10]
    # A result is a run for `compare`.
    stored = next((tmp_path / "results").glob("snr=10-*.json"))
    assert records.read(stored).points[0]["value"] == 10


def test_another_model_is_another_study(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).write_text(name)
    plan = lambda command, model=None: sweep.plan_study(
        {"snr": ["0"]}, {"people": "2"}, command, model)[0]
    one, other = tmp_path / "one", tmp_path / "other"
    assert plan(one).key == plan(one).key != plan(other).key
    assert plan(one, one).key != plan(one, other).key
    assert plan(one, other).options["model"] == str(other)
    with pytest.raises(ValueError, match="cannot read .*missing"):
        plan(tmp_path / "missing")


def test_what_cannot_be_varied_is_a_failure_and_nothing_else(command, tmp_path):
    planned = sweep.plan_study({"snr": ["5"], "scale": ["0"]}, {
        "waveform": "cw", "people": "1", "gestures": "push"}, command)
    results, failures = sweep.run(
        planned, tmp_path, command, workers=1, retries=0, report=quiet)
    assert [result["task"]["name"] for result in results] == ["snr=5"]
    assert list(failures) == ["scale=0"] and "above 0" in failures["scale=0"]

import numpy as np
from PIL import Image

from gesture_evaluation import comparison, plots, records


def run(name="run"):
    return records.Run(
        name, epochs=[{"epoch": n, "loss": 1 / n, "accuracy": 1 - 0.5 / n} for n in (1, 2, 3)],
        evaluation={
            "labels": ["push", "pull"], "confusion": [[9, 1], [2, 8]], "gestures": 20,
            "accuracy": 0.85, "accuracy_interval": [0.64, 0.95],
            "reliability": [{"count": 0, "confidence": 0, "accuracy": 0},
                            {"count": 20, "confidence": 0.9, "accuracy": 0.85}],
            "rejection": {"roc": [{"false_positive_rate": 0, "true_positive_rate": 0},
                                  {"false_positive_rate": 0.2, "true_positive_rate": 0.9},
                                  {"false_positive_rate": 1, "true_positive_rate": 1}],
                          "risk_coverage": [{"coverage": 1, "risk": 0.15},
                                            {"coverage": 0.5, "risk": 0.05}]}})


def test_training_curves_are_the_epochs():
    left, right = plots.training([run()]).axes
    np.testing.assert_allclose(left.lines[0].get_ydata(), [1, 1 / 2, 1 / 3])
    np.testing.assert_allclose(right.lines[0].get_ydata(), [0.5, 0.75, 1 - 0.5 / 3])


def test_confusion_shows_counts_and_shares():
    axes = plots.confusion(run()).axes[0]
    assert sorted(text.get_text() for text in axes.texts) == ["1", "2", "8", "9"]
    np.testing.assert_allclose(axes.images[0].get_array(), [[0.9, 0.1], [0.2, 0.8]])
    assert [label.get_text() for label in axes.get_yticklabels()] == ["push", "pull"]


def test_reliability_and_rejection_name_their_figures():
    axes = plots.reliability([run()]).axes[0]
    assert "ECE 0.050" in axes.get_legend().get_texts()[0].get_text()
    axes = plots.roc([run()]).axes[0]
    assert "AUROC 0.850" in axes.get_legend().get_texts()[0].get_text()


def test_risk_grows_with_coverage():
    line, = plots.risk([run()]).axes[0].lines
    np.testing.assert_allclose(line.get_xydata(), [[0.5, 0.05], [1, 0.15]])


def test_what_is_missing_is_not_plotted(tmp_path):
    bare = records.Run("bare", evaluation={"labels": ["a"], "confusion": [[1]], "accuracy": 1.0,
                                           "gestures": 1})
    written = plots.write_all([bare], comparison.compare([bare]), tmp_path)
    assert sorted(path.name for path in written) == ["comparison.png", "confusion.png"]


def test_every_plot_is_a_picture_with_ink(tmp_path):
    runs = [run("first"), run("second")]
    written = plots.write_all(runs, comparison.compare(runs), tmp_path / "plots")
    assert len(written) == 7 and len(list((tmp_path / "plots").iterdir())) == 7
    for path in written:
        pixels = np.asarray(Image.open(path).convert("L"))
        assert min(pixels.shape) > 200 and 0.001 < (pixels < 128).mean() < 0.6

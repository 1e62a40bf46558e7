import json

import numpy as np
import pytest

from gesture_evaluation import comparison, records


def evaluation(confusion, labels=("a", "b"), **more):
    confusion = np.asarray(confusion)
    count = int(confusion.sum())
    return {"labels": list(labels), "confusion": confusion.tolist(), "gestures": count,
            "accuracy": float(np.trace(confusion) / count)} | more


def test_wilson_interval_is_that_of_the_literature():
    # Newcombe (1998), method 3: 81 of 263, 15 of 148 and 0 of 20.
    assert records.wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert records.wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=1e-4)
    assert records.wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert records.wilson(0, 0) == (0, 1)


def test_difference_is_that_of_the_literature():
    # Newcombe (1998b), method 10: 56 of 70 against 48 of 80.
    delta, lower, upper = comparison.difference((48 / 80, 80), (56 / 70, 70))
    assert (delta, lower, upper) == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)


def test_macro_f1_by_hand():
    # F1 is 2·3/(4+5) and 2·4/(6+5); the third class does not occur.
    assert records.macro_f1([[3, 1, 0], [2, 4, 0], [0, 0, 0]]) == pytest.approx((6 / 9 + 8 / 11) / 2)


def test_pooling_adds_counts_whatever_the_order_of_labels():
    bins = lambda count: [{"count": count, "confidence": 0.4, "accuracy": 0.5},
                          {"count": 1, "confidence": 0.9, "accuracy": 1.0}]
    first = evaluation([[3, 1], [0, 4]], nll=0.5, reliability=bins(7))
    second = evaluation([[2, 0], [1, 1]], labels=("b", "a"), nll=1.0, reliability=bins(3))
    whole = records.pooled([first, second])
    assert whole["labels"] == ["a", "b"]
    assert whole["confusion"] == [[4, 2], [0, 6]]
    assert whole["accuracy"] == pytest.approx(10 / 12)
    assert whole["nll"] == pytest.approx((8 * 0.5 + 4 * 1.0) / 12)
    assert whole["reliability"][0] == {"count": 10, "confidence": 0.4, "accuracy": 0.5}
    assert whole["ece"] == pytest.approx((10 * 0.1 + 2 * 0.1) / 12)


def test_files_of_training_and_evaluation_are_read(tmp_path):
    lines = [{"epoch": 1, "epochs": 2, "loss": 2.0}, {"epoch": 2, "epochs": 2, "loss": 1.0},
             {"model": "m.safetensors"}]
    path = tmp_path / "run.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines))
    assert [line["loss"] for line in records.read(path).epochs] == [2.0, 1.0]
    path.write_text(json.dumps(evaluation([[1, 0], [0, 1]]), indent=1))
    assert records.read(path).evaluation["accuracy"] == 1
    for nonsense in ("", "[1, 2]", "{", '{"a": 1}'):
        path.write_text(nonsense)
        with pytest.raises(ValueError, match="run.jsonl"):
            records.read(path)


def test_curve_of_rejection_has_its_area():
    points = [{"false_positive_rate": x, "true_positive_rate": y}
              for x, y in ((0, 0), (1, 1), (0.25, 0.75))]
    false, true = records.roc({"rejection": {"roc": points}})
    assert records.area(false, true) == pytest.approx(0.75 * 0.25 / 2 + 0.75 * 1.75 / 2)
    assert records.roc({"rejection": {"auroc": 0.9}}) is None


def test_table_says_what_differs_and_leaves_out_what_nobody_has():
    runs = [records.Run("first", evaluation=evaluation([[40, 10], [5, 45]], macro_f1=0.85)),
            records.Run("second", evaluation=evaluation([[48, 2], [1, 49]], macro_f1=0.97))]
    rows = comparison.compare(runs)
    text = comparison.table(rows)
    assert "85.0%" in text and "97.0%" in text and "+12.0%" in text
    assert "AUROC" not in text
    assert rows[1]["difference"][1] > 0

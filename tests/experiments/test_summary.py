import pytest

from mmfusion.experiments.summary import summary, summary_table


def fold(accuracy, audio=0.4, **fields):
    figures = dict.fromkeys(("precision", "recall", "f1", "macro_f1", "auc"), accuracy)
    return {
        "accuracy": accuracy,
        **figures,
        "majority": 0.5,
        "ablation": {
            "audio": {"accuracy": audio},
            "video": {"accuracy": 0.6},
            "audio+video": {"accuracy": accuracy},
        },
        "leak": {"masks": {"accuracy": None}, "blanked": {"accuracy": 0.5}},
        "calibration": {"ece": 0.1},
        "at_threshold": None,
        **fields,
    }


def test_by_hand():
    found = summary([fold(0.5), fold(0.6), fold(0.7)], folds=3)
    assert found["mean"]["accuracy"] == pytest.approx(0.6)
    assert found["std"]["accuracy"] == pytest.approx((2 * 0.01 / 3) ** 0.5)
    # t(2) = 4.3027; s = 0.1; sqrt(1/3 + 1/2)
    assert found["intervals"]["accuracy"] == pytest.approx([0.6 - 0.3928, 0.6 + 0.3928], abs=1e-4)
    assert "masks alone" not in found["mean"]
    assert {name: test["gain"] for name, test in found["tests"].items()} == {
        "majority": pytest.approx(0.1),
        "video": pytest.approx(0.0),
    }


def test_an_interval_of_shares_stays_between_0_and_1():
    assert summary([fold(0.5), fold(0.99)], folds=2)["intervals"]["accuracy"] == [0.0, 1.0]


def test_one_fold_has_no_interval_and_one_modality_no_rival():
    alone = fold(0.7, ablation={"audio": {"accuracy": 0.7}})
    found = summary([alone], folds=2)
    assert found["intervals"]["accuracy"] is None
    assert list(found["tests"]) == ["majority"]
    assert "-" in summary_table({"folds": [alone], **found})


def test_the_threshold_has_its_rows():
    at = {"threshold": 0.3, "precision": 0.5, "recall": 0.9, "called": 0.6}
    found = summary([fold(0.7, at_threshold=at)] * 2, folds=2)
    assert found["mean"]["recall at threshold"] == pytest.approx(0.9)
    table = summary_table(
        {
            "folds": [fold(0.7)] * 2,
            **found,
            "curve": [{"share": 1.0, "rows": 10.0, "mean": 0.7, "std": 0.0}],
        }
    )
    for told in ("recall at threshold", "90.0 %", "rows trained on", "10", "majority", "< 0.001"):
        assert told in table


def test_the_spread_of_single_seeds_stands_at_the_end():
    found = {**summary([fold(0.5), fold(0.7)], folds=2), "folds": [fold(0.5), fold(0.7)]}
    assert "single seed" not in summary_table(found)
    table = summary_table({**found, "mean_accuracy": 0.6, "std_accuracy": 0.1})
    assert table.endswith("accuracy of a single seed: 60.0 % \u00b1 10.0")

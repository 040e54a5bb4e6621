import pytest

from mmfusion.experiments.table import metrics_table, seeds_line, text_table


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ([], ["name  score"]),
        ([["a", 0.5]], ["name   score", "a     50.0 %"]),
        ([["a", None], ["long", 3]], ["name  score", "a         -", "long      3"]),
    ],
)
def test_rows_under_their_columns(rows, lines):
    assert text_table(["name", "score"], rows).splitlines() == lines


def test_metrics():
    metrics = {
        "n": 4,
        **dict.fromkeys(("accuracy", "precision", "recall", "f1"), 0.75),
        "auc": None,
        "majority": 0.5,
        "intervals": {"accuracy": [0.25, 1.0]},
        "ablation": {"audio": {"accuracy": 0.5, "macro_f1": 0.4, "gain": 0.0}},
        "leak": {
            "masks": {"accuracy": 0.5},
            "blanked": {"accuracy": 0.25},
            "fitted": 0.5,
            "majority": 0.5,
            "verdict": "Nothing leaks.",
        },
    }
    figures, gained, leak = metrics_table(metrics).split("\n\n")
    assert figures.startswith("4 rows")
    assert figures.splitlines()[1] == "accuracy   75.0 %  25.0 % to 100.0 %"
    assert figures.splitlines()[5].split() == ["auc", "-"]
    assert gained.splitlines()[1].split() == ["audio", "50.0", "%", "40.0", "%", "0.0", "%"]
    assert leak.endswith("Nothing leaks.")
    *_, line = metrics_table({**metrics, "mean_accuracy": 0.7, "std_accuracy": 0.05}).split("\n\n")
    assert line == "accuracy of a single seed: 70.0 % \u00b1 5.0"


def test_a_single_seed_has_no_spread():
    assert seeds_line({"accuracy": 0.5}) == ""
    line = seeds_line({"mean_accuracy": 0.5, "std_accuracy": 0.01})
    assert line.strip() == "accuracy of a single seed: 50.0 % \u00b1 1.0"

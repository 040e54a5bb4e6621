import pytest

from mmfusion.apps.scores.table import metrics_table, text_table


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
    figures, earned, leak = metrics_table(metrics).split("\n\n")
    assert figures.splitlines()[1] == "accuracy   75.0 %  25.0 % to 100.0 %"
    assert figures.splitlines()[5].split() == ["auc", "-"]
    assert earned.splitlines()[1].split() == ["audio", "50.0", "%", "40.0", "%", "0.0", "%"]
    assert leak.endswith("Nothing leaks.")

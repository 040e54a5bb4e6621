import io

import numpy as np
import pytest
from matplotlib.figure import Figure

from mmfusion.evaluation import plots

SCORE = {"precision": 0.5, "recall": 1.0, "f1": 2 / 3}
UNDEFINED = dict.fromkeys(SCORE)
BIN = {"low": 0.9, "high": 1.0, "n": 4, "confidence": 0.95, "accuracy": 0.75}
CALLS = {
    "confusion of one": (plots.confusion, ([[3]], ["a"])),
    "confusion of nothing": (plots.confusion, ([[0, 0], [0, 0]], ["a", "b"])),
    "confusion": (plots.confusion, ([[3, 1], [0, 2]], ["a", "b"])),
    "confusion of many": (
        plots.confusion,
        (np.eye(40, dtype=int), [f"class {k}" for k in range(40)]),
    ),
    "per class": (plots.per_class, ({"a": SCORE, "b": UNDEFINED},)),
    "ablation": (plots.ablation, ({"a": {"accuracy": 0.5, "interval": [0.4, 0.6]}},)),
    "ablation of nothing": (plots.ablation, ({"a": {"accuracy": None, "interval": None}},)),
    "reliability of nothing": (plots.reliability, ([],)),
    "reliability": (plots.reliability, ([BIN],)),
    "history of nothing": (plots.history, ({},)),
    "history of one": (plots.history, ({"loss": [1.0]},)),
    "history": (plots.history, ({"loss": [1.0, 0.5], "val_loss": [1.0, 0.7]},)),
}


@pytest.fixture(params=CALLS)
def call(request):
    return CALLS[request.param]


def test_draws_a_new_figure(call):
    draw, arguments = call
    file = io.BytesIO()
    draw(*arguments).savefig(file)
    assert file.getvalue().startswith(b"\x89PNG")


def test_draws_into_given_axes(call):
    draw, arguments = call
    figure = Figure()
    ax = figure.subplots()
    assert draw(*arguments, ax=ax) is figure
    assert figure.axes == [ax]


def test_leaves_pyplot_alone(call):
    import matplotlib.pyplot

    call[0](*call[1])
    assert matplotlib.pyplot.get_fignums() == []


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_confusion_writes_the_counts_and_names_both_sides():
    figure = plots.confusion([[3, 0], [1, 2]], ["normal", "fight"])
    assert texts(figure) == ["3", "1", "2"]
    for ticks in (figure.axes[0].get_xticklabels(), figure.axes[0].get_yticklabels()):
        assert [tick.get_text() for tick in ticks] == ["normal", "fight"]


def test_confusion_shades_a_row_by_its_shares():
    tiles = plots.confusion([[1, 3], [0, 8]], ["a", "b"]).axes[0].patches
    alphas = [tile.get_alpha() for tile in tiles]
    assert alphas == pytest.approx([0.06 + 0.94 / 4, 0.06 + 0.94 * 3 / 4, 0.04, 1.0])


def test_per_class_bars_are_f1():
    figure = plots.per_class({"a": SCORE, "b": UNDEFINED})
    assert [bar.get_width() for bar in figure.axes[0].patches] == pytest.approx([2 / 3, 0])
    precision, recall = figure.axes[0].lines
    np.testing.assert_array_equal(precision.get_xdata(), [0.5, np.nan])
    np.testing.assert_array_equal(recall.get_xdata(), [1.0, np.nan])


def test_ablation_bars_grow_darker_and_marks_are_ceilings():
    rows = {
        "audio": {"accuracy": 0.25, "ceiling": 0.25},
        "audio+video": {"accuracy": 0.5, "interval": [0.4, 0.6], "ceiling": 0.55},
    }
    ax = plots.ablation(rows).axes[0]
    assert [bar.get_width() for bar in ax.patches] == [25.0, 50.0]
    assert ax.patches[0].get_alpha() < ax.patches[1].get_alpha()
    assert texts(ax.figure) == ["25.0", "50.0"]
    spans = [list(line.get_xdata()) for line in ax.lines]
    assert spans == [[25, 25], [25, 25], [40, 60], pytest.approx([55, 55]), []]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["ceiling"]


def test_reliability_joins_the_bins():
    ax = plots.reliability(
        [BIN, {**BIN, "low": 0.5, "high": 0.6, "n": 1, "confidence": 0.55}]
    ).axes[0]
    assert list(ax.lines[1].get_xdata()) == [0.95, 0.55]
    assert [bar.get_height() for bar in ax.patches[:2]] == [0.8, 0.2]


def test_history_counts_epochs_from_one():
    ax = plots.history(
        {"accuracy": [0.5, 0.6], "val_accuracy": [0.4, 0.5]}, metric="accuracy"
    ).axes[0]
    assert [list(line.get_xdata()) for line in ax.lines] == [[1, 2], [1, 2]]
    assert [line.get_label() for line in ax.lines] == ["training", "validation"]


@pytest.mark.parametrize("name", ["$x^$", "a_b", "<b>", "5 %"])
def test_class_names_are_taken_as_they_stand(name):
    plots.confusion([[1]], [name]).savefig(io.BytesIO())


def test_long_class_names_are_cut():
    ticks = plots.confusion([[1]], ["surveillance of a street"]).axes[0].get_yticklabels()
    assert [tick.get_text() for tick in ticks] == ["surveillance of a s\u2026"]


def test_names_in_any_script_are_written_to_a_file(tmp_path):
    plots.save_png(plots.confusion(np.eye(2), ["打架", "правда"]), tmp_path / "confusion.png")
    assert (tmp_path / "confusion.png").read_bytes().startswith(b"\x89PNG")

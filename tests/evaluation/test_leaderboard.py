import numpy as np
import pytest
from matplotlib.figure import Figure

from mmfusion.evaluation.leaderboard import leaderboard, leaderboard_page, leaderboard_plot

TRIALS = [
    {"trial": "0", "score": 0.7, "values": {"units": 8, "fusion": "<b>"}},
    {"trial": "1", "score": None, "values": {"units": 4, "fusion": "gated"}},
    {"trial": "2", "score": 0.5, "values": {"units": 2, "fusion": "gated"}},
    {"trial": "3", "score": 0.6, "values": {"units": 2, "fusion": "concat"}},
]


def test_best_first_and_failures_last():
    assert leaderboard([]) == []
    ranks = [(row["rank"], row["trial"]) for row in leaderboard(TRIALS)]
    assert ranks == [(1, "2"), (2, "3"), (3, "0"), (None, "1")]
    assert leaderboard(TRIALS)[0]["units"] == 2


@pytest.mark.parametrize(("trials", "best"), [([], []), (TRIALS, [0.7, 0.5, 0.5])])
def test_the_best_so_far(trials, best):
    ax = Figure().subplots()
    assert leaderboard_plot(trials, ax=ax) is ax.figure
    np.testing.assert_allclose(ax.lines[1].get_ydata(), best)


def test_the_page_needs_nothing_else_and_escapes():
    page = leaderboard_page(TRIALS, title="A & B")
    assert "<h1>A &amp; B</h1>" in page
    assert "&lt;b&gt;" in page
    assert page.count("<tr>") == 5
    assert "<svg" in page
    assert 'src="http' not in page

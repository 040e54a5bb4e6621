import numpy as np
import pytest
from matplotlib.figure import Figure

from mmfusion.evaluation.learning_curve import learning_curve

ROWS = [
    {"rows": 10.0, "mean": 0.5, "std": 0.1},
    {"rows": 20.0, "mean": 0.7, "std": 0.0},
]


@pytest.mark.parametrize("rows", [[], ROWS[:1], ROWS])
def test_draws_the_means(rows):
    (ax,) = learning_curve(rows).axes
    np.testing.assert_allclose(ax.lines[0].get_xdata(), [row["rows"] for row in rows])
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [100 * row["mean"] for row in rows])


def test_draws_into_given_axes():
    ax = Figure().subplots()
    assert learning_curve(ROWS, ax=ax) is ax.figure

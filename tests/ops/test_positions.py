"""Where in a sequence a step stands, as numbers."""

import numpy as np
import pytest

from mmfusion.ops.positions import sinusoidal


@pytest.mark.parametrize(("steps", "units"), [(0, 4), (1, 1), (7, 6)])
def test_equals_the_formula(steps, units):
    expected = np.zeros((steps, units))
    for t in range(steps):
        for i in range(units):
            angle = t / 10_000 ** (2 * (i // 2) / units)
            expected[t, i] = np.cos(angle) if i % 2 else np.sin(angle)
    np.testing.assert_allclose(sinusoidal(steps, units), expected, atol=1e-6)


def test_gives_the_asked_dtype():
    assert sinusoidal(3, 4, "float16").dtype == "float16"

import numpy as np
import pytest

from mmfusion.losses.class_weights import class_weights


@pytest.mark.parametrize(
    ("counts", "beta", "expected"),
    [
        ([7], 0.9, [1.0]),
        ([5, 5, 5], 0.99, [1.0, 1.0, 1.0]),
        ([1, 9], 0.0, [1.0, 1.0]),
        # effective numbers 1 and 1.5; weights 1 and 2/3 scaled by 3 / (1 + 2 * 2/3)
        ([1, 2], 0.5, [9 / 7, 6 / 7]),
    ],
)
def test_by_hand(counts, beta, expected):
    np.testing.assert_allclose(class_weights(counts, beta=beta), expected, rtol=1e-6)


def test_one_on_average_over_the_clips():
    counts = np.array([3, 50, 700])
    assert (class_weights(counts) * counts).sum() / counts.sum() == pytest.approx(1, rel=1e-5)


@pytest.mark.parametrize(("counts", "beta"), [([], 0.9), ([3, 0], 0.9), ([1], 1.0), ([1], -0.1)])
def test_out_of_range(counts, beta):
    with pytest.raises(ValueError, match="Received"):
        class_weights(counts, beta=beta)

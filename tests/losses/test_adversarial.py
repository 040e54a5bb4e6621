import keras
import numpy as np
import pytest

from mmfusion.losses import adversarial

REAL, FAKE = np.array([2.0, 0.5, -1.0]), np.array([-3.0, 0.0, 1.0])


def log_sigmoid(x):
    return -np.log1p(np.exp(-x))


@pytest.mark.parametrize(
    ("loss", "judge", "maker"),
    [
        (adversarial.hinge, (0 + 0.5 + 2) / 3 + (0 + 1 + 2) / 3, 2 / 3),
        (
            adversarial.non_saturating,
            -log_sigmoid(REAL).mean() - log_sigmoid(-FAKE).mean(),
            -log_sigmoid(FAKE).mean(),
        ),
        (adversarial.wasserstein, -2 / 3 - 0.5, 2 / 3),
    ],
)
def test_by_hand(loss, judge, maker):
    found = loss(REAL, FAKE)
    assert [float(each) for each in found] == pytest.approx([judge, maker], rel=1e-6)


@pytest.mark.parametrize("slope", [0.0, 1.0, 3.0])
def test_the_penalty_of_a_plane_is_its_slope_less_one_squared(slope):
    direction = np.array([0.6, 0.8], "float32") * slope
    real = keras.ops.convert_to_tensor(np.random.default_rng(0).normal(size=(5, 2)), "float32")
    penalty = adversarial.gradient_penalty(
        lambda x: keras.ops.sum(x * direction, axis=1), real, 2 * real, seed=0
    )
    assert float(penalty) == pytest.approx((slope - 1) ** 2, abs=1e-4)


def test_the_slope_is_taken_between_real_and_made():
    """Of x ** 2 between 1 and 2 it lies between 2 and 4."""
    real, fake = keras.ops.ones((200, 1)), 2 * keras.ops.ones((200, 1))
    penalty = float(adversarial.gradient_penalty(lambda x: x**2, real, fake, seed=0))
    assert 1 < penalty < 9
    assert penalty == pytest.approx(13 / 3, rel=0.15)  # the mean of (2x - 1)^2 over 1 .. 2

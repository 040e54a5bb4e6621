"""The contract of every loss: finite at the ends of its range, in any precision."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from mmfusion import losses
from mmfusion.losses import adversarial

SURE = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])  # right, wrong, right
TRUTH = np.array([0, 0, 0])
FAR = np.array([0.0, 1e4, -1e4, 1.0])
SAME = np.array([[0.0, 0.0], [1e4, 1e4], [1e-8, 0.0], [-1.0, 1.0]])
LOSSES = {  # how it is made, its truth and its predictions
    **{
        f"focal_{gamma}": (lambda gamma=gamma, **kw: losses.Focal(gamma, **kw), TRUTH, SURE)
        for gamma in (0.0, 0.3, 0.5, 1.0, 2.0, 5.0)
    },
    "focal_smoothed": (
        lambda **kw: losses.Focal(0.5, label_smoothing=0.1, class_weights=[1.0, 2.0, 3.0], **kw),
        TRUTH,
        SURE,
    ),
    "cross_entropy": (losses.CrossEntropy, TRUTH, SURE),
    "cross_entropy_of_shares": (losses.CrossEntropy, SURE[::-1], SURE),
    "contrastive": (losses.Contrastive, np.array([1, 0, 0, 1]), np.array([0.0, 0.0, 100.0, 50.0])),
    "info_nce": (losses.InfoNCE, SAME, SAME[::-1]),
}
ADVERSARIAL = ("hinge", "non_saturating", "wasserstein")
DTYPES = {"float16": 1e-2, "bfloat16": 3e-2, "float32": 1e-4, "float64": 1e-6}


def value_and_gradient(loss, truth, predicted, dtype):
    predicted = tf.cast(predicted, dtype)
    with tf.GradientTape() as tape:
        tape.watch(predicted)
        value = loss(truth, predicted)
    return value, tape.gradient(value, predicted)


def test_every_loss_is_in_the_table():
    public = (getattr(losses, name) for name in losses.__all__)
    public = {each for each in public if isinstance(each, type)}
    assert public == {type(make()) for make, _, _ in LOSSES.values()}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", LOSSES)
def test_finite_at_the_ends(name, dtype):
    make, truth, predicted = LOSSES[name]
    value, gradient = value_and_gradient(make(dtype=dtype), truth, predicted, dtype)
    assert keras.backend.standardize_dtype(value.dtype) == dtype
    assert np.isfinite(np.asarray(value, "float64"))
    assert np.isfinite(np.asarray(gradient, "float64")).all()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", LOSSES)
def test_any_precision_is_near_double(name, dtype):
    make, truth, _ = LOSSES[name]
    predicted = np.random.default_rng(0).dirichlet(np.ones(3), size=len(truth))
    predicted = {"contrastive": predicted[:, 0], "info_nce": SAME[::-1]}.get(name, predicted)
    value = make(dtype=dtype)(truth, tf.cast(predicted, dtype))
    exact = make(dtype="float64")(truth, predicted)
    assert float(value) == pytest.approx(float(exact), rel=DTYPES[dtype])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ADVERSARIAL)
def test_adversarial_losses_of_extreme_logits(name, dtype):
    loss = getattr(adversarial, name)
    for index in (0, 1):
        value, gradient = value_and_gradient(
            lambda real, fake, index=index: loss(real, fake)[index],
            tf.cast(-FAR, dtype),
            FAR,
            dtype,
        )
        assert np.isfinite(np.asarray(value, "float64"))
        assert np.isfinite(np.asarray(gradient, "float64")).all()

"""What a mask allows to be read."""

import numpy as np
import pytest
import tensorflow as tf

from mmfusion.ops.masks import (
    any_modality,
    any_step,
    keep,
    masked_max,
    masked_mean,
    masked_soft_max,
    masked_softmax,
)

NAN = np.float32(np.nan)


@pytest.mark.parametrize(
    ("values", "mask", "expected"),
    [
        (np.zeros((0, 2)), np.zeros((0, 2), bool), np.zeros((0, 2))),
        ([[NAN]], [[False]], [[0.0]]),
        ([[1.0, NAN]], [[True, False]], [[1.0, 0.0]]),
        ([[[1.0, 2.0], [NAN, np.inf]]], [[True, False]], [[[1.0, 2.0], [0.0, 0.0]]]),
    ],
)
def test_keep(values, mask, expected):
    values = np.asarray(values, "float32")
    np.testing.assert_array_equal(keep(values, np.asarray(mask)), expected)


def test_keep_stops_garbage_in_gradients():
    values, weight = tf.constant([[2.0, NAN]]), tf.Variable(3.0)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(keep(values, np.array([[True, False]])) * weight)
    assert tape.gradient(total, weight).numpy() == 2.0


@pytest.mark.parametrize(
    ("function", "mask", "expected"),
    [
        (masked_mean, [False, False, False], [0.0, 0.0]),
        (masked_mean, [True, False, False], [1.0, -2.0]),
        (masked_mean, [True, True, False], [2.0, -5.0]),
        (masked_max, [False, False, False], [0.0, 0.0]),
        (masked_max, [True, False, False], [1.0, -2.0]),
        (masked_max, [True, True, False], [3.0, -2.0]),
    ],
)
def test_over_steps(function, mask, expected):
    values = np.array([[[1.0, -2.0], [3.0, -8.0], [NAN, NAN]]], "float32")
    np.testing.assert_allclose(function(values, np.array([mask])), [expected])


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
@pytest.mark.parametrize(
    ("mask", "expected"),
    [
        ([False, False, False], [0.0, 0.0, 0.0]),
        ([False, True, False], [0.0, 1.0, 0.0]),
        ([True, True, False], [0.25, 0.75, 0.0]),
        ([True, True, True], [0.2, 0.6, 0.2]),
    ],
)
def test_masked_softmax(mask, expected, dtype):
    logits = tf.cast(np.log([[1.0, 3.0, 1.0]]), dtype)
    weights = tf.cast(masked_softmax(logits, np.array([mask])), "float32")
    np.testing.assert_allclose(weights, [expected], atol=5e-3)


def test_presence():
    masks = {
        "video": np.array([[True, False], [False, False]]),
        "audio": np.array([[False, False], [False, True]]),
    }
    np.testing.assert_array_equal(any_step(masks["video"]), [True, False])
    np.testing.assert_array_equal(any_modality(masks), [[True, False], [False, True]])


def test_soft_max_of_a_single_step_is_that_step():
    steps = np.array([[[3.0, -2.0]], [[np.nan, 1.0]]])
    found = masked_soft_max(steps, np.array([[True], [False]]))
    np.testing.assert_array_equal(found, [[3.0, -2.0], [0.0, 0.0]])

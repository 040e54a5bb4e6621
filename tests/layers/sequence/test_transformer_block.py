"""Attention from one sequence to another, then a small network at each step."""

import numpy as np
import pytest
from scipy.special import erf, softmax

from mmfusion.layers.sequence.transformer_block import TransformerBlock


def normal(values):
    centred = values - values.mean(-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-3)


def dense(layer, values):
    return values @ layer.kernel.numpy() + layer.bias.numpy()


def test_equals_the_formulas():
    rng = np.random.default_rng(0)
    inputs, context = rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 5, 4))
    mask = np.array([[True] * 5, [True, False, True, False, False]])
    block = TransformerBlock(2)
    outputs, scores = block(inputs, context, mask, return_attention_scores=True)

    query, key, value, output = (weight.numpy() for weight in block.attention.weights)
    queries = np.einsum("btd,dhk->bhtk", normal(inputs), query)
    keys = np.einsum("bsd,dhk->bhsk", normal(context), key)
    logits = np.einsum("bhtk,bhsk->bhts", queries, keys) / np.sqrt(2)
    expected_scores = softmax(np.where(mask[:, None, None], logits, -np.inf), axis=-1)
    values = np.einsum("bsd,dhk->bhsk", normal(context), value)
    gathered = np.einsum("bhts,bhsk,hkd->btd", expected_scores, values, output)
    expected = inputs + gathered
    wide = dense(block.widen, normal(expected))
    wide = wide * (1 + erf(wide / np.sqrt(2))) / 2
    expected = expected + dense(block.narrow, wide)
    np.testing.assert_allclose(scores, expected_scores, atol=1e-5)
    np.testing.assert_allclose(outputs, expected, atol=1e-5)


def test_empty_context_adds_nothing():
    block, inputs = TransformerBlock(1), np.ones((1, 2, 4))
    rng = np.random.default_rng(0)
    nothing = np.zeros((1, 3), bool)
    first, second = (block(inputs, rng.normal(size=(1, 3, 4)), nothing) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_heads_must_divide_the_width():
    with pytest.raises(ValueError, match="Received: heads=3, width=4"):
        TransformerBlock(3)(np.ones((1, 2, 4)), np.ones((1, 2, 4)), np.ones((1, 2), bool))

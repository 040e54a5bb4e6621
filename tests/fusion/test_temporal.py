"""Temporal fusion: modalities aligned step by step, one sequence layer over them all."""

import keras
import numpy as np
import pytest

from mmfusion.fusion.temporal import TemporalFusion


def test_equals_one_lstm_over_the_aligned_steps():
    rng = np.random.default_rng(0)
    features = {"a": rng.normal(size=(1, 4, 2)), "b": rng.normal(size=(1, 4, 3))}
    masks = {"a": np.array([[1, 1, 0, 0]], bool), "b": np.array([[1, 0, 0, 1]], bool)}
    fusion = TemporalFusion(5)
    fused = fusion(features, masks).numpy()
    kept = [features[name] * masks[name][..., None] for name in "ab"]
    aligned = np.concatenate(kept, axis=-1)[:, [0, 1, 3]]  # nothing is present at step 2
    lstm = keras.layers.LSTM(5, return_sequences=True)
    lstm.build(aligned.shape)
    lstm.set_weights(fusion.sequence.get_weights())
    np.testing.assert_allclose(fused[:, [0, 1, 3]], lstm(aligned), atol=1e-6)
    assert not fused[:, 2].any()


def test_steps_must_agree():
    features = {"a": np.ones((1, 4, 2)), "b": np.ones((1, 5, 2))}
    masks = {"a": np.ones((1, 4), bool), "b": np.ones((1, 5), bool)}
    with pytest.raises(ValueError, match="must have the same steps"):
        TemporalFusion(3)(features, masks)

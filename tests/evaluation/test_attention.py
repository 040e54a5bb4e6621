"""Which modality, and which step, looked at what."""

import keras
import numpy as np
import pytest

from mmfusion import fusion
from mmfusion.evaluation.attention import attention, plot_attention
from mmfusion.models.classifier import classifier

SHAPES = {"audio": (3, 4), "video": (3, 5)}


def make(name):
    keras.utils.set_random_seed(0)
    return classifier(SHAPES, classes=2, fusion=getattr(fusion, name)(4), units=4)


@pytest.fixture
def batch():
    rng = np.random.default_rng(0)
    values = {
        name: rng.normal(size=(2, *shape)).astype("float32") for name, shape in SHAPES.items()
    }
    masks = {f"{name}_mask": np.ones((2, 3), bool) for name in SHAPES}
    masks["audio_mask"][0] = False
    return values | masks


def test_the_weight_of_an_absent_modality_is_zero(batch):
    weights = attention(make("ModalityAttentionFusion"), batch)
    assert weights.shape == (2, 2)
    np.testing.assert_array_equal(weights[0], [0, 1])
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-6)
    figure = plot_attention(make("ModalityAttentionFusion"), batch)
    assert [bar.get_width() for bar in figure.axes[0].patches] == [0, 1]


@pytest.mark.parametrize(
    ("name", "pictures", "shape"),
    [
        ("CrossAttentionFusion", ["audio", "video"], (3, 3)),
        ("MulTFusion", ["audio<-video", "video<-audio"], (3, 3)),
        ("SelfAttentionFusion", ["steps"], (6, 6)),
        ("SpatialFusion", ["places"], (3, 1)),
    ],
)
def test_draws_what_was_looked_at(name, pictures, shape, batch):
    figure = plot_attention(make(name), batch, clip=1)
    drawn = [ax for ax in figure.axes if ax.get_title()]
    assert [ax.get_title() for ax in drawn] == pictures
    for ax in drawn:
        looked = ax.images[0].get_array()
        assert looked.shape == shape
        np.testing.assert_allclose(looked.sum(axis=1), 1, rtol=1e-5)


def test_a_fusion_without_attention_is_told(batch):
    with pytest.raises(ValueError, match="returns attention scores is needed"):
        attention(make("GatedFusion"), batch)

import numpy as np
import pytest

from mmfusion.data.tf_example import parse, serialise
from mmfusion.specs import ClipSpec

ALL = ("audio", "text", "video")


def clip(spec):
    rng = np.random.default_rng(0)
    tensors = {
        "audio": rng.uniform(-1, 1, (spec.steps, spec.samples)).astype(np.float32),
        "text": np.array(["火灾 now", "", "é"][: spec.steps], object),
        "video": rng.integers(0, 256, (spec.steps, 5, 5, 3), np.uint8),
    }
    masks = {f"{name}_mask": rng.random(spec.steps) < 0.5 for name in spec.modalities}
    return {name: tensors[name] for name in spec.modalities} | masks


@pytest.mark.parametrize("modalities", [("text",), ("audio", "video"), ALL])
@pytest.mark.parametrize("steps", [1, 3])
def test_round_trip(modalities, steps):
    spec = ClipSpec(seconds=1.0, steps=steps, size_px=5, sample_rate_hz=12, modalities=modalities)
    before = clip(spec)
    after = parse(serialise(before), spec)
    assert set(after) == set(before)
    for name, value in before.items():
        got = after[name].numpy()
        if name == "text":
            got = np.array([text.decode() for text in got], object)
        assert got.dtype == value.dtype
        np.testing.assert_array_equal(got, value)


def test_same_clip_same_bytes():
    before = clip(ClipSpec(seconds=1.0, steps=3, size_px=5, sample_rate_hz=12))
    assert serialise(before) == serialise(dict(reversed(before.items())))


def test_half_a_character_stops_nothing():
    spec = ClipSpec(seconds=1.0, steps=1, modalities=("text",))
    tensors = {"text": np.array(["a\ud800"], object), "text_mask": np.array([True])}
    assert parse(serialise(tensors), spec)["text"].numpy().tolist() == [b"a?"]

import json

import pytest

from mmfusion.specs import Clip, ClipSpec


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "needs one of"),
        ({"text": ""}, "needs one of"),
        ({"text": "a", "start_s": -1.0}, "start_s=-1.0"),
        ({"text": "a", "start_s": 2.0, "end_s": 2.0}, "end_s=2.0"),
    ],
)
def test_clip_refuses(fields, message):
    with pytest.raises(ValueError, match=message):
        Clip(id="x", **fields)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"seconds": 0}, "seconds=0"),
        ({"seconds": float("nan")}, "seconds=nan"),
        ({"seconds": float("inf")}, "seconds=inf"),
        ({"steps": 0}, "steps=0"),
        ({"size_px": 0}, "size_px=0"),
        ({"vocabulary_size": 1}, "vocabulary_size=1"),
        ({"modalities": ()}, r"modalities=\(\)"),
        ({"modalities": ("smell",)}, "smell"),
    ],
)
def test_spec_refuses(fields, message):
    with pytest.raises(ValueError, match=message):
        ClipSpec(**fields)


def test_one_step_spec():
    spec = ClipSpec(seconds=0.001, steps=1, sample_rate_hz=8000, size_px=1)
    assert (spec.samples, spec.mel_frames, spec.step_times_s) == (8, 1, [0.0005])


def test_shapes_by_hand():
    spec = ClipSpec(seconds=3.0, steps=24, size_px=96, sample_rate_hz=8000, tokens=4)
    assert spec.step_s == 0.125
    assert spec.aligned_shapes == {"audio": (24, 1000), "text": (24,), "video": (24, 96, 96, 3)}
    assert spec.ready_shapes == {"audio": (24, 12, 64), "text": (24, 4), "video": (24, 96, 96, 4)}
    assert spec.step_times_s[:2] == [0.0625, 0.1875]


def test_modalities_are_sorted_and_survive_json():
    spec = ClipSpec(modalities=("video", "audio"))
    assert spec.modalities == ("audio", "video")
    assert ClipSpec.from_dict(json.loads(json.dumps(spec.to_dict()))) == spec


def test_unknown_field_is_refused():
    with pytest.raises(TypeError, match="colour"):
        ClipSpec.from_dict({"colour": 1})

import json

import numpy as np
import pytest

from mmfusion.data.cleaning import STEPS, check_cleaning, clean
from mmfusion.data.records import read_records
from mmfusion.specs import ClipSpec

STEPS_T, SIZE_PX, RATE_HZ = 6, 32, 8_000
NAMES = [f"{modality}.{step}" for modality, steps in STEPS.items() for step in steps]


@pytest.fixture
def tensors():
    """Three of six steps are there."""
    spec = ClipSpec(seconds=3.0, steps=STEPS_T, size_px=SIZE_PX, sample_rate_hz=RATE_HZ)
    rng = np.random.default_rng(0)
    mask = np.array([True, False, True, False, True, False])
    return {
        "video": rng.integers(0, 90, (STEPS_T, SIZE_PX, SIZE_PX, 3), np.uint8)
        * mask[:, None, None, None],
        "audio": rng.normal(0, 0.1, (STEPS_T, spec.samples)).astype("float32") * mask[:, None],
        "text": np.array(["<b>The FIRE!</b>", "", "!!!", "", "no", ""], object),
        **{f"{name}_mask": mask.copy() for name in ("video", "audio", "text")},
    }


def spec_of(*cleaning, modalities=("audio", "text", "video")):
    return ClipSpec(
        seconds=3.0,
        steps=STEPS_T,
        size_px=SIZE_PX,
        sample_rate_hz=RATE_HZ,
        modalities=modalities,
        cleaning=cleaning,
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_step_keeps_shapes_types_and_absence(tensors, name):
    before = {key: value.copy() for key, value in tensors.items()}
    cleaned = clean(tensors, spec_of(name))
    for key, value in before.items():
        np.testing.assert_array_equal(tensors[key], value)
        assert (cleaned[key].shape, cleaned[key].dtype) == (value.shape, value.dtype)
    assert not cleaned["video"][~before["video_mask"]].any()
    assert not cleaned["audio"][~before["audio_mask"]].any()
    modality = name.partition(".")[0]
    if name not in ("audio.wiener", "video.face", "video.letterbox", "video.mouth"):  # not in noise
        assert any((cleaned[modality] != before[modality]).ravel())


def test_frames_that_come_larger_leave_with_the_size_of_the_spec(tensors):
    tensors["video"] = tensors["video"].repeat(3, axis=1).repeat(3, axis=2)
    before = tensors["video"].reshape(STEPS_T, SIZE_PX, 3, SIZE_PX, 3, 3)[:, :, 0, :, 0]
    np.testing.assert_array_equal(clean(tensors, spec_of("video.face"))["video"], before)


def test_bars_are_cut_off_and_the_size_kept(tensors):
    tensors["video"][:, :8] = 0
    cleaned = clean(tensors, spec_of("video.letterbox"))["video"]
    assert cleaned[0, :4].mean() > 20
    assert cleaned.shape == tensors["video"].shape


def test_words_of_which_nothing_is_left_are_absent(tensors):
    cleaned = clean(tensors, spec_of("text.plain"))
    assert cleaned["text"].tolist() == ["the fire", "", "", "", "no", ""]
    assert cleaned["text_mask"].tolist() == [True, False, False, False, True, False]


@pytest.mark.parametrize("name", NAMES)
def test_a_modality_that_is_not_there_is_left_alone(tensors, name):
    absent = {key: np.zeros_like(value) for key, value in tensors.items() if key != "text"}
    absent["text"] = np.full(STEPS_T, "", object)
    cleaned = clean(absent, spec_of(name))
    assert not any(value.any() for value in cleaned.values())
    assert clean({}, spec_of("audio.gate", modalities=("video",))) == {}


def test_unknown_steps_are_refused():
    check_cleaning(NAMES)
    with pytest.raises(
        ValueError, match=r"`cleaning` must be some of \['audio.emphasis'.*'video.x'"
    ):
        check_cleaning(["video.median", "video.x"])


def test_it_travels_in_the_index(command, tmp_path):
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("id,text,label\na,<b>Fire!</b>,x\n")
    flags = ("--modalities", "text", "--cleaning", "text.plain, text.stems")
    assert command("prepare", manifest, "--out", tmp_path / "out", *flags).code == 0
    index = json.loads((tmp_path / "out" / "index.json").read_text())
    assert index["spec"]["cleaning"] == ["text.plain", "text.stems"]
    assert read_records(tmp_path / "out").spec.cleaning == ("text.plain", "text.stems")
    done = command("prepare", manifest, "--out", tmp_path / "out", "--cleaning", "text.scrub")
    assert done.code == 2
    assert "`cleaning` must be one of" in done.err

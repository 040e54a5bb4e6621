import json

import numpy as np
import pytest
import tensorflow as tf

from mmfusion.data.cleaning import IN_GRAPH, STEPS, check_cleaning, clean, part_cleaning
from mmfusion.data.preprocessor import preprocessor
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
        changed = any((cleaned[modality] != before[modality]).ravel())
        assert changed == (name not in IN_GRAPH)


@pytest.mark.parametrize("name", IN_GRAPH)
def test_the_preprocessor_does_what_the_step_does(tensors, name):
    modality, _, step = name.partition(".")
    mask = tensors[f"{modality}_mask"]
    if modality == "video":
        by_hand = tensors["video"].copy()
        by_hand[mask] = STEPS["video"][step](by_hand[mask])
    else:
        by_hand = STEPS["audio"][step](tensors["audio"].ravel(), RATE_HZ)
        by_hand = by_hand.reshape(tensors["audio"].shape) * mask[:, None]
    plain, cleaning = (
        preprocessor(spec_of(*names, modalities=(modality,))) for names in ((), (name,))
    )
    expected, found = (
        prep({modality: tf.constant(values[None]), f"{modality}_mask": tf.constant(mask[None])})
        for prep, values in ((plain, by_hand), (cleaning, tensors[modality]))
    )
    np.testing.assert_allclose(found[modality], expected[modality], atol=1e-4)
    raw = plain({key: tf.constant(tensors[key][None]) for key in found})[modality]
    assert np.abs(found[modality] - raw).max() > 0.1


def test_a_step_before_one_that_the_graph_cannot_do_is_not_the_graphs(tensors):
    spec = spec_of("video.gamma", "text.plain", "video.median", "video.gamma", "audio.emphasis")
    before, in_graph = part_cleaning(spec)
    assert before == ("video.gamma", "text.plain", "video.median")
    assert in_graph == ("video.gamma", "audio.emphasis")
    frames = tensors["video"][tensors["video_mask"]]
    by_hand = STEPS["video"]["median"](STEPS["video"]["gamma"](frames))
    cleaned = clean(tensors, spec)["video"][tensors["video_mask"]]
    np.testing.assert_array_equal(cleaned, by_hand)
    assert part_cleaning(spec_of("video.gamma", modalities=("audio",))) == ((), ())


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

import numpy as np
import pytest
import tensorflow as tf

import mmfusion as mm
from mmfusion.data.synthetic import CorpusSize, make_corpus

BOOK = """
load_data preprocess_data extract_video_features extract_audio_features
extract_text_features simple_concat feature_level_fusion temporal_fusion align_video_features
spatial_fusion extract_color_features extract_texture_features fusion_features create_model
train_model evaluate_model optimize_model multimodal_fusion
"""


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    size = CorpusSize(train=0, val=0, test=3, broken=0)
    return mm.load_data(make_corpus(tmp_path_factory.mktemp("corpus"), size))


@pytest.mark.parametrize("name", BOOK.split())
def test_every_function_stands_at_the_front_door_and_names_its_chapter(name):
    assert getattr(mm, name).__doc__.startswith("Chapter ")


def test_main_is_the_command():
    assert mm.main is mm.cli.main


def test_the_way_of_chapter_5(clips, tmp_path):
    spec = mm.ClipSpec(steps=4, size_px=16, sample_rate_hz=8000, tokens=4, vocabulary_size=50)
    records, prep = mm.preprocess_data(clips, tmp_path / "records", spec=spec)
    assert [len(records[name]) for name in ("train", "val", "test")] == [8, 8, 8]
    load = {name: mm.data.dataset(part, prep, batch_size=8) for name, part in records.items()}
    model, losses = mm.optimize_model(
        lambda: mm.create_model(spec, classes=8),
        load["train"],
        load["val"],
        rates=(0.1, 1e-9),
        epochs=3,
    )
    assert losses[0.1] != losses[1e-9]
    fitted = mm.train_model(model, load["train"], load["val"], run=tmp_path / "run", epochs=1)
    assert len(fitted.history["val_loss"]) == 1
    assert (tmp_path / "run" / "best.keras").is_file()
    assert mm.evaluate_model(model, load["test"], classes=records["test"].classes).n == 8


def test_optimize_needs_a_rate():
    with pytest.raises(ValueError, match="`rates`"):
        mm.optimize_model(None, None, None, rates=())


def test_video_and_sound_features_of_a_real_file(clips):
    features, times_s = mm.extract_video_features(clips[0].video, size_px=32)
    assert features.shape == (32, 40)
    np.testing.assert_allclose(times_s, np.arange(32) / 16, atol=1e-3)
    assert mm.align_video_features(features, times_s, seconds=2.0, steps=8).shape == (8, 40)
    sound = mm.extract_audio_features(clips[0].video)
    assert sound.shape[1] == 64
    assert 200 <= len(sound) <= 206  # AAC fills its last frame


def test_a_file_without_a_picture(tmp_path):
    mm.media.write_audio(tmp_path / "a.wav", np.zeros(800), 8000)
    with pytest.raises(ValueError, match="picture"):
        mm.extract_video_features(tmp_path / "a.wav")


def test_text_features():
    tfidf, words = mm.extract_text_features(["Fire, fire!", "all calm"])
    assert words == ["all", "calm", "fire"]
    np.testing.assert_allclose(tfidf, [[0, 0, 1], [0.5**0.5, 0.5**0.5, 0]])


@pytest.mark.parametrize("times_s", [[], [0.0, 1.0]])
def test_align_needs_a_time_for_each_frame(times_s):
    with pytest.raises(ValueError, match="`times_s`"):
        mm.align_video_features(np.ones((1, 2)), times_s, seconds=1.0, steps=2)


def test_fusions_of_chapter_4():
    features = {"audio": tf.ones((2, 3, 4)), "video": tf.ones((2, 3, 5))}
    masks = {name: tf.ones((2, 3), tf.bool) for name in features}
    assert mm.simple_concat(*features.values()).shape == (2, 3, 9)
    assert mm.feature_level_fusion(features, masks, units=6).shape == (2, 6)
    assert mm.temporal_fusion(features, masks, units=6).shape == (2, 3, 6)
    assert mm.multimodal_fusion(features, masks).shape == (2, 64)
    grid = features | {"video": tf.ones((2, 3, 7, 7, 5))}
    assert mm.spatial_fusion(grid, masks, units=6).shape == (2, 3, 6)

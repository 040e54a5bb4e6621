import numpy as np
import pytest

import mmfusion as mm


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
    with pytest.raises(ValueError, match="video"):
        mm.extract_video_features(tmp_path / "a.wav")


def test_text_features():
    tfidf, words = mm.extract_text_features(["Fire, fire.", "all calm"])
    assert words == ["all", "calm", "fire"]
    np.testing.assert_allclose(tfidf, [[0, 0, 1], [0.5**0.5, 0.5**0.5, 0]])

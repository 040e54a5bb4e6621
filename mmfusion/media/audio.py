"""Audio of any file as mono float samples, placed on the clip's time axis."""

from __future__ import annotations

import contextlib
import dataclasses
import math
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import soxr

from mmfusion.media.blocks import (
    SEEK_S,
    blocks_after_seek,
    blocks_from_start,
    blocks_of_joined,
    mono,
)
from mmfusion.media.container import open_container
from mmfusion.media.errors import DecodeError
from mmfusion.media.formats import counts_samples, format_of, seeks_samples
from mmfusion.media.limits import DEFAULT_LIMITS, Limits
from mmfusion.media.streams import audio_stream
from mmfusion.media.timeline import RestartError

MARGIN_S = 0.08  # the resampler settles in it; whole samples at all usual rates


@dataclasses.dataclass(frozen=True)
class Audio:
    """Samples of a window of time.

    Args:
        samples: float32 array (N,) in [-1, 1], mono. Zeros where there is no audio.
        start: int. First sample that the audio covers.
        stop: int. One past the last sample that it covers.
        holes: tuple of pairs of int. Runs of samples between the two that it does not cover: the
            first, and one past the last.
        rate_hz: int. Samples per second.
        end_s: float. Where the audio ends; infinity if that was not searched for.
    """

    samples: np.ndarray
    start: int
    stop: int
    rate_hz: int
    end_s: float
    holes: tuple[tuple[int, int], ...] = ()

    @property
    def covered(self) -> np.ndarray:
        """bool array (N,). True where the file has audio."""
        covered = np.zeros(len(self.samples), bool)
        covered[self.start : self.stop] = True
        for first, last in self.holes:
            covered[first:last] = False
        return covered


def read_audio(
    path: str | Path,
    rate_hz: int | None = None,
    *,
    window_s: tuple[float, float | None] = (0.0, None),
    limits: Limits = DEFAULT_LIMITS,
) -> Audio | None:
    """Reads the audio of a file, mixed to mono and resampled.

    Args:
        path: Path of an audio or video file.
        rate_hz: int. Samples per second. `None` keeps those of the file.
        window_s: pair of float. Start and end from time zero (the start of the file's earliest
            stream). An end of `None` is where the audio ends.
        limits: `Limits`.

    Returns:
        `Audio`, or `None` if the file has no audio.

    Raises:
        DecodeError: if the file cannot be read, or costs more than `limits`.
    """
    window = window_s[0], math.inf if window_s[1] is None else window_s[1]
    origin_s = window[0] - MARGIN_S
    readers: list[Callable] = [blocks_after_seek, blocks_from_start, blocks_of_joined]
    while True:  # until one proves right
        with open_container(path, limits) as container, contextlib.suppress(RestartError):
            stream = audio_stream(container)
            if stream is None:
                return None
            _check_promise(path, container, stream, window, limits)
            read_blocks = readers.pop(0)
            if read_blocks is blocks_after_seek and not (
                origin_s > SEEK_S and seeks_samples(path, container, stream)
            ):
                read_blocks = readers.pop(0)
            blocks = read_blocks(container, stream, origin_s)
            if blocks is not None:
                joined = _join(path, blocks, window, format_of(container).jitter_s, limits)
                return _cut(joined, window, rate_hz or joined.rate_hz)


@dataclasses.dataclass(frozen=True)
class _Joined:
    """Samples as stored, the first `at` samples from `MARGIN_S` before a window, and holes."""

    samples: np.ndarray
    at: int
    holes: list
    rate_hz: int
    end_s: float


def _check_promise(path, container, stream, window, limits):
    if format_of(container).length and not counts_samples(container, stream):
        promised_s = (container.duration or 0) / av.time_base
        _check_seconds(path, min(promised_s, window[1]) - window[0], limits)


def _check_seconds(path, seconds, limits):
    if seconds > limits.seconds:
        reason = f"expected at most {limits.seconds} s of audio, found {seconds:.0f} s or more"
        raise DecodeError("limit_seconds", path, reason)


def _join(path, blocks, window, jitter_s, limits):
    """Joins the blocks in and around a window.

    A block that does not start within `jitter_s` of where the last one ended leaves a hole.
    """
    origin_s, stop_s = window[0] - MARGIN_S, window[1] + MARGIN_S
    kept, at, rate_hz, end_s, mixers = [], None, 0, None, {}
    for time_s, frame in blocks:
        rate_hz = rate_hz or frame.sample_rate
        stamp = round((time_s - origin_s) * rate_hz)
        at = stamp if at is None or abs(stamp - at) > jitter_s * rate_hz else at
        _check_seconds(path, at / rate_hz - MARGIN_S, limits)
        count = round(frame.samples * rate_hz / frame.sample_rate)
        if at + count > 0:
            block = _samples(frame, rate_hz, mixers)
            if block is None:
                continue
            kept.append((at, block))
            count = len(block)
        at += count
        if at > (stop_s - origin_s) * rate_hz:
            end_s = math.inf
            break
    if end_s is None:
        end_s = 0.0 if at is None else origin_s + at / rate_hz
    return _Joined(*_lay(kept), rate_hz or 1, end_s)


def _samples(frame, rate_hz, mixers):
    """A block as mono samples at a rate, or `None` if it is damaged."""
    try:
        block = mono(frame, mixers)
    except av.error.FFmpegError:  # a damaged frame may claim channels that cannot be
        return None
    return (
        block if frame.sample_rate == rate_hz else soxr.resample(block, frame.sample_rate, rate_hz)
    )


def _lay(blocks):
    """Lays blocks beside each other; returns the samples, the place of the first, and the holes."""
    if not blocks:
        return np.zeros(0, np.float32), 0, []
    first, last = max(0, min(at for at, _ in blocks)), max(at + len(block) for at, block in blocks)
    audio, holes, end = np.zeros(max(last - first, 0), np.float32), [], first
    for at, block in blocks:
        skip = max(0, first - at)
        audio[at + skip - first : at + len(block) - first] = block[skip:]
    for at, block in sorted(blocks, key=lambda placed: placed[0]):
        if at > end:
            holes.append((end, at))
        end = max(end, at + len(block))
    audio[np.isnan(audio)] = 0.0
    np.clip(audio, -1, 1, out=audio)
    return audio, first, holes


def _cut(joined, window, rate_hz):
    """The window of joined samples at the rate asked for."""
    audio, scale = joined.samples, rate_hz / joined.rate_hz
    if joined.rate_hz != rate_hz and len(audio):
        audio = soxr.resample(audio, joined.rate_hz, rate_hz)
        np.clip(audio, -1, 1, out=audio)
    start_s, margin = window[0], round(MARGIN_S * rate_hz)
    stop_s = max(joined.end_s, start_s) if window[1] == math.inf else window[1]
    samples = np.zeros(round((stop_s - start_s) * rate_hz), np.float32)
    offset = round(joined.at * scale) - margin
    start, stop = np.clip((offset, offset + len(audio)), 0, len(samples)).tolist()
    samples[start:stop] = audio[start - offset : stop - offset]
    holes = np.array(joined.holes).reshape(-1, 2) * scale - margin
    holes = np.clip(np.round(holes).astype(int), start, stop).tolist()
    holes = tuple((first, last) for first, last in holes if first < last)
    return Audio(samples, start, stop, rate_hz, joined.end_s, holes)

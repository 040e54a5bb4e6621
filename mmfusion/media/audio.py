"""Audio of any file as mono float samples, placed on the clip's time axis."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import math
from pathlib import Path

import av
import numpy as np
import soxr

from mmfusion.media.container import audio_stream, demux, open_container, zero_s
from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import DEFAULT_LIMITS, Limits

SEEK_S = 2.0  # what lies before this is quicker read through
MARGIN_S = 0.08  # decoder and resampler settle in it; whole samples at all usual rates
JITTER_S = 0.03  # timestamps that far off are rounding, not gaps


@dataclasses.dataclass(frozen=True)
class Audio:
    """Samples of a window of time.

    Args:
        samples: float32 array (N,) in [-1, 1], mono. Zeros where there is no audio.
        start: int. First sample that the audio covers.
        stop: int. One past the last sample that it covers.
        rate_hz: int. Samples per second.
        end_s: float. Where the audio ends; infinity if that was not searched for.
    """

    samples: np.ndarray
    start: int
    stop: int
    rate_hz: int
    end_s: float


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
    start_s, stop_s = window_s[0], math.inf if window_s[1] is None else window_s[1]
    with open_container(path, limits) as container:
        stream = audio_stream(container)
        if stream is None:
            return None
        promised_s = (container.duration or 0) / av.time_base
        _check_seconds(path, min(promised_s, stop_s) - start_s, limits)
        blocks, native_hz, end_s = _gather(path, container, stream, (start_s, stop_s), limits)
    stop_s = max(end_s, start_s) if stop_s == math.inf else stop_s
    rate_hz = rate_hz or native_hz
    offset, audio = _resample(blocks, native_hz, rate_hz)
    samples = np.zeros(round((stop_s - start_s) * rate_hz), np.float32)
    offset -= round(MARGIN_S * rate_hz)
    start, stop = np.clip((offset, offset + len(audio)), 0, len(samples)).tolist()
    samples[start:stop] = audio[start - offset : stop - offset]
    return Audio(samples, start, stop, rate_hz, end_s)


def _check_seconds(path, seconds, limits):
    if seconds > limits.seconds:
        reason = f"expected at most {limits.seconds} s of audio, found {seconds:.0f} s or more"
        raise DecodeError("limit_seconds", path, reason)


def _gather(path, container, stream, window_s, limits):
    """Blocks of audio in and around a window.

    Returns:
        List of `(at, samples)`, `at` counted from `MARGIN_S` before the window; their rate; and
        where the audio ends, infinity if that is beyond the window.
    """
    origin_s, stop_s = window_s[0] - MARGIN_S, window_s[1] + MARGIN_S
    blocks, at, rate_hz = [], None, stream.codec_context.sample_rate or 1
    for time_s, block, rate_hz in _decode(container, stream, origin_s):
        stamp = round((time_s - origin_s) * rate_hz)
        at = stamp if at is None or abs(stamp - at) > JITTER_S * rate_hz else at
        _check_seconds(path, at / rate_hz - MARGIN_S, limits)
        if at + len(block) > 0:
            blocks.append((at, block))
        at += len(block)
        if at > (stop_s - origin_s) * rate_hz:
            return blocks, rate_hz, math.inf
    return blocks, rate_hz, 0.0 if at is None else origin_s + at / rate_hz


def _decode(container, stream, origin_s):
    """Yields `(time_s, samples, rate_hz)`: mono blocks with their time on the clip's time axis."""
    for other in container.streams:
        if other.index != stream.index:
            other.discard = av.stream.Discard.all
    base_s, zero = float(stream.time_base), zero_s(container)
    if origin_s > SEEK_S:
        with contextlib.suppress(av.error.FFmpegError):
            container.seek(int((origin_s + zero) / stream.time_base), stream=stream)
    time_s, rate_hz, mixers = 0.0, None, {}
    for frame in _frames(container, stream):
        time_s = time_s if frame.pts is None else frame.pts * base_s - zero
        rate_hz = rate_hz or frame.sample_rate
        try:
            block = _mono(frame, mixers)
        except av.error.FFmpegError:  # a damaged frame may claim channels that cannot be
            continue
        if frame.sample_rate != rate_hz:
            block = soxr.resample(block, frame.sample_rate, rate_hz)
        yield time_s, block, rate_hz
        time_s += len(block) / rate_hz


def _frames(container, stream):
    """The stream's frames, with those that the decoder holds back; damaged packets yield none."""
    for packet in itertools.chain(demux(container, stream), [None]):
        try:
            frames = stream.codec_context.decode(packet)
        except MemoryError:
            raise
        except av.error.FFmpegError:
            continue
        yield from (frame for frame in frames if frame.samples)


def _mono(frame, mixers):
    """A frame as mono float32 samples: stereo averaged, more channels weighed as FFmpeg does it."""
    channels, frames = frame.layout.nb_channels, [frame]
    if frame.format.name != "fltp" or channels > 2:
        key = frame.format.name, frame.layout.name, frame.sample_rate
        if key not in mixers:
            layout, options = ("mono", {"rematrix_maxval": 1.0}) if channels > 2 else (None, None)
            mixers[key] = av.AudioResampler("fltp", layout, options=options)
        frame.pts = None
        frames = mixers[key].resample(frame)
    return _mean(frames[0]) if len(frames) == 1 else np.zeros(0, np.float32)


def _mean(frame):
    planes = [np.frombuffer(plane, np.float32, frame.samples) for plane in frame.planes]
    return planes[0] if len(planes) == 1 else (planes[0] + planes[1]) * np.float32(0.5)


def _resample(blocks, native_hz, rate_hz):
    """Joins blocks, cleans them and resamples. Returns the first sample's place and the samples."""
    if not blocks:
        return 0, np.zeros(0, np.float32)
    first = max(0, min(at for at, _ in blocks))
    audio = np.zeros(max(at + len(block) for at, block in blocks) - first, np.float32)
    for at, block in blocks:
        skip = max(0, first - at)
        audio[at + skip - first : at + len(block) - first] = block[skip:]
    audio[np.isnan(audio)] = 0.0
    np.clip(audio, -1, 1, out=audio)
    if native_hz != rate_hz:
        audio = soxr.resample(audio, native_hz, rate_hz)
        np.clip(audio, -1, 1, out=audio)
    return round(first / native_hz * rate_hz), audio

"""Pitch of audio: the notes of an octave that sound, and the fundamental of a voice."""

import functools

import librosa
import numpy as np

from mmfusion.features.spectrum import FLOOR, frame_moments, power_spectrum

NOTES = 12
PERIODIC = 0.5


def extract_chroma(
    samples: np.ndarray, rate_hz: int, *, window_s: float = 0.128, hop_s: float = 0.010
) -> np.ndarray:
    """Describes how strongly each note sounds around each moment, whatever its octave.

    Args:
        samples: float array `(S,)` in [-1, 1].
        rate_hz: int. Samples per second.
        window_s: float. Length of the window around a moment.
        hop_s: float. From a moment to the next; moment t is at `t * hop_s`.

    Returns:
        float32 array `(T, 12)` from C to B, T being `S // hop + 1`, the loudest note being 1.
        Silence yields zeros, no samples yield no rows.

    Raises:
        ValueError: if `samples` is not finite mono audio, or if a length is under one sample.

    Example:

    >>> a4 = np.sin(2 * np.pi * 440 * np.arange(8000) / 8000)
    >>> int(extract_chroma(a4, 8000)[50].argmax())
    9
    """
    frames = frame_moments(samples, rate_hz, window_s=window_s, hop_s=hop_s)
    chroma = power_spectrum(frames) @ _notes(rate_hz, frames.shape[1])  # (T, 12)
    strongest = chroma.max(axis=1, keepdims=True)
    return (chroma / np.maximum(strongest, FLOOR)).astype(np.float32)


def extract_pitch(
    samples: np.ndarray,
    rate_hz: int,
    *,
    lowest_hz: float = 65.0,
    highest_hz: float = 500.0,
    hop_s: float = 0.010,
) -> np.ndarray:
    """Finds the fundamental around each moment by YIN, and how periodic the audio is there.

    Args:
        samples: float array `(S,)` in [-1, 1].
        rate_hz: int. Samples per second.
        lowest_hz: float.
        highest_hz: float. Below a quarter of the rate.
        hop_s: float. From a moment to the next; moment t is at `t * hop_s`.

    Returns:
        float32 array `(T, 2)`, T being `S // hop + 1`: the fundamental in Hz, 0 where the audio is
        not periodic, and the correlation with itself a period later, from 0 to 1. Silence yields
        zeros, no samples yield no rows.

    Raises:
        ValueError: if `samples` is not finite mono audio, or if a setting is out of range.

    Example:

    >>> sound = np.sin(2 * np.pi * 200 * np.arange(8000) / 8000)
    >>> extract_pitch(sound, 8000)[50].round()
    array([201.,   1.], dtype=float32)

    Reference:
        [de Cheveigné and Kawahara, 2002](https://doi.org/10.1121/1.1458024)
    """
    if not 0 < lowest_hz < highest_hz < rate_hz / 4:
        raise ValueError(
            "`lowest_hz` and `highest_hz` must rise and lie between 0 and a quarter of the rate. "
            f"Received: lowest_hz={lowest_hz}, highest_hz={highest_hz}, rate_hz={rate_hz}"
        )
    window_s = 4 / lowest_hz
    frames = frame_moments(samples, rate_hz, window_s=window_s, hop_s=hop_s)
    loud = np.square(frames).mean(axis=1) > FLOOR
    found = np.zeros((len(frames), 2), np.float32)
    if not loud.any():
        return found
    window = frames.shape[1]
    sound = np.reshape(frames[loud], -1)  # frames end to end, so that each is read once
    hz = librosa.yin(
        sound,
        fmin=lowest_hz,
        fmax=highest_hz,
        sr=rate_hz,
        frame_length=window,
        hop_length=window,
        center=False,
    )
    periodicity = _self_likeness(frames[loud], rate_hz / hz)
    found[loud, 0] = np.where(periodicity > PERIODIC, hz, 0)
    found[loud, 1] = periodicity
    return found


def _self_likeness(frames, periods):
    """Correlation `(T,)` of each frame with itself a period later."""
    window = frames.shape[1]
    at = np.arange(window // 2)
    late = at + np.minimum(np.round(periods).astype(int), window // 2)[:, None]
    now, later = frames[:, at], np.take_along_axis(frames, late, axis=1)
    scale = np.sqrt(np.sum(now**2, axis=1) * np.sum(later**2, axis=1))
    return np.clip(np.sum(now * later, axis=1) / np.maximum(scale, FLOOR), 0, 1)


@functools.cache
def _notes(rate_hz, window):
    """Weights of the lines of a spectrum for each note, `(lines, 12)`."""
    return librosa.filters.chroma(sr=rate_hz, n_fft=window, n_chroma=NOTES).T

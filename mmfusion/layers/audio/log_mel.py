"""Waveform to log-mel spectrogram, step by step."""

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from mmfusion.ops.band_power import band_power

WINDOW_S = 0.025
LOWEST_HZ = 20.0
FLOOR = 1e-6
SPREAD = 4.0


def mel_bands(bins: int, lines: int, sample_rate_hz: int) -> np.ndarray:
    """Triangular bands, evenly spaced on the HTK mel scale, each one high at its middle.

    Args:
        bins: int. Bands F.
        lines: int. Lines of the spectrum, from 0 Hz to half the sample rate.
        sample_rate_hz: int.

    Returns:
        float32 array `(lines, F)`.

    Example:

    >>> mel_bands(2, 5, 8000).round(2)
    array([[0.  , 0.  ],
           [0.7 , 0.3 ],
           [0.  , 0.92],
           [0.  , 0.46],
           [0.  , 0.  ]], dtype=float32)
    """
    lowest, highest = 2595 * np.log10(1 + np.array([LOWEST_HZ, sample_rate_hz / 2]) / 700)
    edges = 700 * (10 ** (np.linspace(lowest, highest, bins + 2) / 2595) - 1)  # (F + 2,)
    line_hz = np.linspace(0, sample_rate_hz / 2, lines)[:, None]
    rising = (line_hz - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - line_hz) / (edges[2:] - edges[1:-1])
    return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)


@keras.saving.register_keras_serializable("mmfusion")
class LogMel(keras.layers.Layer):
    """The logarithm of the power in mel bands, `frames` evenly spaced frames for each step.

    A frame is a Hann window of 25 ms that starts within its step and may reach into the next. Bands
    run from 20 Hz to half the sample rate on the HTK mel scale. Each band of
    `log(power + 1e-6) / 4` is relative to its mean over the clip, which takes the microphone
    and the loudness of a recording away.

    Args:
        sample_rate_hz: int.
        bins: int. Mel bands F.
        frames: int. Frames P of a step.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        samples: float tensor `(B, T, S)` in [-1, 1].
        mask: bool tensor `(B, T)`.

    Returns:
        Float tensor `(B, T, P, F)`, computed in single precision; zeros where the mask is False.

    Example:

    >>> audio, mask = np.zeros((1, 4, 2000), "float32"), np.ones((1, 4), bool)
    >>> LogMel(16000, bins=64, frames=12)(audio, mask).shape
    TensorShape([1, 4, 12, 64])
    """

    def __init__(self, sample_rate_hz: int, bins: int, frames: int, **kwargs: Any) -> None:
        super().__init__(autocast=False, **kwargs)
        self.sample_rate_hz = sample_rate_hz
        self.bins = bins
        self.frames = frames

    def call(self, samples: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
        steps, size = samples.shape[1] or tf.shape(samples)[1], samples.shape[2]
        window = max(2, round(WINDOW_S * self.sample_rate_hz))
        audio = tf.where(mask[:, :, None], tf.cast(samples, tf.float32), 0.0)
        audio = tf.pad(tf.reshape(audio, (-1, steps * size)), ((0, 0), (0, window)))
        length = 2 ** (window - 1).bit_length()
        power = band_power(
            audio,
            lambda audio: self._frames(audio, size, window),
            mel_bands(self.bins, length // 2 + 1, self.sample_rate_hz),
            window=tf.signal.hann_window(window),
            length=length,
        )
        level = tf.math.log(power + FLOOR) / SPREAD  # (B, T * P, F)
        level = tf.reshape(level, (-1, steps, self.frames, self.bins))
        here = tf.cast(mask, tf.float32)[:, :, None, None]
        count = self.frames * tf.reduce_sum(here, axis=1, keepdims=True)
        mean = tf.reduce_sum(here * level, axis=[1, 2], keepdims=True) / tf.maximum(count, 1.0)
        return tf.cast(here * (level - mean), self.compute_dtype)

    def _frames(self, audio, size, window):
        """The frames of one clip with a window of silence after it, `(T * P, window)`."""
        steps = tf.signal.frame(audio, size + window, size)  # (T, S + window)
        starts = [at * size // self.frames for at in range(self.frames)]
        frames = tf.stack([steps[:, start : start + window] for start in starts], axis=1)
        return tf.reshape(frames, (-1, window))

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "sample_rate_hz": self.sample_rate_hz,
            "bins": self.bins,
            "frames": self.frames,
        }

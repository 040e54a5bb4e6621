"""Waveform to mel-frequency cepstral coefficients, inside the graph."""

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from scipy.fft import dct

from mmfusion.ops.band_power import band_power

FLOOR = 1e-10
KNEE_HZ, KNEE_MEL = 1000.0, 15.0  # below, Slaney's scale is linear; above, 27 mel are a factor 6.4
MEL_A_LOG = 27 / np.log(6.4)


def slaney_bands(bins: int, lines: int, sample_rate_hz: int) -> np.ndarray:
    """Triangular bands of one area each, evenly spaced on Slaney's mel scale.

    Args:
        bins: int. Bands F, up to half the rate.
        lines: int. Lines of the spectrum, from 0 Hz to half the sample rate.
        sample_rate_hz: int.

    Returns:
        float32 array `(lines, F)`.

    Example:

    >>> slaney_bands(1, 3, 2000).round(4)
    array([[0.   ],
           [0.002],
           [0.   ]], dtype=float32)
    """
    half_hz = sample_rate_hz / 2
    highest = KNEE_MEL * half_hz / KNEE_HZ
    if half_hz > KNEE_HZ:
        highest = KNEE_MEL + MEL_A_LOG * np.log(half_hz / KNEE_HZ)
    mel = np.linspace(0, highest, bins + 2)  # (F + 2,)
    over = KNEE_HZ * np.exp(np.maximum(mel - KNEE_MEL, 0) / MEL_A_LOG)
    edges_hz = np.where(mel < KNEE_MEL, mel * KNEE_HZ / KNEE_MEL, over)
    low_hz, middle_hz, high_hz = edges_hz[:-2], edges_hz[1:-1], edges_hz[2:]
    line_hz = np.linspace(0, half_hz, lines)[:, None]
    rising = (line_hz - low_hz) / (middle_hz - low_hz)
    falling = (high_hz - line_hz) / (high_hz - middle_hz)
    heights = np.maximum(0, np.minimum(rising, falling))
    return (heights * 2 / (high_hz - low_hz)).astype(np.float32)


@keras.saving.register_keras_serializable("mmfusion")
class MFCC(keras.layers.Layer):
    """Returns the coefficients that `librosa.feature.mfcc` returns, in a model and its export.

    Slaney's mel bands of the power under a Hann window, in decibels above 1e-10, under an
    orthonormal cosine transform; moment t is at `t * hop_s`. librosa by default also cuts off what
    is 80 dB below the loudest of all its clips; here a clip does not depend on others.

    Args:
        sample_rate_hz: int.
        coefficients: int. Coefficients K, at most `bands`.
        bands: int. Mel bands up to half the rate.
        window_s: float. Length of the window of a moment.
        hop_s: float. From a moment to the next.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        samples: float tensor `(B, S)` in [-1, 1].

    Returns:
        Float tensor `(B, S // hop + 1, K)`, computed in single precision.

    Raises:
        ValueError: if a setting is out of range.

    Example:

    >>> MFCC(16000)(np.zeros((2, 1600), "float32")).shape
    TensorShape([2, 11, 20])

    Reference:
        [Davis and Mermelstein, 1980](https://doi.org/10.1109/TASSP.1980.1163420)
    """

    def __init__(
        self,
        sample_rate_hz: int,
        *,
        coefficients: int = 20,
        bands: int = 40,
        window_s: float = 0.032,
        hop_s: float = 0.010,
        **kwargs: Any,
    ) -> None:
        super().__init__(autocast=False, **kwargs)
        if not 1 <= coefficients <= bands:
            raise ValueError(
                "`coefficients` must be at least 1 and at most `bands`. "
                f"Received: coefficients={coefficients}, bands={bands}"
            )
        self.sample_rate_hz = sample_rate_hz
        self.coefficients = coefficients
        self.bands = bands
        self.window_s = window_s
        self.hop_s = hop_s
        self.window, self.hop = round(window_s * sample_rate_hz), round(hop_s * sample_rate_hz)
        if self.window < 2 or self.hop < 1:
            raise ValueError(
                "`window_s` must be at least two samples and `hop_s` at least one. "
                f"Received: window_s={window_s}, hop_s={hop_s}, sample_rate_hz={sample_rate_hz}"
            )

    def call(self, samples: keras.KerasTensor) -> keras.KerasTensor:
        size = tf.shape(samples)[1]
        moments, before = size // self.hop + 1, self.window // 2
        after = tf.maximum((moments - 1) * self.hop + self.window - before - size, 0)
        padded = tf.pad(tf.cast(samples, tf.float32), ((0, 0), (before, after)))
        power = band_power(
            padded,
            lambda audio: tf.signal.frame(audio, self.window, self.hop),  # (T, window)
            slaney_bands(self.bands, self.window // 2 + 1, self.sample_rate_hz),
            window=tf.signal.hann_window(self.window),
            length=self.window,
        )
        power = tf.reshape(power, (-1, moments, self.bands))  # no clips have no shape of their own
        level_db = 10 / np.log(10) * tf.math.log(tf.maximum(power, FLOOR))
        cosines = dct(np.eye(self.bands, dtype=np.float32), norm="ortho")[:, : self.coefficients]
        return tf.cast(level_db @ cosines, self.compute_dtype)

    def compute_output_shape(self, samples_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        batch, size = samples_shape
        return (batch, None if size is None else size // self.hop + 1, self.coefficients)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "sample_rate_hz": self.sample_rate_hz,
            "coefficients": self.coefficients,
            "bands": self.bands,
            "window_s": self.window_s,
            "hop_s": self.hop_s,
        }

"""Power of audio in bands, a clip at a time, so that each stays in the processor's cache."""

from collections.abc import Callable

import numpy as np
import tensorflow as tf


def band_power(
    audio: tf.Tensor,
    frame: Callable[[tf.Tensor], tf.Tensor],
    bands: np.ndarray,
    *,
    window: tf.Tensor,
    length: int,
) -> tf.Tensor:
    """How much power each moment of each clip has in each band.

    Args:
        audio: float32 tensor `(B, S)`.
        frame: function of the samples of one clip `(S,)` that returns its moments `(N, W)`.
        bands: float32 array `(length // 2 + 1, F)`, the weights of the lines of the spectrum.
        window: float32 tensor `(W,)` that each moment is multiplied with.
        length: int. Length of the Fourier transform, at least W.

    Returns:
        float32 tensor `(B, N, F)`.

    Example:

    >>> audio, bands = np.ones((2, 8), "float32"), np.eye(3, dtype="float32")
    >>> band_power(
    ...     audio,
    ...     lambda samples: tf.reshape(samples, (2, 4)),
    ...     bands,
    ...     window=tf.ones(4),
    ...     length=4,
    ... ).numpy()[0]
    array([[16.,  0.,  0.],
           [16.,  0.,  0.]], dtype=float32)
    """

    def of_clip(samples):
        spectrum = tf.signal.rfft(frame(samples) * window, [length])  # (N, length // 2 + 1)
        power = tf.square(tf.math.real(spectrum)) + tf.square(tf.math.imag(spectrum))
        return power @ bands

    return tf.map_fn(of_clip, audio)

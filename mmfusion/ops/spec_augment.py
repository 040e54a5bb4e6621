"""SpecAugment: a random band and a random stretch of a spectrogram set to zero."""

import tensorflow as tf

from mmfusion.ops.tensorflow_io import tfio


def spec_augment(spectrogram: tf.Tensor, *, bins: int, frames: int, seed: tf.Tensor) -> tf.Tensor:
    """Masks up to `bins` bands and up to `frames` frames of each spectrogram.

    Uses tensorflow-io's `freq_mask` and `time_mask`, and `tf.random` alone where that is absent.

    Args:
        spectrogram: float tensor `(B, frames, F)`, centred so that zero is neutral.
        bins: int. The mask is narrower than this many bands; 0 for none.
        frames: int. The mask is shorter than this many frames; 0 for none.
        seed: int64 tensor `(2,)`. Used by the fallback; tensorflow-io draws from the graph's seed.

    Returns:
        Tensor like `spectrogram`.

    Reference:
        [Park et al., 2019](https://arxiv.org/abs/1904.08779)
    """
    if tfio is None:
        spectrogram = _mask_axis(spectrogram, 2, bins, seed)
        return _mask_axis(spectrogram, 1, frames, seed + 1)

    def mask_one(clip):
        clip = tfio.audio.freq_mask(clip, bins) if bins else clip
        return tfio.audio.time_mask(clip, frames) if frames else clip

    masked = tf.map_fn(mask_one, spectrogram, parallel_iterations=1)  # in order
    return tf.ensure_shape(masked, spectrogram.shape)


def _mask_axis(spectrogram, axis, widest, seed):
    """Zeroes a stretch of random width and place along `axis`, one for each clip."""
    if not widest:
        return spectrogram
    shape = tf.shape(spectrogram)
    draws = tf.random.stateless_uniform((2, shape[0], 1), seed)
    width = tf.floor(draws[0] * float(widest))  # (B, 1)
    length = tf.cast(shape[axis], tf.float32)
    start = tf.floor(draws[1] * tf.maximum(length - width, 1))  # (B, 1)
    at = tf.range(length)[None]  # (1, length)
    keep = (at < start) | (at >= start + width)  # (B, length)
    return tf.where(tf.expand_dims(keep, 3 - axis), spectrogram, 0)

"""White noise under the audio of aligned clips, as loud as a signal-to-noise ratio says."""

import tensorflow as tf

from mmfusion.specs import MASK_SUFFIX


def add_noise(
    clip: dict[str, tf.Tensor], snr_db: float | tf.Tensor, seed: tf.Tensor
) -> dict[str, tf.Tensor]:
    """Adds white noise to the audio of aligned clips, where there is audio.

    Args:
        clip: dict of tensors by modality and their masks, of one clip, `(T, ...)` and `(T,)`, or of
            a batch of them; without `audio` it is left as it is.
        snr_db: float or scalar tensor. Power of each clip's audio to that of its noise, in dB. What
            comes above 1 is not cut off, so that the ratio holds. Infinite for no noise.
        seed: int64 tensor `(2,)`. Same seed, same noise.

    Returns:
        Dict like `clip`. Silence stays silent.

    Example:

    >>> clip = {"audio": np.ones((4, 2000), "float32"), "audio_mask": np.ones(4, bool)}
    >>> noise = add_noise(clip, -10.0, [0, 0])["audio"] - 1
    >>> round(float(tf.reduce_mean(noise**2)))
    10
    """
    if "audio" not in clip:
        return clip
    audio, mask = clip["audio"], clip["audio" + MASK_SUFFIX]
    present = tf.cast(mask, tf.float32)[..., None]  # (..., T, 1)
    there = present * tf.ones_like(audio)
    power = tf.math.divide_no_nan(
        tf.reduce_sum(tf.square(audio) * there, axis=(-2, -1), keepdims=True),
        tf.reduce_sum(there, axis=(-2, -1), keepdims=True),
    )  # (..., 1, 1)
    noise = tf.random.stateless_normal(tf.shape(audio), seed)
    level = tf.sqrt(power * 10.0 ** (-tf.cast(snr_db, tf.float32) / 10))
    return {**clip, "audio": audio + level * noise * there}

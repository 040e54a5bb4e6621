"""Waveforms from one rate to another, inside the graph."""

import tensorflow as tf

from mmfusion.media.resampling import resample_audio
from mmfusion.ops.tensorflow_io import tfio

TAPS = 64  # of the filter of tensorflow-io, at the lower of both rates


def resample(audio: tf.Tensor, rate_hz: int, wanted_hz: int) -> tf.Tensor:
    """Resamples waveforms in a `tf.data` map or a model.

    tensorflow-io does it, and its delay is taken away: what was heard at a time is heard at the
    same time after. Where it is absent PyAV's resampler does, in Python, which no export can carry;
    and to load an export that holds this, `import tensorflow_io` first.

    Args:
        audio: float32 tensor `(B, S)`.
        rate_hz: int or int tensor. Samples per second.
        wanted_hz: int. Samples per second of the result.

    Returns:
        float32 tensor `(B, round(S * wanted_hz / rate_hz))`, half a sample rounded up.

    Raises:
        ValueError: if a rate is not positive.

    Example:

    >>> mm.preprocessing.resample(np.ones((2, 80), "float32"), 8000, 16000).shape
    TensorShape([2, 160])
    """
    if wanted_hz < 1 or (not tf.is_tensor(rate_hz) and rate_hz < 1):
        raise ValueError(
            "`rate_hz` and `wanted_hz` must be at least 1. "
            f"Received: rate_hz={rate_hz}, wanted_hz={wanted_hz}"
        )
    audio = tf.convert_to_tensor(audio, tf.float32)
    rate_hz, wanted_hz = tf.cast(rate_hz, tf.int64), tf.cast(wanted_hz, tf.int64)
    by = _by_av if tfio is None else _by_tensorflow_io
    resampled = tf.cond(
        tf.equal(rate_hz, wanted_hz), lambda: audio, lambda: by(audio, rate_hz, wanted_hz)
    )
    return tf.ensure_shape(resampled, (audio.shape[0], None))


def _by_av(audio, rate_hz, wanted_hz):
    def of_clip(samples):
        return tf.numpy_function(resample_audio, [samples, rate_hz, wanted_hz], tf.float32)

    return _each(of_clip, audio)


def _by_tensorflow_io(audio, rate_hz, wanted_hz):
    """Its filter answers late and swallows the end: silence before and after mends both.

    As much goes before that the delay is a whole number of samples at both rates.
    """
    taps = (TAPS * tf.maximum(rate_hz, wanted_hz) // wanted_hz + 7) // 8 * 8
    size = tf.shape(audio, tf.int64)[1]
    period = rate_hz // _greatest_divisor(rate_hz, wanted_hz)
    before = tf.math.floormod(-taps // 2, period)
    late = (taps // 2 + before) * wanted_hz // rate_hz
    count = (2 * size * wanted_hz + rate_hz) // (2 * rate_hz)
    padded = tf.pad(audio, ((0, 0), (before, taps + period)))

    def of_clip(samples):
        return tfio.audio.resample(samples, rate_hz, wanted_hz)[late : late + count]

    return _each(of_clip, padded)


def _each(function, audio):
    """Maps clips; a silent one stands in for none, which `map_fn` cannot stack."""
    clips, kind = tf.shape(audio)[0], tf.TensorSpec((None,), tf.float32)
    some = tf.pad(audio, ((0, tf.cast(clips == 0, tf.int32)), (0, 0)))
    return tf.map_fn(function, some, fn_output_signature=kind)[:clips]  # (B, S)


def _greatest_divisor(one, other):
    (found, _) = tf.while_loop(lambda a, b: b > 0, lambda a, b: (b, a % b), (one, other))
    return found

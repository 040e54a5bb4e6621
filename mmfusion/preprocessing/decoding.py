"""The bytes of an audio file as a waveform, inside the graph."""

import tempfile

import numpy as np
import tensorflow as tf

from mmfusion.media.errors import DecodeError
from mmfusion.media.reader import read_media
from mmfusion.ops.audio_header import (
    flac_header,
    mp3_rate_hz,
    octets,
    packed,
    starts,
    vorbis_rate_hz,
    wav_header,
)
from mmfusion.ops.tensorflow_io import tfio
from mmfusion.preprocessing.resampling import resample

READABLE = "Expected a whole wav, flac, mp3 or ogg (Vorbis) file"


def decode_audio(contents: tf.Tensor, rate_hz: int) -> tf.Tensor:
    """Decodes an audio file of a corpus that is trusted, in a `tf.data` map or a model.

    tensorflow-io does it. Where it is absent PyAV does, in Python, which no export can carry; and
    to load an export that holds this, `import tensorflow_io` first. Files of strangers are for
    `mm.media.read_audio` in a child process.

    Args:
        contents: string tensor, the bytes of one wav, flac, mp3 or ogg (Vorbis) file.
        rate_hz: int. Samples per second of the result.

    Returns:
        float32 tensor `(S,)` in [-1, 1], the mean of the channels.

    Raises:
        InvalidArgumentError: where it runs, if the bytes are of no such file, or cut off.

    Example:

    >>> import tempfile
    >>> import tensorflow as tf
    >>> folder = tempfile.mkdtemp()
    >>> mm.media.write_audio(f"{folder}/a.wav", np.zeros(800, "float32"), 8000)
    >>> files = tf.data.Dataset.list_files(f"{folder}/*.wav").map(tf.io.read_file)
    >>> [audio.shape for audio in files.map(lambda x: mm.preprocessing.decode_audio(x, 16000))]
    [TensorShape([1600])]
    """
    decode = _by_av if tfio is None else _by_tensorflow_io
    samples, native_hz = decode(tf.convert_to_tensor(contents, tf.string))
    samples = tf.where(tf.math.is_nan(samples), 0.0, samples)
    return tf.clip_by_value(resample(samples[None], native_hz, rate_hz)[0], -1.0, 1.0)


def _by_av(contents):
    inputs = [tf.io.decode_raw(contents, tf.uint8)]
    samples, rate_hz = tf.numpy_function(_read, inputs, (tf.float32, tf.int64))
    return tf.ensure_shape(samples, (None,)), tf.ensure_shape(rate_hz, ())


def _read(contents):
    """Samples and rate of a file's bytes, a uint8 array."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(contents.tobytes())
        file.flush()
        try:
            media = read_media(file.name, window_s=(0.0, None))
        except DecodeError as error:
            raise ValueError(f"{READABLE}. {error.reason}") from error
    audio = media.audio
    if audio is None or media.truncated:
        raise ValueError(f"{READABLE}. Received bytes: {len(contents)}")
    return audio.samples[audio.start : audio.stop], np.int64(audio.rate_hz)


def _by_tensorflow_io(contents):
    """Headers first: tensorflow-io reports no rates, and an empty ogg file ends its process."""
    return tf.case(
        [
            (starts(contents, b"RIFF") & starts(contents, b"WAVE", 8), lambda: _wav(contents)),
            (starts(contents, b"fLaC"), lambda: _flac(contents)),
            (starts(contents, b"OggS") & starts(contents, b"\1vorbis", 28), lambda: _ogg(contents)),
            (mp3_rate_hz(contents) > 0, lambda: _mp3(contents)),
        ],
        default=lambda: _refused(contents),
    )


def _wav(contents):
    header = wav_header(contents)
    plain = tf.cond(header["whole"], lambda: _plain(contents, header), lambda: b"")

    def read(dtype, kept_in=None):
        samples = tfio.audio.decode_wav(plain, dtype=kept_in or dtype)
        return _mono(tf.bitcast(samples, dtype)), header["rate_hz"]

    counted, bits = header["whole"] & (header["code"] == 1), header["bits"]
    return tf.case(
        [
            (counted & (bits == 8), lambda: read(tf.uint8)),
            (counted & (bits == 16), lambda: read(tf.int16)),
            (counted & (bits == 24), lambda: read(tf.int32)),
            (counted & (bits == 32), lambda: read(tf.int32, kept_in=tf.float32)),
            (header["whole"] & (header["code"] == 3) & (bits == 32), lambda: read(tf.float32)),
        ],
        default=lambda: _refused(contents),
    )


def _plain(contents, header):
    """A wav file of the two chunks that count; tensorflow-io stops at some of the others."""
    kept = [tf.strings.substr(contents, *header[name]) for name in ("format", "data")]
    size = 4 + tf.add_n([place[1] for place in (header["format"], header["data"])])
    return tf.strings.join([b"RIFF", packed(size), b"WAVE", *kept])


def _flac(contents):
    rate_hz, bits = flac_header(contents)

    def read(dtype):
        return _mono(tfio.audio.decode_flac(contents, dtype=dtype)), rate_hz

    depths = {8: tf.uint8, 16: tf.int16, 24: tf.int32}
    return tf.case(
        [(bits == depth, lambda kind=kind: read(kind)) for depth, kind in depths.items()],
        default=lambda: _refused(contents),
    )


def _ogg(contents):
    return _mono(tfio.audio.decode_vorbis(contents)), vorbis_rate_hz(contents)


def _mp3(contents):
    return _mono(tfio.audio.decode_mp3(contents)), mp3_rate_hz(contents)


def _mono(samples):
    """Samples `(S, channels)` of any kind as float32 `(S,)`, whole numbers in [-1, 1)."""
    levels = tf.cast(samples, tf.float32)
    if samples.dtype.is_unsigned:
        levels = levels / 128 - 1
    elif samples.dtype.is_integer:
        levels = levels / -float(samples.dtype.min)
    return tf.ensure_shape(tf.reduce_mean(levels, axis=1), (None,))


def _refused(contents):
    message = [READABLE, "Received bytes:", tf.strings.length(contents), octets(contents, 0, 16)]
    with tf.control_dependencies([tf.debugging.Assert(False, message)]):
        return tf.zeros((0,)), tf.constant(1, tf.int64)

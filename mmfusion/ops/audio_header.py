"""What the first bytes of an audio file say of it, read inside the graph."""

from typing import Any

import tensorflow as tf

MP3_RATES_HZ = 44_100, 48_000, 32_000
MP3_RATE_PARTS = 4, 1, 2, 1  # MPEG 2.5, none, MPEG 2, MPEG 1


def wav_header(contents: tf.Tensor) -> dict[str, Any]:
    """Where the format and the samples of a wav file are, and what the format says.

    Args:
        contents: string tensor, the bytes of the file.

    Returns:
        dict of int64 tensors: `format` and `data`, pairs of the place and the number of bytes of a
        chunk with its head; `code` (1 for whole numbers, 3 for floats), `bits` of a sample,
        `rate_hz`; and of a bool tensor, `whole`: whether all of both chunks is there.
    """
    place, size = _chunk(contents, b"fmt ")
    start, length = _chunk(contents, b"data")
    code = number(contents, place + 8, 2)
    code = tf.where(code == 0xFFFE, number(contents, place + 32, 2), code)  # the extended format
    return {
        "format": (place, size),
        "data": (start, length),
        "code": code,
        "bits": number(contents, place + 22, 2),
        "rate_hz": number(contents, place + 12, 4),
        "whole": tf.maximum(place + size, start + length) <= _length(contents),
    }


def flac_header(contents: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Rate in Hz and bits of a sample of a flac file, as int64 tensors."""
    packed_bits = number(contents, 18, 4, order="big")  # 20 bits of rate, 3 of channels, 5 of bits
    return packed_bits // 4096, packed_bits // 16 % 32 + 1


def vorbis_rate_hz(contents: tf.Tensor) -> tf.Tensor:
    """Rate in Hz of an ogg file with Vorbis, as int64 tensor."""
    return number(contents, 40, 4)


def mp3_rate_hz(contents: tf.Tensor) -> tf.Tensor:
    """Rate in Hz of an mp3 file, as int64 tensor; 0 where no frame of MPEG layer III starts."""
    sizes = octets(contents, 6, 4)  # of the tag before, 7 bits a byte
    tag = 10 + tf.reduce_sum(sizes * [1 << 21, 1 << 14, 1 << 7, 1])
    frame = octets(contents, tf.where(starts(contents, b"ID3"), tag, 0), 3)
    kind, rate = frame[1] // 8 % 4, frame[2] // 4 % 4
    rates_hz = tf.constant((*MP3_RATES_HZ, 0), tf.int64)
    known = (frame[0] == 0xFF) & (frame[1] & 0xE6 == 0xE2) & (kind != 1)
    return tf.where(known, rates_hz[rate] // tf.constant(MP3_RATE_PARTS, tf.int64)[kind], 0)


def starts(contents: tf.Tensor, mark: bytes, at: int | tf.Tensor = 0) -> tf.Tensor:
    """Whether some bytes stand at a place, as bool tensor."""
    return tf.reduce_all(octets(contents, at, len(mark)) == list(mark))


def number(
    contents: tf.Tensor, at: int | tf.Tensor, count: int, *, order: str = "little"
) -> tf.Tensor:
    """The whole number that `count` bytes are, as int64 tensor."""
    places = range(count) if order == "little" else range(count - 1, -1, -1)
    return tf.reduce_sum(octets(contents, at, count) * [256**place for place in places])


def packed(number: tf.Tensor) -> tf.Tensor:
    """A whole number as a string of four bytes, the lowest first."""
    every = tf.constant([bytes([value]) for value in range(256)])
    return tf.strings.reduce_join(tf.gather(every, number // [1, 1 << 8, 1 << 16, 1 << 24] % 256))


def octets(contents: tf.Tensor, at: int | tf.Tensor, count: int) -> tf.Tensor:
    """`count` bytes from a place on, as int64 tensor `(count,)`; zeros beyond the end."""
    at = tf.minimum(tf.cast(at, tf.int64), _length(contents))
    part = tf.strings.substr(contents, at, tf.constant(count, tf.int64))
    return tf.cast(tf.io.decode_raw(part, tf.uint8, fixed_length=count), tf.int64)


def _length(contents):
    return tf.cast(tf.strings.length(contents), tf.int64)


def _chunk(contents, name):
    """The place and the number of bytes of a chunk of a wav file, its head of 8 bytes included."""

    def another(at):
        return (at < _length(contents)) & ~starts(contents, name, at)

    def following(at):
        size = number(contents, at + 4, 4)
        return (at + 8 + size + size % 2,)

    (at,) = tf.while_loop(another, following, (tf.constant(12, tf.int64),))
    return at, 8 + number(contents, at + 4, 4)

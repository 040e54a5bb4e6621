"""Writers of small real media files: any timestamps, codecs, channel layouts and offsets."""

import fractions

import av
import numpy as np
import pytest

MS = fractions.Fraction(1, 1000)


def _grey(level, size):
    width_px, height_px = size
    return np.full((height_px, width_px, 3), level, np.uint8)


def _write_pictures(container, stream, stamps_ms, levels, size):
    for stamp_ms, level in zip(stamps_ms, levels, strict=True):
        frame = av.VideoFrame.from_ndarray(_grey(level, size), "rgb24")
        frame.pts, frame.time_base = stamp_ms, MS
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _write_sound(container, stream, samples, rate_hz, start_ms):
    planes = np.atleast_2d(np.float32(samples))  # (channels, samples)
    packed = stream.codec_context.format.name
    if packed == "flt":
        frame = av.AudioFrame.from_ndarray(planes.T.reshape(1, -1), "flt", stream.layout.name)
    else:
        frame = av.AudioFrame.from_ndarray(planes, "fltp", stream.layout.name)
    frame.sample_rate, frame.pts = rate_hz, round(start_ms * rate_hz / 1000)
    container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


@pytest.fixture
def write_media():
    """A function that writes grey pictures at `stamps_ms` and samples `(channels, N)` to a file."""

    def write(path, stamps_ms=(), samples=None, **given):
        settings = {
            "levels": [20 + 5 * i for i in range(len(stamps_ms))],
            "size": (64, 48),
            "codec": "libx264",
            "options": {},
            "rotation": 0,
            "sound": "aac",
            "layout": "mono",
            "rate_hz": 16_000,
            "start_ms": 0,
            "muxer": {},
            **given,
        }
        with av.open(str(path), "w", options=settings["muxer"]) as container:
            if len(stamps_ms):
                picture = container.add_stream(settings["codec"], rate=1000)
                picture.width, picture.height = settings["size"]
                odd = picture.width % 2 or picture.height % 2
                picture.pix_fmt = "yuv444p" if odd else "yuv420p"
                picture.codec_context.time_base = MS
                picture.options = {"crf": "10", **settings["options"]}
                if settings["rotation"]:
                    picture.set_display_rotation(settings["rotation"])
            if samples is not None:
                rate_hz = settings["rate_hz"]
                sound = container.add_stream(
                    settings["sound"], rate=rate_hz, layout=settings["layout"]
                )
            if len(stamps_ms):
                _write_pictures(container, picture, stamps_ms, settings["levels"], settings["size"])
            if samples is not None:
                _write_sound(container, sound, samples, rate_hz, settings["start_ms"])
        return path

    return write


@pytest.fixture
def tone():
    """A function that gives a sine of amplitude 0.4."""

    def make(seconds, hz=440.0, rate_hz=16_000):
        return 0.4 * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate_hz)) / rate_hz)

    return make

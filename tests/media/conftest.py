"""Writers of small real media files: any timestamps, codecs, channel layouts and offsets."""

import fractions
import functools

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


BURNT_SIZE, BURNT_FPS, BURNT_FRAMES = (128, 96), 25, 100
BURNT_BITS = 8
SOUND_HZ = 48_000


def burnt_frame(number):
    """Frame `number` as a grey image (H, W): eight tiles that write it in binary."""
    width_px, height_px = BURNT_SIZE
    tiles = np.array([number >> bit & 1 for bit in range(BURNT_BITS)], np.uint8).reshape(2, 4)
    return np.kron(40 + 170 * tiles, np.ones((height_px // 2, width_px // 4), np.uint8))


@functools.cache
def converted_frame(number, pix_fmt):
    """The same for an encoder; it is converted by way of RGB, as grey has another range."""
    frame = av.VideoFrame.from_ndarray(burnt_frame(number), "gray")
    return frame.reformat(format="rgb24").reformat(format=pix_fmt)


def burnt_numbers(frames):
    """The numbers that are burnt into frames (T, H, W, 3)."""
    count, height_px, width_px, _ = frames.shape
    tiles = frames.reshape(count, 2, height_px // 2, 4, width_px // 4, 3)
    inner = tiles[:, :, height_px // 8 : -height_px // 8, :, width_px // 16 : -width_px // 16]
    bits = inner.mean((2, 4, 5)).reshape(count, BURNT_BITS) > 125
    return bits @ (1 << np.arange(BURNT_BITS))


def burnt_sound(seconds, rate_hz):
    """Noise of the telephone band, which fits itself at no other time."""
    white = np.random.default_rng(0).normal(size=round(seconds * SOUND_HZ))
    spectrum = np.fft.rfft(white)
    hz = np.fft.rfftfreq(len(white), 1 / SOUND_HZ)
    spectrum[(hz < 300) | (hz > 2800)] = 0
    count = round(seconds * rate_hz)
    samples = np.fft.irfft(spectrum[: count // 2 + 1], count)
    return np.clip(0.2 * samples / samples.std(), -0.9, 0.9).astype(np.float32)


def _video_packets(container, codec, start_s, frames, options, pix_fmt):
    stream = container.add_stream(codec, rate=BURNT_FPS)
    stream.width, stream.height = BURNT_SIZE
    stream.pix_fmt, stream.gop_size = pix_fmt, 12
    stream.codec_context.thread_count = 1
    if codec not in ("libx264", "libx265", "libsvtav1"):
        stream.bit_rate = 3_000_000
    stream.options = options
    packets = []
    for number in range(frames):
        frame = converted_frame(number, pix_fmt)
        frame.pts = number + round(start_s * BURNT_FPS)
        frame.time_base = fractions.Fraction(1, BURNT_FPS)
        packets += stream.encode(frame)
    return packets + stream.encode(None)


def _audio_packets(container, codec, start_s, seconds, options):
    rates_hz = av.Codec(codec, "w").audio_rates
    rate_hz = SOUND_HZ if not rates_hz or SOUND_HZ in rates_hz else rates_hz[0]
    rate_hz = {"adpcm_swf": 22_050, "g722": 16_000, "nellymoser": 22_050}.get(codec, rate_hz)
    rate_hz = 8_000 if codec == "libopencore_amrnb" else rate_hz
    stream = container.add_stream(codec, rate=rate_hz, layout="mono", options=options)
    context = stream.codec_context
    resampler = av.AudioResampler(
        context.format.name, "mono", rate_hz, frame_size=context.frame_size or 1024
    )
    frame = av.AudioFrame.from_ndarray(burnt_sound(seconds, rate_hz)[None], "fltp", "mono")
    frame.sample_rate, frame.pts = rate_hz, round(start_s * rate_hz)
    frame.time_base = fractions.Fraction(1, rate_hz)
    packets = []
    for piece in [*resampler.resample(frame), *resampler.resample(None), None]:
        packets += stream.encode(piece)
    return packets


@pytest.fixture
def write_burnt():
    """A function that writes a file with the time burnt into its frames and its audio."""

    def write(path, video=None, audio=None, **given):
        settings = {
            "format": None,
            "start_s": 0.0,
            "frames": BURNT_FRAMES,
            "options": {},
            "pix_fmt": "yuv420p",
            "muxer": {},
            "sound_options": {},
            "keep": lambda packet: True,
            **given,
        }
        start_s, frames = settings["start_s"], settings["frames"]
        with av.open(
            str(path), "w", format=settings["format"], options=settings["muxer"]
        ) as container:
            packets = []
            if video:
                packets += _video_packets(
                    container, video, start_s, frames, settings["options"], settings["pix_fmt"]
                )
            if audio:
                seconds = frames / BURNT_FPS
                packets += _audio_packets(
                    container, audio, start_s, seconds, settings["sound_options"]
                )
            packets = [p for p in packets if p.pts is not None or p.dts is not None]
            packets.sort(key=lambda p: (p.pts if p.dts is None else p.dts) * p.time_base)
            for packet in packets:
                if settings["keep"](packet):
                    container.mux(packet)
        return path

    return write


@pytest.fixture
def read_burnt():
    """A function that returns the numbers burnt into frames (T, H, W, 3)."""
    return burnt_numbers


@pytest.fixture
def burnt_lag():
    """A function of samples and their rate: by how many seconds they are later than was burnt."""

    def lag(samples, rate_hz, seconds=BURNT_FRAMES / BURNT_FPS):
        truth = burnt_sound(seconds, rate_hz)
        size = 1 << (len(samples) + len(truth)).bit_length()
        product = np.fft.rfft(samples, size) * np.fft.rfft(truth, size).conj()
        best = int(np.fft.irfft(product, size).argmax())
        return (best if best < size // 2 else best - size) / rate_hz

    return lag

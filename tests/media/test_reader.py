"""Whole clips: alignment of picture and sound, truncation, damage and bombs."""

import fractions

import av
import numpy as np
import pytest

from mmfusion.media.errors import DecodeError
from mmfusion.media.probe import probe
from mmfusion.media.reader import read_media
from mmfusion.media.sandbox import sandboxed_map

TIMES_S = (np.arange(16) + 0.5) / 8  # 16 steps of a clip of 2 s


def read(path):
    return read_media(path, times_s=TIMES_S, size_px=16, window_s=(0.0, 2.0), rate_hz=16_000)


@pytest.fixture
def flash(write_media):
    """A function that writes 2 s of dark with a flash and a beep, both at `at_s`."""

    def write(path, at_s=1.0, start_ms=0, **settings):
        stamps_ms = [start_ms + 40 * i for i in range(50)]
        levels = [230 if 0 <= stamp / 1000 - at_s < 0.2 else 30 for stamp in stamps_ms]
        samples = np.zeros(32_000)
        beep = slice(round(at_s * 16_000), round(at_s * 16_000) + 3_200)
        samples[beep] = 0.5 * np.sin(2 * np.pi * 600 * np.arange(3_200) / 16_000)
        return write_media(path, stamps_ms, samples, levels=levels, **settings)

    return write


def truncate(path, share):
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


def test_nothing_asked_for(tmp_path, flash):
    media = read_media(flash(tmp_path / "a.mp4"))
    assert (media.video, media.audio, media.truncated) == (None, None, False)
    assert media.info.video.width_px == 64


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "mov", "ts"])
@pytest.mark.parametrize("start_ms", [0, 480])
def test_picture_and_sound_stay_together(tmp_path, flash, suffix, start_ms):
    path = flash(tmp_path / f"a.{suffix}", start_ms=start_ms)
    media = read_media(path, times_s=np.arange(0, 2, 0.04), window_s=(0.0, 2.0), rate_hz=16_000)
    bright = media.video.frames.mean((1, 2, 3)) > 120
    seen_s = media.video.times_s[bright].min()
    heard_s = np.flatnonzero(np.abs(media.audio.samples) > 0.1).min() / 16_000
    encoder_delay_s = 0.064 if suffix == "ts" else 0.0  # a transport stream counts it as sound
    assert seen_s == pytest.approx(1.0 + encoder_delay_s, abs=0.0401)
    assert heard_s == pytest.approx(seen_s, abs=0.0401)
    assert not media.truncated
    if start_ms:
        assert not media.video.mask[:5].any()  # before the first picture by more than half a step


@pytest.mark.parametrize(("pictures", "seconds"), [(50, 1.0), (25, 2.0)])
def test_one_stream_is_shorter(tmp_path, write_media, tone, pictures, seconds):
    stamps_ms = range(0, 40 * pictures, 40)
    levels = [90] * pictures
    media = read(write_media(tmp_path / "a.mp4", stamps_ms, tone(seconds), levels=levels))
    assert media.video.mask.sum() == pytest.approx(pictures / 50 * 16, abs=1)
    assert media.audio.stop == pytest.approx(seconds * 16_000, abs=2_048)
    assert not media.truncated


def test_absent_streams(tmp_path, write_media, tone):
    silent = read(write_media(tmp_path / "a.mp4", range(0, 2000, 100)))
    assert silent.audio is None
    assert silent.video.mask.all()
    sound = read(write_media(tmp_path / "a.m4a", samples=tone(2.0)))
    assert sound.video is None
    assert sound.audio.stop == 32_000


@pytest.mark.parametrize(
    ("suffix", "share", "settings"),
    [
        ("mp4", 0.6, {"muxer": {"movflags": "+faststart"}}),
        ("mkv", 0.6, {}),
        ("ts", 0.6, {}),
        ("avi", 0.4, {"codec": "mpeg4", "sound": "libmp3lame"}),
    ],
)
def test_a_cut_file_keeps_its_beginning_and_tells(tmp_path, flash, suffix, share, settings):
    whole = read(flash(tmp_path / f"a.{suffix}", **settings))
    part = read(truncate(tmp_path / f"a.{suffix}", share))
    kept = part.video.mask.sum()
    assert 2 <= kept < 16
    assert part.video.mask[:kept].all()
    assert part.audio.stop < 32_000
    assert part.truncated == (suffix in ("mp4", "mkv"))  # the others promise nothing
    nearest = np.abs(part.video.times_s[: kept - 1] - whole.video.times_s[: kept - 1])
    assert nearest.max() < 0.0625 + 1e-6


def test_cut_with_the_index_at_the_end(tmp_path, flash):
    with pytest.raises(DecodeError) as error:
        read(truncate(flash(tmp_path / "a.mp4"), 0.6))
    assert error.value.kind in ("not_media", "no_streams")


def test_cut_inside_the_first_frame(tmp_path, write_media):
    path = tmp_path / "a.mp4"
    rng = np.random.default_rng(0)
    write_media(path, [0, 40], levels=[10, 200], size=(640, 480), muxer={"movflags": "+faststart"})
    content = path.read_bytes()
    start = content.index(b"mdat") + 4
    path.write_bytes(content[: start + 40] + rng.bytes(3))
    results = list(sandboxed_map(read, [path], workers=1))
    assert isinstance(results[0][1], DecodeError) or not results[0][1].video.mask.all()


def test_bit_flips_never_end_the_parent(tmp_path, flash):
    content = np.frombuffer(flash(tmp_path / "a.mp4").read_bytes(), np.uint8)
    rng = np.random.default_rng(0)
    paths = []
    for i in range(60):
        damaged = content.copy()
        damaged[rng.integers(0, len(content), 1 + i)] ^= np.uint8(1 << rng.integers(8))
        paths.append(tmp_path / f"flipped{i}.mp4")
        paths[-1].write_bytes(damaged.tobytes())
    results = [result for _, result in sandboxed_map(read, paths, workers=2)]
    assert len(results) == 60
    read_well = [result for result in results if not isinstance(result, DecodeError)]
    assert len(read_well) >= 10
    for media in read_well:
        if media.video is not None:
            assert media.video.frames.shape == (16, 16, 16, 3)
        if media.audio is not None:
            assert np.isfinite(media.audio.samples).all()


def test_a_huge_picture_is_refused_by_the_header(tmp_path, flash):
    path = flash(tmp_path / "a.mp4")
    content = path.read_bytes()
    at = content.index(b"avc1", content.index(b"stsd")) + 4 + 24  # width and height, 16 bits each
    path.write_bytes(content[:at] + b"\xff\xff\xff\xff" + content[at + 4 :])
    with pytest.raises(DecodeError) as error:
        read(path)
    assert error.value.kind == "limit_pixels"


def test_a_million_frames_in_a_small_file(tmp_path, flash):
    """One picture that the index repeats a million times."""
    path = flash(tmp_path / "a.mp4")
    content = bytearray(path.read_bytes())
    at = content.index(b"stts") + 8  # number of entries, then count and duration of each
    content[at + 4 : at + 8] = (1_000_000).to_bytes(4, "big")
    path.write_bytes(content)
    ((_, result),) = sandboxed_map(read, [path], workers=1)
    assert isinstance(result, DecodeError) or result.video.frames.shape == (16, 16, 16, 3)


ONE = {  # by suffix: video and audio
    "mp4": ("libx264", "aac"),
    "mov": ("mjpeg", None),
    "mkv": ("libx264", "aac"),
    "webm": ("libvpx-vp9", None),
    "avi": ("mpeg4", None),
    "ts": ("libx264", "aac"),
    "flv": ("flv", None),
    "gif": ("gif", None),
}
PIXELS = {"gif": "rgb8", "mjpeg": "yuvj420p"}


@pytest.mark.parametrize("suffix", ONE)
def test_a_video_of_one_frame_is_a_video(tmp_path, write_burnt, read_burnt, suffix):
    video, audio = ONE[suffix]
    pixels = PIXELS.get(video, "yuv420p")
    path = write_burnt(tmp_path / f"a.{suffix}", video, audio, frames=1, pix_fmt=pixels)
    media = read_media(path, times_s=np.array([0.0625, 0.1875, 0.3125]), window_s=(0.0, None))
    assert media.video.mask.tolist() == [True, False, False]
    assert read_burnt(media.video.frames[:1]).tolist() == [0]
    assert media.video.end_s == pytest.approx(0.05, abs=0.02)
    assert not media.truncated


SLIDES_MS, SLIDE_LEVELS = [0, 2400, 5200], [40, 120, 200]


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts", "avi"])
@pytest.mark.parametrize(
    "times_s", [[0.1, 2.2, 2.6, 5.0, 5.4, 5.9], [2.3, 2.55], [1.1, 3.9], [5.4, 5.5], [2.2], [2.6]]
)
def test_a_slide_stays_until_the_next(tmp_path, write_media, tone, suffix, times_s):
    """As a viewer sees it, though the next is nearer, a keyframe and within half a step."""
    codec, sound = ("mpeg4", "libmp3lame") if suffix == "avi" else ("libx264", "aac")
    path, stamps_ms = tmp_path / f"a.{suffix}", [*SLIDES_MS, 5960]  # the last slide's end
    levels = [*SLIDE_LEVELS, SLIDE_LEVELS[-1]]
    write_media(path, stamps_ms, tone(6.0), levels=levels, codec=codec, sound=sound)
    media = read_media(path, times_s=np.array(times_s), window_s=(times_s[0], times_s[-1]))
    assert media.video.mask.all()
    assert not media.truncated
    slides = np.searchsorted(np.array(SLIDES_MS) / 1000, times_s) - 1
    shown = media.video.frames.mean((1, 2, 3))
    np.testing.assert_allclose(shown, np.array(SLIDE_LEVELS)[slides], atol=4)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "mov"])
def test_the_last_frame_is_shown_as_long_as_its_file_says(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.time_base = fractions.Fraction(1, 1000)
        for stamp_ms, level in zip(SLIDES_MS, SLIDE_LEVELS, strict=True):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), level, np.uint8), "rgb24")
            frame.pts, frame.time_base = stamp_ms, fractions.Fraction(1, 1000)
            for packet in stream.encode(frame):
                packet.duration = 800
                container.mux(packet)
    assert probe(path).duration_s == pytest.approx(6.0, abs=0.01)
    for times_s in ([0.1, 5.1, 5.9], [5.9], np.arange(5.3, 8, 0.5)):
        media = read_media(path, times_s=np.array(times_s))
        assert media.video.mask.tolist() == [time_s < 6.25 for time_s in times_s]
        assert media.video.frames[0].mean() == pytest.approx(40 if times_s[0] < 1 else 200, abs=4)
        assert not media.truncated
    assert media.video.end_s == pytest.approx(6.0, abs=0.01)


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
@pytest.mark.parametrize("stamps_ms", [[0], SLIDES_MS])
def test_the_last_slide_stays_while_the_audio_goes_on(
    tmp_path, write_media, tone, suffix, stamps_ms
):
    levels = SLIDE_LEVELS[: len(stamps_ms)]
    path = write_media(tmp_path / f"a.{suffix}", stamps_ms, tone(7.0), levels=levels)
    media = read_media(path, times_s=np.array([5.5, 6.9, 7.9]), window_s=(0.0, None))
    assert media.video.mask.tolist() == [True, True, False]
    np.testing.assert_allclose(media.video.frames[:2].mean((1, 2, 3)), levels[-1], atol=4)
    assert not media.truncated


def test_half_of_a_flac_file_is_truncated(tmp_path, write_burnt):
    path = write_burnt(tmp_path / "a.flac", audio="flac")
    assert not read_media(path, window_s=(0.0, None)).truncated
    assert read_media(truncate(path, 0.5), window_s=(0.0, None)).truncated

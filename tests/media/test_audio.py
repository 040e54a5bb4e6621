import fractions
import wave

import av
import numpy as np
import pytest

from mmfusion.media.audio import read_audio
from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import Limits


def lag(found, expected):
    """Samples by which `found` is late."""
    return int(np.correlate(found, expected, "full").argmax()) - (len(expected) - 1)


@pytest.fixture
def burst():
    """A function that gives a second of silence with noise in the middle, at a rate."""

    def make(rate_hz=16_000):
        samples = np.zeros(rate_hz)
        middle = slice(rate_hz * 4 // 10, rate_hz * 5 // 10)
        noise = np.random.default_rng(0).normal(size=rate_hz // 10)
        samples[middle] = 0.3 * np.convolve(noise, np.ones(8) / 8, "same")
        return samples

    return make


def write_float_wav(path, samples, rate_hz=16_000):
    """A WAV file of 32-bit floats, which may hold what is no number."""
    data = np.float32(samples).tobytes()
    fields = [16, (3, 2), (1, 2), rate_hz, 4 * rate_hz, (4, 2), (32, 2)]
    fields = [field if isinstance(field, tuple) else (field, 4) for field in fields]
    chunk = b"".join(value.to_bytes(width, "little") for value, width in fields)
    body = b"WAVEfmt " + chunk + b"data" + len(data).to_bytes(4, "little") + data
    path.write_bytes(b"RIFF" + len(body).to_bytes(4, "little") + body)
    return path


def test_picture_only_has_no_sound(tmp_path, write_media):
    assert read_audio(write_media(tmp_path / "a.mp4", [0, 40])) is None


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 22_050, 44_100, 48_000, 96_000])
def test_rates(tmp_path, write_media, tone, rate_hz):
    samples = tone(1.0, rate_hz=rate_hz)
    path = write_media(tmp_path / "a.wav", samples=samples, sound="pcm_s16le", rate_hz=rate_hz)
    native, sound = read_audio(path), read_audio(path, 16_000)
    assert native.rate_hz == rate_hz
    np.testing.assert_allclose(native.samples, samples, atol=1e-4)
    assert (sound.start, sound.stop, sound.samples.dtype) == (0, 16_000, np.float32)
    np.testing.assert_allclose(sound.samples[200:-200], tone(1.0)[200:-200], atol=2e-3)


@pytest.mark.parametrize(
    ("sound", "suffix", "rate_hz"),
    [
        ("aac", "mp4", 16_000),
        ("aac", "mp4", 44_100),
        ("aac", "mkv", 48_000),
        ("libopus", "mkv", 48_000),
        ("libopus", "ogg", 48_000),
        ("libmp3lame", "mp3", 44_100),
        ("flac", "flac", 48_000),
        ("pcm_s16le", "wav", 8_000),
    ],
)
def test_codecs_keep_their_place_in_time(tmp_path, write_media, burst, sound, suffix, rate_hz):
    path = tmp_path / f"a.{suffix}"
    write_media(path, samples=burst(rate_hz), sound=sound, rate_hz=rate_hz)
    found = read_audio(path, rate_hz, window_s=(0.0, 1.0))
    assert len(found.samples) == rate_hz
    assert abs(lag(found.samples, burst(rate_hz))) <= 0.01 * rate_hz


@pytest.mark.parametrize(
    ("layout", "gains", "expected"),
    [
        ("mono", [1.0], 1.0),
        ("stereo", [1.0, 1.0], 1.0),
        ("stereo", [1.0, 0.0], 0.5),
        ("stereo", [1.0, -1.0], 0.0),
        ("5.1", [0.0, 0.0, 0.0, 1.0, 0.0, 0.0], 0.0),  # FFmpeg leaves the bass channel out
    ],
)
@pytest.mark.parametrize("sound", ["pcm_s16le", "flac", "aac"])
def test_channels_become_one(tmp_path, write_media, tone, layout, gains, expected, sound):
    samples = [gain * tone(0.5, rate_hz=48_000) for gain in gains]
    path = tmp_path / "a.mka"
    write_media(path, samples=samples, sound=sound, layout=layout, rate_hz=48_000)
    found = read_audio(path, window_s=(0.0, 0.5)).samples[4_000:20_000]
    reference = tone(0.5, rate_hz=48_000)[4_000:20_000]
    gain = found @ reference / (reference @ reference)
    assert gain == pytest.approx(expected, abs=0.02)


def test_the_centre_of_surround_sound_is_heard(tmp_path, write_media, tone):
    silence = 0 * tone(0.5, rate_hz=48_000)
    samples = [silence, silence, tone(0.5, rate_hz=48_000), silence, silence, silence]
    path = write_media(
        tmp_path / "a.wav", samples=samples, sound="pcm_s16le", layout="5.1", rate_hz=48_000
    )
    assert np.abs(read_audio(path).samples).max() > 0.05


@pytest.mark.parametrize(
    ("window_s", "length", "covered"),
    [
        ((0.0, None), 16_000, (0, 16_000)),
        ((0.0, 0.5), 8_000, (0, 8_000)),
        ((0.25, 0.75), 8_000, (0, 8_000)),
        ((0.5, 2.0), 24_000, (0, 8_000)),  # the sound ends before the window
        ((3.0, 4.0), 16_000, (0, 0)),
        ((0.5, None), 8_000, (0, 8_000)),
        ((3.0, None), 0, (0, 0)),
    ],
)
def test_windows(tmp_path, write_media, tone, window_s, length, covered):
    samples = tone(1.0, hz=100)
    path = write_media(tmp_path / "a.wav", samples=samples, sound="pcm_s16le")
    found = read_audio(path, window_s=window_s)
    assert len(found.samples) == length
    assert (found.start, found.stop) == covered
    start = round(window_s[0] * 16_000)
    expected = samples[start : start + covered[1]]
    np.testing.assert_allclose(found.samples[: covered[1]], expected, atol=1e-4)
    assert not found.samples[covered[1] :].any()


@pytest.mark.parametrize("suffix", ["mp4", "mka", "ts"])
def test_a_window_far_inside_is_the_same_as_read_through(tmp_path, write_media, suffix):
    rng = np.random.default_rng(0)
    samples = 0.1 * np.convolve(rng.normal(size=16_000 * 30), np.ones(4) / 4, "same")
    path = write_media(tmp_path / f"a.{suffix}", samples=samples)
    whole = read_audio(path).samples
    part = read_audio(path, window_s=(21.3, 22.8)).samples
    np.testing.assert_allclose(part, whole[340_800:364_800], atol=2e-3)


def test_sound_that_starts_late(tmp_path, write_media, tone):
    path = write_media(tmp_path / "a.mkv", range(0, 1000, 40), tone(0.5), start_ms=300)
    found = read_audio(path, window_s=(0.0, 1.0))
    assert found.start == pytest.approx(0.3 * 16_000, abs=0.04 * 16_000)
    assert found.stop == pytest.approx(0.8 * 16_000, abs=0.08 * 16_000)
    assert not found.samples[: found.start].any()


def test_silence_is_sound(tmp_path, write_media):
    path = write_media(tmp_path / "a.wav", samples=np.zeros(8_000), sound="pcm_s16le")
    found = read_audio(path)
    assert (found.start, found.stop) == (0, 8_000)
    assert not found.samples.any()


def test_what_is_no_number_is_cleaned_and_loud_is_clipped(tmp_path):
    samples = np.array([0.5, np.nan, np.inf, -np.inf, 3.0, -3.0, 0.25] * 100)
    found = read_audio(write_float_wav(tmp_path / "a.wav", samples)).samples
    np.testing.assert_allclose(found[:7], [0.5, 0.0, 1.0, -1.0, 1.0, -1.0, 0.25])
    resampled = read_audio(tmp_path / "a.wav", 8_000).samples
    assert np.isfinite(resampled).all()
    assert np.abs(resampled).max() <= 1.0


def test_too_long_is_refused(tmp_path, write_media, tone):
    path = write_media(tmp_path / "a.mp3", samples=tone(2.0), sound="libmp3lame")
    with pytest.raises(DecodeError) as error:
        read_audio(path, limits=Limits(seconds=1.5))
    assert error.value.kind == "limit_seconds"
    assert read_audio(path, window_s=(0.0, 1.0), limits=Limits(seconds=1.5)).stop == 16_000


def test_hours_in_a_kilobyte_stop_at_the_limit(tmp_path):
    path = tmp_path / "bomb.mka"
    with av.open(str(path), "w", format="matroska") as container:
        stream = container.add_stream("pcm_u8", rate=8_000, layout="mono")
        for hour in (0, 500):
            packet = av.Packet(bytes(8))
            packet.stream, packet.time_base = stream, fractions.Fraction(1, 1000)
            packet.pts = packet.dts = hour * 3_600_000
            container.mux(packet)
    with pytest.raises(DecodeError) as error:
        read_audio(path)
    assert error.value.kind == "limit_seconds"


def test_a_cut_wav_gives_what_is_there(tmp_path):
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(np.full(16_000, 8_192, "<i2").tobytes())
    path.write_bytes(path.read_bytes()[:16_044])
    found = read_audio(path, window_s=(0.0, 1.0))
    assert found.stop == 8_000
    np.testing.assert_allclose(found.samples[:8_000], 0.25)
    assert found.end_s == pytest.approx(0.5)


@pytest.mark.parametrize("suffix", ["ts", "mkv", "mp4", "flv"])
def test_a_hole_is_not_covered(tmp_path, write_burnt, burnt_lag, suffix):
    lost = range(1_500, 2_000)  # in ms
    path = write_burnt(
        tmp_path / f"a.{suffix}",
        audio="aac",
        keep=lambda packet: int(packet.pts * packet.time_base * 1000) not in lost,
    )
    found = read_audio(path, 16_000)
    ((first, last),) = found.holes
    assert (first / 16_000, last / 16_000) == pytest.approx((1.5, 2.0), abs=0.05)
    assert not found.covered[first:last].any()
    assert found.covered.sum() == found.stop - found.start - (last - first)
    np.testing.assert_allclose(found.samples[first + 160 : last - 160], 0, atol=1e-5)
    lags_s = [burnt_lag(part, 16_000) for part in (found.samples[:first], found.samples[last:])]
    assert lags_s[1] + last / 16_000 == pytest.approx(lags_s[0], abs=1e-3)
    part = read_audio(path, 16_000, window_s=(1.75, 2.5))
    assert not part.covered[: last - 28_001].any()
    assert part.covered[last - 27_999 :].all()


@pytest.mark.parametrize("order", ["01", "10"])
def test_sphere_as_of_timit(tmp_path, tone, order):
    samples = np.round(32_767 * tone(1.0)).astype("<i2" if order == "01" else ">i2")
    fields = [
        "channel_count -i 1",
        "sample_rate -i 16000",
        "sample_n_bytes -i 2",
        f"sample_byte_format -s2 {order}",
        "sample_sig_bits -i 16",
        "sample_coding -s3 pcm",
        f"sample_count -i {len(samples)}",
        "end_head\n",
    ]
    head = "\n".join(["NIST_1A", "   1024", *fields]).encode().ljust(1024)
    path = tmp_path / "SA1.WAV"
    path.write_bytes(head + samples.tobytes())
    found = read_audio(path)
    assert (found.rate_hz, found.stop, found.end_s) == (16_000, 16_000, 1.0)
    np.testing.assert_allclose(found.samples, tone(1.0), atol=1e-4)
    part = read_audio(path, window_s=(0.5, 0.75)).samples
    np.testing.assert_allclose(part, tone(1.0)[8_000:12_000], atol=1e-4)

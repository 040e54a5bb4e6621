import pytest

from mmfusion.media.probe import AudioInfo, probe


def test_picture_and_sound(tmp_path, write_media, tone):
    path = write_media(tmp_path / "a.mp4", range(0, 1000, 40), tone(1.0), options={"bf": "0"})
    info = probe(path)
    assert (info.video.width_px, info.video.height_px, info.video.codec) == (64, 48, "h264")
    assert info.video.fps == pytest.approx(25, rel=0.05)
    assert info.audio == AudioInfo(16_000, 1, "aac", pytest.approx(1.0, abs=0.1))
    assert info.duration_s == pytest.approx(1.0, abs=0.1)
    assert info.start_s == 0.0


@pytest.mark.parametrize(
    ("suffix", "sound", "layout", "rate_hz"),
    [
        ("wav", "pcm_s16le", "stereo", 8_000),
        ("flac", "flac", "mono", 96_000),
        ("mp3", "libmp3lame", "stereo", 44_100),
        ("ogg", "libopus", "mono", 48_000),
        ("mka", "aac", "5.1", 48_000),
    ],
)
def test_sound_files(tmp_path, write_media, tone, suffix, sound, layout, rate_hz):
    import av

    channels = av.AudioLayout(layout).nb_channels
    samples = [tone(0.5, rate_hz=rate_hz)] * channels
    path = tmp_path / f"a.{suffix}"
    write_media(path, samples=samples, sound=sound, layout=layout, rate_hz=rate_hz)
    info = probe(path)
    assert info.video is None
    assert (info.audio.sample_rate_hz, info.audio.channels) == (rate_hz, channels)
    assert info.duration_s == pytest.approx(0.5, abs=0.1)


def test_start(tmp_path, write_media, tone):
    path = write_media(tmp_path / "a.mkv", range(700, 1700, 40), tone(0.5), start_ms=900)
    assert probe(path).start_s == pytest.approx(0.7, abs=0.05)

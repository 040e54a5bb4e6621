import numpy as np
import pytest

from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import Limits
from mmfusion.media.video import read_frames, read_video
from mmfusion.media.write import write_video


def levels(frames):
    """Brightness of each picture."""
    return frames.reshape(len(frames), -1, 3).mean(axis=(1, 2))


@pytest.fixture
def noise():
    return np.random.default_rng(0)


def test_no_times_give_no_frames(tmp_path, write_media):
    path = write_media(tmp_path / "a.mp4", [0, 40, 80])
    found = read_frames(path, [], size_px=16)
    assert found.frames.shape == (0, 0, 0, 3) or found.frames.shape == (0, 16, 16, 3)
    assert found.mask.shape == (0,)


def test_one_frame(tmp_path, write_media):
    path = write_media(tmp_path / "a.mp4", [0], levels=[200])
    found = read_frames(path, [0.0], size_px=16)
    assert found.frames.shape == (1, 16, 16, 3)
    assert found.mask.tolist() == [True]
    np.testing.assert_allclose(found.times_s, [0.0])
    np.testing.assert_allclose(levels(found.frames), [200], atol=3)


def test_sound_only_has_no_pictures(tmp_path, write_media, tone):
    assert read_frames(write_media(tmp_path / "a.m4a", samples=tone(0.5)), [0.1]) is None


@pytest.mark.parametrize("options", [{"bf": "0"}, {"bf": "3", "b-pyramid": "normal"}, {"g": "5"}])
def test_frames_are_picked_by_timestamp(tmp_path, write_media, options):
    stamps_ms = [0, 10, 20, 200, 210, 400, 410, 420, 430, 900]  # variable rate
    path = write_media(tmp_path / "a.mkv", stamps_ms, options=options)
    asked_s = [0.0, 0.12, 0.207, 0.42, 0.66, 0.9]
    found = read_frames(path, asked_s, size_px=16, exact=True)
    np.testing.assert_allclose(found.times_s, [0.0, 0.02, 0.2, 0.42, 0.43, 0.9], atol=1e-6)
    np.testing.assert_allclose(levels(found.frames), [20, 30, 35, 55, 60, 65], atol=3)
    assert found.mask.all()


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts", "avi"])
@pytest.mark.parametrize("steps", [1, 4, 16])
def test_a_cheap_frame_is_within_half_a_step_and_tells_its_time(
    tmp_path, write_media, suffix, steps
):
    codec = "mpeg4" if suffix == "avi" else "libx264"
    stamps_ms = range(0, 2000, 50)
    path = write_media(tmp_path / f"a.{suffix}", stamps_ms, codec=codec)
    asked_s = (np.arange(steps) + 0.5) * 2 / steps
    found = read_frames(path, asked_s, size_px=16)
    assert found.mask.all()
    assert np.abs(found.times_s - asked_s).max() <= 1 / steps + 1e-6
    np.testing.assert_allclose(levels(found.frames), 20 + 5 * found.times_s / 0.05, atol=4)


def test_pictures_stop_and_masks_tell(tmp_path, write_media):
    path = write_media(tmp_path / "a.mp4", range(0, 1000, 100))
    found = read_frames(path, np.arange(0.1, 2, 0.2), size_px=16)
    assert found.mask.tolist() == [True] * 5 + [False] * 5
    assert not found.frames[5:].any()
    assert np.isnan(found.times_s[5:]).all()
    assert found.end_s == pytest.approx(1.0, abs=0.11)


def test_slow_video_stays_on_screen(tmp_path, write_media):
    path = write_media(tmp_path / "a.mp4", [0, 1000, 2000])
    found = read_frames(path, [0.1, 0.3, 0.6, 0.9, 1.1], size_px=16)
    assert found.mask.all()
    np.testing.assert_allclose(found.times_s, [0, 0, 0, 0, 1], atol=1e-3)


@pytest.mark.parametrize("size", [(63, 47), (1, 1), (2, 2), (17, 64)])
def test_odd_sizes(tmp_path, write_media, size):
    path = write_media(tmp_path / "a.mp4", [0, 40], size=size, levels=[100, 100])
    native = read_frames(path, [0.0])
    assert native.frames.shape == (1, size[1], size[0], 3)
    np.testing.assert_allclose(levels(native.frames), [100], atol=3)
    assert read_frames(path, [0.0, 0.04], size_px=20).frames.shape == (2, 20, 20, 3)


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_rotation_metadata_is_applied(tmp_path, angle):
    import av

    image = np.zeros((32, 48, 3), np.uint8)
    image[:16, :24] = (250, 0, 0)  # red stands top left in what was filmed
    stored = np.rot90(image, -angle // 90)
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"crf": "5"})
        stream.height, stream.width = stored.shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.set_display_rotation(angle)
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(stored), "rgb24")
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    found = read_frames(path, [0.0]).frames[0]
    assert found.shape == image.shape
    np.testing.assert_allclose(found[4:12, 4:20].mean((0, 1)), [250, 0, 0], atol=12)
    assert found[20:28, 28:44].mean() < 10


def test_loop_filter_is_spared_within_38_db(tmp_path, noise):
    small = noise.integers(0, 255, (12, 16, 3)).astype(np.float64)
    ground = np.kron(small, np.ones((20, 20, 1)))
    frames = [np.roll(ground, (t, 2 * t), (0, 1)) for t in range(50)]
    path = tmp_path / "a.mp4"
    write_video(path, np.array(frames, np.uint8), fps=25, crf=26)
    asked_s = (np.arange(16) + 0.5) / 8
    found = read_frames(path, asked_s, size_px=112)
    exact = read_frames(path, found.times_s, size_px=112, exact=True)
    np.testing.assert_allclose(exact.times_s, found.times_s)
    error = ((found.frames.astype(float) - exact.frames) ** 2).mean((1, 2, 3))
    assert 10 * np.log10(255**2 / error.max()) >= 38


def test_scaling_is_area_averaging(tmp_path, noise):
    frames = noise.integers(0, 255, (1, 64, 64, 1), np.uint8).repeat(3, axis=3)
    path = tmp_path / "a.mp4"
    write_video(path, frames, fps=25, crf=0)
    found = read_frames(path, [0.0], size_px=16, exact=True).frames[0]
    means = frames[0].reshape(16, 4, 16, 4, 3).mean((1, 3))
    np.testing.assert_allclose(found, means, atol=4)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts"])
def test_sparse_times_of_a_long_file_seek(tmp_path, write_media, suffix):
    stamps_ms = range(0, 120_000, 500)
    path = write_media(
        tmp_path / f"a.{suffix}",
        stamps_ms,
        levels=[20 + i % 200 for i in range(240)],
        options={"g": "20"},
    )
    asked_s = np.array([3.0, 40.0, 77.7, 119.0])
    for exact in (False, True):
        found = read_frames(path, asked_s, size_px=16, exact=exact)
        assert found.mask.all()
        assert np.abs(found.times_s - asked_s).max() <= (0.25 if exact else 18.5)
        expected = 20 + np.round(found.times_s / 0.5) % 200
        np.testing.assert_allclose(levels(found.frames), expected, atol=3)


def test_times_a_second_apart_near_the_start(tmp_path, write_media):
    path = write_media(tmp_path / "a.mp4", range(0, 2000, 50), options={"g": "8", "bf": "0"})
    found = read_frames(path, [0.0, 0.5, 1.55, 1.95], size_px=16, exact=True)
    np.testing.assert_allclose(found.times_s, [0.0, 0.5, 1.55, 1.95], atol=1e-3)
    np.testing.assert_allclose(levels(found.frames), [20, 70, 175, 215], atol=3)


def test_read_video_gives_every_picture(tmp_path, write_media):
    stamps_ms = [0, 40, 100, 180, 220]
    found = read_video(write_media(tmp_path / "a.mp4", stamps_ms))
    np.testing.assert_allclose(found.times_s, np.array(stamps_ms) / 1000, atol=1e-3)
    assert found.frames.shape == (5, 48, 64, 3)
    np.testing.assert_allclose(levels(found.frames), [20, 25, 30, 35, 40], atol=3)


@pytest.mark.parametrize("times_s", [[1.0, 0.5], [np.nan], [np.inf]])
def test_times_must_ascend(tmp_path, write_media, times_s):
    with pytest.raises(ValueError, match="`times_s` must be finite and ascend"):
        read_frames(write_media(tmp_path / "a.mp4", [0]), times_s)


def test_too_many_pixels_are_refused_by_the_header(tmp_path, write_media):
    path = write_media(tmp_path / "a.mp4", [0])
    with pytest.raises(DecodeError) as error:
        read_frames(path, [0.0], limits=Limits(pixels=64 * 48 - 1))
    assert error.value.kind == "limit_pixels"


def test_too_many_frames_are_refused(tmp_path, write_media):
    path = write_media(tmp_path / "a.mp4", range(0, 1000, 10), levels=[50] * 100)
    with pytest.raises(DecodeError) as error:
        read_frames(path, [0.9], limits=Limits(frames=50))
    assert error.value.kind == "limit_frames"

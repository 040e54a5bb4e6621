"""Alignment on real files, written here by an independent muxer where our writer cannot."""

import dataclasses
import fractions

import av
import numpy as np
import pytest
from skimage.data import astronaut

from mmfusion.data.align import align, clip_text
from mmfusion.media.errors import DecodeError
from mmfusion.media.write import write_audio, write_video
from mmfusion.preprocessing.faces import crop_mouth
from mmfusion.specs import Clip, ClipSpec

SPEC = ClipSpec(seconds=2.0, steps=8, size_px=16, sample_rate_hz=8000)  # a step is 0.25 s
RATE_HZ = 8000


def ramp(count):
    """Frames whose grey level tells their number: 4 a frame."""
    return np.broadcast_to(
        np.arange(count, dtype=np.uint8)[:, None, None, None] * 4, (count, 16, 16, 3)
    ).copy()


def levels(tensors):
    return tensors["video"].mean(axis=(1, 2, 3)) / 4


def tone(seconds, silent_until_s=0.0):
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return np.where(time_s >= silent_until_s, 0.5 * np.sin(2 * np.pi * 440 * time_s), 0)


def test_frames_around_the_middle_of_each_step(tmp_path):
    write_video(tmp_path / "a.mp4", ramp(40), fps=20, samples=tone(2), sample_rate_hz=RATE_HZ)
    tensors, notes = align(Clip("a", video=tmp_path / "a.mp4"), SPEC)
    assert notes == []
    # Middles at 0.125, 0.375 ... s fall between frames 2 and 3, 7 and 8; half a step is 2.5 frames.
    np.testing.assert_allclose(levels(tensors), 2.5 + 5 * np.arange(8), atol=2.5 + 0.3)
    assert tensors["video_mask"].all()
    assert tensors["audio_mask"].all()
    assert not tensors["text_mask"].any()


def test_a_flash_and_a_beep_stay_together(tmp_path):
    """Picture turns white and sound starts at 1.25 s: step 5 begins there."""
    frames = np.zeros((40, 16, 16, 3), np.uint8)
    frames[25:] = 255
    sound = tone(2, silent_until_s=1.25)
    write_video(tmp_path / "a.mp4", frames, fps=20, samples=sound, sample_rate_hz=RATE_HZ)
    tensors, _ = align(Clip("a", video=tmp_path / "a.mp4"), SPEC)
    white = tensors["video"].mean(axis=(1, 2, 3)) > 128
    loud = np.abs(tensors["audio"]).mean(axis=1) > 0.1
    np.testing.assert_array_equal(white, np.arange(8) >= 5)
    np.testing.assert_array_equal(loud, np.arange(8) >= 5)
    onset = np.argmax(np.abs(tensors["audio"].ravel()) > 0.05) / RATE_HZ
    assert abs(onset - 1.25) < 1 / 20  # within one frame


@pytest.mark.parametrize(("seconds", "steps"), [(1.0, 4), (0.25, 1), (3.0, 8)])
def test_sound_shorter_and_longer_than_the_picture(tmp_path, seconds, steps):
    sound = tone(seconds)
    write_video(tmp_path / "a.mp4", ramp(40), fps=20, samples=sound, sample_rate_hz=RATE_HZ)
    tensors, _ = align(Clip("a", video=tmp_path / "a.mp4"), SPEC)
    np.testing.assert_array_equal(tensors["audio_mask"], np.arange(8) < steps)
    assert tensors["video_mask"].all()
    assert (tensors["audio"][~tensors["audio_mask"]] == 0).all()


@pytest.mark.parametrize("suffix", ["mp4", "gif"])
def test_a_video_of_one_frame_is_one_step(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("gif" if suffix == "gif" else "mpeg4", rate=25)
        stream.width, stream.height = 16, 16
        stream.pix_fmt = "rgb8" if suffix == "gif" else "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.full((16, 16, 3), 200, np.uint8), "rgb24")
        container.mux(stream.encode(frame.reformat(format=stream.pix_fmt)))
        container.mux(stream.encode(None))
    tensors, notes = align(Clip("a", video=path), SPEC)
    assert notes == []
    assert tensors["video_mask"].tolist() == [True] + 7 * [False]
    assert tensors["video"][0].mean() == pytest.approx(200, abs=20)


@pytest.mark.parametrize("suffix", ["mkv", "ts"])
def test_a_hole_in_the_sound_is_absent(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mp2", rate=16_000, layout="mono")
        samples = np.float32(np.tile(tone(2), 2))[None]
        frame = av.AudioFrame.from_ndarray(samples, "fltp", "mono")
        frame.sample_rate, frame.pts, frame.time_base = 16_000, 0, fractions.Fraction(1, 16_000)
        resampler = av.AudioResampler("s16", "mono", 16_000, frame_size=1152)
        pieces = [*resampler.resample(frame), *resampler.resample(None), None]
        for packet in (packet for piece in pieces for packet in stream.encode(piece)):
            if not 0.75 <= packet.pts * packet.time_base < 1.25:
                container.mux(packet)
    tensors, _ = align(Clip("a", video=path), SPEC)
    np.testing.assert_array_equal(tensors["audio_mask"], [1, 1, 1, 0, 0, 1, 1, 1])
    assert not tensors["audio"][3:5].any()


def test_video_shorter_than_the_time_grid(tmp_path):
    write_video(tmp_path / "a.mp4", ramp(20), fps=20)
    tensors, _ = align(Clip("a", video=tmp_path / "a.mp4"), SPEC)
    np.testing.assert_array_equal(tensors["video_mask"], np.arange(8) < 4)
    assert (tensors["video"][4:] == 0).all()
    assert not tensors["audio_mask"].any()


def test_sound_without_a_picture(tmp_path):
    write_audio(tmp_path / "a.wav", tone(2), RATE_HZ)
    for clip in (Clip("a", audio=tmp_path / "a.wav"), Clip("a", video=tmp_path / "a.wav")):
        tensors, _ = align(clip, SPEC)
        assert tensors["audio_mask"].all()
        assert not tensors["video_mask"].any()
        np.testing.assert_allclose(tensors["audio"].ravel(), tone(2), atol=1e-3)


@pytest.mark.parametrize(("share", "present"), [(0.4, 2), (0.6, 3)])
def test_a_step_of_audio_is_there_if_half_of_it_is(tmp_path, share, present):
    write_audio(tmp_path / "a.wav", tone(0.25 * (2 + share)), RATE_HZ)
    tensors, _ = align(Clip("a", audio=tmp_path / "a.wav"), SPEC)
    np.testing.assert_array_equal(tensors["audio_mask"], np.arange(8) < present)


def test_a_word_stands_in_the_step_of_its_middle(tmp_path):
    (tmp_path / "a.vtt").write_text("WEBVTT\n\n00:00.200 --> 00:00.450\nfire\n")
    tensors, _ = align(Clip("a", transcript=tmp_path / "a.vtt"), SPEC)
    assert tensors["text"].tolist() == ["", "fire", *[""] * 6]


def test_a_sound_file_goes_before_the_sound_track(tmp_path):
    write_video(tmp_path / "a.mp4", ramp(40), fps=20, samples=tone(2), sample_rate_hz=RATE_HZ)
    write_audio(tmp_path / "b.wav", np.full(4000, 0.25), RATE_HZ)
    clip = Clip("a", video=tmp_path / "a.mp4", audio=tmp_path / "b.wav")
    tensors, _ = align(clip, SPEC)
    np.testing.assert_array_equal(tensors["audio_mask"], np.arange(8) < 2)
    np.testing.assert_allclose(tensors["audio"][:2], 0.25, atol=1e-3)


def test_start_and_end_cut_every_modality(tmp_path):
    write_video(tmp_path / "a.mp4", ramp(60), fps=20, samples=tone(3, 1.5), sample_rate_hz=RATE_HZ)
    (tmp_path / "a.vtt").write_text(
        "WEBVTT\n\n00:00.900 --> 00:01.000\nbefore\n\n00:01.500 --> 00:01.600\nwithin\n\n"
        "00:02.600 --> 00:02.700\nafter\n"
    )
    clip = Clip(
        "a",
        video=tmp_path / "a.mp4",
        transcript=tmp_path / "a.vtt",
        start_s=1.0,
        end_s=2.0,
    )
    tensors, _ = align(clip, SPEC)
    for name in ("audio", "video"):
        np.testing.assert_array_equal(tensors[f"{name}_mask"], np.arange(8) < 4)
    np.testing.assert_allclose(levels(tensors)[:4], 22.5 + 5 * np.arange(4), atol=2.8)
    loud = np.abs(tensors["audio"]).mean(axis=1) > 0.1
    np.testing.assert_array_equal(loud, [0, 0, 1, 1, 0, 0, 0, 0])
    assert tensors["text"].tolist() == ["", "", "within", "", "", "", "", ""]


def test_variable_frame_rate(tmp_path):
    """Ten frames in the first second, two in the next: picked by time, not by number."""
    times_ms = [*range(0, 1000, 100), 1000, 1500]
    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=10, options={"bf": "0"})
        stream.width = stream.height = 16
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = fractions.Fraction(1, 1000)
        for at, time_ms in enumerate(times_ms):
            frame = av.VideoFrame.from_ndarray(ramp(12)[at], "rgb24").reformat(format="yuv420p")
            frame.pts, frame.time_base = time_ms, stream.codec_context.time_base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    tensors, _ = align(Clip("a", video=tmp_path / "a.mp4"), SPEC)
    nearest = [np.abs(np.array(times_ms) / 1000 - middle).argmin() for middle in SPEC.step_times_s]
    assert tensors["video_mask"][:6].all()  # how long the last frame stands, the file does not say
    np.testing.assert_allclose(levels(tensors)[:6], nearest[:6], atol=1.3)


@pytest.mark.parametrize("offset_s", [0.5, 5.0])
def test_streams_with_an_offset_stay_together(tmp_path, offset_s):
    """The sound starts half a second after the picture, whatever the file's own zero is."""
    with av.open(str(tmp_path / "a.mkv"), "w") as container:
        video = container.add_stream("libx264", rate=20, options={"bf": "0"})
        video.width = video.height = 16
        video.pix_fmt = "yuv420p"
        audio = container.add_stream("pcm_s16le", rate=RATE_HZ, layout="mono")
        first = round((offset_s - 0.5) * 20)
        for at, image in enumerate(ramp(40)):
            frame = av.VideoFrame.from_ndarray(image, "rgb24").reformat(format="yuv420p")
            frame.pts = first + at
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        samples = (tone(1.0) * 32767).astype(np.int16)[None]
        block = av.AudioFrame.from_ndarray(samples, "s16", "mono")
        block.sample_rate, block.pts = RATE_HZ, round(offset_s * RATE_HZ)
        container.mux(audio.encode(block))
        container.mux(audio.encode(None))
    tensors, _ = align(Clip("a", video=tmp_path / "a.mkv"), SPEC)
    np.testing.assert_array_equal(tensors["audio_mask"], (np.arange(8) >= 2) & (np.arange(8) < 6))
    np.testing.assert_allclose(levels(tensors), 2.5 + 5 * np.arange(8), atol=2.8)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "  no times here "}, ["no times here", "", "", "", "", "", "", ""]),
        ({"transcript": "a.txt"}, ["plain words", "", "", "", "", "", "", ""]),
        ({"transcript": "a.align"}, ["", "bin", "blue at", "", "", "", "", ""]),
    ],
)
def test_words(tmp_path, fields, words):
    (tmp_path / "a.txt").write_text("plain words")
    (tmp_path / "a.align").write_text(
        "0 6000 sil\n7000 11000 bin\n12500 15000 blue\n15000 17000 at\n70000 74000 late\n"
    )
    if "transcript" in fields:
        fields = {"transcript": tmp_path / fields["transcript"]}
    tensors, _ = align(Clip("a", **fields), SPEC)
    assert tensors["text"].tolist() == words
    np.testing.assert_array_equal(tensors["text_mask"], [bool(word) for word in words])


def test_odd_captions_are_told(tmp_path):
    (tmp_path / "a.srt").write_text(
        "1\n00:00:00,000 --> 00:00:00,200\nfine\n\n2\nnever --> ever\nlost\n"
    )
    tensors, notes = align(Clip("a", transcript=tmp_path / "a.srt"), SPEC)
    assert tensors["text"][0] == "fine"
    assert len(notes) == 1
    assert notes[0].startswith("a.srt: ")


def test_nothing_within_the_clip(tmp_path):
    write_video(tmp_path / "a.mp4", ramp(20), fps=20)
    with pytest.raises(DecodeError, match="within the clip's time"):
        align(Clip("a", video=tmp_path / "a.mp4", start_s=5.0), SPEC)
    silent = ClipSpec(modalities=("audio",))
    with pytest.raises(DecodeError, match="audio"):
        align(Clip("a", video=tmp_path / "a.mp4"), silent)


def test_modalities_not_asked_for_are_not_read(tmp_path):
    write_video(tmp_path / "a.mp4", ramp(20), fps=20)
    clip = Clip("a", video=tmp_path / "a.mp4", transcript=tmp_path / "missing.srt")
    tensors, _ = align(clip, ClipSpec(modalities=("video",)))
    assert sorted(tensors) == ["video", "video_mask"]


def test_a_mouth_is_cut_out_of_large_frames(tmp_path):
    """In 32 pixels no face is found: frames are decoded larger where one is looked for."""
    portrait = astronaut()[:320, 64:384]
    write_video(tmp_path / "a.mp4", portrait[None].repeat(20, axis=0), fps=20)
    spec = ClipSpec(seconds=1.0, steps=2, size_px=32, modalities=("video",))
    whole, mouth = (
        align(Clip("a", video=tmp_path / "a.mp4"), each)[0]["video"]
        for each in (spec, dataclasses.replace(spec, cleaning=("video.mouth",)))
    )
    assert mouth.shape == whole.shape == (2, 32, 32, 3)
    expected = crop_mouth(portrait[None])[0].mean(axis=(0, 1))
    np.testing.assert_allclose(mouth[0].mean(axis=(0, 1)), expected, atol=8)
    assert np.abs(whole[0].mean(axis=(0, 1)) - expected).max() > 8


SRT = "1\n00:00:00,000 --> 00:00:01,000\nRun, fire\n\n2\n00:00:01,000 --> 00:00:02,000\nnow!\n"


@pytest.mark.parametrize(
    ("fields", "text"),
    [({"audio": "a.wav"}, ""), ({"text": "a"}, "a"), ({"text": "No fire."}, "No fire.")],
)
def test_inline(fields, text):
    assert clip_text(Clip("a", **fields)) == text


def test_captions_in_their_order(tmp_path):
    path = tmp_path / "a.srt"
    path.write_text(SRT)
    assert clip_text(Clip("a", transcript=path)).split() == ["Run,", "fire", "now!"]

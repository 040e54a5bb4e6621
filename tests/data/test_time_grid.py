import pytest

from mmfusion.data.manifest import read_manifest
from mmfusion.data.time_grid import clip_seconds, fit_spec, typical_seconds
from mmfusion.media.errors import DecodeError
from mmfusion.specs import Clip


@pytest.mark.parametrize(
    ("lengths_s", "given", "seconds", "steps"),
    [
        ((), {}, 2.0, 16),
        ((0.2,), {}, 0.5, 4),
        ((3.0,), {}, 3.0, 24),
        ((60.0,), {}, 10.0, 64),
        ((3.0,), {"seconds": 1.5}, 1.5, 12),
        ((3.0,), {"steps": 5}, 3.0, 5),
    ],
)
def test_it_fits_the_clips(lengths_s, given, seconds, steps):
    clips = [Clip(str(at), text="x", end_s=length) for at, length in enumerate(lengths_s)]
    spec = fit_spec(clips, size_px=32, **given)
    assert (spec.seconds, spec.steps, spec.size_px) == (seconds, steps, 32)


def test_a_spec_carries_cleaning_that_is_known():
    assert fit_spec([], cleaning=("text.plain",)).cleaning == ("text.plain",)
    with pytest.raises(ValueError, match=r"`cleaning` must be some of.*text\.scrub"):
        fit_spec([], cleaning=("text.scrub",))


WORDS = Clip("a", text="hello")


@pytest.fixture
def captions(tmp_path):
    path = tmp_path / "said.srt"
    path.write_text("1\n00:00:01,000 --> 00:00:03,500\nhello\n")
    return path


def spans(*lengths_s):
    return [Clip(str(at), text="x", end_s=length) for at, length in enumerate(lengths_s)]


def test_a_row_goes_before_the_file(corpus, captions):
    film = next(clip.video for clip in read_manifest(corpus) if clip.split == "test")
    assert clip_seconds(Clip("a", video=film, start_s=0.5, end_s=1.25)) == 0.75
    assert clip_seconds(Clip("a", video=film, start_s=0.5)) == pytest.approx(1.5, abs=0.1)
    assert clip_seconds(Clip("a", transcript=captions, start_s=1.0)) == 2.5
    assert clip_seconds(WORDS) is None


def test_a_file_that_is_missing(tmp_path):
    with pytest.raises(DecodeError, match="missing"):
        clip_seconds(Clip("a", video=tmp_path / "none.mp4"))


@pytest.mark.parametrize(
    ("clips", "seconds"),
    [
        ([], None),
        ([WORDS], None),
        (spans(0.2), 0.5),
        (spans(2.03), 2.0),
        (spans(2.3), 2.5),
        ([*spans(*[2.0] * 99), Clip("long", text="x", end_s=3600.0)], 2.0),
    ],
)
def test_typical_length(clips, seconds):
    assert typical_seconds(clips) == seconds

import pytest

from mmfusion.data.clock import clock
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
    spec = clock(clips, size_px=32, **given)
    assert (spec.seconds, spec.steps, spec.size_px) == (seconds, steps, 32)


def test_a_clock_carries_cleaning_that_is_known():
    assert clock([], cleaning=("text.plain",)).cleaning == ("text.plain",)
    with pytest.raises(ValueError, match=r"`cleaning` must be some of.*text\.scrub"):
        clock([], cleaning=("text.scrub",))

"""The clock that fits a corpus, by the length of its clips."""

from mmfusion.data.cleaning import check_cleaning
from mmfusion.data.durations import typical_seconds
from mmfusion.specs import ClipSpec

STEPS_A_SECOND, FEWEST_STEPS, MOST_STEPS = 8, 4, 64
USUAL_SECONDS, MOST_SECONDS = 2.0, 10.0


def clock(clips, *, seconds=None, steps=None, **fields):
    """A spec whose clock fits the clips, where it is not given.

    Args:
        clips: Sequence of `Clip`.
        seconds: float. By default the length that holds 19 clips in 20, at most 10 s.
        steps: int. By default eight a second, from 4 to 64.
        **fields: Further fields of the spec.

    Returns:
        ClipSpec.

    Raises:
        ValueError: if a field is out of range, or a step of cleaning is unknown.
    """
    check_cleaning(fields.get("cleaning", ()))
    if seconds is None:
        seconds = min(typical_seconds(clips) or USUAL_SECONDS, MOST_SECONDS)
    if steps is None:
        steps = min(max(round(seconds * STEPS_A_SECOND), FEWEST_STEPS), MOST_STEPS)
    return ClipSpec(seconds=seconds, steps=steps, **fields)

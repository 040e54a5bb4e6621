import dataclasses

import pytest

from mmfusion.pretrained.moonshine import Decoded
from mmfusion.transcription.plausibility import LEAST_LOG_PROBABILITY, goes_round, is_plausible

SPEECH = Decoded("Kids are talking by the door.", (1, 2, 3, 4, 5, 6), -0.1, True)


def test_speech():
    assert is_plausible(SPEECH)
    assert is_plausible(dataclasses.replace(SPEECH, log_probability=LEAST_LOG_PROBABILITY))


@pytest.mark.parametrize(
    "change",
    [
        {"finished": False},
        {"log_probability": LEAST_LOG_PROBABILITY - 0.01},
        {"log_probability": float("nan")},
        {"text": ""},
        {"text": "..."},
        {"text": "♪♪ la la ♪♪"},
        {"text": "© transcript"},
        {"tokens": (4,) * 9},
    ],
)
def test_what_a_network_makes_of_other_sound(change):
    assert not is_plausible(dataclasses.replace(SPEECH, **change))


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        ([], False),
        ([1], False),
        ([1] * 7, False),
        ([1] * 8, True),
        ([1, 2] * 3, False),
        ([1, 2] * 4, True),
        ([1, 2, 3] * 2, False),
        ([9, *[1, 2, 3] * 3, 8], True),
        ([1, 2, 3, 4, 5, 6, 7, 8] * 2, False),
        ([1, 2, 3, 4, 5, 6, 7, 8] * 3, True),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9] * 3, False),
        ([1, 2, 3, 4, 1, 2, 3, 5, 1, 2, 3, 6, 1, 2, 3, 7], False),
    ],
)
def test_rounds(tokens, expected):
    assert goes_round(tokens) is expected

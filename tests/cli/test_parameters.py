"""Flags made of settings, and what they give."""

import inspect

import pytest

from mmfusion.cli.parameters import parameter, parsed
from mmfusion.options.schema import settings
from mmfusion.options.verbs import CrossvalOptions, PredictOptions
from mmfusion.options.weights import WeightsOptions

SETTINGS = {
    setting.name: setting
    for cls in (WeightsOptions, CrossvalOptions, PredictOptions)
    for setting in settings(cls)
}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("modalities", "video, audio,", ("video", "audio")),
        ("curve", "0.25,0.5", (0.25, 0.5)),
        ("branches", "audio=mel_cnn, video = conv3d", {"audio": "mel_cnn", "video": "conv3d"}),
        ("epochs", 3, 3),
        ("epochs", None, None),
        ("label", "a,b", "a,b"),
        ("paths", ["a.mp4"], ("a.mp4",)),
    ],
)
def test_values(name, text, value):
    assert parsed(SETTINGS[name], text) == value


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("branches", "audio", "--branches takes pairs, as audio=mel_cnn. Received: 'audio'"),
        ("branches", "a=b=c", "--branches takes pairs"),
        ("curve", "half", "--curve takes numbers, as 0.25,0.5. Received: 'half'"),
    ],
)
def test_what_cannot_be_read(name, text, message):
    with pytest.raises(ValueError, match=message):
        parsed(SETTINGS[name], text)


def test_required_flags_and_places_have_no_default():
    empty = inspect.Parameter.empty
    assert parameter(SETTINGS["out"]).default is empty
    assert parameter(SETTINGS["paths"]).default is empty
    assert parameter(SETTINGS["epochs"]).default is None
    assert parameter(SETTINGS["action"]).default is empty
    assert parameter(SETTINGS["name"]).default is None


def test_a_flag_may_be_a_word_of_python():
    assert SETTINGS["from_"].flag == "--from"
    assert SETTINGS["ema_momentum"].flag == "--ema-momentum"

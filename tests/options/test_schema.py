import dataclasses
from typing import Literal

import pytest

from mmfusion.options import schema
from mmfusion.options.verbs import CrossvalOptions, TrainOptions


@dataclasses.dataclass(frozen=True)
class Inner:
    """How fast.

    Args:
        speed: float. Metres per second, over
            two lines.
        gear: str. Which one.
    """

    speed: float = 1.5
    gear: Literal["low", "high"] | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Outer:
    """Drive somewhere.

    Args:
        where: str. The place.
        stops: tuple of str. Places on the way.
        inner: Inner.
    """

    where: str = schema.positional()
    stops: tuple[Literal["a", "b"], ...] = ()
    inner: Inner = schema.nested(Inner, prefix="drive_", applies_to=schema.CLIPS)


def test_every_field_with_its_place_flag_help_and_choices():
    where, stops, speed, gear = schema.settings(Outer)
    assert (where.name, where.positional, where.default) == ("where", True, dataclasses.MISSING)
    assert (stops.choices, stops.help, stops.panel) == (
        ("a", "b"),
        "Places on the way.",
        "Options",
    )
    assert (speed.path, speed.name, speed.default) == (("inner", "speed"), "drive_speed", 1.5)
    assert speed.help == "Metres per second, over two lines."
    assert (speed.panel, speed.applies_to) == ("How fast", "clips")
    assert gear.choices == ("low", "high")
    assert schema.summary(Outer) == "Drive somewhere."


@pytest.mark.parametrize("cls", [TrainOptions, CrossvalOptions])
def test_names_are_unique_and_all_are_explained(cls):
    found = schema.settings(cls)
    assert len({setting.name for setting in found}) == len(found)
    assert [setting.name for setting in found if not setting.help] == []


def test_a_subclass_explains_anew():
    helps = {setting.name: setting.help for setting in schema.settings(CrossvalOptions)}
    assert helps["out"] == "Folder of a run for each fold."
    assert helps["refit"].startswith("Train once more")

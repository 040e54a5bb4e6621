import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import mmfusion as mm

ROOT = Path(mm.__file__).parent
STUBS = sorted(ROOT.rglob("__init__.pyi"))


def test_a_function_goes_before_the_file_it_is_named_after():
    import mmfusion.data.split  # noqa: F401  what any other room does

    assert mm.data.split.__name__ == "split"
    assert callable(mm.data.split)


def test_unknown_name():
    with pytest.raises(AttributeError, match="attribute nothing"):
        mm.data.nothing  # noqa: B018


@pytest.mark.parametrize("stub", STUBS, ids=lambda stub: stub.parent.name)
def test_public_names_are_listed_and_load(stub):
    room = importlib.import_module(".".join(stub.parent.relative_to(ROOT.parent).parts))
    typed = [line.rsplit(" ", 1)[1] for line in stub.read_text().splitlines() if " as " in line]
    assert set(typed) <= set(room.__all__)
    for name in room.__all__:
        assert name in dir(room)
        assert getattr(room, name) is not None


def test_front_door_and_media_need_no_tensorflow():
    code = (
        "import sys, mmfusion as mm\n"
        "mm.Clip, mm.ClipSpec, mm.data.read_manifest, mm.data.align, mm.media.probe\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_room_stays_a_room():
    from mmfusion.apps import export, prepare  # each holds a function of its own name

    assert export.run
    assert prepare.run

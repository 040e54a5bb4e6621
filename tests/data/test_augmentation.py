import dataclasses
import subprocess
import sys

import pytest

from mmfusion.data.augmentation import Augmentation


def test_settings_cannot_change_and_give_themselves_back():
    settings = Augmentation(crop=0.5)
    assert Augmentation(**dataclasses.asdict(settings)) == settings
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.modality_dropout = 0.0


def test_settings_need_no_tensorflow():
    code = (
        "import sys, mmfusion as mm\n"
        "mm.data.Augmentation()\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

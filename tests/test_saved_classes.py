"""What a saved Keras file may name: found by Keras before anybody has imported its room."""

import ast
import subprocess
import sys
from pathlib import Path

import keras
import pytest

import mmfusion as mm
from mmfusion.saved_classes import SAVED_CLASSES

ROOT = Path(mm.__file__).parent
LOADING = """
import {first}, {second}
model = keras.saving.load_model({path!r})
modules = {{type(layer).__module__ for layer in model.layers}}
print(sorted(module for module in modules if module.startswith("mmfusion")))
"""


def test_every_registered_class_is_in_the_table():
    registered = {}
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and any(
                "register_keras_serializable" in ast.unparse(each) for each in node.decorator_list
            ):
                module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                registered.setdefault(module, []).append(node.name)
    assert {module: [*names] for module, names in SAVED_CLASSES.items()} == registered


@pytest.mark.parametrize("order", [("mmfusion", "keras"), ("keras", "mmfusion")])
def test_loads_in_a_fresh_process(tmp_path, order):
    samples, mask = keras.Input((4, 2000)), keras.Input((4,), dtype="bool")
    spectrum = mm.layers.LogMel(16000, bins=8, frames=2)(samples, mask)
    steps = keras.layers.Reshape((4, 16))(spectrum)
    fused = mm.fusion.GatedFusion(4)({"audio": steps}, {"audio": mask})
    path = str(tmp_path / "model.keras")
    keras.Model([samples, mask], fused).save(path)
    code = LOADING.format(first=order[0], second=order[1], path=path)
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert ast.literal_eval(loaded.stdout) == [
        "mmfusion.fusion.gated",
        "mmfusion.layers.audio.log_mel",
    ]


def test_keras_is_not_imported_by_the_package():
    code = "import sys, mmfusion; print('keras' in sys.modules)"
    fresh = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert fresh.stdout.strip() == "False"

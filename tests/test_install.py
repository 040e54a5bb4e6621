"""How the installed library is found beside a folder of its name."""

import os
import subprocess
import sys

import pytest

import mmfusion


@pytest.mark.parametrize("inside", [".", "mmfusion"], ids=["an_empty_folder", "a_clone"])
def test_a_folder_of_its_name_hides_nothing(tmp_path, inside):
    """A clone named `mmfusion` has no `__init__.py`: beside it Python sees a namespace package."""
    (tmp_path / "mmfusion" / inside).mkdir(parents=True)
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    code = "import mmfusion; print(mmfusion.__version__)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.stdout.strip() == mmfusion.__version__, done.stderr

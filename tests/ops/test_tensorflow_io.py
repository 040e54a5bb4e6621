import subprocess
import sys

from mmfusion.ops.tensorflow_io import tfio

ABSENT = """
import sys
sys.modules["tensorflow_io"] = None
from mmfusion.ops.tensorflow_io import tfio
sys.exit(tfio is not None)
"""


def test_its_kernels_are_used_where_they_load():
    assert tfio is None or tfio.audio.freq_mask


def test_absent_it_is_none():
    assert subprocess.run([sys.executable, "-c", ABSENT], check=False).returncode == 0

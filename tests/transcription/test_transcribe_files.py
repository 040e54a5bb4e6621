import sys

import numpy as np
import pytest

from mmfusion.media.limits import Limits
from mmfusion.media.probe import probe
from mmfusion.media.write import write_audio
from mmfusion.transcription.transcribe_files import transcribe_files
from tests.transcription.fakes import one_segment


def test_no_files():
    assert list(transcribe_files([], one_segment, workers=1)) == []


def test_a_broken_file_stops_no_other(tmp_path):
    paths = [tmp_path / name for name in ("a.wav", "broken.wav", "missing.wav", "b.wav")]
    for path in (paths[0], paths[3]):
        write_audio(path, np.zeros(16_000), 16_000)
    paths[1].write_bytes(b"")
    found = dict(transcribe_files(paths, one_segment, workers=1))
    assert list(found) == [0, 1, 2, 3]
    assert [found[at].text for at in (0, 3)] == ["help us"] * 2
    assert [found[at].kind for at in (1, 2)] == ["empty", "missing"]


@pytest.mark.parametrize(
    ("lengths_s", "expected_s"), [([2.0], 1.5), ([8.0, 4.0], 3.0), ([0.0], 26.0), ([1e9], 26.0)]
)
def test_a_file_has_as_long_as_its_header_promises(monkeypatch, lengths_s, expected_s):
    given = []

    def mapped(function, items, *, workers, limits):
        given.append(limits.wall_s)
        if function is probe:
            yield from enumerate(type("Info", (), {"duration_s": each}) for each in lengths_s)

    monkeypatch.setattr(sys.modules[transcribe_files.__module__], "sandboxed_map", mapped)
    limits = Limits(seconds=100.0, wall_s=1.0)
    list(transcribe_files(["a"] * len(lengths_s), one_segment, limits=limits))
    assert given == [1.0, expected_s]

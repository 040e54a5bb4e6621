"""Caption files written on the spot."""

import pytest

from mmfusion.media.subtitles import read_captions


@pytest.fixture
def read(tmp_path):
    """Writes a file and returns its words as `(start_s, end_s, text)`, and what is odd about it."""

    def words(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        found, problems = read_captions(path)
        return [(round(w.start_s, 3), round(w.end_s, 3), w.text) for w in found], problems

    return words

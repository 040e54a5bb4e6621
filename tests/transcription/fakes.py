"""Recognisers that need no weights, and the folder of the real one where it is in the cache."""

import os
from pathlib import Path

import pytest

from mmfusion.media.captions.segment import Segment
from mmfusion.media.probe import probe
from mmfusion.pretrained.fetch import weights_path
from mmfusion.pretrained.moonshine import Decoded
from mmfusion.transcription.transcript import Transcript

try:  # while tests are collected: later the cache is another
    FOLDER = weights_path("moonshine")
except FileNotFoundError:
    FOLDER = None

SHARED = Path(os.environ.get("MMFUSION_SHARED", Path(__file__).parents[2] / "shared"))
RAVDESS = SHARED / "data" / "ravdess" / "audio"
with_weights = pytest.mark.skipif(FOLDER is None, reason="Moonshine's weights are not in the cache")
with_speech = pytest.mark.skipif(not RAVDESS.is_dir(), reason="no recording of a voice here")


class Echo:
    """Decodes any segment to its length in tenths of a second."""

    def __init__(self, likely=-0.1):
        self.likely = likely

    def decode(self, samples):
        return Decoded(f"{len(samples) / 1600:.0f}", (7,), self.likely, True)


def one_segment(path, folder=None):
    """Finds the same words from 0.5 to 1.5 s of any file that can be opened."""
    return Transcript((Segment(0.5, 1.5, "help us", -0.1),), probe(path).duration_s)


def no_segment(path, folder=None):
    """Finds nobody speaking."""
    return Transcript((), probe(path).duration_s)


def unsure(path, folder=None):
    """Finds words that are not likely, and some that cannot be."""
    return Transcript((Segment(0.0, 1.0, "quelque chose", -0.9),), 2.0, left_out=1)

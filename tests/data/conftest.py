"""A small real corpus, written once: two test scenes and two broken files."""

import pytest

from mmfusion.data.manifest import read_manifest
from mmfusion.data.prepare import prepare
from mmfusion.data.synthetic import CorpusSize, make_corpus
from mmfusion.specs import ClipSpec


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    size = CorpusSize(train=2, val=0, test=2, broken=3)
    return make_corpus(tmp_path_factory.mktemp("corpus"), size, seed=1)


@pytest.fixture(scope="session")
def spec():
    return ClipSpec(seconds=2.0, steps=4, size_px=32, sample_rate_hz=8000, tokens=6)


@pytest.fixture(scope="session")
def records(corpus, spec, tmp_path_factory):
    folder = tmp_path_factory.mktemp("records")
    return prepare(read_manifest(corpus), spec, folder, workers=2, quiet=True)

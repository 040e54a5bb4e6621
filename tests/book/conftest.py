"""A small real corpus, written once."""

import pytest

import mmfusion as mm
from mmfusion.data.synthetic import CorpusSize, make_corpus


@pytest.fixture(scope="session")
def clips(tmp_path_factory):
    size = CorpusSize(train=0, val=0, test=3, broken=0)
    return mm.load_data(make_corpus(tmp_path_factory.mktemp("corpus"), size))

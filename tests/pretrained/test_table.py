import re

import pytest

from mmfusion.pretrained.table import WEIGHTS
from mmfusion.pretrained.weights import USER


@pytest.mark.parametrize("name", [*WEIGHTS])
def test_every_row_can_be_fetched_checked_and_named(name):
    weights = WEIGHTS[name]
    assert weights.name == name
    assert re.fullmatch(r"[a-z0-9-]+", name)
    assert bool(weights.package) == (weights.registry != USER)
    assert re.fullmatch(r"\d+(\.\d+)*", weights.version)
    assert weights.origin.startswith("https://")
    assert weights.task
    assert weights.licence
    assert " -> " in weights.note
    assert len({file.name for file in weights.files}) == len(weights.files) > 0
    for file in weights.files:
        assert file.size_bytes > 0
        assert re.fullmatch(r"[0-9a-f]{64}", file.sha256)


def test_a_digest_for_each_file():
    digests = [file.sha256 for weights in WEIGHTS.values() for file in weights.files]
    assert len(set(digests)) == len(digests)

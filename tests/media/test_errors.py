import pickle

import pytest

from mmfusion.media.errors import KINDS, DecodeError


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_survives_pickling_and_names_the_file(kind):
    error = pickle.loads(pickle.dumps(DecodeError(kind, "a.mp4", "because")))
    assert (error.kind, error.path, error.reason) == (kind, "a.mp4", "because")
    assert str(error) == f"a.mp4: because [{kind}]"
    assert isinstance(error, ValueError)


def test_unknown_kind():
    with pytest.raises(KeyError, match="`kind` must be one of"):
        DecodeError("odd", "a.mp4", "because")


def test_it_says_where():
    assert DecodeError("missing", "a.mp4", "no such file").where == "a.mp4: no such file"

"""Masks and lengths beside arrays; how a file with them is read is in test_read_arrays.py."""

import numpy as np
import pytest

from mmfusion.data.declared_mask import declared_mask


def test_nothing_declared_is_all_there():
    assert declared_mask({}, "audio", (2, 3), "x.npz").all()


@pytest.mark.parametrize("given", [[[1, 0]], [1, 0], [[True], [False]]])
def test_rows_of_sequences_have_one_value_each(given):
    array = np.array(given)
    if len(array) == 2:
        found = declared_mask({"audio_mask": array}, "audio", (2,), "x.npz")
        assert found.tolist() == [True, False]
    else:
        with pytest.raises(ValueError, match=r"x\.npz: 'audio_mask' must be booleans"):
            declared_mask({"audio_mask": array}, "audio", (2,), "x.npz")


def test_a_mask_and_lengths_hold_together():
    arrays = {"audio_mask": np.array([[0, 1, 1]]), "audio_lengths": np.array([2])}
    assert declared_mask(arrays, "audio", (1, 3), "x.npz").tolist() == [[False, True, False]]

import numpy as np
import pytest

from mmfusion.pretrained.array_spec import ArraySpec, check_arrays

SPECS = {"x": ArraySpec((None, 2), "float32"), "n": ArraySpec((), "int64")}


def test_none():
    assert check_arrays({}, {}) == {}


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_what_fits_stays(rows):
    x = np.arange(2 * rows, dtype=np.float32).reshape(2, rows).T  # not contiguous
    found = check_arrays({"n": np.int64(3), "x": x}, SPECS)
    assert list(found) == ["x", "n"]
    np.testing.assert_array_equal(found["x"], x, strict=True)
    assert found["x"].flags.c_contiguous
    np.testing.assert_array_equal(found["n"], np.array(3, np.int64), strict=True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x": np.zeros((1, 3), np.float32)}, r"`x` must be float32 \(any, 2\).*float32 \(1, 3\)"),
        ({"x": np.zeros(2, np.float32)}, r"`x` must be .*Received: float32 \(2\)"),
        ({"x": np.zeros((1, 2))}, r"`x` must be .*Received: float64 \(1, 2\)"),
        ({"n": np.zeros((), np.int32)}, r"`n` must be int64 \(\). Received: int32 \(\)"),
        ({"m": np.zeros(1)}, r"Inputs must be \['x', 'n'\]. Received: \['x', 'n', 'm'\]"),
    ],
)
def test_what_does_not(change, message):
    arrays = {"x": np.zeros((1, 2), np.float32), "n": np.zeros((), np.int64)}
    with pytest.raises(ValueError, match=message):
        check_arrays({**arrays, **change}, SPECS)
    with pytest.raises(ValueError, match="Inputs must be"):
        check_arrays({}, SPECS)

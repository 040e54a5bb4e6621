import collections

import numpy as np
import pytest

from mmfusion.pretrained.torch_file import read_torch

EVERY_FORM = pytest.mark.parametrize("legacy", [False, True], ids=["zip", "legacy"])


@EVERY_FORM
@pytest.mark.parametrize(
    "tensors",
    [
        {},
        {"one": np.float32([3])},
        {"scalar": np.array(7, np.int64), "none": np.zeros((0, 3), np.float32)},
        {"rows": np.arange(6, dtype=np.float32).reshape(2, 3).T, "half": np.float16([[1], [2]])},
        {"part": np.arange(24, dtype=np.float32).reshape(2, 3, 4)[1:, ::2, 1:]},
    ],
)
def test_round_trip(tmp_path, save_pth, tensors, legacy):
    found = read_torch(
        save_pth(tmp_path / "a.pth", collections.OrderedDict(tensors), legacy=legacy)
    )
    assert list(found) == list(tensors)
    for name, expected in tensors.items():
        assert found[name].dtype == expected.dtype
        np.testing.assert_array_equal(found[name], expected, strict=True)


class _Calls:
    def __init__(self, function, *arguments):
        self.reduced = function, arguments

    def __reduce__(self):
        return self.reduced


@EVERY_FORM
@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"a": _Calls(eval, "1/0")}, "Received: builtins.eval|Received: __builtin__.eval"),
        ({"a": _Calls(np.frombuffer, b"1")}, r"Received: numpy[a-z_.]*\.frombuffer"),
        ({"a": _Calls(collections.Counter, "a")}, "Received: collections.Counter"),
        ({"a": 3}, "'a' is a int"),
        ({"a": collections.OrderedDict()}, "'a' is a OrderedDict"),
        ([np.float32([1])], "a list"),
    ],
)
def test_whatever_is_no_tensor_is_refused(tmp_path, save_pth, content, message, legacy):
    path = save_pth(tmp_path / "a.pth", content, legacy=legacy)
    with pytest.raises(ValueError, match=rf"a\.pth: not tensors of PyTorch.*({message})"):
        read_torch(path)


@pytest.mark.parametrize(
    ("start", "shape", "strides"),
    [(0, (5,), (1,)), (1, (4,), (1,)), (0, (2, 2), (3, 1)), (-1, (1,), (1,)), (3, (4,), (-1,))],
)
def test_numbers_beyond_the_storage(tmp_path, save_pth, place, start, shape, strides):
    tensor = place(np.arange(4, dtype=np.float32), start, shape, strides)
    with pytest.raises(ValueError, match=r"not tensors of PyTorch.*(a tensor of shape|'a' needs)"):
        read_torch(save_pth(tmp_path / "a.pth", {"a": tensor}))


@EVERY_FORM
def test_cut_short(tmp_path, save_pth, legacy):
    tensors = {"a": np.arange(100, dtype=np.float32), "b": np.arange(100, dtype=np.float32)}
    path = save_pth(tmp_path / "a.pth", tensors, legacy=legacy)
    content = path.read_bytes()
    for length in (0, 1, 50, len(content) // 2, len(content) - 1):
        path.write_bytes(content[:length])
        with pytest.raises(ValueError, match="not tensors of PyTorch"):
            read_torch(path)


def test_missing_and_other_files(tmp_path):
    with pytest.raises(FileNotFoundError, match="No weights at this path"):
        read_torch(tmp_path / "none.pth")
    np.savez(tmp_path / "a.pth", a=np.zeros(3))
    (tmp_path / "a.pth.npz").rename(tmp_path / "a.pth")
    with pytest.raises(ValueError, match="not tensors of PyTorch"):
        read_torch(tmp_path / "a.pth")

import numpy as np
import pytest

from mmfusion.pretrained.tfjs_weights import read_tfjs_weights


def weight(name, shape, dtype="float32"):
    return {"name": name, "shape": shape, "dtype": dtype}


@pytest.fixture
def read(tmp_path):
    """Reads weights from files of these contents."""

    def run(weights, *contents):
        paths = [f"shard{at}.bin" for at in range(len(contents))]
        for path, content in zip(paths, contents, strict=True):
            (tmp_path / path).write_bytes(content)
        return read_tfjs_weights([{"paths": paths, "weights": weights}], tmp_path)

    return run


@pytest.mark.parametrize(
    ("entry", "content", "expected"),
    [
        (weight("a", [0]), b"", np.zeros(0, np.float32)),
        (weight("a", []), np.float32(2).tobytes(), np.float32(2)),
        (weight("a", [2, 1], "int32"), np.int32([3, -4]).tobytes(), np.int32([[3], [-4]])),
        (weight("a", [2], "bool"), b"\0\1", np.array([False, True])),
    ],
)
def test_types(read, entry, content, expected):
    np.testing.assert_array_equal(read([entry], content)["a"], expected, strict=True)


@pytest.mark.parametrize(
    ("dtype", "how", "content", "expected"),
    [
        ("float32", {"dtype": "float16"}, np.float16([0.5, -2]), np.float32([0.5, -2])),
        ("float32", {"dtype": "uint8", "scale": 0.5, "min": -1}, np.uint8([0, 3]), [-1.0, 0.5]),
        ("float32", {"dtype": "uint16", "scale": 2, "min": 1}, np.uint16([0, 300]), [1.0, 601.0]),
        ("int32", {"dtype": "uint8", "scale": 0.7, "min": 0}, np.uint8([1, 2]), [1, 1]),
    ],
)
def test_quantised(read, dtype, how, content, expected):
    entry = {"name": "a", "shape": [2], "dtype": dtype, "quantization": how}
    found = read([entry], content.tobytes())["a"]
    np.testing.assert_array_equal(found, np.array(expected, dtype), strict=True)


def test_one_after_another_across_files(read):
    numbers = np.arange(5, dtype=np.float32)
    content = numbers.tobytes()
    found = read([weight("a", [2]), weight("b", [3, 1])], content[:7], content[7:])
    np.testing.assert_array_equal(np.append(found["a"], found["b"]), numbers)


@pytest.mark.parametrize("length", [0, 3, 5])
def test_too_few_or_too_many_bytes(read, length):
    with pytest.raises(ValueError, match=rf"Received: {length}$"):
        read([weight("a", [])], bytes(length))


def test_unknown_types_and_foreign_files(read, tmp_path):
    with pytest.raises(ValueError, match=r"a must be one of .*Received: string"):
        read([weight("a", [1], "string")], b"0000")
    with pytest.raises(ValueError, match=r"a must be one of .*Received: int4"):
        read([weight("a", [1]) | {"quantization": {"dtype": "int4"}}], b"0")
    (tmp_path / "inside").mkdir()
    (tmp_path / "secret").write_bytes(b"0000")
    for path in ("../secret", str(tmp_path / "secret")):
        with pytest.raises(ValueError, match="must lie beside its model"):
            read_tfjs_weights([{"paths": [path], "weights": []}], tmp_path / "inside")
    with pytest.raises(FileNotFoundError, match=r"none\.bin"):
        read_tfjs_weights([{"paths": ["none.bin"], "weights": []}], tmp_path)


def test_none():
    assert read_tfjs_weights([], None) == {}

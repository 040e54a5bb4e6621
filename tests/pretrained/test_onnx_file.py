import sys

import numpy as np
import pytest

from mmfusion.pretrained.array_spec import ArraySpec
from mmfusion.pretrained.onnx_file import OnnxFile

FLOAT, INT64 = 1, 7


@pytest.fixture
def _runtime():
    pytest.importorskip("onnxruntime", reason="the extra `onnx` is not installed")


needs_runtime = pytest.mark.usefixtures("_runtime")


def field(number, *values):
    """Fields of a protocol buffer: whole numbers, and text or messages by their length."""
    found = b""
    for value in values:
        if isinstance(value, int):
            found += varint(number << 3) + varint(value)
        else:
            content = value.encode() if isinstance(value, str) else value
            found += varint(number << 3 | 2) + varint(len(content)) + content
    return found


def varint(value):
    head, rest = value & 127, value >> 7
    return bytes([head | 128]) + varint(rest) if rest else bytes([head])


def node(op, takes, gives):
    return field(1, field(1, *takes) + field(2, gives) + field(4, op))


def argument(name, kind, *sizes):
    sized = [field(2, size) if isinstance(size, str) else field(1, size) for size in sizes]
    tensor = field(1, kind) + field(2, b"".join(field(1, size) for size in sized))
    return field(1, name) + field(2, field(1, tensor))


@pytest.fixture
def path(tmp_path):
    """A network of `x` (n, 2) and `k` (1,) that returns `x + x` and `k`."""
    graph = node("Add", ["x", "x"], "sum") + node("Identity", ["k"], "same")
    graph += field(2, "graph")
    graph += field(11, argument("x", FLOAT, "n", 2), argument("k", INT64, 1))
    graph += field(12, argument("sum", FLOAT, "n", 2), argument("same", INT64, 1))
    model = field(1, 8) + field(7, graph) + field(8, field(1, "") + field(2, 13))
    (tmp_path / "a.onnx").write_bytes(model)
    return tmp_path / "a.onnx"


@needs_runtime
@pytest.mark.parametrize("rows", [0, 1, 3])
@pytest.mark.parametrize("threads", [None, 1])
def test_by_hand(path, rows, threads):
    network = OnnxFile(path, threads=threads)
    assert network.inputs == {
        "x": ArraySpec((None, 2), "float32"),
        "k": ArraySpec((1,), "int64"),
    }
    assert [*network.outputs] == ["sum", "same"]
    x = np.arange(2 * rows, dtype=np.float32).reshape(rows, 2)
    found = network({"x": x, "k": np.array([5])})
    np.testing.assert_array_equal(found["sum"], 2 * x, strict=True)
    np.testing.assert_array_equal(found["same"], [5])


@needs_runtime
def test_what_does_not_fit(path, tmp_path):
    with pytest.raises(ValueError, match=r"`x` must be float32 \(any, 2\)"):
        OnnxFile(path)({"x": np.zeros((1, 3), np.float32), "k": np.array([5])})
    with pytest.raises(FileNotFoundError, match="No network at this path"):
        OnnxFile(tmp_path / "none.onnx")
    path.write_bytes(path.read_bytes()[:30])
    with pytest.raises(ValueError, match=r"a\.onnx: no network of ONNX"):
        OnnxFile(path)


@needs_runtime
@pytest.mark.parametrize("samples", [1023, 16_000])
def test_features_of_speech(real, samples):
    """As many steps as Moonshine's three strided convolutions leave."""
    encode = OnnxFile(real("moonshine", "encoder_model.ort"), threads=1)
    values = np.random.default_rng(0).normal(size=(1, samples)).astype(np.float32) / 10
    (features,) = encode(
        {"input_values": values, "attention_mask": np.ones((1, samples), np.int64)}
    ).values()
    steps = (((samples - 127) // 64 + 1 - 7) // 3 + 1 - 3) // 2 + 1
    assert features.shape == (1, steps, 288)
    assert np.isfinite(features).all()


def test_without_the_package(path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ImportError, match=r"pip install 'mmfusion\[onnx\]'"):
        OnnxFile(path)

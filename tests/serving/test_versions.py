import pytest

from mmfusion.serving.versions import newest, versions


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], []),
        (["1"], ["1"]),
        (["2", "10", "1"], ["1", "2", "10"]),
        (["1", ".export-3", "latest", "2x"], ["1"]),
    ],
)
def test_versions_are_counted_not_spelled(tmp_path, names, expected):
    for name in names:
        (tmp_path / name).mkdir()
    (tmp_path / "7").write_text("a file")
    assert [path.name for path in versions(tmp_path)] == expected


@pytest.mark.parametrize("inner", ["", "export/"])
def test_newest_of_a_folder_or_of_a_run(tmp_path, inner):
    for number in (1, 9, 10):
        (tmp_path / f"{inner}{number}").mkdir(parents=True)
    assert newest(tmp_path) == tmp_path / f"{inner}10"


@pytest.mark.parametrize("file", ["saved_model.pb", "card.json"])
def test_a_version_stands_for_itself(tmp_path, file):
    (tmp_path / file).write_text("")
    assert newest(tmp_path) == tmp_path


@pytest.mark.parametrize("name", ["empty", "missing"])
def test_no_model_at_all(tmp_path, name):
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match=name):
        newest(tmp_path / name)

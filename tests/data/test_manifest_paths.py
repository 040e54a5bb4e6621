import os
import unicodedata

import pytest

from mmfusion.data.manifest_paths import confined, names_a_file

NFC, NFD = (unicodedata.normalize(form, "cl\u00edp.mp4") for form in ("NFC", "NFD"))


@pytest.mark.parametrize(
    ("there", "written"),
    [
        ("clips/a.mp4", "clips/a.mp4"),
        ("clips/a.mp4", "clips\\a.mp4"),
        ("clips/b/a.mp4", "clips\\b\\a.mp4"),
        ("clips/a.mp4", "clips\\a.mp4 "),
        ("a\\b.mp4", "a\\b.mp4"),  # a name that Linux allows
        (NFC, NFD),
        (NFD, NFC),
        ("a.mp4 ", "a.mp4 "),
    ],
)
def test_the_file_that_is_meant(tmp_path, there, written):
    (tmp_path / there).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / there).touch()
    assert confined(written, str(tmp_path), "row 2") == tmp_path / there


def test_what_is_not_there_is_below_the_folder(tmp_path):
    assert confined("clips\\a.mp4", str(tmp_path), "row 2") == tmp_path / "clips" / "a.mp4"


@pytest.mark.parametrize(
    "written",
    ["..\\a.mp4", "b\\..\\..\\a.mp4", "C:\\a.mp4", "c:/a.mp4", "\\\\host\\a.mp4", "/a", " /a"],
)
def test_outside_is_refused_however_it_is_written(tmp_path, written):
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "a.mp4").touch()
    with pytest.raises(ValueError, match="row 2 must lie within"):
        confined(written, os.path.realpath(inside), "row 2")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("bin blue now", False),
        ("Stop. Now", False),
        ("What?!", False),
        ("It was 3.5", False),
        ("\u7740\u706b.\u5feb\u8dd1", False),
        ("3.5", False),
        ("a.SRT", True),
        ("sub\\a.ass", True),
        ("my captions.vtt ", True),
        ("my notes.docx", True),
        ("subs/a.xyz", True),
        ("words of mine", True),  # there is such a file
        ("x" * 5000, False),
    ],
)
def test_words_or_a_file(tmp_path, value, expected):
    (tmp_path / "words of mine").touch()
    assert names_a_file(value, str(tmp_path)) == expected

import pytest

from mmfusion.data.split import split
from mmfusion.data.split_report import leaks, split_report
from mmfusion.specs import Clip


def clips(labels, **fields):
    return [
        Clip(f"{label}{at}", text=f"{at}", label=label, **fields) for at, label in enumerate(labels)
    ]


def test_by_hand():
    told = split_report({"train": clips("xxy", group="g"), "test": clips("y")})
    assert told["train"] == {
        "clips": 3,
        "share": 0.75,
        "groups": 1,
        "labels": {"x": pytest.approx(2 / 3), "y": pytest.approx(1 / 3)},
        "off": pytest.approx(1 / 6),
    }
    assert (told["test"]["groups"], told["test"]["off"]) == (0, 0.5)


@pytest.mark.parametrize("parts", [{}, {"train": [], "test": []}])
def test_nothing(parts):
    assert all(row["clips"] == 0 for row in split_report(parts).values())
    assert leaks(parts) == []


def test_our_own_split_is_even_and_leaks_nothing():
    many = [Clip(str(at), text=str(at), label="xy"[at % 2], group=str(at // 4)) for at in range(80)]
    parts = dict(zip(("train", "val", "test"), split(many), strict=True))
    told = split_report(parts)
    assert [told[name]["share"] for name in parts] == [0.8, 0.1, 0.1]
    assert all(row["off"] == 0 for row in told.values())
    assert leaks(parts) == []


def test_the_same_file_by_another_name(tmp_path):
    for name, content in (("a", b"1"), ("b", b"2"), ("c", b"1")):
        (tmp_path / f"{name}.mp4").write_bytes(content)
    a, b, c = (Clip(name, video=tmp_path / f"{name}.mp4", group="g") for name in "abc")
    found = leaks({"train": [a], "val": [b], "test": [c]})
    assert [each["what"] for each in found if each["kind"] == "content"] == [["a", "c"]]
    assert [each["parts"] for each in found if each["kind"] == "group"] == [
        ["train", "test"],
        ["train", "val"],
        ["val", "test"],
    ]

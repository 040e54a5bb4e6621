"""Corpora that come as arrays."""

import numpy as np
import pytest

from mmfusion.data.read_arrays import read_arrays


@pytest.fixture
def write(tmp_path):
    def save(**arrays):
        path = tmp_path / "corpus.npz"
        np.savez(path, **{name: np.asarray(array) for name, array in arrays.items()})
        return path

    return save


def test_one_row(write):
    path = write(x=[[1.0, 2.0]], label=[0])
    rows = read_arrays(path)
    assert (len(rows), rows.modalities, rows.classes) == (1, ["x"], ["0"])
    np.testing.assert_array_equal(rows.tensors["x"], [[[1, 2]]])  # (N, 1, D)
    np.testing.assert_array_equal(rows.tensors["x_mask"], [[True]])


def test_shapes_of_every_kind(write):
    path = write(
        vector=np.ones((2, 3)),
        series=np.ones((2, 4, 3)),
        depth=np.ones((2, 4, 5, 6), "uint8"),
        words=["hello", ""],
        label=["b", "a"],
        other=np.ones(7),
    )
    names = ("depth", "series", "vector", "words")
    rows = read_arrays(path, modalities=names)
    shapes = {name: rows.tensors[name].shape for name in names}
    assert shapes == {
        "depth": (2, 4, 5, 6, 1),
        "series": (2, 4, 3),
        "vector": (2, 1, 3),
        "words": (2, 1),
    }
    assert rows.tensors["depth"].dtype == np.uint8
    assert rows.tensors["words_mask"].tolist() == [[True], [False]]
    assert read_arrays(path).modalities == ["depth", "series", "vector"]
    assert rows.classes == ["a", "b"]


def test_what_is_nan_is_absent(write):
    path = write(x=[[[1.0], [np.nan]], [[2.0], [3.0]]], label=[0, 1])
    rows = read_arrays(path)
    assert rows.tensors["x_mask"].tolist() == [[True, False], [True, True]]
    assert rows.tensors["x"].ravel().tolist() == [1, 0, 2, 3]


def test_masks_and_lengths_of_the_file_are_honoured(write, caplog):
    series = np.arange(1.0, 13).reshape(2, 3, 2)
    series[0, 2] = np.nan  # padding: nobody need hear of it
    path = write(
        a=series,
        a_lengths=[2, 3],
        b=np.ones((2, 3, 2)),
        b_mask=[[0, 1, 1], [1, 1, 0]],
        c=np.ones((2, 3, 2)),
        c_mask=[[True, False, True], [True, True, True]],
        c_lengths=[3, 1],
        words=["one", "two"],
        words_mask=[True, False],
        label=[0, 1],
    )
    rows = read_arrays(path)
    assert rows.modalities == ["a", "b", "c"]
    tensors = read_arrays(path, modalities=["a", "b", "c", "words"]).tensors
    assert tensors["a_mask"].tolist() == [[True, True, False], [True, True, True]]
    assert tensors["a"][0].tolist() == [[1, 2], [3, 4], [0, 0]]
    assert tensors["b_mask"].tolist() == [[False, True, True], [True, True, False]]
    assert tensors["b"][0, 0].tolist() == [0, 0]
    assert tensors["c_mask"].tolist() == [[True, False, True], [True, False, False]]
    assert tensors["words"].tolist() == [["one"], [""]]
    assert not caplog.records


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"x_mask": np.ones((2, 4))}, r"'x_mask' must be booleans \(2, 3\)"),
        ({"x_mask": np.full((2, 3), 0.5)}, "'x_mask' must be booleans"),
        ({"x_lengths": [1, 4]}, r"'x_lengths' must be whole numbers \(2,\) from 0 to 3"),
        ({"x_lengths": [1.5, 1]}, "'x_lengths' must be whole numbers"),
        ({"x_lengths": [1]}, "'x_lengths' must be whole numbers"),
    ],
)
def test_masks_and_lengths_that_do_not_fit(write, more, message):
    with pytest.raises(ValueError, match=message):
        read_arrays(write(x=np.ones((2, 3, 1)), label=[0, 1], **more))


def test_names_of_labels_ids_and_parts(write):
    path = write(
        x=np.ones((3, 1)),
        label=[10, 2, 10],
        class_names=[f"class {at}" for at in range(11)],
        id=["u", "v", "w"],
        split=["train", "test", "train"],
    )
    rows = read_arrays(path)
    assert [row["label"] for row in rows.rows] == ["class 10", "class 2", "class 10"]
    assert rows.classes == ["class 2", "class 10"]
    assert [(row.id, row.split) for row in rows.clips] == [
        ("u", "train"),
        ("v", "test"),
        ("w", "train"),
    ]


def test_numbers_of_labels_keep_their_order(write):
    assert read_arrays(write(x=np.ones((3, 1)), label=[10, 9, 9])).classes == ["9", "10"]


def test_rows_of_a_group_become_a_sequence(write):
    path = write(
        x=[[0.0], [1.0], [2.0], [3.0], [4.0]],
        label=[0, 1, 0, 1, 1],
        video=["z", "a", "z", "a", "z"],
        place=[2, 0, 1, 5, 0],
    )
    rows = read_arrays(path, group="video", order="place")
    assert rows.tensors["x"].ravel().tolist() == [4, 2, 0, 1, 3]
    assert [row.id for row in rows.clips] == ["4", "2", "0", "1", "3"]
    assert rows.lengths.tolist() == [3, 2]
    chosen = rows.select([row for row in rows.clips if row.group == "a"])
    assert chosen.tensors["x"].ravel().tolist() == [1, 3]
    assert rows.select([]).lengths.tolist() == []


def test_narrowed_to_some_modalities(write):
    rows = read_arrays(write(x=np.ones((2, 1)), y=np.ones((2, 3)), label=[0, 1])).only(["y"])
    assert rows.modalities == ["y"]
    assert set(rows.tensors) == {"y", "y_mask"}


@pytest.mark.parametrize(
    ("arrays", "asked", "message"),
    [
        ({"label": [0]}, {}, "no array to read"),
        ({"x": [[1.0]]}, {}, r"no array 'label'; the nearest is \['x'\]"),
        ({"x": [[1.0]], "label": [0]}, {"modalities": ("y",)}, "no array 'y'"),
        ({"x": [[1.0], [2.0]], "label": [0]}, {"modalities": ("x",)}, "must have 1 rows"),
        ({"x": [1.0], "label": [0]}, {"modalities": ("x",)}, "'x' must be words"),
        ({"a/x": [[1.0]], "label": [0]}, {}, "holds no slash. Received: 'a/x'"),
        ({"x": [[1.0]], "label": [0.5]}, {}, "one whole number or one name"),
        ({"x": [[1.0]], "label": 0}, {}, "'label' must have rows"),
        ({"x": [[1.0]], "label": [3], "class_names": ["a"]}, {}, "places in `class_names`"),
        ({"x": [[1.0]], "label": [0], "split": ["dev"]}, {}, "`split` must hold"),
        ({"x": [[1.0]] * 2, "label": [0] * 2, "id": [1, 1]}, {}, "`id` must be another"),
        ({"x": [[1.0]], "label": [0]}, {"order": "label"}, "`order` needs `group`"),
    ],
)
def test_says_what_does_not_fit(write, arrays, asked, message):
    with pytest.raises(ValueError, match=message):
        read_arrays(write(**arrays), **asked)


def test_refuses_what_is_no_file_of_plain_arrays(tmp_path, write):
    with pytest.raises(FileNotFoundError, match="No arrays"):
        read_arrays(tmp_path / "none.npz")
    path = tmp_path / "corpus.npz"
    path.write_text("words")
    with pytest.raises(ValueError, match=r"not an \.npz file"):
        read_arrays(path)
    np.savez(path, x=np.array([{}], object))
    with pytest.raises(ValueError, match=r"not an \.npz file of plain arrays"):
        read_arrays(path)
    whole = write(x=np.ones((9, 9)), label=np.zeros(9, int)).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match=r"not an \.npz file"):
        read_arrays(path)


def test_other_arrays_of_the_file_are_not_read(write):
    path = write(x=np.ones((2, 3)), label=["a", "b"], meta=np.array([{}, {}], object))
    rows = read_arrays(path)
    assert (rows.modalities, rows.classes) == (["x"], ["a", "b"])
    with pytest.raises(ValueError, match=r"corpus\.npz: 'meta' is no plain array.*holds objects"):
        read_arrays(path, modalities=("meta", "x"))


@pytest.mark.parametrize(
    ("label", "labels", "classes"),
    [
        ([1.0, np.nan, 0.0], ["1", None, "0"], ["0", "1"]),
        (["pos ", "POS", "neg"], ["POS", "POS", "neg"], ["POS", "neg"]),
        (["nan", "", "neg"], [None, None, "neg"], ["neg"]),
        (["1", "1.0", "2"], ["1", "1", "2"], ["1", "2"]),
        ([True, False, True], ["True", "False", "True"], ["False", "True"]),
    ],
)
def test_labels_are_spelled_in_one_way_and_may_be_missing(write, label, labels, classes):
    rows = read_arrays(write(x=np.ones((3, 1)), label=label))
    assert [row.label for row in rows.clips] == labels
    assert rows.classes == classes


def test_numbers_of_names_some_of_which_are_missing(write):
    rows = read_arrays(write(x=np.ones((3, 1)), label=[1, np.nan, 0], class_names=["no", "yes"]))
    assert [row.label for row in rows.clips] == ["yes", None, "no"]


def test_groups_and_parts_that_are_missing(write):
    path = write(
        x=np.ones((4, 1)),
        label=list("abab"),
        who=["Anna", "anna ", "", "nan"],
        split=["Train", "test ", "", "val"],
    )
    rows = read_arrays(path, group="who")
    assert [row.group for row in rows.clips] == ["Anna", "Anna", None, None]
    assert [row.split for row in rows.clips] == ["train", "test", None, "val"]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300])
def test_what_is_not_finite_is_named_and_absent_or_refused(write, value, caplog):
    x = np.ones((3, 2, 4))
    x[1, 0, 2] = value
    path = write(x=x, y=np.ones((3, 2)), label=list("aba"), id=["u", "v", "w"])
    rows = read_arrays(path)
    assert rows.tensors["x_mask"].tolist() == [[True, True], [False, True], [True, True]]
    assert np.isfinite(rows.tensors["x"]).all()
    assert [record.getMessage() for record in caplog.records] == [
        f"{path}: 'x' is NaN or infinite in 1 of 3 rows, first 'v': absent there"
    ]
    with pytest.raises(
        ValueError, match=r"'x' is NaN or infinite in 1 of 3 rows\. Received: first 'v'"
    ):
        read_arrays(path, not_finite="refuse")
    with pytest.raises(ValueError, match="`not_finite` must be one of"):
        read_arrays(path, not_finite="drop")

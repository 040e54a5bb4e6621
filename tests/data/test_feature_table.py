import numpy as np
import pyarrow.parquet as pq
import pytest

from mmfusion.data.feature_table import FeatureTable, read_parquet, stack_vectors, write_parquet
from mmfusion.preprocessing.scaling import Scaling


@pytest.fixture
def table():
    return FeatureTable(
        ids=["a", "b"],
        columns={"label": ["x", None], "id": ["1", "2"]},
        features={
            "audio.mfcc": np.array([[1, 2], [np.nan, np.nan]], "float32"),
            "video.color": np.array([[3], [4]], "float32"),
        },
        words=["no fire", "着火"],
        quarantined=[{"id": "c", "kind": "empty", "reason": "zero bytes"}],
        scalings={"video.color": Scaling((3.5,), (0.5,))},
    )


@pytest.mark.parametrize(
    ("vectors", "stacked"),
    [
        ([], np.zeros((0, 0))),
        ([None], np.zeros((1, 0))),
        ([[1.0, 2.0]], [[1, 2]]),
        ([None, [3.0]], [[np.nan], [3]]),
        ([[np.inf, 1.0], [2.0, 3.0], [1.0, np.nan]], [[np.nan] * 2, [2, 3], [np.nan] * 2]),
    ],
)
def test_vectors_with_gaps(vectors, stacked):
    np.testing.assert_array_equal(stack_vectors(vectors), stacked)


def test_what_is_written_is_read(table, tmp_path):
    write_parquet(tmp_path / "a.parquet", table)
    again = read_parquet(tmp_path / "a.parquet")
    assert (again.ids, again.columns) == (table.ids, table.columns)
    assert (again.words, again.quarantined) == (table.words, table.quarantined)
    assert again.scalings == table.scalings
    assert again.modalities == ["audio", "video"]
    for name, rows in table.features.items():
        np.testing.assert_array_equal(again.features[name], rows)


def test_any_other_program_can_read_it(table, tmp_path):
    write_parquet(tmp_path / "a.parquet", table)
    rows = pq.read_table(tmp_path / "a.parquet").to_pylist()
    assert rows[1] == {
        "id": "b",
        "column.label": None,
        "column.id": "2",
        "words": "着火",
        "feature.audio.mfcc": None,
        "feature.video.color": [4.0],
    }


def test_some_sets_of_some_clips(table, tmp_path):
    write_parquet(tmp_path / "a.parquet", table)
    some = read_parquet(tmp_path / "a.parquet", sets=["video.color"], where={"label": "x"})
    assert (some.ids, list(some.features), len(some)) == (["a"], ["video.color"], 1)


def test_an_unknown_column_is_told(table):
    assert table.column("label") == ["x", None]
    with pytest.raises(ValueError, match=r"No column 'colour'. Received: columns \['id', 'label'"):
        table.column("colour")


def test_another_file_is_refused(tmp_path):
    (tmp_path / "a.parquet").write_text("not a table")
    with pytest.raises(ValueError, match=r"a.parquet: not a table of features"):
        read_parquet(tmp_path / "a.parquet")

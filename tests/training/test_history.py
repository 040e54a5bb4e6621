import numpy as np
import pytest

from mmfusion.training.history import History, read_history

ROWS = [
    {"loss": 1.0, "val_loss": 2.0},
    {"loss": 0.1, "val_loss": float("nan")},
    {"loss": 1e-30, "lr": 0.5},
]


@pytest.mark.parametrize("epochs", [1, 2, 3])
def test_goes_round(tmp_path, epochs):
    history = History(tmp_path / "history.csv")
    history.on_train_begin()
    for epoch, row in enumerate(ROWS[:epochs]):
        history.on_epoch_end(epoch, row)
    columns = read_history(tmp_path / "history.csv")
    assert columns["epoch"] == list(range(epochs))
    for name in columns.keys() - {"epoch"}:
        np.testing.assert_array_equal(
            columns[name], [row.get(name, np.nan) for row in ROWS[:epochs]]
        )
    assert [path.name for path in tmp_path.iterdir()] == ["history.csv"]


def test_an_empty_file_has_no_columns(tmp_path):
    (tmp_path / "history.csv").write_text("")
    assert read_history(tmp_path / "history.csv") == {}


def test_a_resumed_run_goes_on_below_its_rows(tmp_path):
    first = History(tmp_path / "history.csv")
    first.on_epoch_end(0, {"loss": 1.0})
    state = first.state()
    first.on_epoch_end(1, {"loss": 0.9})  # written, but cut short before the checkpoint
    second = History(tmp_path / "history.csv")
    second.on_train_begin()
    second.set_state(state)
    second.on_epoch_end(1, {"loss": 0.5})
    assert read_history(tmp_path / "history.csv") == {"epoch": [0, 1], "loss": [1.0, 0.5]}


def test_a_new_fit_starts_a_new_file(tmp_path):
    history = History(tmp_path / "history.csv")
    for _ in range(2):
        history.on_train_begin()
        history.on_epoch_end(0, {"loss": 1.0})
    assert read_history(tmp_path / "history.csv")["epoch"] == [0]

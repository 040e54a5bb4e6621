import keras
import numpy as np
import pytest

from mmfusion.training.snapshots import Snapshots, average_weights, snapshots


def test_the_mean_of_the_weights_of_two_epochs(make, batches, tmp_path):
    model, seen = make(), []
    watch = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: seen.append(model.get_weights())
    )
    keep = Snapshots(tmp_path / "snapshots", [1, 3])
    model.fit(batches, epochs=4, verbose=0, shuffle=False, callbacks=[watch, keep])
    paths = snapshots(tmp_path / "snapshots")
    assert [path.name for path in paths] == ["epoch-0001.keras", "epoch-0003.keras"]
    average_weights(model, paths)
    for found, one, other in zip(model.get_weights(), seen[1], seen[3], strict=True):
        np.testing.assert_allclose(found, (one + other) / 2, rtol=1e-6)


def test_one_model_is_its_own_mean(make, batches, tmp_path):
    model = make()
    model.fit(
        batches, epochs=1, verbose=0, shuffle=False, callbacks=[Snapshots(tmp_path / "s", [0])]
    )
    other = make()
    average_weights(other, snapshots(tmp_path / "s"))
    for one, two in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)


def test_nothing_to_average(make, tmp_path):
    with pytest.raises(ValueError, match="at least one"):
        average_weights(make(), snapshots(tmp_path))

import numpy as np
import pytest

from mmfusion.data import feature_store
from mmfusion.data.feature_store import FeatureStore
from mmfusion.preprocessing.scaling import Scaling, fit_min_max, fit_z_score


@pytest.fixture
def store(tmp_path):
    """Seven clips, of which those of no part and of `train` may be fitted to: 0, 1, 2, 3, 4."""
    splits = ["train", None, "train", "train", None, "val", "test"]
    with FeatureStore(f"sqlite:///{tmp_path}/f.db") as store:
        columns = {str(at): {"split": split} if split else {} for at, split in enumerate(splits)}
        store.begin(columns)
        for at in range(7):
            store.write(str(at), {"audio.mfcc": [at, 5.0]}, key="k")
        yield store


def test_nothing_to_fit_to(tmp_path):
    with FeatureStore(f"sqlite:///{tmp_path}/f.db") as store:
        store.fit_scalings(fit_z_score)
        assert store.read().scalings == {}


@pytest.mark.parametrize("rows", [1, 2, 1000])
def test_fitted_to_the_clips_to_train_on_a_few_at_a_time(store, monkeypatch, rows):
    monkeypatch.setattr(feature_store, "ROWS", rows)
    asked = []

    def fit(batches):
        batches = list(batches)
        asked.extend(len(batch) for batch in batches)
        return fit_z_score(batches)

    store.fit_scalings(fit)
    assert (sum(asked), max(asked)) == (5, min(rows, 5))
    scaling = store.read().scalings["audio.mfcc"]
    assert scaling == Scaling((2.0, 5.0), (np.sqrt(2.0), 1.0))  # 5 never changes
    np.testing.assert_allclose(scaling(np.array([[4.0, 5.0]])), [[np.sqrt(2), 0]], rtol=1e-6)


def test_a_later_fit_takes_the_place_of_the_first(store):
    store.fit_scalings(fit_z_score)
    store.fit_scalings(fit_min_max)
    assert store.read().scalings == {"audio.mfcc": Scaling((0.0, 5.0), (4.0, 1.0))}


def test_a_family_that_is_only_tested_is_left_as_it_is(store):
    store.write("6", {"video.color": [9.0]}, key="k")
    store.fit_scalings(fit_z_score)
    assert store.read().scalings["video.color"](np.array([9.0])) == 9


def test_a_family_without_a_scale(store):
    store.fit_scalings(fit_z_score, without=["audio.mfcc"])
    assert store.read().scalings == {}


def test_a_family_that_is_not_read_brings_no_scaling(store):
    store.fit_scalings(fit_z_score)
    assert store.read(sets=()).scalings == {}

import pytest

from mmfusion.apps import crossval
from mmfusion.apps.run import read_run
from mmfusion.data.synthetic import CorpusSize, make_corpus


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crossval")
    manifest = make_corpus(folder, CorpusSize(train=0, val=0, test=4, broken=0))
    options = crossval.Options(
        str(manifest),
        str(folder / "out"),
        folds=2,
        steps=4,
        size_px=16,
        epochs=1,
        modalities=("audio", "video"),
        cache=str(folder / "cache"),
    )
    return options, crossval.run(options)


def test_every_clip_is_tested_once_and_no_group_is_on_both_sides(result):
    options, found = result
    assert [fold["n"] for fold in found["folds"]] == [16, 16]
    parts = [read_run(f"{options.out}/fold-{k}").config["parts"] for k in range(2)]
    for part in parts:
        scenes = {name: {clip.split("_")[0] for clip in ids} for name, ids in part.items()}
        assert not scenes["test"] & (scenes["train"] | scenes["val"])
        assert not scenes["val"] & scenes["train"]
    assert not set(parts[0]["test"]) & set(parts[1]["test"])


def test_mean_and_spread_by_hand(result):
    _, found = result
    first, second = (fold["accuracy"] for fold in found["folds"])
    assert found["mean"]["accuracy"] == pytest.approx((first + second) / 2)
    assert found["std"]["accuracy"] == pytest.approx(abs(first - second) / 2)
    assert found["mean"]["majority"] == pytest.approx(0.125)
    assert "audio+video" in crossval.table(found)

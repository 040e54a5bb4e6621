import numpy as np
import pytest
import tensorflow as tf

from mmfusion.data.align import align
from mmfusion.data.manifest import read_manifest
from mmfusion.data.pipeline import dataset
from mmfusion.data.preprocessor import preprocessor


@pytest.fixture(scope="module")
def prep(spec):
    return preprocessor(spec, vocabulary=["help", "fine"])


def first_epoch(data):
    return [tf.nest.map_structure(np.asarray, batch) for batch in data]


def test_order_shapes_and_labels(records, prep, spec):
    batches = first_epoch(dataset(records, prep, batch_size=5))
    labels = np.concatenate([y for _, y in batches])
    assert [records.classes[at] for at in labels] == [row["label"] for row in records.rows]
    assert [len(y) for _, y in batches][:-1] == [5] * (len(records) // 5)
    for name, shape in spec.ready_shapes.items():
        assert batches[0][0][name].shape == (5, *shape)
        assert batches[0][0][f"{name}_mask"].shape == (5, 4)


def test_aligned_batches_hold_what_align_gives(corpus, records, spec):
    (x, _), *_ = first_epoch(dataset(records, None, batch_size=len(records)))
    by_id = {clip.id: clip for clip in read_manifest(corpus)}
    for at, row in enumerate(records.rows[::7]):
        for name, value in align(by_id[row["id"]], spec)[0].items():
            got = x[name][7 * at]
            wanted = np.char.encode(value.astype(str)) if name == "text" else value
            np.testing.assert_array_equal(got.astype(wanted.dtype), wanted)


def test_same_seed_same_epochs(records, prep):
    def epochs(seed):
        data = dataset(records, prep, batch_size=8, training=True, seed=seed)
        return first_epoch(data), first_epoch(data)

    one, again, other = epochs(1), epochs(1), epochs(2)
    for batch, same in zip(one[0] + one[1], again[0] + again[1], strict=True):
        tf.nest.map_structure(np.testing.assert_array_equal, batch, same)
    orders = [np.concatenate([y for _, y in epoch]).tolist() for epoch in (*one, other[0])]
    assert orders[0] != orders[1]
    assert orders[0] != orders[2]
    assert sorted(orders[0]) == sorted(orders[1])


def test_weights_follow_their_clips(records, prep):
    weights = {row["id"]: float(at) for at, row in enumerate(records.rows)}
    batches = first_epoch(dataset(records, prep, weights=weights))
    np.testing.assert_array_equal(
        np.concatenate([w for *_, w in batches]), np.arange(len(records), dtype="float32")
    )


def test_selected_clips_alone_are_read(corpus, records, prep):
    some = [clip for clip in read_manifest(corpus) if clip.split == "test"]
    chosen = records.select(some)
    data = dataset(chosen, prep, batch_size=64)
    assert len(chosen) == len(some) == 16
    assert int(data.cardinality()) == 1
    assert [len(y) for _, y in first_epoch(data)] == [16]


def test_bad_labels(records, prep):
    with pytest.raises(ValueError, match="`label` must be one of"):
        dataset(records, prep, classes=["walk-hum-calm"])
    with pytest.raises(ValueError, match="No clip"):
        dataset(records.select([]), prep)


def test_training_keeps_masks_true(records, prep):
    """What a mask calls absent is zeros in every tensor, however it was varied."""
    for x, _ in first_epoch(dataset(records, prep, training=True)):
        for name in ("audio", "text", "video"):
            absent = ~x[f"{name}_mask"]
            assert (x[name][absent] == 0).all()


def test_more_clips_than_memory_holds_are_shuffled_within_what_it_holds(records, prep, monkeypatch):
    size = sum(shard["bytes"] for shard in records.shards)
    monkeypatch.setattr("mmfusion.data.pipeline.CACHE_BYTES", 4 * size // len(records))
    weights = {row["id"]: float(at) for at, row in enumerate(records.rows)}
    data = dataset(records, prep, training=True, weights=weights)
    order = np.concatenate([w for *_, w in first_epoch(data)])
    assert sorted(order) == list(range(len(records)))
    ahead = order - np.arange(len(records))
    assert 0 < ahead.max() < 4

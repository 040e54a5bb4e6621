"""A dispatcher and two workers in processes of their own feed a training."""

import contextlib
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from mmfusion.data.pipeline import dataset
from mmfusion.data.prepare import prepare
from mmfusion.data.preprocessor import preprocessor
from mmfusion.data.service import served_dataset
from mmfusion.specs import Clip, ClipSpec

COUNT = 150  # three shards


@contextlib.contextmanager
def server(*arguments):
    line = [sys.executable, str(Path(__file__).with_name("servers.py")), *arguments]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline
        finally:
            process.kill()


@pytest.fixture(scope="module")
def address():
    with server() as told:
        found = told().split()[1]
        with server(found) as one, server(found) as other:
            assert one().startswith("ready")
            assert other().startswith("ready")
            yield found


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    """Records of words in three shards, one in ten without a label, and their Preprocessor."""
    labels = [None if at % 10 == 9 else "even" if at % 2 == 0 else "odd" for at in range(COUNT)]
    clips = [
        Clip(str(at), text=f"{label} word{at}", label=label) for at, label in enumerate(labels)
    ]
    spec = ClipSpec(steps=1, tokens=2, vocabulary_size=300, modalities=("text",))
    vocabulary = ["even", "odd", *(f"word{at}" for at in range(COUNT))]
    records = prepare(clips, spec, tmp_path_factory.mktemp("words") / "records", quiet=True)
    return records, preprocessor(spec, vocabulary=vocabulary)


def seen(batches):
    """Each clip's words and class, as a set of pairs."""
    return [
        (tuple(words), int(label))
        for x, y in batches
        for words, label in zip(x["text"].numpy()[:, 0].tolist(), y.numpy(), strict=True)
    ]


@pytest.mark.parametrize("training", [None, True])
def test_each_clip_comes_once_an_epoch_with_its_own_label(address, words, training):
    records, prep = words
    batches = served_dataset(records, prep, address, batch_size=8, training=training)
    expected = sorted(seen(dataset(records, prep, batch_size=8)))
    assert len(expected) == 135
    for _ in range(2):
        assert sorted(seen(batches)) == expected


def test_a_training_run_is_fed(address, words):
    records, prep = words
    batches = served_dataset(records, prep, address, batch_size=15, training=True)
    x = {
        "text": keras.Input((1, 2), dtype="int32", name="text"),
        "text_mask": keras.Input((1,), dtype="bool", name="text_mask"),
    }
    embedded = keras.layers.Flatten()(keras.layers.Embedding(300, 4)(x["text"]))
    model = keras.Model(x, keras.layers.Dense(2, "softmax")(embedded))
    model.compile(
        optimizer=keras.optimizers.Adam(0.05),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    history = model.fit(batches, epochs=5, shuffle=False, verbose=0).history
    assert history["accuracy"][-1] == 1.0
    assert np.isfinite(history["loss"]).all()
